import type { RequestedCode, SentCode } from '../policy/credit/verdict.ts'
import type { Delivery } from './delivery.ts'

/** The delivery as the fraud rule judges it; undefined if no rule does. Its org is `Delivery.caller`. */
export function requestedCodeOf(delivery: Delivery): RequestedCode | undefined {
  const { id, numberDigest, userDigest, country, purpose, credit } = delivery
  if (credit === undefined || country === undefined) return undefined
  const { block, network } = credit
  // Requests without a user are not all of one user.
  return { id, number: numberDigest, block, user: userDigest ?? numberDigest, purpose, country, network }
}

/** The same after it was sent, to book what becomes of it. */
export function sentCodeOf(delivery: Delivery): SentCode | undefined {
  const code = requestedCodeOf(delivery)
  return code && { ...code, at: delivery.openedAt, purse: delivery.credit?.purse }
}
