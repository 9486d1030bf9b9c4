import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { afterAnswer, afterReceipt, judge } from '../../core/policy/credit/credit.ts'
import { groupsOf, silentGroupsOf } from '../../core/policy/credit/groups.ts'
import { networkOf } from '../../core/policy/credit/network.ts'
import {
  type CountryRecord,
  type GroupKey,
  type GroupRecord,
  newCountry,
  newOrg,
  newPhone,
  newUser,
  type OrgRecord,
  type PhoneRecord,
  type Records,
  type UserRecord,
} from '../../core/policy/credit/records.ts'
import { type CreditRules, creditRules } from '../../core/policy/credit/rules.ts'
import type { CreditRequest, Hold, SentCode } from '../../core/policy/credit/verdict.ts'
import {
  defaultLimits,
  exceededLimit,
  type Limit,
  type Limits,
  limitReason,
  limitsOf,
  longestWindowMs,
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
  | { readonly id: string; readonly decision: 'sent' | 'skipped' }
  | { readonly id: string; readonly decision: 'held'; readonly reason: string; readonly hold?: Hold }

/**
 * Decides about recorded traffic as the product would, in mode enforce, from an empty store. Returns a decision for each
 * request and nothing for other events; deterministic.
 */
export function createReplay(
  rules: CreditRules | 'limits only' = creditRules,
  limits: Limits = defaultLimits,
): (event: TrafficEvent) => ReplayDecision | undefined {
  const orgs = new Map<string, OrgMemory>()
  const decided = new Map<string, ReplayDecision['decision']>()
  const sentIn = new Map<string, { readonly code: SentCode; readonly memory: OrgMemory }>()
  return event => {
    if (event.event === 'request') {
      const memory = orgs.get(event.org) ?? emptyMemory()
      orgs.set(event.org, memory)
      const decision = decide(event, memory, { rules, limits, decided, sentIn })
      decided.set(event.id, decision.decision)
      return decision
    }
    const sent = sentIn.get(event.id)
    if (sent === undefined || event.event === 'undeliverable') return undefined
    if (rules === 'limits only') return undefined
    const { code, memory } = sent
    const records = recordsOf(memory, code, rules)
    if (event.event === 'answered') {
      sentIn.delete(event.id) // a code is answered once
      const { at, answeredAt } = event
      keep(memory, code, afterAnswer(code, records, rules, { heardAt: at, answeredAt }))
    } else keep(memory, code, afterReceipt(code, records))
    return undefined
  }
}

function decide(
  event: TrafficEvent & { readonly event: 'request' },
  memory: OrgMemory,
  context: {
    readonly rules: CreditRules | 'limits only'
    readonly limits: Limits
    readonly decided: ReadonlyMap<string, ReplayDecision['decision']>
    readonly sentIn: Map<string, { readonly code: SentCode; readonly memory: OrgMemory }>
  },
): ReplayDecision {
  const { id, at, number, user, purpose, channel, onlyIf } = event
  if (onlyIf !== undefined && context.decided.get(onlyIf.id) !== onlyIf.was)
    return { id, decision: 'skipped' }
  if (!E164.test(number)) return { id, decision: 'held', reason: 'NUMBER_IMPOSSIBLE' }
  const ofNumber = late(memory.sentTo, number, at)
  const ofUser = late(memory.sentFor, user, at)
  const request: CreditRequest = {
    id,
    number,
    user,
    purpose,
    country: countryOfNumber(number),
    network: networkOf(event.ip),
    sentAt: ofNumber.map(sent => sent.at),
  }
  if (context.rules === 'limits only') {
    const exceeded = exceededOf(0)
    if (exceeded !== undefined) return { id, decision: 'held', reason: limitReason(exceeded) }
    ofNumber.push({ at, channel })
    ofUser.push({ at, channel })
    return { id, decision: 'sent' }
  }
  const records = recordsOf(memory, request, context.rules)
  const verdict = judge(request, records, context.rules, at)
  if (verdict.kind === 'hold') {
    keep(memory, request, verdict.records)
    return { id, decision: 'held', reason: verdict.hold.reason, hold: verdict.hold }
  }
  const isOwned = Object.keys(records.phone.answeredFrom).length > 0
  const exceeded = exceededOf(isOwned && !verdict.isKnown ? KEPT_FOR_KNOWN : 0)
  if (exceeded !== undefined) return { id, decision: 'held', reason: limitReason(exceeded) }
  keep(memory, request, verdict.records)
  ofNumber.push({ at, channel })
  ofUser.push({ at, channel })
  context.sentIn.set(id, { code: verdict.sent, memory })
  return { id, decision: 'sent' }

  function exceededOf(kept: number): Limit | undefined {
    const { windows } = limitsOf(channel, context.limits)
    return exceededLimit(
      windows.map(limit => ({ ...limit, max: Math.max(1, limit.max - kept) })),
      {
        number: ofNumber.map(sent => sent.at),
        user: ofUser.map(sent => sent.at),
        'number-and-channel': ofNumber.filter(sent => sent.channel === channel).map(sent => sent.at),
      },
      at,
    )
  }
}

/** The country of a number in E.164; its calling code where no country is known, as of a satellite phone. */
function countryOfNumber(number: string): string {
  const parsed = parsePhoneNumberFromString(number)
  return parsed?.country ?? (parsed === undefined ? 'unknown' : `+${parsed.countryCallingCode}`)
}

const E164 = /^\+[1-9]\d{6,14}$/

type Sent = { readonly at: number; readonly channel: Channel }

/** All that is kept of one org, by key. */
type OrgMemory = {
  org: OrgRecord
  readonly phones: Map<string, PhoneRecord>
  readonly users: Map<string, UserRecord>
  readonly countries: Map<string, CountryRecord>
  readonly groups: Map<GroupKey, GroupRecord>
  readonly sentTo: Map<string, Sent[]>
  readonly sentFor: Map<string, Sent[]>
}

function emptyMemory(): OrgMemory {
  return {
    org: newOrg,
    phones: new Map(),
    users: new Map(),
    countries: new Map(),
    groups: new Map(),
    sentTo: new Map(),
    sentFor: new Map(),
  }
}

type Keys = Pick<CreditRequest, 'number' | 'user' | 'country' | 'network'>

function recordsOf(memory: OrgMemory, { number, user, country, network }: Keys, rules: CreditRules): Records {
  const phone = memory.phones.get(number) ?? newPhone
  const countryRecord = memory.countries.get(country) ?? newCountry
  const keys: readonly GroupKey[] = [
    ...groupsOf(number, country, network, countryRecord, rules),
    ...silentGroupsOf(number, country),
    'spared:',
    ...phone.countedIn,
  ]
  const groups: Record<GroupKey, GroupRecord> = {}
  for (const key of keys) {
    const group = memory.groups.get(key)
    if (group !== undefined) groups[key] = group
  }
  return { phone, user: memory.users.get(user) ?? newUser, country: countryRecord, org: memory.org, groups }
}

function keep(memory: OrgMemory, { number, user, country }: Keys, records: Records): void {
  memory.org = records.org
  memory.phones.set(number, records.phone)
  memory.users.set(user, records.user)
  memory.countries.set(country, records.country)
  for (const [key, group] of Object.entries(records.groups)) memory.groups.set(key as GroupKey, group)
}

/** The list of the last day, which the caller may add to. */
function late(lists: Map<string, Sent[]>, key: string, now: number): Sent[] {
  const list = lists.get(key) ?? []
  const first = list.findIndex(({ at }) => at > now - DAY_MS)
  if (first !== 0) list.splice(0, first < 0 ? list.length : first)
  lists.set(key, list)
  return list
}

const DAY_MS = longestWindowMs(defaultLimits.windows)
/** The last of each limit are kept for networks where the phone answered before: an outsider cannot use them up. */
const KEPT_FOR_KNOWN = 2
