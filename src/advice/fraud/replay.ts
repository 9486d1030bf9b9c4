import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { BudgetAlarm } from '../../core/policy/credit/budget.ts'
import { afterAnswer, afterReceipt } from '../../core/policy/credit/credit.ts'
import { type CreditTerms, decide, groupKeysToDecide } from '../../core/policy/credit/decide.ts'
import { networkOf } from '../../core/policy/credit/network.ts'
import {
  changeRecords,
  groupKeysAfter,
  type RecordKey,
  type StoredRecord,
} from '../../core/policy/credit/records-by-key.ts'
import { type CreditRules, creditRules } from '../../core/policy/credit/rules.ts'
import type { Hold, RequestedCode, SentCode } from '../../core/policy/credit/verdict.ts'
import { type BudgetPlan, dollarsOf } from '../../core/policy/fraud-policy.ts'
import {
  defaultLimits,
  exceededLimit,
  type Limits,
  limitReason,
  limitsOf,
  longestWindowMs,
  type SendHistory,
} from '../../core/policy/limits.ts'
import type { Channel, Purpose } from '../../core/values/request.ts'

/** A line of recorded or made-up traffic. Lines are in order of `at`, milliseconds since 1970. */
export type TrafficEvent =
  | {
      readonly event: 'request'
      readonly at: number
      readonly id: string
      readonly org: string
      readonly user: string
      readonly number: string
      readonly ip: string | undefined
      readonly purpose: Purpose
      readonly channel: Channel
      /** The request is made only if another one was decided like this. */
      readonly onlyIf?: { readonly id: string; readonly was: 'held' | 'sent' } | undefined
    }
  /** `at` is when we learn of it, `answeredAt` when the person entered the code. */
  | { readonly event: 'answered'; readonly at: number; readonly id: string; readonly answeredAt: number }
  | { readonly event: 'delivered' | 'undeliverable'; readonly at: number; readonly id: string }

export type ReplayDecision =
  | { readonly id: string; readonly decision: 'sent'; readonly alarms?: readonly BudgetAlarm[] }
  | { readonly id: string; readonly decision: 'skipped' }
  | { readonly id: string; readonly decision: 'held'; readonly reason: string; readonly hold?: Hold }

/**
 * Decides about recorded traffic as the product would, in mode enforce, from an empty store, and without budgets unless a
 * plan has some. Returns a decision for each request and nothing for other events; deterministic.
 */
export function createReplay(
  rules: CreditRules | 'limits only' = creditRules,
  limits: Limits = defaultLimits,
  plan: BudgetPlan = { budgets: {}, prices: {} },
): (event: TrafficEvent) => ReplayDecision | undefined {
  const orgs = new Map<string, OrgMemory>()
  const decided = new Map<string, ReplayDecision['decision']>()
  const sentIn = new Map<string, { readonly code: SentCode; readonly memory: OrgMemory }>()

  const decideRequest = (event: RequestEvent): ReplayDecision => {
    const { id, at, onlyIf } = event
    if (onlyIf !== undefined && decided.get(onlyIf.id) !== onlyIf.was) return { id, decision: 'skipped' }
    if (!E164.test(event.number)) return { id, decision: 'held', reason: 'NUMBER_IMPOSSIBLE' }
    const memory = orgs.get(event.org) ?? { records: new Map(), sentTo: new Map(), sentFor: new Map() }
    orgs.set(event.org, memory)
    const code = requestedCode(event)
    const ofNumber = late(memory.sentTo, event.number, at)
    const ofUser = late(memory.sentFor, event.user, at)
    const history: SendHistory = {
      number: ofNumber.map(sent => sent.at),
      user: ofUser.map(sent => sent.at),
      'number-and-channel': ofNumber.filter(sent => sent.channel === event.channel).map(sent => sent.at),
    }
    const budget = { budgets: plan.budgets, dollars: dollarsOf(plan, code.country, event.channel) }
    const counted = { limits: limitsOf(event.channel, limits), history }
    const decision = decisionOf(code, memory, counted, budget, at)
    if (decision.kind === 'held')
      return { id, decision: 'held', reason: decision.hold.reason, hold: decision.hold }
    if (decision.kind === 'limited') return { id, decision: 'held', reason: limitReason(decision.limit) }
    ofNumber.push(event)
    ofUser.push(event)
    sentIn.set(id, { code: { ...code, at, purse: decision.purse }, memory })
    return { id, decision: 'sent', ...(decision.alarms && { alarms: decision.alarms }) }
  }

  const decisionOf = (
    code: RequestedCode,
    memory: OrgMemory,
    counted: { readonly limits: Limits; readonly history: SendHistory },
    budget: NonNullable<CreditTerms['budget']>,
    at: number,
  ) => {
    if (rules !== 'limits only') {
      const terms: CreditTerms = { mode: 'enforce', overrides: { expected: 0 }, rules, budget }
      return changeRecords(
        memory.records,
        code,
        own => groupKeysToDecide(code, own, terms, at),
        records => decide(code, records, terms, counted, at),
      )
    }
    const limit = exceededLimit(counted.limits.windows, counted.history, at)
    return limit === undefined
      ? ({ kind: 'send', purse: undefined, alarms: undefined } as const)
      : ({ kind: 'limited', limit } as const)
  }

  return event => {
    if (event.event === 'request') {
      const decision = decideRequest(event)
      decided.set(event.id, decision.decision)
      return decision
    }
    const sent = sentIn.get(event.id)
    if (sent === undefined || event.event === 'undeliverable' || rules === 'limits only') return undefined
    const { code, memory } = sent
    if (event.event === 'answered') {
      sentIn.delete(event.id) // a code is answered once
      const times = { heardAt: event.at, answeredAt: event.answeredAt }
      changeRecords(
        memory.records,
        code,
        ({ phone }) => groupKeysAfter(code, phone),
        records => ({ records: afterAnswer(code, records, rules, times) }),
      )
    } else
      changeRecords(
        memory.records,
        code,
        () => [],
        records => ({ records: afterReceipt(code, records) }),
      )
    return undefined
  }
}

type RequestEvent = TrafficEvent & { readonly event: 'request' }

function requestedCode({ id, number, user, purpose, ip }: RequestEvent): RequestedCode {
  const country = countryOfNumber(number)
  return { id, number, block: number.slice(1, -4), user, purpose, country, network: networkOf(ip) }
}

/** The country of a number in E.164; its calling code where no country is known, as of a satellite phone. */
export function countryOfNumber(number: string): string {
  const parsed = parsePhoneNumberFromString(number)
  return parsed?.country ?? (parsed === undefined ? 'unknown' : `+${parsed.countryCallingCode}`)
}

const E164 = /^\+[1-9]\d{6,14}$/

type Sent = { readonly at: number; readonly channel: Channel }

/** All that is kept of one org. */
type OrgMemory = {
  readonly records: Map<RecordKey, StoredRecord>
  readonly sentTo: Map<string, Sent[]>
  readonly sentFor: Map<string, Sent[]>
}

/** The list of the last day, which the caller may add to. */
function late(lists: Map<string, Sent[]>, key: string, now: number): Sent[] {
  const list = lists.get(key) ?? []
  const first = list.findIndex(({ at }) => at > now - DAY_MS)
  if (first !== 0) list.splice(0, first < 0 ? list.length : first)
  lists.set(key, list)
  return list
}

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

const DAY_MS = longestWindowMs(defaultLimits.windows)
