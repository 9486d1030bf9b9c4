import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Method, RestApi } from './api.ts'

/** A request as received by the gateway. */
export type Arrived = {
  readonly request: IncomingMessage
  readonly body: Buffer
  readonly method: Method
  readonly at: number
  readonly requestId: string
  readonly region: string
  readonly account: string
}

export type Context = Readonly<Record<string, string>>

export function methodArn({ method, region, account }: Arrived, { id, stage }: RestApi): string {
  return `arn:aws:execute-api:${region}:${account}:${id}/${stage.ref}/${method.verb}${method.path}`
}

/**
 * The input of a Lambda proxy integration of a REST API: developer guide, "Input format of a Lambda function for proxy
 * integration".
 */
export function proxyEvent(arrived: Arrived, api: RestApi, authorizer: Context | undefined): object {
  return {
    ...requestPart(arrived, api, authorizer),
    stageVariables: null,
    body: arrived.body.length === 0 ? null : arrived.body.toString('utf8'),
    isBase64Encoded: false,
  }
}

/** The input of a REQUEST authorizer. */
export function requestAuthorizerEvent(arrived: Arrived, api: RestApi): object {
  return { type: 'REQUEST', methodArn: methodArn(arrived, api), ...requestPart(arrived, api, undefined) }
}

function requestPart(arrived: Arrived, api: RestApi, authorizer: Context | undefined): object {
  const { request, method, at, requestId, account } = arrived
  const all = headersOf(arrived, api)
  const sourceIp = request.socket.remoteAddress ?? ''
  return {
    resource: method.path,
    path: method.path,
    httpMethod: method.verb,
    headers: Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values.at(-1)])),
    multiValueHeaders: all,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    requestContext: {
      resourceId: method.resourceId,
      ...(authorizer !== undefined && { authorizer }),
      resourcePath: method.path,
      httpMethod: method.verb,
      extendedRequestId: Buffer.from(requestId).toString('base64').slice(0, 16),
      requestTime: apacheTime(at),
      path: `/${api.stage.ref}${method.path}`,
      accountId: account,
      protocol: `HTTP/${request.httpVersion}`,
      stage: api.stage.ref,
      domainPrefix: api.id,
      requestTimeEpoch: at,
      requestId,
      identity: { ...NOBODY, sourceIp, userAgent: request.headers['user-agent'] ?? null },
      domainName: hostOf(arrived, api),
      deploymentId: String(api.stage.properties.DeploymentId),
      apiId: api.id,
    },
  }
}

/** In the client's spelling, with the headers that the gateway adds. */
function headersOf(arrived: Arrived, api: RestApi): Readonly<Record<string, readonly string[]>> {
  const { rawHeaders, socket } = arrived.request
  const headers: Record<string, string[]> = {}
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2)
    if (/^(host|connection|content-length|transfer-encoding|expect)$/i.test(name)) continue
    headers[name] = [...(headers[name] ?? []), value]
  }
  const root = `${Math.floor(arrived.at / 1000).toString(16)}-${randomUUID().replaceAll('-', '').slice(0, 24)}`
  return {
    ...headers,
    Host: [hostOf(arrived, api)],
    'X-Amzn-Trace-Id': [`Root=1-${root}`],
    'X-Forwarded-For': [socket.remoteAddress ?? ''],
    'X-Forwarded-Port': ['443'],
    'X-Forwarded-Proto': ['https'],
  }
}

function hostOf({ region }: Arrived, { id }: RestApi): string {
  return `${id}.execute-api.${region}.amazonaws.com`
}

/** `22/Nov/2026:20:30:05 +0000` */
function apacheTime(at: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? []
  return `${day}/${month}/${year}:${time} +0000`
}

const NOBODY = {
  cognitoIdentityPoolId: null,
  accountId: null,
  cognitoIdentityId: null,
  caller: null,
  principalOrgId: null,
  accessKey: null,
  cognitoAuthenticationType: null,
  cognitoAuthenticationProvider: null,
  userArn: null,
  user: null,
}
