import { type ReasonCode, reasons } from '../values/reasons.ts'
import type { OwnEnd } from './delivery.ts'

/** How a request ended, before it is put into Okta's words. */
export type Outcome = { readonly deliveryId: string } & (
  | { readonly kind: 'accepted'; readonly messageId: string }
  | { readonly kind: 'refused' | 'failed' | 'unknown'; readonly code: ReasonCode; readonly detail: string }
)

/** The outcome of a delivery that ended so; of one without an end, nobody can tell what it did. */
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
