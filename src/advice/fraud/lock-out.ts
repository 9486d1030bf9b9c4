import { effectOf } from '../../core/policy/credit/overrides.ts'
import { type Budget, type BudgetPlan, dollarsOf, type Whom } from '../../core/policy/fraud-policy.ts'
import type { Limit } from '../../core/policy/limits.ts'
import { type FollowedDelivery, mayHaveBeenSent } from '../../core/records/delivery.ts'

/** Whether a rule would have refused a code. It is asked about one code after the other, the oldest first. */
export type Refuses = (delivery: FollowedDelivery) => boolean

/** What a rule would have refused of what was sent. */
export type LockOut = {
  readonly codes: number
  readonly people: number
  /** Those of the people who entered one of these codes. */
  readonly answered: number
}

/** Whom a rule would have locked out, judged by past deliveries, in any order. */
export function lockOut(deliveries: readonly FollowedDelivery[], refuses: Refuses): LockOut {
  const sent = deliveries.filter(({ end }) => mayHaveBeenSent(end))
  const refused = sent.toSorted((one, other) => one.openedAt - other.openedAt).filter(refuses)
  return {
    codes: refused.length,
    people: new Set(refused.map(personOf)).size,
    answered: new Set(refused.filter(({ answered }) => answered !== undefined).map(personOf)).size,
  }
}

/** What an operator denies. Prefixes and networks are known only of codes that the fraud rule recorded. */
export function underDenial(whom: Whom): Refuses {
  const denial = { what: 'deny', whom, ...ALWAYS, author: '', because: '' } as const
  return ({ numberDigest, userDigest, loginDigest, country, credit, openedAt }) => {
    const userDigests = [userDigest, loginDigest].filter(digest => digest !== undefined)
    const { block = '', network } = credit ?? {}
    const target = { numberDigests: [numberDigest], block, country, network, userDigests }
    return effectOf([denial], target, openedAt).decision !== undefined
  }
}

/** What the fraud rule only observed. `caller`: of this one alone. */
export function underEnforcement(caller: string | undefined): Refuses {
  return ({ credit, ...delivery }) =>
    credit?.hold !== undefined &&
    credit.hold.override === undefined &&
    (caller === undefined || caller === delivery.caller)
}

export function underLimits(limits: readonly Limit[]): Refuses {
  const sentAt = new Map<string, number[]>()
  return delivery => {
    const { openedAt } = delivery
    const counted = limits.flatMap(limit => {
      const name = countedAs(limit.scope, delivery)
      if (name === undefined) return []
      const times = (sentAt.get(name) ?? []).filter(time => time > openedAt - DAY_MS)
      sentAt.set(name, times)
      return [{ ...limit, times }]
    })
    const isOver = counted.some(
      ({ times, windowSeconds, max }) =>
        times.filter(time => time > openedAt - windowSeconds * 1_000).length >= max,
    )
    if (!isOver) for (const times of new Set(counted.map(({ times }) => times))) times.push(openedAt)
    return isOver
  }
}

/**
 * What is beyond daily budgets, of codes to add a phone: most of them are to new numbers, which alone spend a budget, and
 * deliveries do not say which were.
 */
export function underBudgets(plan: BudgetPlan): Refuses {
  const { total, eachCountry, countries = {} } = plan.budgets
  const spent = new Map<string, Required<Budget>>()
  const isLeft = (name: string, budget: Budget = {}, dollars: number): boolean => {
    const { messages = Number.POSITIVE_INFINITY, dollars: most = Number.POSITIVE_INFINITY } = budget
    const before = spent.get(name) ?? { messages: 0, dollars: 0 }
    return before.messages < messages && before.dollars + dollars <= most
  }
  return ({ purpose, country = 'unknown', channel, openedAt }) => {
    if (purpose !== 'pre-enrollment') return false
    const day = Math.floor(openedAt / DAY_MS)
    const dollars = dollarsOf(plan, country, channel)
    const own = Object.hasOwn(countries, country) ? countries[country] : eachCountry
    const names = [`${day}`, `${day} ${country}`] as const
    if (!isLeft(names[0], total, dollars) || !isLeft(names[1], own, dollars)) return true
    for (const name of names) {
      const before = spent.get(name) ?? { messages: 0, dollars: 0 }
      spent.set(name, { messages: before.messages + 1, dollars: before.dollars + dollars })
    }
    return false
  }
}

function countedAs(
  scope: Limit['scope'],
  { numberDigest, userDigest, channel }: FollowedDelivery,
): string | undefined {
  switch (scope) {
    case 'number':
      return `number ${numberDigest}`
    case 'user':
      return userDigest && `user ${userDigest}`
    case 'number-and-channel':
      return `${channel} ${numberDigest}`
  }
}

function personOf({ caller, userDigest, numberDigest }: FollowedDelivery): string {
  return `${caller} ${userDigest ?? numberDigest}`
}

const DAY_MS = 86_400_000
const ALWAYS = { at: 0, until: Number.POSITIVE_INFINITY }
