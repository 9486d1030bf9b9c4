import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { mayInvoke } from '../iam/resource-policies.ts'
import type { Invocation } from '../lambda/execution-environment.ts'
import type { Stack } from '../template/stack.ts'
import { type Method, type RestApi, readRestApi } from './api.ts'
import { createAuthorize } from './authorize.ts'
import { firewallOf } from './firewall.ts'
import { readProxyAnswer } from './proxy-answer.ts'
import { type Arrived, type Context, proxyEvent } from './proxy-event.ts'
import { type RefusalType, refusal } from './refusal.ts'

/** The REST API of a template, on loopback. Ends with `await using`. */
export type ApiGateway = AsyncDisposable & {
  readonly api: RestApi
  /** With the stage, without a trailing slash. */
  readonly url: string
  readonly accessLog: () => readonly string[]
}

export type ApiGatewayOptions = {
  readonly stack: Stack
  /** Invokes a function by an ARN, with its alias. */
  readonly invoke: (functionArn: string, event: object) => Promise<Invocation>
  readonly now: () => number
}

type Answer = {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | Buffer
}

export async function startApiGateway({ stack, invoke, now }: ApiGatewayOptions): Promise<ApiGateway> {
  const api = readRestApi(stack)
  const apiArn = `arn:aws:execute-api:${stack.region}:${stack.account}:${api.id}`
  const authorize = createAuthorize({
    api,
    now,
    invoke: ({ id, functionArn }, event) => {
      const sourceArn = `${apiArn}/authorizers/${id}`
      const isGranted = mayInvoke(stack, functionArn, { service: SERVICE, sourceArn })
      return isGranted ? invoke(functionArn, event) : undefined
    },
  })
  const refuse = (type: RefusalType, message?: string): Answer => {
    const { status, headers, body } = refusal(type, api.responses, message)
    return { status, headers: Object.entries(headers), body }
  }

  const answer = async (arrived: Arrived): Promise<Answer> => {
    const { method } = arrived
    let context: Context | undefined
    if (method.authorizer !== undefined) {
      const authorized = await authorize(arrived, method.authorizer)
      if (authorized.kind === 'out') return refuse(authorized.refusal, authorized.message)
      context = authorized.context
    }
    if (arrived.body.length > BODY_BYTES_MAX) return refuse('REQUEST_TOO_LARGE')
    const { functionArn, timeoutMs } = method.integration
    const sourceArn = `${apiArn}/${api.stage.ref}/${method.verb}${method.path}`
    // On AWS: "Execution failed due to configuration error: Invalid permissions on Lambda function".
    if (!mayInvoke(stack, functionArn, { service: SERVICE, sourceArn }))
      return refuse('API_CONFIGURATION_ERROR')
    const invocation = await within(timeoutMs, invoke(functionArn, proxyEvent(arrived, api, context)))
    if (invocation === undefined) return refuse('INTEGRATION_TIMEOUT')
    const proxied = invocation.kind === 'answer' ? readProxyAnswer(invocation.payload) : undefined
    return proxied ?? refuse('INTEGRATION_FAILURE') // "Malformed Lambda proxy response", and errors
  }

  const firewall = firewallOf(stack)
  const accessLog: string[] = []
  const { Format } = Object(api.stage.properties.AccessLogSetting) as { readonly Format?: string }
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method, path } = routeOf(api, request)
    const requestId = randomUUID()
    const at = now()
    const place = { region: stack.region, account: stack.account }
    const body = Buffer.concat(chunks)
    const blocked = firewall(request)
    const answered =
      blocked !== undefined
        ? { ...blocked, headers: Object.entries(blocked.headers) }
        : method === undefined
          ? refuse('MISSING_AUTHENTICATION_TOKEN')
          : await answer({ request, body, method, at, requestId, ...place })
    response.writeHead(answered.status, [
      ...answered.headers.flat(),
      ...['x-amzn-RequestId', requestId, 'content-length', String(Buffer.byteLength(answered.body))],
    ])
    response.end(answered.body)
    if (Format === undefined) return
    const identity = { sourceIp: request.socket.remoteAddress, userAgent: request.headers['user-agent'] }
    const values = { requestId, status: answered.status, httpMethod: request.method, path, identity }
    const more = { stage: api.stage.ref, apiId: api.id, requestTimeEpoch: at, resourcePath: method?.path }
    accessLog.push(accessLogLine(Format, { ...values, ...more, responseLatency: now() - at }))
  }
  const server = createServer((request, response) => {
    serve(request, response).catch(error => {
      if (!request.complete) return // the caller left
      console.error('The gateway of the harness failed:', error)
      response.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The gateway has no port')
  return {
    api,
    url: `http://127.0.0.1:${address.port}/${api.stage.ref}`,
    accessLog: () => accessLog,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function routeOf(
  { stage, methods }: RestApi,
  request: IncomingMessage,
): { readonly path: string; readonly method: Method | undefined } {
  const [path = ''] = (request.url ?? '').split('?')
  const prefix = `/${stage.ref}`
  const inStage = path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined
  return { path, method: methods.find(one => one.path === inStage && one.verb === request.method) }
}

/** Undefined if it takes longer. The function keeps running. */
async function within<Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), ms)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

const SERVICE = 'apigateway.amazonaws.com'
const BODY_BYTES_MAX = 10 * 1024 * 1024

/** One line of a stage's access log, from its format; unknown values become `-`, as on AWS. */
function accessLogLine(format: string, values: Readonly<Record<string, unknown>>): string {
  return format.replaceAll(/\$context\.([\w.-]+\w)/g, (_, path: string) => {
    const found = path
      .split('.')
      .reduce<unknown>((value, name) => (Object(value) as Readonly<Record<string, unknown>>)[name], values)
    return found === undefined || found === null ? '-' : String(found)
  })
}
