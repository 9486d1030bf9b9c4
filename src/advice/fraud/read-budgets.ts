import type { Budget, BudgetPlan, Budgets, Price, Prices } from '../../core/policy/fraud-policy.ts'

/**
 * Daily budgets from a file, with a table of prices in dollars by country and channel (`default`: of all other countries);
 * or what is wrong with the input, for people. A budget in dollars needs prices.
 */
export function readBudgets(input: unknown): BudgetPlan | { readonly problem: string } {
  const problem = problemOf(input)
  if (problem !== undefined) return { problem }
  const { prices = {}, ...budgets } = input as Budgets & { readonly prices?: Prices }
  const hasDollars = [budgets.total, budgets.eachCountry, ...Object.values(budgets.countries ?? {})].some(
    budget => budget?.dollars !== undefined,
  )
  if (hasDollars && Object.keys(prices).length === 0)
    return { problem: 'a budget in dollars needs "prices", such as {"default": {"sms": 0.05, "voice": 0.1}}' }
  return { budgets, prices }
}

function problemOf(input: unknown): string | undefined {
  if (!isObject(input)) return `the budgets: expected a JSON object, got ${JSON.stringify(input)}`
  const { total, eachCountry, countries = {}, prices = {}, ...others } = input
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) return `${unknown} is unknown; allowed are total, eachCountry, countries, prices`
  if (!isObject(countries)) return `countries is ${JSON.stringify(countries)}; expected a JSON object`
  if (!isObject(prices)) return `prices is ${JSON.stringify(prices)}; expected a JSON object`
  const budgets: readonly (readonly [string, unknown])[] = [
    ['total', total ?? {}],
    ['eachCountry', eachCountry ?? {}],
    ...Object.entries(countries).map(([name, budget]) => [`countries.${name}`, budget] as const),
  ]
  const amounts: readonly (readonly [string, unknown, readonly string[]])[] = [
    ...budgets.map(([name, budget]) => [name, budget, BUDGET_PARTS] as const),
    ...Object.entries(prices).map(([name, price]) => [`prices.${name}`, price, PRICE_PARTS] as const),
  ]
  return amounts.map(([name, value, parts]) => problemOfAmounts(name, value, parts)).find(problem => problem)
}

function problemOfAmounts(name: string, value: unknown, parts: readonly string[]): string | undefined {
  if (!isObject(value)) return `${name} is ${JSON.stringify(value)}; expected a JSON object`
  for (const [part, amount] of Object.entries(value)) {
    if (!parts.includes(part)) return `${name}.${part} is unknown; allowed are ${parts.join(', ')}`
    if (typeof amount !== 'number' || !Number.isFinite(amount) || amount < 0)
      return `${name}.${part} is ${JSON.stringify(amount)}; expected a number of at least 0`
  }
  return undefined
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const BUDGET_PARTS: readonly (keyof Budget)[] = ['messages', 'dollars']
const PRICE_PARTS: readonly (keyof Price)[] = ['sms', 'voice']
