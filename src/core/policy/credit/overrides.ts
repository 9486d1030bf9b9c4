import {
  activeOverrides,
  digestsOfNumber,
  type FraudMode,
  type Override,
  type Whom,
} from '../fraud-policy.ts'
import { judge } from './credit.ts'
import { networkBits } from './network.ts'
import type { Records } from './records.ts'
import type { CreditRules } from './rules.ts'
import type { CreditRequest, Hold, Verdict } from './verdict.ts'

/** What an override can be about, of one request. */
export type OverrideTarget = {
  /** Several while the hash key is rotated. */
  readonly numberDigests: readonly string[]
  /** The digits of the number without `+` and without the last four. */
  readonly block: string
  readonly country: string | undefined
  /** As `networkOf` returns it. */
  readonly network: string | undefined
  /** Of the user ID and of the login, as far as there are any. */
  readonly userDigests: readonly string[]
}

export type OverrideEffect = {
  /** The allow or deny that applies: the one about the fewest; of equals, the newest. */
  readonly decision?: Exclude<Override, { readonly what: 'expect' }>
  /** How many new phones are expected in the country. */
  readonly expected: number
}

/** What the overrides of the policy make of a request at `now`. */
export function effectOf(
  overrides: readonly Override[],
  target: OverrideTarget,
  now: number,
): OverrideEffect {
  const active = activeOverrides({ overrides }, now).filter(({ whom }) => isAbout(whom, target))
  const decisions = active.filter(override => override.what !== 'expect')
  const [decision] = decisions.toSorted(
    (one, other) => specificity(other.whom) - specificity(one.whom) || other.at - one.at,
  )
  const expected = active.reduce(
    (sum, override) => sum + (override.what === 'expect' ? override.count : 0),
    0,
  )
  return { ...(decision !== undefined && { decision }), expected }
}

/**
 * The constants for a request in a country where new phones are expected: its groups have credit for as many more, and
 * the pools that countries share do not pay, so that an office that opens costs other countries nothing.
 */
export function rulesUnder({ expected }: Pick<OverrideEffect, 'expected'>, rules: CreditRules): CreditRules {
  if (expected === 0) return rules
  const { credit, dayCredit, strictCredit, fastCredit, blindDay } = rules
  return {
    ...rules,
    credit: {
      ...credit,
      p4: credit.p4 + expected,
      p6: credit.p6 + expected,
      country: credit.country + expected,
      ip: credit.ip + expected,
    },
    dayCredit: dayCredit + expected,
    strictCredit: {
      p4: strictCredit.p4 + expected,
      p6: strictCredit.p6 + expected,
    },
    fastCredit: {
      ...fastCredit,
      p6: fastCredit.p6 + expected,
      country: fastCredit.country + expected,
      ip: fastCredit.ip + expected,
    },
    blindDay: { ...blindDay, atLeast: blindDay.atLeast + expected },
    newCountry: 0,
    smallCountry: 0,
    establishedPrefix: 0,
  }
}

/**
 * `judge`, unless an operator decided. What is denied is held and changes no record. What is allowed is sent; if the rule
 * would have held it, it changes no record either, so that it costs nobody credit. `rules`: from `rulesUnder`.
 */
export function judgeUnder(
  { decision }: Pick<OverrideEffect, 'decision'>,
  request: CreditRequest,
  records: Records,
  rules: CreditRules,
  now: number,
): Verdict {
  const { phone } = records
  const denial = denialIn({ decision }, { codes: phone.unanswered, answers: phone.answers })
  if (denial !== undefined) return { kind: 'hold', purse: undefined, records, hold: denial }
  const verdict = judge(request, records, rules, now)
  if (decision === undefined || verdict.kind === 'send') return verdict
  return { kind: 'send', purse: undefined, records, allowed: { hold: verdict.hold, by: decision } }
}

/** The hold of a request that an operator denied; with what is known of its phone. */
export function denialIn(
  { decision }: { readonly decision?: OverrideEffect['decision'] | undefined },
  counts: Pick<Hold, 'codes' | 'answers'> = { codes: 0, answers: 0 },
): Hold | undefined {
  if (decision?.what !== 'deny') return undefined
  return { reason: 'FRAUD_DENIED', ...counts, since: decision.at, override: decision }
}

/** Whether a hold stops the code. A denial does in mode observe too: an operator asked for it. */
export function isEnforced({ override }: Hold, mode: FraudMode): boolean {
  return mode === 'enforce' || (mode === 'observe' && override !== undefined)
}

function isAbout(whom: Whom, target: OverrideTarget): boolean {
  switch (whom.kind) {
    case 'number':
      return digestsOfNumber(whom).some(digest => target.numberDigests.includes(digest))
    case 'user':
      return whom.digests.some(digest => target.userDigests.includes(digest))
    case 'prefix':
      return target.block.startsWith(whom.digits)
    case 'network':
      return target.network !== undefined && isWithin(target.network, whom.cidr)
    case 'country':
      return whom.country === target.country
  }
}

/** Whether a network of a request is in a network of CIDR notation. */
function isWithin(network: string, cidr: string): boolean {
  const [address, length] = cidr.split('/')
  const bits = networkBits(address ?? '')
  const own = networkBits(network.includes(':') ? `${network}::` : `${network}.0`)
  const count = Number(length)
  return bits !== undefined && own?.length === bits.length && own.startsWith(bits.slice(0, count))
}

/** How few an override is about. Prefixes by their length, which is less than 15. */
function specificity(whom: Whom): number {
  switch (whom.kind) {
    case 'number':
      return 40
    case 'user':
      return 30
    case 'prefix':
      return 10 + whom.digits.length
    case 'network':
      return 2
    case 'country':
      return 1
  }
}
