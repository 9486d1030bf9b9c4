/** Tolerant readers of Okta's JSON, in which every property is optional. */

/** Reads own properties only, so `__proto__` in the body has no special meaning. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
        ? (inner as Record<string, unknown>)[name]
        : undefined,
    value,
  )
}

/** An unreadable time counts as missing, so that a new format does not lock everybody out. */
export function readTime(text: string | undefined): number | undefined {
  // Date.parse alone would read `300` as a year, and a time without a zone as local.
  const [, dateTime, zone] = ISO_8601.exec(text ?? '') ?? []
  const time = Date.parse(`${dateTime}${zone ?? 'Z'}`)
  return Number.isNaN(time) ? undefined : time
}

const ISO_8601 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?$/i

/** A string or a JSON number as text; empty, null and anything else as undefined. */
export function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined
}

/** A longer one counts as missing, because a truncated locale, channel or time would be a different one. */
export function shortTextOf(value: unknown): string | undefined {
  const text = textOf(value)
  return text !== undefined && text.length <= TEXT_MAX ? text : undefined
}

/** Truncated, so that a user with an endless login still counts as one user for the limits. */
export function cutTextOf(value: unknown, max = TEXT_MAX): string | undefined {
  return textOf(value)?.slice(0, max)
}

const TEXT_MAX = 256 // a login has at most 100 characters

/** The name of the provider in responses and in Okta's System Log. */
export const PROVIDER = 'AWS End User Messaging'
