import type { StepEvent } from '../core/deliver/event.ts'
import { candidatesOf, moveRoutes, type RouteMove } from '../core/policy/move-routes.ts'
import type { StoredPolicy } from '../core/policy/policy.ts'
import type { PolicyStore } from '../core/policy/policy-store.ts'
import { describeMove } from '../core/policy/routing-policy.ts'
import type { RouteSamples } from '../core/records/route-sample.ts'

export type LookParts = {
  readonly store: Pick<PolicyStore, 'readPolicy' | 'saveRoutingPolicy'>
  readonly now: () => number
  readonly record: (event: StepEvent) => void
}

/** The newest samples of each route that has a choice: several candidates. */
export type ReadSamples = (hasChoice: (route: string) => boolean) => Promise<RouteSamples>

/**
 * One look at which codes were entered: moves the shares of routes, or logs what would move (`core/policy/route-shares.ts`).
 * It never rejects. If another look or an operator saves the shares at the same moment, it changes nothing, and the next
 * one judges anew.
 */
export function createLook({ store, now, record }: LookParts): (readSamples: ReadSamples) => Promise<void> {
  const logged = new Map<string, string>()
  let policy: StoredPolicy | undefined
  const log = ({ route, move }: RouteMove, outcome: string): void =>
    record({ step: 'routes', outcome, detail: describeMove(route, move) })
  return async readSamples => {
    try {
      policy = (await store.readPolicy(policy?.version)) ?? policy
      if (policy === undefined) return
      const { routes, routing } = policy
      const samples = await readSamples(route => candidatesOf(routes, route).length > 1)
      const { moves, routing: next } = moveRoutes(policy, samples, now())
      const { mode, pinned, version } = routing
      const followed = moves.filter(({ route }) => mode === 'follow' && !pinned.includes(route))
      for (const { route, move } of moves.filter(move => !followed.includes(move))) {
        const key = `${move.from} ${move.to} ${move.why}`
        if (logged.get(route) !== key) log({ route, move }, 'would-move')
        logged.set(route, key)
      }
      if (followed.length === 0) return
      const because = followed.map(({ route, move }) => describeMove(route, move)).join(' ')
      const by = { author: 'Hookline', at: now(), because: because.slice(0, BECAUSE_MAX) }
      if (await store.saveRoutingPolicy(next, by, version)) for (const move of followed) log(move, 'moved')
    } catch (error) {
      record({ step: 'routes', outcome: 'store-unavailable', detail: String(error) })
    }
  }
}

const BECAUSE_MAX = 200
