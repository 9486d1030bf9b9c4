import type { HookAnswer } from '../okta/hook-response.ts'
import type { HookCall } from './hook.ts'
import { BODY_MAX_BYTES, type JsonBody, parseJsonBody } from './read-json-body.ts'

/** The fields that are used of a request from an API Gateway REST API (Lambda proxy integration). */
export type RestApiEvent = {
  readonly headers: Readonly<Record<string, string>> | null
  readonly body: string | null
  readonly isBase64Encoded: boolean
  readonly requestContext: {
    /** Milliseconds since 1970. */
    readonly requestTimeEpoch: number
    readonly authorizer?: unknown
  }
}

export type RestApiResult = {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * The gateway has already matched path and method, so only headers and body are read. No web-standard Request is
 * created: loading its implementation would take a tenth of a function's start.
 */
export function readRestApiEvent(event: RestApiEvent, bodyMaxBytes = BODY_MAX_BYTES): HookCall {
  const { headers, requestContext } = event
  return {
    header: name =>
      Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? null,
    headerNames: () => Object.keys(headers ?? {}),
    readBody: async () => readBody(event, bodyMaxBytes),
    gateway: { arrivedAt: requestContext.requestTimeEpoch, authorizer: requestContext.authorizer },
  }
}

export function writeRestApiResult({ httpStatus: statusCode, body }: HookAnswer): RestApiResult {
  return body === undefined
    ? { statusCode, headers: { 'www-authenticate': 'Bearer' }, body: '' }
    : { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

function readBody({ body, isBase64Encoded }: RestApiEvent, bodyMaxBytes: number): JsonBody {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8')
  return bytes.length > bodyMaxBytes ? { kind: 'refusal', code: 'BODY_TOO_LARGE' } : parseJsonBody(bytes)
}
