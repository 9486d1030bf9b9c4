import { KEPT_MS, type RouteSample, SETTLED_MS } from '../../core/policy/route-shares.ts'
import { type DeliveryStore, readDeliveries } from '../../core/records/delivery-store.ts'
import { mergeSamples, routeSamplesOf } from '../../core/records/route-sample.ts'
import { createLook, type LookParts, type ReadSamples } from '../look-at-routes.ts'

/** Looks each minute at which codes were entered (`createLook`). The hook's path does not wait for it. */
export function followRoutes({
  store,
  now,
  record,
}: LookParts & { readonly store: Pick<DeliveryStore, 'pageDeliveries'> }): { readonly stop: () => void } {
  const look = createLook({ store, now, record })
  const readSamples = keepSamples(store, now)
  const timer = setInterval(() => void look(readSamples), LOOK_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

/**
 * Keeps the newest samples in memory, and reads what was opened since the last call. The first call reads back as far as
 * samples count, but to `DELIVERIES_MAX` deliveries at most. @internal
 */
export function keepSamples(store: Pick<DeliveryStore, 'pageDeliveries'>, now: () => number): ReadSamples {
  const samples = new Map<string, readonly RouteSample[]>()
  let readUntil: number | undefined
  return async hasChoice => {
    const at = now()
    const to = at - SETTLED_MS
    const from = readUntil ?? at - KEPT_MS
    if (to <= from) return samples // the clock was set back
    const found = await readDeliveries(store, { from, to }, DELIVERIES_MAX, { sent: true })
    readUntil = to
    for (const [route, ofRoute] of routeSamplesOf(found, at)) {
      if (!hasChoice(route)) continue
      const known = samples.get(route) ?? []
      samples.delete(route)
      samples.set(route, mergeSamples(known, ofRoute))
    }
    for (const route of [...samples.keys()].slice(0, Math.max(0, samples.size - ROUTES_MAX)))
      samples.delete(route)
    return samples
  }
}

const LOOK_MS = 60_000
const DELIVERIES_MAX = 5_000
/** Routes whose samples are kept: those that had codes last. */
const ROUTES_MAX = 500
