import type { TemplateUsed } from '../plan/choose-template.ts'
import type { Plan, RefusedPlan } from '../plan/plan.ts'
import { type ReasonCode, reasons } from '../values/reasons.ts'
import type { Channel, OtpRequest, Purpose } from '../values/request.ts'
import type { Progress } from './receipt.ts'

/** The record of one request. Never the code, the text or the whole number. */
export type Delivery = {
  readonly id: string
  readonly openedAt: number
  /** The caller: the issuer of the access token, or `secret header`. */
  readonly caller: string
  readonly eventId: string | undefined
  readonly oktaRequestId: string | undefined
  /** Equal for the same request only; undefined where duplicates are not looked for. */
  readonly duplicateKey: string | undefined
  /** Keyed digests: of the number; of Okta's user ID, which never changes, or without one of the login; of the login. */
  readonly numberDigest: string
  readonly userDigest: string | undefined
  readonly loginDigest: string | undefined
  readonly country: string | undefined
  readonly lastDigits: string | undefined
  readonly channel: Channel
  readonly purpose: Purpose
  readonly templateUsed: TemplateUsed | undefined
  readonly parts: number | undefined
  readonly end: OwnEnd
}

/** The own state: moved only by the process that works on the delivery. */
export type OwnEnd =
  | { readonly state: 'sending' }
  | {
      readonly state: 'accepted'
      readonly at: number
      readonly messageId: string
      readonly attempts: readonly AttemptRecord[]
    }
  | {
      readonly state: 'refused' | 'failed' | 'unknown'
      readonly at: number
      readonly code: ReasonCode
      readonly detail: string
      readonly attempts: readonly AttemptRecord[]
    }

/** How the `eventId` of a preview begins that Hookline's own commands ask for. */
export const OWN_PREVIEW = 'hookline'

/** The record that a request begins with; a refusal is its end already. */
export function newDelivery(
  id: string,
  request: OtpRequest,
  caller: string,
  planned: Plan | RefusedPlan,
  digest: (text: string) => string,
  now: number,
): Delivery {
  const { eventId, oktaRequestId, channel, purpose, user } = request
  const sending = planned.kind === 'plan' ? planned : undefined
  const { destination } = planned
  const number = (destination?.e164 ?? request.phoneNumber).reveal()
  const login = user.login && normalizeLogin(user.login)
  const userName = user.id ?? login
  // Okta's console sends the same preview again and again; Hookline's own have an ID each, and Okta tries them again.
  const isAnew = request.preview && eventId?.startsWith(OWN_PREVIEW) !== true
  const isRecognised = eventId !== undefined && !isAnew && sending !== undefined
  return {
    id,
    openedAt: now,
    caller,
    eventId,
    oktaRequestId,
    duplicateKey: isRecognised
      ? digest(JSON.stringify([caller, eventId, number, channel, request.code.reveal()]))
      : undefined,
    numberDigest: digest(number),
    userDigest: userName && digest(userName),
    loginDigest: login && digest(login),
    country: destination?.country,
    lastDigits: destination?.lastDigits,
    channel,
    purpose,
    templateUsed: sending?.templateUsed,
    parts: sending?.message.channel === 'sms' ? sending.message.parts : undefined,
    end:
      planned.kind === 'plan'
        ? { state: 'sending' }
        : { state: 'refused', at: now, code: planned.code, detail: planned.detail, attempts: [] },
  }
}

/** Okta takes a login in any case for the same. */
function normalizeLogin(login: string): string {
  return login.toLowerCase()
}

/** What a user may be recorded by, of whom a user ID or a login is known: their digests are those to look for. */
export function namesOfUser(idOrLogin: string): readonly string[] {
  return [...new Set([idOrLogin, normalizeLogin(idOrLogin)])]
}

/** Whether one of these digests is that of its user. */
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

/** A delivery as it is read back: with what the receipts say. */
export type FollowedDelivery = Delivery & { readonly progress: Progress | undefined }

/** What a code that went out, or may have, counts for limits. */
export function mayHaveBeenSent(end: OwnEnd): boolean {
  return end.state === 'sending' || end.state === 'accepted' || end.state === 'unknown'
}

export type Status = 'sending' | 'accepted' | 'refused' | 'failed' | 'unknown' | 'delivered' | 'undeliverable'

/** Own end and receipts joined. Any receipt proves that the carrier took the message. */
export function statusOf({ end, progress }: FollowedDelivery): Status {
  if (progress === undefined) return end.state
  return progress.stage === 'under-way' ? 'accepted' : progress.stage
}

/** One status in plain words: what happened, and who can act. */
export function explainStatus(delivery: FollowedDelivery): string {
  if (delivery.progress?.stage === 'unknown') return CARRIER_DOES_NOT_KNOW
  return STATUS_WORDS[statusOf(delivery)]
}

const STATUS_WORDS: Readonly<Record<Status, string>> = {
  sending:
    'Handed to the carrier, and no end was written down: still under way, or our process died. Never sent again.',
  accepted:
    "The carrier took the message, and may have handed it to the phone's own carrier. Whether it reached the phone is not known (yet).",
  refused: 'Hookline chose not to send, or could not. The reason says who must act.',
  failed: 'The carrier would not take it. Nothing was sent; Okta could send by its own provider.',
  unknown: 'Nobody can tell whether the carrier took it. Never sent again; the user may ask for a new code.',
  delivered:
    "The message reached the phone, or the phone's carrier took it and reports no more, or a call was held to its end (perhaps by a mailbox).",
  undeliverable:
    'The carrier could not reach the phone. The user should check the number, or ask for a call instead.',
}

const CARRIER_DOES_NOT_KNOW =
  'The carrier took the message, and its last word is that it does not know whether it arrived. The user may ask for a new code.'

/** How a request ended, before it becomes Okta's answer. */
export type Outcome = { readonly deliveryId: string } & (
  | { readonly kind: 'accepted'; readonly messageId: string }
  | { readonly kind: 'refused' | 'failed' | 'unknown'; readonly code: ReasonCode; readonly detail: string }
)

/** The outcome of a delivery that ended so; of one without an end, what it did is not known. */
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
