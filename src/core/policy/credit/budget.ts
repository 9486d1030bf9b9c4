import type { Budget, Budgets } from '../fraud-policy.ts'
import { DAY_MS } from './counts.ts'
import type { Records, Spent } from './records.ts'
import type { Hold } from './verdict.ts'

/** A budget of which half, or all, was spent by this code. */
export type BudgetAlarm = {
  /** Undefined: of all countries together. */
  readonly country: string | undefined
  readonly share: 'half' | 'all'
  readonly spent: Spent
  readonly budget: Budget
}

/** Whether the budgets hold a code to a new number that costs `dollars`. */
export function budgetHold(
  budgets: Budgets,
  { country: { spent: ofCountry }, org: { spent: ofAll, enrolments }, groups }: Records,
  { country, dollars }: { readonly country: string; readonly dollars: number },
  now: number,
): Hold | undefined {
  const isOver = (budget: Budget | undefined, spent: Spent): boolean =>
    spent.messages + 1 > (budget?.messages ?? Number.POSITIVE_INFINITY) ||
    spent.dollars + dollars > (budget?.dollars ?? Number.POSITIVE_INFINITY)
  const spentThere = today(ofCountry, now)
  const isCountryOver = isOver(budgetOf(budgets, country), spentThere)
  if (!isCountryOver && !isOver(budgets.total, today(ofAll, now))) return undefined
  const spent = isCountryOver ? spentThere : today(ofAll, now)
  const counts = isCountryOver ? groups[`country:${country}`]?.days : enrolments
  return {
    reason: 'FRAUD_BUDGET',
    ...(isCountryOver && { group: `country:${country}` as const }),
    codes: spent.messages,
    answers: counts?.[spent.day]?.[1] ?? 0,
    since: spent.day * DAY_MS,
    probeAt: (spent.day + 1) * DAY_MS,
  }
}

/** After a code to a new number was sent. One that the carrier refuses later stays spent. */
export function spendBudgets(records: Records, dollars: number, now: number): Records {
  const { country, org } = records
  return {
    ...records,
    country: { ...country, spent: plus(today(country.spent, now), dollars) },
    org: { ...org, spent: plus(today(org.spent, now), dollars) },
  }
}

/** What to tell people after a code: each budget once when half of it is spent, and once when all is. */
export function budgetAlarms(
  budgets: Budgets,
  before: Records,
  after: Records,
  country: string,
  now: number,
): readonly BudgetAlarm[] {
  const alarmOf = (
    of: string | undefined,
    budget: Budget | undefined,
    [old, spent]: readonly [Spent | undefined, Spent | undefined],
  ): readonly BudgetAlarm[] => {
    if (budget === undefined || spent === undefined) return []
    const [was, is] = [shareOf(today(old, now), budget), shareOf(spent, budget)]
    const share = was < 1 && is >= 1 ? 'all' : was < 0.5 && is >= 0.5 ? 'half' : undefined
    return share === undefined ? [] : [{ country: of, share, spent, budget }]
  }
  return [
    ...alarmOf(country, budgetOf(budgets, country), [before.country.spent, after.country.spent]),
    ...alarmOf(undefined, budgets.total, [before.org.spent, after.org.spent]),
  ]
}

function budgetOf({ countries = {}, eachCountry }: Budgets, country: string): Budget | undefined {
  return Object.hasOwn(countries, country) ? countries[country] : eachCountry
}

/** How much of the budget is spent, of messages or of dollars, whichever is more. */
function shareOf(spent: Spent, { messages, dollars }: Budget): number {
  const part = (of: number, max: number | undefined): number =>
    max === undefined ? 0 : max === 0 ? 1 : of / max
  return Math.max(part(spent.messages, messages), part(spent.dollars, dollars))
}

function today(spent: Spent | undefined, now: number): Spent {
  const day = Math.floor(now / DAY_MS)
  return spent?.day === day ? spent : { day, messages: 0, dollars: 0 }
}

function plus({ day, messages, dollars }: Spent, price: number): Spent {
  return { day, messages: messages + 1, dollars: dollars + price }
}
