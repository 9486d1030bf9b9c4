import type { Delivery, Settlement } from './delivery.ts'
import type { StepEvent } from './event.ts'
import type { Message } from './message.ts'
import type { PhoneNumber } from './phone-number.ts'
import type { PlannedRung } from './plan.ts'
import type { Policy } from './policy.ts'

/** What `deliver` needs from outside. Each is one verb; `main` chooses who does it. */
export type Ports = {
  /** The live policy, at most a moment old. Rejects only when none was ever read. */
  readonly policy: (signal: AbortSignal) => Promise<Policy>
  /** Opens the record of a delivery. */
  readonly open: (delivery: Delivery, signal: AbortSignal) => Promise<void>
  /** Hands one message to the carrier, once: never repeats by itself. Never rejects. */
  readonly send: (attempt: Attempt, signal: AbortSignal) => Promise<SendResult>
  /** Writes down how a delivery ended for us. */
  readonly settle: (settlement: Settlement, signal: AbortSignal) => Promise<void>
  /** A keyed digest: the only form in which numbers and users are stored. */
  readonly digest: (text: string) => string
  /** A new, unique delivery ID. */
  readonly newId: () => string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** One event a step, for log and metrics. Never throws. */
  readonly record: (event: StepEvent) => void
}

/** One message to one rung. */
export type Attempt = {
  readonly deliveryId: string
  readonly destination: PhoneNumber
  readonly message: Message
  readonly rung: PlannedRung
  readonly timeToLiveSeconds: number
}

export type SendResult =
  | { readonly kind: 'accepted'; readonly messageId: string }
  /** Proof that nothing was sent. */
  | {
      readonly kind: 'failure'
      readonly code: 'CARRIER_REFUSED' | 'CARRIER_UNREACHABLE'
      readonly detail: string
    }
  /** No proof either way. */
  | { readonly kind: 'unknown'; readonly code: 'CARRIER_UNKNOWN'; readonly detail: string }
