/** The condition keys of a request, such as `aws:SourceArn`. */
export type Context = Readonly<Record<string, string | readonly string[]>>

/** Whether a condition operator holds for all of its keys. An unknown operator throws. */
export function conditionHolds(
  operator: string,
  tests: Readonly<Record<string, unknown>>,
  context: Context,
): boolean {
  const [, quantifier, name = '', ifExists] =
    /^(ForAnyValue:|ForAllValues:)?(\w+?)(IfExists)?$/.exec(operator) ?? []
  const test = OPERATORS[name]
  if (test === undefined) throw new Error(`The harness does not know the condition operator ${operator}`)
  return Object.entries(tests).every(([key, expected]) => {
    const found = valueIn(context, key)
    const patterns = [expected].flat().map(String)
    if (name === 'Null') return patterns.includes(String(found === undefined))
    if (found === undefined)
      return ifExists !== undefined || quantifier === 'ForAllValues:' || name.includes('Not')
    const values = [found].flat()
    const holds = (value: string): boolean => test(patterns, value)
    return quantifier === 'ForAllValues:' ? values.every(holds) : values.some(holds)
  })
}

/** Several values are alternatives; for negated operators, no value may match. */
const OPERATORS: Readonly<Record<string, (expected: readonly string[], value: string) => boolean>> = {
  StringEquals: (expected, value) => expected.includes(value),
  StringNotEquals: (expected, value) => !expected.includes(value),
  StringEqualsIgnoreCase: (expected, value) =>
    expected.some(one => one.toLowerCase() === value.toLowerCase()),
  StringLike: (expected, value) => matchesAny(expected, value),
  StringNotLike: (expected, value) => !matchesAny(expected, value),
  ArnEquals: (expected, value) => matchesAny(expected, value),
  ArnLike: (expected, value) => matchesAny(expected, value),
  ArnNotEquals: (expected, value) => !matchesAny(expected, value),
  ArnNotLike: (expected, value) => !matchesAny(expected, value),
  Bool: (expected, value) => expected.includes(value),
  Null: () => true,
}

/** Key names are not case-sensitive. */
function valueIn(context: Context, key: string): Context[string] | undefined {
  return Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1]
}

/** Whether a text matches one of IAM's patterns: `*` is any characters, `?` is one. */
export function matchesAny(
  patterns: string | readonly string[],
  text: string,
  { ignoreCase = false } = {},
): boolean {
  return [patterns].flat().some(pattern => toRegExp(pattern, ignoreCase).test(text))
}

function toRegExp(pattern: string, ignoreCase: boolean): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
  const source = escaped.replaceAll('*', '.*').replaceAll('?', '.')
  return new RegExp(`^${source}$`, ignoreCase ? 'is' : 's')
}
