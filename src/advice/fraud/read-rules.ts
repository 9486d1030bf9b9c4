import { type CreditRules, creditRules } from '../../core/policy/credit/rules.ts'

/** The rules with these constants instead; or what is wrong with the input, for people. */
export function readRules(input: unknown): CreditRules | { readonly problem: string } {
  const problem = problemOf(input, creditRules, '')
  return problem === undefined ? (merged(creditRules, input) as CreditRules) : { problem }
}

function problemOf(input: unknown, existing: object, path: string): string | undefined {
  const name = path === '' ? 'the rules' : path
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return `${name}: expected a JSON object, got ${JSON.stringify(input)}`
  for (const [key, value] of Object.entries(input)) {
    const inner = path === '' ? key : `${path}.${key}`
    const known = (existing as Readonly<Record<string, unknown>>)[key]
    if (!Object.hasOwn(existing, key))
      return `${inner} is unknown; allowed are ${Object.keys(existing).join(', ')}`
    if (typeof known === 'object' && known !== null) {
      const problem = problemOf(value, known, inner)
      if (problem !== undefined) return problem
    } else if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
      return `${inner} is ${JSON.stringify(value)}; expected a number of at least 0, such as ${known}`
  }
  return undefined
}

function merged(existing: unknown, input: unknown): unknown {
  if (typeof existing !== 'object' || existing === null || typeof input !== 'object' || input === null)
    return input ?? existing
  const changed = input as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries(existing).map(([key, value]) => [key, merged(value, changed[key])]),
  )
}
