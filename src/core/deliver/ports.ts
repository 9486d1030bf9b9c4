import type { Message } from '../message/message.ts'
import type { PlannedCandidate } from '../plan/candidates.ts'
import type { Policy } from '../policy/policy.ts'
import type { Delivery } from '../records/delivery.ts'
import type { Admission, Opening } from '../records/delivery-store.ts'
import type { PhoneNumber } from '../values/phone-number.ts'
import type { ReasonCode } from '../values/reasons.ts'
import type { Secret } from '../values/secret.ts'
import type { Clock, TimeLimit } from './clock.ts'
import type { StepEvent } from './event.ts'

/** What `deliver` needs from outside. Each is one verb; `main` chooses the implementation. */
export type Ports = {
  /** The live policy, at most seconds old; the kept one when the signal aborts. Rejects only if none was ever read. */
  readonly policy: (signal: TimeLimit) => Promise<Policy>
  /** Checks for duplicates and limits, and opens the delivery, in one call of the store. May reject. */
  readonly admit: (opening: Opening) => Promise<Admission>
  /** The delivery as stored now. Undefined when there is none, and perhaps while it has not ended. May reject. */
  readonly find: (deliveryId: string) => Promise<Delivery | undefined>
  /** Hands one message to the carrier, once. Never rejects, and resolves as soon as the signal aborts. */
  readonly send: (attempt: Attempt, signal: TimeLimit) => Promise<SendResult>
  /** Records how a delivery ended, whether it was admitted or not. May reject. */
  readonly settle: (delivery: Delivery) => Promise<void>
  /** A keyed digest: the only form in which numbers and users are stored. */
  readonly digest: (text: string) => string
  /** The same by the other hash key, while the key is rotated (docs/decisions/0022). */
  readonly otherDigest?: ((text: string) => string) | undefined
  /** A new, unique delivery ID. */
  readonly newId: () => string
  readonly clock: Clock
  /** Records one event per step, for log and metrics. Never throws. */
  readonly record: (event: StepEvent) => void
}

/** One message to one candidate. */
export type Attempt = {
  readonly deliveryId: string
  readonly destination: PhoneNumber
  readonly message: Message
  /** For carriers that fill in a template of their own. */
  readonly code: Secret
  readonly candidate: PlannedCandidate
  readonly timeToLiveSeconds: number
  /** Whether the carrier may expect feedback about the message (`isFeedbackOn`). */
  readonly hasFeedback: boolean
}

/**
 * What a failure is about. If it is the recipient or the message, every candidate would fail in the same way, so no
 * other is tried. After any other failure the next one may succeed: it may be in another region, or be allowed in the
 * country.
 */
export type FailureSubject = 'account' | 'identity' | 'identity and country' | 'recipient' | 'message'

export type SendResult =
  /** `feedbackRegion`: the region that sent it, if the carrier expects feedback about it. */
  | { readonly kind: 'accepted'; readonly messageId: string; readonly feedbackRegion?: string }
  | {
      /** Proof that nothing was sent. */
      readonly kind: 'failure'
      readonly code: Extract<ReasonCode, `CARRIER_${string}` | `RECIPIENT_${string}`>
      readonly detail: string
      readonly about: FailureSubject
    }
  /** No proof either way. */
  | { readonly kind: 'unknown'; readonly code: 'CARRIER_UNKNOWN'; readonly detail: string }
