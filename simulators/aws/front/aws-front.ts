import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { buffer as readBody } from 'node:stream/consumers'
import { type Answer, send } from '../control/http.ts'
import { type Query, queryAnswer, queryError, readQuery, text } from '../control/query.ts'
import type { RequestedAction } from '../iam/iam.ts'
import type { Caller, Ledger } from '../iam/ledger.ts'
import type { Stack } from '../template/stack.ts'
import { type Alarms, createAlarms, type Described } from './alarms.ts'
import { requestedActionsOf, type Service } from './requested-actions.ts'
import type { Secrets } from './secrets.ts'

/** The single address for all AWS calls: it checks IAM first, and forwards what is allowed. */
export type AwsFront = AsyncDisposable & {
  readonly url: string
  /** The environment with which a function calls this address as itself. */
  readonly environmentFor: (caller: Caller) => Readonly<Record<string, string>>
  /** Cuts all connections, as a function finds them after it was frozen for long. */
  readonly dropConnections: () => void
  readonly alarms: Alarms
}

export type AwsFrontOptions = {
  readonly stack: Stack
  readonly ledger: Ledger
  readonly secrets: Secrets
  readonly dynamodb: string
  readonly carrier: string
}

export async function startAwsFront({ stack, ledger, secrets, ...urls }: AwsFrontOptions): Promise<AwsFront> {
  const callers = new Map<string, { readonly caller: Caller; readonly token: string }>()
  const forwarder = createForwarder()
  const alarms = createAlarms(stack)

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request)
    const signed = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(
      request.headers.authorization ?? '',
    )
    const [, accessKeyId = '', region = '', signedService] = signed ?? []
    const known = callers.get(accessKeyId)
    if (known === undefined || request.headers['x-amz-security-token'] !== known.token) {
      return sendError(response, 'UnrecognizedClientException', 'The security token included is invalid.')
    }
    const { caller } = known
    const isGranted = (request: RequestedAction): boolean => ledger.ask(caller, request)
    if (signedService === 'cloudformation')
      return send(response, describeStacks(readQuery(body.toString()), stack, region, caller, isGranted))
    const target = String(request.headers['x-amz-target'])
    const input = JSON.parse(body.toString() || '{}')
    const actions = requestedActionsOf({ target, region, input }, stack)
    if (actions === undefined || signedService !== actions.service) {
      return sendError(response, 'UnknownOperationException', `${target} is not in this account`)
    }
    const refused = actions.requested.filter(request => !isGranted(request))[0]
    if (refused !== undefined) return sendError(response, 'AccessDeniedException', refusalOf(caller, refused))
    const home: Readonly<Record<Service, () => void>> = {
      dynamodb: () => forwarder.forward(request, body, urls.dynamodb, response),
      monitoring: () => sendAlarms(response, actions.operation, alarms.describe(input)),
      'sms-voice': () => forwarder.forward(request, body, urls.carrier, response),
      secretsmanager: () => sendSecret(response, actions.operation, secrets.get(input.SecretId)),
    }
    home[actions.service]()
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    answer(request, response).catch(error => {
      if (!request.complete) return // the caller left
      console.error('The harness could not answer a call to AWS:', error)
      sendError(response, 'InternalFailure', String(error), 500)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The front has no port')
  const url = `http://127.0.0.1:${address.port}`
  return {
    url,
    environmentFor: caller => {
      const accessKeyId = `ASIA${randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`
      const token = `session-${randomUUID()}`
      callers.set(accessKeyId, { caller, token })
      return {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: randomUUID(),
        AWS_SESSION_TOKEN: token,
        AWS_ENDPOINT_URL_CLOUDFORMATION: url,
        AWS_ENDPOINT_URL_CLOUDWATCH: url,
        AWS_ENDPOINT_URL_DYNAMODB: url,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
        AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: url,
      }
    },
    dropConnections: () => server.closeAllConnections(),
    alarms,
    [Symbol.asyncDispose]: async () => {
      forwarder.close()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** CloudFormation, as far as the console asks it: the parameters and outputs of the stack. */
function describeStacks(
  { action, input }: Query,
  { name, account, parameters, outputs }: Stack,
  region: string,
  caller: Caller,
  isGranted: (request: RequestedAction) => boolean,
): Answer {
  if (action !== 'DescribeStacks')
    return queryError(400, 'InvalidAction', `The harness does not know ${action}`)
  const asked = text(input, 'StackName') ?? '*'
  const resource = `arn:aws:cloudformation:${region}:${account}:stack/${asked}/*`
  const request = { action: `cloudformation:${action}`, resource, context: { 'aws:RequestedRegion': region } }
  if (!isGranted(request)) return queryError(403, 'AccessDenied', refusalOf(caller, request))
  if (asked !== name) return queryError(400, 'ValidationError', `Stack with id ${asked} does not exist`)
  return queryAnswer(action, {
    Stacks: [
      {
        StackId: resource.replace('*', '00000000-0000-4000-8000-000000000002'),
        StackName: name,
        CreationTime: new Date(0).toISOString(),
        StackStatus: 'CREATE_COMPLETE',
        Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
        Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      },
    ],
  })
}

function refusalOf(caller: Caller, { action, resource }: RequestedAction): string {
  const [, , , , account, , role] = caller.roleArn.split(/[:/]/)
  const user = `arn:aws:sts::${account}:assumed-role/${role}/${caller.function}`
  const why = `because no identity-based policy allows the ${action} action`
  return `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${why}`
}

function sendSecret(response: ServerResponse, operation: string, secret: ReturnType<Secrets['get']>): void {
  if (operation !== 'GetSecretValue') {
    sendError(response, 'UnknownOperationException', `The harness does not know ${operation}`)
    return
  }
  if (secret === undefined) {
    sendError(response, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
    return
  }
  const { arn: ARN, name: Name, text: SecretString } = secret
  const versionId = '00000000-0000-4000-8000-000000000001'
  sendJson(response, 200, { ARN, Name, SecretString, VersionId: versionId, VersionStages: ['AWSCURRENT'] })
}

function sendAlarms(response: ServerResponse, operation: string, described: Described): void {
  if (operation !== 'DescribeAlarms')
    sendError(response, 'UnknownOperationException', `The harness does not know ${operation}`)
  else if (described.kind === 'error') sendError(response, described.name, described.message)
  else sendJson(response, 200, described.page)
}

/** The error format of the services: AWS JSON, 400 for a refusal by IAM. */
function sendError(response: ServerResponse, name: string, message: string, status = 400): void {
  sendJson(response, status, { __type: `com.amazon.coral.service#${name}`, Message: message, message })
}

function sendJson(response: ServerResponse, status: number, json: object): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-requestid': randomUUID(),
  })
  response.end(JSON.stringify(json))
}

/** Forwards a request unchanged, and streams its answer back. An incomplete answer is also incomplete here. */
type Forwarder = {
  readonly forward: (incoming: IncomingMessage, body: Buffer, url: string, response: ServerResponse) => void
  readonly close: () => void
}

function createForwarder(): Forwarder {
  // One connection for each request: a fault at the carrier must not affect another request.
  const agent = new Agent({ keepAlive: false })
  return {
    forward: (incoming, body, url, response) => {
      const { host: _, connection: _connection, ...headers } = incoming.headers
      const cut = (): void => void response.destroy()
      const sent = request(url, { agent, method: incoming.method, headers }, answer => {
        const { connection: _closed, ...answerHeaders } = answer.headers
        response.writeHead(answer.statusCode ?? 502, answerHeaders)
        answer.on('error', cut)
        answer.pipe(response)
      })
      sent.on('error', cut)
      response.on('close', () => sent.destroy())
      sent.end(body)
    },
    close: () => agent.destroy(),
  }
}
