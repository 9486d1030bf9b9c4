import type { Wording } from './plan.ts'
import type { ReasonCode } from './reason.ts'
import type { Channel, Purpose } from './request.ts'

/** The record of one request. Never the code, the text or the whole number. */
export type Delivery = {
  readonly id: string
  readonly openedAt: number
  /** Who asked: the issuer of the access token, or `secret header`. */
  readonly asker: string
  readonly eventId: string | undefined
  readonly oktaRequestId: string | undefined
  /** Keyed digests. */
  readonly numberDigest: string
  readonly userDigest: string | undefined
  readonly country: string | undefined
  readonly lastDigits: string | undefined
  readonly channel: Channel
  readonly purpose: Purpose
  readonly wording: Wording | undefined
  readonly parts: number | undefined
  readonly status: Status
  readonly code: ReasonCode | undefined
  readonly detail: string | undefined
  /** The origination identity of the last attempt. */
  readonly identity: string | undefined
  readonly messageId: string | undefined
  readonly settledAt: number | undefined
}

export type Status = 'sending' | 'accepted' | 'refused' | 'failed' | 'unknown'

/** How a delivery ended for us. */
export type Settlement = Pick<Delivery, 'id' | 'code' | 'detail' | 'identity' | 'messageId'> & {
  readonly status: Exclude<Status, 'sending'>
  readonly settledAt: number
}

/** One status in plain words. */
export function explainStatus(status: Status): string {
  return STATUS_WORDS[status]
}

const STATUS_WORDS: Readonly<Record<Status, string>> = {
  sending: 'Handed to the carrier; no answer written down yet.',
  accepted: 'The carrier took the message.',
  refused: 'Hookline chose not to send, or could not.',
  failed: 'The carrier would not take the message. Nothing was sent.',
  unknown: 'Nobody can tell whether the carrier took the message.',
}
