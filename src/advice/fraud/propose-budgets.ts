import type { Budget, BudgetPlan, Price } from '../../core/policy/fraud-policy.ts'
import type { FollowedDelivery } from '../../core/records/delivery.ts'

/** Ten times the biggest day of enrolments: of all countries, and of each; with the mean prices of receipts. */
export function proposeBudgets(deliveries: readonly FollowedDelivery[]): BudgetPlan {
  const days = new Map<string, Map<number, number>>()
  const costs = new Map<string, { sum: number; count: number }>()
  for (const { country = 'unknown', channel, purpose, openedAt, progress } of deliveries) {
    if (purpose === 'pre-enrollment')
      for (const name of [ALL, country]) {
        const day = Math.floor(openedAt / DAY_MS)
        const counts = days.get(name) ?? new Map<number, number>()
        days.set(name, counts.set(day, (counts.get(day) ?? 0) + 1))
      }
    if (progress?.price === undefined) continue
    for (const name of ['default', country]) {
      const cost = costs.get(`${name} ${channel}`) ?? { sum: 0, count: 0 }
      costs.set(`${name} ${channel}`, { sum: cost.sum + progress.price, count: cost.count + 1 })
    }
  }
  const ofBiggestDay = (name: string): Budget => ({
    messages: FACTOR * Math.max(SMALLEST_DAY, ...(days.get(name)?.values() ?? [])),
  })
  const prices: Record<string, Price> = {}
  for (const [key, { sum, count }] of costs) {
    const [name = '', channel = ''] = key.split(' ')
    prices[name] = { ...prices[name], [channel]: Number((sum / count).toFixed(5)) }
  }
  const countries = [...days.keys()].filter(name => name !== ALL).toSorted()
  return {
    budgets: {
      total: ofBiggestDay(ALL),
      eachCountry: ofBiggestDay(''),
      countries: Object.fromEntries(countries.map(name => [name, ofBiggestDay(name)])),
    },
    prices,
  }
}

const ALL = '*'
const DAY_MS = 86_400_000
const FACTOR = 10
/** A country without enrolments so far. */
const SMALLEST_DAY = 3
