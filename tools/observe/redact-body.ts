import { redactName } from './redact-names.ts'
import { type Kind, redactValue } from './redact-value.ts'

/** One field that Okta sent: its path and its form, without personal values. */
export type Field = { readonly path: string; readonly what: string }

/** The fields of a hook request, redacted, in their order. */
export function redactBody(body: unknown): readonly Field[] {
  const code = at(body, 'data', 'messageProfile', 'otpCode')
  return redactFields(body, (value, path) => redactValue(value, KINDS.get(path), code))
}

/**
 * All fields of a JSON value, including those in lists. Stops at a number of fields and a depth that no request of Okta
 * reaches.
 */
export function redactFields(
  json: unknown,
  describe: (value: unknown, path: string) => string,
): readonly Field[] {
  const found: Field[] = []
  const visit = (value: unknown, names: readonly string[], shown: readonly string[]): void => {
    if (typeof value !== 'object' || value === null || names.length >= DEPTH_MAX) return
    const entries: readonly (readonly [string, unknown])[] = Array.isArray(value)
      ? value.slice(0, LIST_MAX).map(item => ['[]', item] as const)
      : Object.entries(value)
    for (const [name, inner] of entries) {
      if (found.length >= FIELDS_MAX) return
      const path = [...names, name]
      const words = [...shown, name === '[]' ? name : redactName(name)]
      const field = { path: words.join('.'), what: describe(inner, path.join('.')) }
      // An object with fields is described by its fields.
      if (
        field.what !== 'object' &&
        !found.some(({ path, what }) => path === field.path && what === field.what)
      )
        found.push(field)
      visit(inner, path, words)
    }
  }
  visit(json, [], [])
  return found
}

const FIELDS_MAX = 100
const DEPTH_MAX = 8
const LIST_MAX = 10

const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['eventId', 'id'],
  ['eventTime', 'time'],
  ['eventType', 'oktas-word'],
  ['eventTypeVersion', 'version'],
  ['cloudEventVersion', 'version'],
  ['contentType', 'content-type'],
  ['source', 'url'],
  ['requestType', 'oktas-word'],
  ['data.context.request.id', 'id'],
  ['data.context.request.method', 'method'],
  ['data.context.request.url.value', 'url'],
  ['data.context.request.ipAddress', 'address'],
  ['data.userProfile.firstName', 'personal'],
  ['data.userProfile.lastName', 'personal'],
  ['data.userProfile.login', 'personal'],
  ['data.userProfile.userId', 'id'],
  ['data.messageProfile.msgTemplate', 'template'],
  ['data.messageProfile.phoneNumber', 'phone-number'],
  ['data.messageProfile.otpExpires', 'time'],
  ['data.messageProfile.deliveryChannel', 'channel'],
  ['data.messageProfile.otpCode', 'digits'],
  ['data.messageProfile.locale', 'locale'],
  ['data.messageProfile.eventAction', 'oktas-word'],
])

/** Own properties only. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
        ? (inner as Readonly<Record<string, unknown>>)[name]
        : undefined,
    value,
  )
}
