import type { Message } from '../message/message.ts'
import { type Candidate, identityKind, regionOf } from '../policy/route.ts'
import { drawCandidate, drawOf, type RouteShares } from '../policy/route-shares.ts'
import type { CountryCode } from '../values/phone-number.ts'
import type { Channel } from '../values/request.ts'

/** One candidate of a plan, with its maximum price and its pace. */
export type PlannedCandidate = {
  /** The key of its health: this identity, for this country and channel, in this region. */
  readonly key: string
  readonly identity: string
  /** Undefined: the region of the settings, even if the route names that region. */
  readonly region: string | undefined
  /** USD, for the whole text (price of a part times the parts) or for a minute of a call. */
  readonly maxPrice: number
  /** What AWS allows; empty if that is not known. */
  readonly paces: readonly Pace[]
  readonly notifyTemplateId: string | undefined
  /** What India's operators require. */
  readonly indiaEntityId: string | undefined
  readonly indiaTemplateId: string | undefined
}

/** At most `max` message parts or calls in any window of `windowSeconds`, for all candidates that share the key. */
export type Pace = { readonly key: string; readonly max: number; readonly windowSeconds: number }

/** What is known about a candidate before it is tried. */
export type CandidateState = 'ready' | 'broken' | 'at its pace'

export type CandidateRules = {
  readonly maxPricePerPart: number
  readonly maxPricePerMinute: number
  /** The region of candidates that name none; undefined if that is not known. */
  readonly homeRegion: string | undefined
}

export function planCandidate(
  candidate: Candidate,
  message: Message,
  country: CountryCode,
  indiaTemplateId: string | undefined,
  rules: CandidateRules,
): PlannedCandidate {
  const { identity } = candidate
  const named = regionOf(candidate)
  const region = named === rules.homeRegion ? undefined : named
  const isIndianText = country === 'IN' && message.channel === 'sms'
  return {
    key: `${message.channel}/${country}/${region ?? ''}/${identity}`,
    identity,
    region,
    maxPrice:
      message.channel === 'sms'
        ? roundPrice((candidate.maxPricePerPart ?? rules.maxPricePerPart) * message.parts)
        : (candidate.maxPricePerMinute ?? rules.maxPricePerMinute),
    paces: pacesOf({ ...candidate, region }, message.channel),
    notifyTemplateId: candidate.notifyTemplateId,
    indiaEntityId: isIndianText ? candidate.indiaEntityId : undefined,
    indiaTemplateId: isIndianText ? indiaTemplateId : undefined,
  }
}

/** The candidate first that the shares draw for this delivery; the others keep the order of the route. */
export function inOrderOfShares(
  candidates: NonEmpty,
  shares: RouteShares | undefined,
  deliveryId: string,
): NonEmpty {
  const drawn = shares && drawCandidate(shares, drawOf(deliveryId))
  const first = drawn === undefined ? undefined : candidates.find(({ identity }) => identity === drawn)
  return first === undefined ? candidates : [first, ...candidates.filter(candidate => candidate !== first)]
}

type NonEmpty = readonly [PlannedCandidate, ...PlannedCandidate[]]

export type CandidateToTry = { readonly candidate: PlannedCandidate; readonly state: CandidateState }

/**
 * The candidate to try now: the first of the route that is ready, else the first at its pace, else the first broken
 * one. Our estimate ranks candidates; it never excludes one. One at its pace comes before a broken one: AWS answers
 * that it is too fast, and the next can be tried; a broken one may end as unknown.
 */
export function firstToTry(
  candidates: readonly PlannedCandidate[],
  stateOf: (candidate: PlannedCandidate) => CandidateState,
): CandidateToTry | undefined {
  const states = candidates.map(candidate => ({ candidate, state: stateOf(candidate) }))
  return RANKED.map(rank => states.find(({ state }) => state === rank)).find(found => found !== undefined)
}

const RANKED: readonly CandidateState[] = ['ready', 'at its pace', 'broken']

/** AWS's limits by kind of identity, unless the route sets others. Source: AWS End User Messaging quotas. */
export function pacesOf(
  candidate: Pick<Candidate, 'identity' | 'partsPerSecond'> & Pick<PlannedCandidate, 'region'>,
  channel: Channel,
): readonly Pace[] {
  const key = `${channel}/${candidate.region ?? ''}/${candidate.identity}` // AWS counts for all countries together
  if (channel === 'voice') {
    const account = { key: `voice/${candidate.region ?? ''}`, max: 20, windowSeconds: 60 }
    return identityKind(candidate.identity) === 'phone number'
      ? [{ key, max: 1, windowSeconds: 1 }, account]
      : [account]
  }
  const max = candidate.partsPerSecond ?? partsPerSecond(candidate.identity)
  return max === undefined ? [] : [{ key, max, windowSeconds: 1 }]
}

function partsPerSecond(identity: string): number | undefined {
  if (/^\+18(00|33|44|55|66|77|88)/.test(identity)) return 3 // toll-free
  if (/^\+1/.test(identity)) return 1 // 10DLC
  if (/^\+/.test(identity)) return 10 // other long codes
  const kind = identityKind(identity)
  return kind === 'short code' ? 100 : kind === 'sender ID' ? 10 : undefined
}

/** AWS takes five decimals; 0.1 * 3 has seventeen. */
function roundPrice(usd: number): number {
  return Number(usd.toFixed(5))
}
