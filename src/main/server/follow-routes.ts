import type { StepEvent } from '../../core/deliver/event.ts'
import { moveRoutes, type RouteMove } from '../../core/policy/move-routes.ts'
import type { StoredPolicy } from '../../core/policy/policy.ts'
import type { PolicyStore } from '../../core/policy/policy-store.ts'
import { type RouteSample, SETTLED_MS } from '../../core/policy/route-shares.ts'
import { describeMove } from '../../core/policy/routing-policy.ts'
import type { DeliveryStore } from '../../core/records/delivery-store.ts'
import { routeSampleOf } from '../../core/records/route-sample.ts'

export type FollowRoutesParts = {
  readonly store: Pick<PolicyStore, 'readPolicy' | 'saveRoutingPolicy'> &
    Pick<DeliveryStore, 'pageDeliveries'>
  readonly now: () => number
  readonly record: (event: StepEvent) => void
}

/**
 * Looks each minute at which codes were entered, and moves the shares of routes, or logs what would move
 * (`core/policy/route-shares.ts`). It keeps the newest samples of each route; the hook's path does not wait for it.
 */
export function followRoutes(parts: FollowRoutesParts): { readonly stop: () => void } {
  const look = createLook(parts)
  const timer = setInterval(() => void look(), LOOK_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

/** One look; never rejects. The first one reads back as far as the samples go. @internal */
export function createLook({ store, now, record }: FollowRoutesParts): () => Promise<void> {
  const samples = new Map<string, readonly RouteSample[]>()
  const logged = new Map<string, string>()
  let readUntil: number | undefined
  let policy: StoredPolicy | undefined
  const readNew = async (): Promise<void> => {
    const to = now() - SETTLED_MS
    const from = readUntil ?? to - FIRST_MS
    if (to <= from) return
    let before: string | undefined
    const found = new Map<string, RouteSample[]>()
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const { deliveries, next } = await store.pageDeliveries({
        limit: 100,
        period: { from, to },
        filter: { sent: true },
        ...(before !== undefined && { before }),
      })
      for (const delivery of deliveries) {
        const { route, sample } = routeSampleOf(delivery) ?? {}
        if (route === undefined || sample === undefined) continue
        found.set(route, [...(found.get(route) ?? []), sample])
      }
      before = next
      if (next === undefined) break
    }
    readUntil = to
    for (const [route, newest] of found)
      samples.set(route, [...newest, ...(samples.get(route) ?? [])].slice(0, KEPT_MAX))
    for (const route of [...samples.keys()].slice(0, Math.max(0, samples.size - ROUTES_MAX)))
      samples.delete(route)
  }
  const tell = ({ route, move }: RouteMove, outcome: string): void =>
    record({ step: 'routes', outcome, detail: describeMove(route, move) })
  return async () => {
    try {
      await readNew()
      policy = (await store.readPolicy(policy?.version)) ?? policy
      if (policy === undefined) return
      const { moves, routing } = moveRoutes(policy, samples, now())
      const { mode, pinned, version } = policy.routing
      const followed = moves.filter(({ route }) => mode === 'follow' && !pinned.includes(route))
      for (const { route, move } of moves.filter(move => !followed.includes(move))) {
        const key = `${move.from} ${move.to} ${move.why}`
        if (logged.get(route) !== key) tell({ route, move }, 'would-move')
        logged.set(route, key)
      }
      if (followed.length === 0) return
      const because = followed.map(({ route, move }) => describeMove(route, move)).join(' ')
      const by = { author: 'Hookline', at: now(), because: because.slice(0, BECAUSE_MAX) }
      if (await store.saveRoutingPolicy(routing, by, version))
        for (const move of followed) tell(move, 'moved')
    } catch (error) {
      record({ step: 'routes', outcome: 'store-unavailable', detail: String(error) })
    }
  }
}

const LOOK_MS = 60_000
/** How far back the first look reads, and how many pages of a hundred a look reads at most. */
const FIRST_MS = 86_400_000
const PAGES_MAX = 50
const KEPT_MAX = 600
const ROUTES_MAX = 500
const BECAUSE_MAX = 200
