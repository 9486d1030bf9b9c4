import { isObject } from '../call-order.ts'
import { type Answer, notFound } from './answer.ts'

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

/** Answers for the resource with this ID, or with 404. */
export function found<Thing>(
  things: ReadonlyMap<string, Thing>,
  id: string | undefined,
  kind: string,
  use: (thing: Thing) => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  const thing = things.get(id ?? '')
  return thing === undefined ? notFound(id ?? '', kind) : use(thing)
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
