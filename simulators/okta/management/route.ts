import { randomBytes } from 'node:crypto'
import { isObject } from '../call-order.ts'

export type Json = Readonly<Record<string, unknown>>

/** One request of the management API, authorized and parsed. */
export type ApiRequest = {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The whole address, for paging links. */
  readonly url: URL
  /** `X-Okta-Request-Id`; the System Log has it as the transaction. */
  readonly requestId: string
  /** The JSON body; an empty object if there is no body. */
  readonly body: Json
}

export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With parameters as `:hookKeyId`. */
  readonly path: string
  readonly handle: (request: ApiRequest) => Answer | Promise<Answer>
}

/** An answer of the management API. */
export type Answer = {
  readonly status: number
  /** Missing for 204. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export function ok(body: unknown): Answer {
  return { status: 200, body }
}

export function created(body: unknown): Answer {
  return { status: 201, body }
}

export function noContent(): Answer {
  return { status: 204 }
}

/** An error in Okta's shape. */
export function oktaError(
  status: number,
  errorCode: string,
  errorSummary: string,
  causes: readonly string[] = [],
): Answer {
  const errorCauses = causes.map(cause => ({ errorSummary: cause }))
  return {
    status,
    body: { errorCode, errorSummary, errorLink: errorCode, errorId: errorId(), errorCauses },
  }
}

/** 400 E0000001. Each problem is `field: sentence`; the summary names the first field, as Okta's does. */
export function invalid(problems: readonly string[]): Answer {
  const field = problems[0]?.split(':')[0] ?? 'request'
  return oktaError(400, 'E0000001', `Api validation failed: ${field}`, problems)
}

/** 404 E0000007. `kind` is Okta's name for the kind of thing, such as `InlineHook`. */
export function notFound(id: string, kind: string): Answer {
  return oktaError(404, 'E0000007', `Not found: Resource not found: ${id} (${kind})`)
}

/** 403 E0000006. */
export function forbidden(): Answer {
  return oktaError(403, 'E0000006', 'You do not have permission to perform the requested action')
}

function errorId(): string {
  return `oae${randomBytes(16).toString('base64url')}`
}

/** Answers for the resource with this ID, or with 404. */
export function found<Resource>(
  resources: ReadonlyMap<string, Resource>,
  id: string | undefined,
  kind: string,
  use: (resource: Resource) => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  const resource = resources.get(id ?? '')
  return resource === undefined ? notFound(id ?? '', kind) : use(resource)
}

/** The value at this path of a JSON object: `settings.oauthClient.jwks`. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value)
}

export function textAt(value: unknown, path: string): string | undefined {
  const text = at(value, path)
  return typeof text === 'string' && text.trim() !== '' ? text : undefined
}

/** The strings of a list; an empty list if it is not a list. */
export function textsAt(value: unknown, path: string): readonly string[] {
  const list = at(value, path)
  return Array.isArray(list) ? list.filter(item => typeof item === 'string') : []
}

/** Okta's message for each of these fields that is missing or empty. */
export function blanks(body: Json, paths: readonly string[]): readonly string[] {
  return paths
    .filter(path => textAt(body, path) === undefined)
    .map(path => `${path}: The field cannot be left blank`)
}

/** Okta's message for a value that is present and not in a list. */
export function notOneOf(body: Json, path: string, allowed: readonly string[]): readonly string[] {
  const value = at(body, path)
  if (value === undefined || allowed.some(one => one === value)) return []
  return [`${path}: The value must be one of ${allowed.join(', ')}`]
}
