/** Whether an event matches a rule's pattern: every field of the pattern must match one of its values. */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  return Object.entries(Object(pattern) as Readonly<Record<string, unknown>>).every(([name, expected]) => {
    if (name.startsWith('$')) throw new Error(`The harness does not know ${name} in an event pattern`)
    const value = (Object(event) as Readonly<Record<string, unknown>>)[name]
    if (!Array.isArray(expected)) return matchesPattern(expected, value)
    return expected.some(matcher => fits(matcher, value))
  })
}

/** In a list, one matching item is enough. */
function fits(matcher: unknown, value: unknown): boolean {
  if (Array.isArray(value)) return value.some(item => fits(matcher, item))
  if (typeof matcher !== 'object' || matcher === null) return matcher === value
  const [[name, argument] = [], ...more] = Object.entries(matcher)
  const test = name === undefined || more.length > 0 ? undefined : MATCHERS[name]
  if (test === undefined) throw new Error(`The harness does not know the matcher ${JSON.stringify(matcher)}`)
  return test(argument, value)
}

const MATCHERS: Readonly<Record<string, (argument: unknown, value: unknown) => boolean>> = {
  prefix: (prefix, value) => typeof value === 'string' && value.startsWith(String(prefix)),
  suffix: (suffix, value) => typeof value === 'string' && value.endsWith(String(suffix)),
  exists: (exists, value) => (value !== undefined) === exists,
  'anything-but': (not, value) =>
    value !== undefined &&
    ![not].flat().some(one => (typeof one === 'object' ? fits(one, value) : one === value)),
}
