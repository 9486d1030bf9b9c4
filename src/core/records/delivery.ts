import type { TemplateUsed } from '../plan/choose-template.ts'
import type { Plan, RefusedPlan } from '../plan/plan.ts'
import type { PurseName } from '../policy/credit/records.ts'
import type { Hold } from '../policy/credit/verdict.ts'
import { type ReasonCode, reasons } from '../values/reasons.ts'
import type { Channel, OtpRequest, Purpose } from '../values/request.ts'
import { isCanary, nameOfCanaryNumber } from './canary.ts'
import type { Progress } from './receipt.ts'

/** The record of one request. Never the code, the text or the whole number. */
export type Delivery = {
  readonly id: string
  readonly openedAt: number
  /** The caller: the issuer of the access token, `secret header`, the name of an org, or `hookline canary`. */
  readonly caller: string
  readonly eventId: string | undefined
  readonly oktaRequestId: string | undefined
  /** Equal only for the same request; undefined if duplicates are not recognised. */
  readonly duplicateKey: string | undefined
  /**
   * Keyed digests: of the number; of Okta's user ID, which never changes (of the login if there is no ID); of the
   * login.
   */
  readonly numberDigest: string
  readonly userDigest: string | undefined
  readonly loginDigest: string | undefined
  readonly country: string | undefined
  readonly lastDigits: string | undefined
  readonly channel: Channel
  readonly purpose: Purpose
  readonly templateUsed: TemplateUsed | undefined
  readonly parts: number | undefined
  /** Until when Okta accepts the code; milliseconds since 1970. Undefined if Okta sent none. */
  readonly expiresAt: number | undefined
  /** What the fraud rule keeps; undefined where no rule judged (mode off, a preview, a request that cannot be sent). */
  readonly credit: DeliveryCredit | undefined
  readonly end: OwnEnd
}

/** The keyed digests of a request. While the hash key is rotated, there are those of both keys. */
export type Digests = Pick<Delivery, 'duplicateKey' | 'numberDigest' | 'userDigest' | 'loginDigest'>

export type DeliveryCredit = {
  /** The digits of the number without the last four. */
  readonly block: string
  /** The network (/24 or /48) from which the code was requested, if Okta named an address. */
  readonly network?: string | undefined
  /** The purse of the phone that paid, or that is held; missing if groups of numbers decide. */
  readonly purse?: PurseName | undefined
  /** Why the rule holds it. In mode observe it was sent nevertheless. */
  readonly hold?: Hold | undefined
}

/** Our own state, changed only by the process that works on the delivery. */
export type OwnEnd =
  | { readonly state: 'sending' }
  | {
      readonly state: 'accepted'
      readonly at: number
      readonly messageId: string
      /** The region that sent it, if AWS expects feedback about the message. */
      readonly feedbackRegion?: string
      readonly attempts: readonly AttemptRecord[]
    }
  | {
      readonly state: 'refused' | 'failed' | 'unknown'
      readonly at: number
      readonly code: ReasonCode
      readonly detail: string
      readonly attempts: readonly AttemptRecord[]
    }

/** A message about which AWS expects feedback, and the region that sent it. */
export type AwaitedFeedback = { readonly messageId: string; readonly region: string }

/** How the `eventId` begins in a preview that a Hookline command starts. */
export const OWN_PREVIEW = 'hookline'

/** The first record of a request. A refused plan has already ended. */
export function newDelivery(
  id: string,
  request: OtpRequest,
  caller: string,
  planned: Plan | RefusedPlan,
  digest: (text: string) => string,
  now: number,
): Delivery {
  const { eventId, oktaRequestId, channel, purpose } = request
  const sending = planned.kind === 'plan' ? planned : undefined
  const { destination } = planned
  const { duplicateKey, numberDigest, userDigest, loginDigest } = digestsOf(request, caller, planned, digest)
  return {
    id,
    openedAt: now,
    caller,
    eventId,
    oktaRequestId,
    duplicateKey,
    numberDigest,
    userDigest,
    loginDigest,
    country: destination?.country,
    lastDigits: destination?.lastDigits,
    channel,
    purpose,
    templateUsed: sending?.templateUsed,
    parts: sending?.message.channel === 'sms' ? sending.message.parts : undefined,
    expiresAt: request.expiresAt,
    credit: undefined,
    end:
      planned.kind === 'plan'
        ? { state: 'sending' }
        : { state: 'refused', at: now, code: planned.code, detail: planned.detail, attempts: [] },
  }
}

/** The digests of a request by one hash key. */
export function digestsOf(
  { eventId, channel, user, preview, phoneNumber, code }: OtpRequest,
  caller: string,
  { kind, destination }: Plan | RefusedPlan,
  digest: (text: string) => string,
): Digests {
  const number = (destination?.e164 ?? phoneNumber).reveal()
  const numberName = isCanary({ caller }) ? nameOfCanaryNumber(number) : number
  const login = user.login && normalizeLogin(user.login)
  const [userName] = userNames(user.id, user.login)
  // Okta's console sends each preview with the same ID. Hookline's own previews have one ID each, and Okta retries
  // them.
  const isRepeatable = preview && eventId?.startsWith(OWN_PREVIEW) !== true
  const isRecognised = eventId !== undefined && !isRepeatable && kind === 'plan'
  return {
    duplicateKey: isRecognised
      ? digest(JSON.stringify([caller, eventId, number, channel, code.reveal()]))
      : undefined,
    numberDigest: digest(numberName),
    userDigest: userName && digest(userName),
    loginDigest: login && digest(login),
  }
}

