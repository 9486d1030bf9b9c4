import { GOOD_WITHIN_MS, type RouteSample } from '../policy/route-shares.ts'
import { nameOfRoute } from '../policy/routing-policy.ts'
import type { FollowedDelivery } from './delivery.ts'

/**
 * What a delivery shows about the identity that it was sent from: only where the phone answered before on the network that
 * requested the code, so that nobody can move a route with new numbers. Undefined if it shows nothing.
 */
export function routeSampleOf(
  delivery: FollowedDelivery,
): { readonly route: string; readonly sample: RouteSample } | undefined {
  const { end, credit, country, channel, numberDigest, openedAt, answered } = delivery
  if (end.state !== 'accepted' || country === undefined) return undefined
  if (credit?.purse !== 'sign-in' && credit?.purse !== 'recovery') return undefined
  const candidate = end.attempts.find(({ result }) => result === 'accepted')?.identity
  if (candidate === undefined) return undefined
  const isGood = answered !== undefined && answered.afterMs <= GOOD_WITHIN_MS
  const sample = { candidate, phone: numberDigest.slice(0, DIGEST_KEPT), at: openedAt, isGood }
  return { route: nameOfRoute(country, channel), sample }
}

/** Enough to tell phones apart. */
const DIGEST_KEPT = 12
