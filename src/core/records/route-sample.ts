import { GOOD_WITHIN_MS, type RouteSample, SETTLED_MS } from '../policy/route-shares.ts'
import { nameOfRoute } from '../policy/routing-policy.ts'
import type { FollowedDelivery } from './delivery.ts'

/** The samples of routes, by `nameOfRoute`. */
export type RouteSamples = ReadonlyMap<string, readonly RouteSample[]>

/** What deliveries show about routes, where they are old enough to be judged. */
export function routeSamplesOf(deliveries: Iterable<FollowedDelivery>, now: number): RouteSamples {
  const found = new Map<string, RouteSample[]>()
  for (const delivery of deliveries) {
    if (delivery.openedAt > now - SETTLED_MS) continue
    const { route, sample } = routeSampleOf(delivery) ?? {}
    if (route === undefined || sample === undefined) continue
    const ofRoute = found.get(route)
    if (ofRoute === undefined) found.set(route, [sample])
    else ofRoute.push(sample)
  }
  return found
}

/**
 * The newest `SAMPLES_KEPT` of both, newest first. What was found replaces what was known of the same code: its answer may
 * have become known meanwhile.
 */
export function mergeSamples(
  known: readonly RouteSample[],
  found: readonly RouteSample[],
): readonly RouteSample[] {
  const all = new Map(
    [...known, ...found].map(sample => [`${sample.at} ${sample.phone} ${sample.candidate}`, sample]),
  )
  return [...all.values()].toSorted((one, other) => other.at - one.at).slice(0, SAMPLES_KEPT)
}

/** The beginning of a digest that samples keep: enough to tell phones apart. */
export function phoneOfSample(numberDigest: string): string {
  return numberDigest.slice(0, DIGEST_KEPT)
}

/**
 * What a delivery shows about the identity that it was sent from: only where the phone answered before on the network that
 * requested the code, so that nobody can move a route with new numbers. Undefined if it shows nothing.
 */
function routeSampleOf(
  delivery: FollowedDelivery,
): { readonly route: string; readonly sample: RouteSample } | undefined {
  const { end, credit, country, channel, numberDigest, openedAt, answered } = delivery
  if (end.state !== 'accepted' || country === undefined) return undefined
  if (credit?.purse !== 'sign-in' && credit?.purse !== 'recovery') return undefined
  const candidate = end.attempts.find(({ result }) => result === 'accepted')?.identity
  if (candidate === undefined) return undefined
  const isGood = answered !== undefined && answered.afterMs <= GOOD_WITHIN_MS
  const sample = { candidate, phone: phoneOfSample(numberDigest), at: openedAt, isGood }
  return { route: nameOfRoute(country, channel), sample }
}

/** Of each route. */
const SAMPLES_KEPT = 600
const DIGEST_KEPT = 8
