import type { HoldReason } from '../policy/credit/verdict.ts'
import type { Channel } from '../values/request.ts'
import { type Answered, type AwaitedFeedback, type Delivery, isHeld, mayHaveBeenSent } from './delivery.ts'

/** A person entered a code, as Okta reports it. Okta does not name the delivery: the store finds it. */
export type Answer = {
  /** What `Delivery.caller` may be. A delivery of another caller is never answered. */
  readonly callers: readonly string[]
  /** What `Delivery.userDigest` may be: the digest of Okta's user ID, and that of the login for requests without an ID. */
  readonly userDigests: readonly string[]
  readonly channel: Channel
  /** When the code was entered, by Okta's clock; milliseconds since 1970. */
  readonly at: number
  /** The network (/24 or /48) from which it was entered, if Okta named the address. */
  readonly network?: string | undefined
}

/**
 * What an answer is about. `isFirst`: the delivery was not answered before. `feedback`: what AWS awaits about it, if anything.
 * `heldAs`: why the fraud rule held its delivery, or would have held it: wrongly, as it turns out.
 */
export type Joined =
  | {
      readonly kind: 'answered'
      readonly deliveryId: string
      readonly afterMs: number
      readonly isFirst: boolean
      readonly feedback?: AwaitedFeedback
      readonly heldAs?: HoldReason
    }
  | {
      readonly kind: 'not-joined'
      readonly reason: (typeof unjoinedReasons)[number]
      readonly heldAs?: HoldReason
    }

/**
 * Why an answer is about no delivery. `no-code`: no code of this user and channel was valid then. `not-sent`: the newest
 * one was refused or failed, so the person entered one that Okta sent itself, or an older one.
 */
export const unjoinedReasons = ['no-code', 'not-sent'] as const

/**
 * The delivery that an answer is about: the newest one of this caller, user and channel whose code was valid then; of those
 * that were requested from the network of the answer, if there are any. So a code that somebody else requests meanwhile
 * takes nobody's answer. What the fraud rule held is passed over: nobody got that code. It depends only on the set of
 * deliveries, not on other answers.
 */
export function findAnswered<D extends Delivery>(
  deliveries: readonly D[],
  answer: Answer,
): D | Extract<Joined, { readonly kind: 'not-joined' }> {
  const valid = deliveries
    .filter(delivery => isOf(delivery, answer) && isValidAt(delivery, answer.at))
    .toSorted((one, other) => one.openedAt - other.openedAt || (one.id < other.id ? -1 : 1))
  const near = valid.filter(delivery => isFrom(delivery, answer))
  const likely = near.length > 0 ? near : valid
  const newest = likely.findLast(delivery => !isHeld(delivery)) ?? likely.at(-1)
  if (newest === undefined) return { kind: 'not-joined', reason: 'no-code' }
  return mayHaveBeenSent(newest.end) ? newest : { kind: 'not-joined', reason: 'not-sent', ...heldAs(newest) }
}

/** A code that Okta sent with its own provider, because Hookline did not send it: whose, and when, by Okta's clock. */
export type SentByOkta = Pick<Answer, 'callers' | 'userDigests' | 'channel' | 'at'>

/**
 * The delivery in whose place Okta sent a code: the newest one of this caller, user and channel, if it was opened in the
 * two minutes before.
 */
export function findReplaced<D extends Delivery>(deliveries: readonly D[], sent: SentByOkta): D | undefined {
  return deliveries
    .filter(delivery => isOf(delivery, sent) && isReplaceable(delivery, sent.at))
    .toSorted((one, other) => one.openedAt - other.openedAt || (one.id < other.id ? -1 : 1))
    .at(-1)
}

function isReplaceable({ openedAt }: Delivery, at: number): boolean {
  return openedAt > at - REPLACED_WITHIN_MS && openedAt <= at + CLOCK_AHEAD_MS
}

/** How long before it Okta sent a code itself, its hook was called at most. */
export const REPLACED_WITHIN_MS = 120_000
/** Our clock may be ahead of Okta's. */
export const CLOCK_AHEAD_MS = 10_000

/** The result of an answer to this delivery. */
export function answeredBy(delivery: Delivery, at: number, isFirst: boolean): Joined {
  const { id, openedAt, end } = delivery
  const joined = {
    kind: 'answered',
    deliveryId: id,
    afterMs: at - openedAt,
    isFirst,
    ...heldAs(delivery),
  } as const
  if (end.state !== 'accepted' || end.feedbackRegion === undefined) return joined
  return { ...joined, feedback: { messageId: end.messageId, region: end.feedbackRegion } }
}

/** By the rule, not by an operator. */
function heldAs({ credit }: Delivery): { readonly heldAs?: HoldReason } {
  const hold = credit?.hold
  return hold === undefined || hold.override !== undefined ? {} : { heldAs: hold.reason }
}

/** Whether the code was requested from the network from which it was entered. */
export function isFrom({ credit }: Delivery, { network }: Answer): boolean {
  return network !== undefined && credit?.network === network
}

function isOf({ caller, userDigest, channel }: Delivery, answer: SentByOkta): boolean {
  return (
    answer.callers.includes(caller) &&
    userDigest !== undefined &&
    answer.userDigests.includes(userDigest) &&
    channel === answer.channel
  )
}

function isValidAt({ openedAt, expiresAt }: Delivery, at: number): boolean {
  const until = Math.min(expiresAt ?? openedAt + CODE_VALID_MS, openedAt + CODE_VALID_MAX_MS)
  return openedAt <= at && at <= until
}

/** The record of an answer at this time, for a delivery that may have been sent. */
export function answeredAt({ openedAt, end }: Delivery, at: number | undefined): Answered | undefined {
  return at === undefined || !mayHaveBeenSent(end) ? undefined : { at, afterMs: at - openedAt }
}

/** Okta's codes are valid for five minutes, where a request does not say how long. */
const CODE_VALID_MS = 300_000
/** The longest time before an answer in which stores look for its delivery, whatever a request says. */
export const CODE_VALID_MAX_MS = 3_600_000