/** The names of a user with both: first the one under which a request with both is recorded. */
export function userNames(id: string | undefined, login: string | undefined): readonly string[] {
  return [id, login && normalizeLogin(login)].filter(name => name !== undefined)
}

/** Logins in Okta are not case-sensitive. */
function normalizeLogin(login: string): string {
  return login.toLowerCase()
}

/** The names under which a user with this user ID or login may be recorded; search for their digests. */
export function namesOfUser(idOrLogin: string): readonly string[] {
  return [...new Set([idOrLogin, normalizeLogin(idOrLogin)])]
}

/** Their digests by each hash key. The last one is that of a login by the key in force. */
export async function digestsOfUser(
  idOrLogin: string,
  digests: (text: string) => Promise<readonly [string, ...string[]]>,
): Promise<readonly string[]> {
  const all = await Promise.all(namesOfUser(idOrLogin).map(digests))
  return [...all.flatMap(([, ...others]) => others), ...all.map(([own]) => own)]
}

/** Whether one of these digests is the delivery's user. */
export function isOfUser(
  { userDigest, loginDigest }: Pick<Delivery, 'userDigest' | 'loginDigest'>,
  digests: readonly string[],
): boolean {
  return [userDigest, loginDigest].some(digest => digest !== undefined && digests.includes(digest))
}

/** One candidate that was tried. */
export type AttemptRecord = {
  readonly identity: string
  readonly result: 'accepted' | 'failure' | 'unknown'
  readonly detail: string | undefined
  readonly durationMs: number
}

/** When the code of a delivery was entered, and how long after the request arrived. */
export type Answered = { readonly at: number; readonly afterMs: number }

/** A delivery as read from the store, with what its receipts show, and whether the person entered the code. */
export type FollowedDelivery = Delivery & {
  readonly progress: Progress | undefined
  /** The earliest of its answers, if it may have been sent. It does not change the status. */
  readonly answered: Answered | undefined
}

/** The fraud rule, or an operator, held the code: it was not sent. */
export function isHeld({ end, credit }: Pick<Delivery, 'end' | 'credit'>): boolean {
  return end.state === 'refused' && credit?.hold?.reason === end.code
}

/** Such a code counts for the limits. */
export function mayHaveBeenSent({ state }: Pick<OwnEnd, 'state'>): boolean {
  return state === 'sending' || state === 'accepted' || state === 'unknown'
}

export type Status = 'sending' | 'accepted' | 'refused' | 'failed' | 'unknown' | 'delivered' | 'undeliverable'

/** Combines our own state and the receipts. Any receipt proves that the carrier accepted the message. */
export function statusOf({
  end,
  progress,
}: {
  readonly end: Pick<OwnEnd, 'state'>
  readonly progress: Pick<Progress, 'stage'> | undefined
}): Status {
  if (progress === undefined) return end.state
  return progress.stage === 'under-way' ? 'accepted' : progress.stage
}

/** Explains one status: what happened, and who can act. */
export function explainStatus(delivery: FollowedDelivery): string {
  if (delivery.answered !== undefined) return ANSWERED
  if (delivery.progress?.stage === 'unknown') return CARRIER_DOES_NOT_KNOW
  return STATUS_TEXTS[statusOf(delivery)]
}

const STATUS_TEXTS: Readonly<Record<Status, string>> = {
  sending:
    'Handed to the carrier; no result was recorded. It is still running, or our process died. It is not sent again.',
  accepted:
    "The carrier accepted the message and may have passed it on to the phone's carrier. It is not known (yet) whether it reached the phone.",
  refused: 'Hookline chose not to send, or could not send. The reason says who must act.',
  failed: 'The carrier did not accept the message. Nothing was sent; Okta could send with its own provider.',
  unknown:
    'It is not known whether the carrier accepted the message. It is not sent again; the user can request a new code.',
  delivered:
    "The message reached the phone; or the phone's carrier accepted it and reports nothing further; or the call was completed (perhaps by a mailbox).",
  undeliverable:
    'The carrier could not reach the phone. The user should check the number, or request a call instead.',
}

const ANSWERED =
  'The person entered the code, so the message arrived. The status is what our process and the carrier recorded.'

const CARRIER_DOES_NOT_KNOW =
  'The carrier accepted the message and finally reported that it does not know whether it arrived. The user can request a new code.'

/** How a request ended, from which the response to Okta is made. */
export type Outcome = { readonly deliveryId: string } & (
  | { readonly kind: 'accepted'; readonly messageId: string }
  | { readonly kind: 'refused' | 'failed' | 'unknown'; readonly code: ReasonCode; readonly detail: string }
)

/** The outcome of a delivery that ended like this. If it has not ended, it is unknown what it did. */
export function outcomeOf(deliveryId: string, end: OwnEnd): Outcome {
  switch (end.state) {
    case 'accepted':
      return { kind: 'accepted', deliveryId, messageId: end.messageId }
    case 'refused':
    case 'failed':
    case 'unknown':
      return { kind: end.state, deliveryId, code: end.code, detail: end.detail }
    case 'sending':
      return {
        kind: 'unknown',
        deliveryId,
        code: 'DUPLICATE_UNSETTLED',
        detail: reasons.DUPLICATE_UNSETTLED.meaning,
      }
  }
}
