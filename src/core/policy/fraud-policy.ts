import type { CountryCode } from '../values/phone-number.ts'
import type { Channel } from '../values/request.ts'

/** How the fraud rule is used, and what operators decided themselves. Stored and live, like the rest of the policy. */
export type FraudPolicy = {
  /** Changes with each save, which names the one that it replaces. 0 until the first save. */
  readonly version: number
  readonly mode: FraudMode
  /** By `Delivery.caller`, for callers with a mode of their own. */
  readonly modes: Readonly<Record<string, FraudMode>>
  /** At most `OVERRIDES_MAX`, also those that ended since the last save. */
  readonly overrides: readonly Override[]
  /** Default: none. */
  readonly budgets?: BudgetPlan
}

/** `off`: nothing is recorded or held. `observe`: what would be held is recorded, and sent. */
export type FraudMode = (typeof fraudModes)[number]
export const fraudModes = ['off', 'observe', 'enforce'] as const

/** A decision of an operator, about requests of all callers. */
export type Override = {
  readonly at: number
  /** It ends then. Milliseconds since 1970. */
  readonly until: number
  readonly author: string
  /** Printed in logs and explanations: nothing personal. At most `BECAUSE_MAX` characters. */
  readonly because: string
} & (
  | {
      /** `allow`: sends what the fraud rule would hold, if nothing else refuses it. `deny`: holds. */
      readonly what: 'allow' | 'deny'
      readonly whom: Whom
    }
  | {
      /** This many new phones are expected in a country: credit in advance. */
      readonly what: 'expect'
      readonly whom: Extract<Whom, { readonly kind: 'country' }>
      readonly count: number
    }
)

/** Whom an override is about. */
export type Whom =
  /** One phone, by its keyed digest; by those of both keys, if the hash key was being rotated. */
  | {
      readonly kind: 'number'
      readonly digest: string
      readonly otherDigest?: string
      readonly lastDigits: string
    }
  /** One user, by the keyed digests of what its requests may name: user ID or login. */
  | { readonly kind: 'user'; readonly digests: readonly string[] }
  /** Numbers that begin with these digits of E.164, without `+`. */
  | { readonly kind: 'prefix'; readonly digits: string }
  /** An IPv4 network of at most 24 bits, or an IPv6 network of at most 48: no more is kept of an address. */
  | { readonly kind: 'network'; readonly cidr: string }
  | { readonly kind: 'country'; readonly country: CountryCode }

/**
 * What codes to new numbers may cost in a day (UTC). It bounds the loss to attackers who answer most of their codes, whom
 * no rule about answers stops. Off by default; where a part is missing, nothing is bounded. A phone that answered before is
 * never held by a budget, and its codes do not spend one.
 */
export type Budgets = {
  /** Of all countries together. */
  readonly total?: Budget
  /** Of each country without a budget of its own. */
  readonly eachCountry?: Budget
  /** By country: ISO 3166-1 alpha-2. */
  readonly countries?: Readonly<Record<string, Budget>>
}
export type Budget = { readonly messages?: number; readonly dollars?: number }

/** Budgets with what a message costs in dollars, by country and channel; `default`: of all other countries. */
export type BudgetPlan = { readonly budgets: Budgets; readonly prices: Prices }
export type Prices = Readonly<Record<string, Price>>
export type Price = { readonly sms?: number; readonly voice?: number }

/** 0 where no price is known. */
export function dollarsOf({ prices }: BudgetPlan, country: string, channel: Channel): number {
  return (Object.hasOwn(prices, country) ? prices[country] : prices.default)?.[channel] ?? 0
}

export type NewFraudPolicy = Omit<FraudPolicy, 'version'>

/** Of a new store: the rule only observes. */
export const defaultFraudPolicy: FraudPolicy = { version: 0, mode: 'observe', modes: {}, overrides: [] }

/** How many overrides there may be: the whole policy is read after each change. */
export const OVERRIDES_MAX = 100
export const BECAUSE_MAX = 200
/** How many new phones one override may expect. */
export const EXPECTED_MAX = 10_000

export function fraudModeOf({ mode, modes }: FraudPolicy, caller: string): FraudMode {
  return (Object.hasOwn(modes, caller) ? modes[caller] : undefined) ?? mode
}

/** With another mode, of all callers or of one. Its own mode wins over the common one. */
export function withMode(
  { version: _, ...policy }: FraudPolicy,
  mode: FraudMode,
  caller: string | undefined,
): NewFraudPolicy {
  return caller === undefined
    ? { ...policy, mode }
    : { ...policy, modes: { ...policy.modes, [caller]: mode } }
}

/** Those that apply at `now`. */
export function activeOverrides(
  { overrides }: Pick<FraudPolicy, 'overrides'>,
  now: number,
): readonly Override[] {
  return overrides.filter(({ at, until }) => at <= now && now < until)
}

/**
 * With one override more, which replaces the one about the same: a phone is either allowed or denied. Ended ones are
 * left out. Undefined if there would be too many.
 */
export function withOverride(policy: FraudPolicy, added: Override, now: number): NewFraudPolicy | undefined {
  const { version: _, ...rest } = policy
  const others = policy.overrides.filter(existing => existing.until > now && !isAboutSame(existing, added))
  return others.length >= OVERRIDES_MAX ? undefined : { ...rest, overrides: [...others, added] }
}

/** Without the overrides about the same. */
export function withoutOverride(policy: FraudPolicy, whom: Whom, now: number): NewFraudPolicy {
  const { version: _, ...rest } = policy
  const isOther = (one: Override): boolean => !isSame(one.whom, whom)
  return { ...rest, overrides: policy.overrides.filter(one => one.until > now && isOther(one)) }
}

/** One text for the same phone, user (however the login is spelled), prefix, network or country: `prefix:5841277`. */
export function nameOfWhom(whom: Whom): string {
  switch (whom.kind) {
    case 'number':
      return `number:${whom.digest}`
    case 'user':
      return `user:${whom.digests.at(-1) ?? ''}` // the last name has no capitals (`namesOfUser`)
    case 'prefix':
      return `prefix:${whom.digits}`
    case 'network':
      return `network:${whom.cidr}`
    case 'country':
      return `country:${whom.country}`
  }
}

function isAboutSame(one: Override, other: Override): boolean {
  const isSameKind = (one.what === 'expect') === (other.what === 'expect')
  return isSameKind && isSame(one.whom, other.whom)
}

/** While the hash key is rotated, one phone or user may have a digest of either key. */
function isSame(one: Whom, other: Whom): boolean {
  if (one.kind === 'number' && other.kind === 'number')
    return digestsOfNumber(one).some(digest => digestsOfNumber(other).includes(digest))
  if (one.kind === 'user' && other.kind === 'user')
    return one.digests.some(digest => other.digests.includes(digest))
  return nameOfWhom(one) === nameOfWhom(other)
}

export function digestsOfNumber({
  digest,
  otherDigest,
}: Extract<Whom, { readonly kind: 'number' }>): readonly string[] {
  return otherDigest === undefined ? [digest] : [digest, otherDigest]
}
