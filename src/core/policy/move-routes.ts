import type { StoredPolicy } from './policy.ts'
import { canSend, identityKind, type Route } from './route.ts'
import { nextShares, type RouteSample, type ShareMove, sharesOf } from './route-shares.ts'
import { type NewRoutingPolicy, nameOfRefused, nameOfRoute, type RoutingPolicy } from './routing-policy.ts'

export type RouteMove = { readonly route: string; readonly move: ShareMove }

/**
 * What moves now, over all routes; or what would, where codes do not follow. `samples`: by `nameOfRoute`. Nothing moves while
 * none of the newest codes was entered: then the answers are missing, not the texts.
 */
export function moveRoutes(
  { routes, routing }: Pick<StoredPolicy, 'routes' | 'routing'>,
  samples: ReadonlyMap<string, readonly RouteSample[]>,
  now: number,
): { readonly moves: readonly RouteMove[]; readonly routing: NewRoutingPolicy; readonly isFrozen: boolean } {
  const isFrozen = areAnswersMissing([...samples.values()].flat())
  const moves: RouteMove[] = []
  const shares: Record<string, RoutingPolicy['shares'][string]> = { ...routing.shares }
  for (const [route, ofRoute] of samples) {
    const candidates = candidatesOf(routes, route)
    if (candidates.length < 2) continue
    const refused = new Set(
      candidates.filter(identity => Object.hasOwn(routing.refused, nameOfRefused(route, identity))),
    )
    const isFollowed = routing.mode === 'follow' && !routing.pinned.includes(route)
    const kept = isFollowed && Object.hasOwn(shares, route) ? shares[route] : undefined
    const facts = { candidates, shares: sharesOf(candidates, kept), samples: ofRoute }
    const next = nextShares({ ...facts, isFrozen, refused, isFollowed }, now)
    if (next.move === undefined) continue
    moves.push({ route, move: next.move })
    if (isFollowed) shares[route] = { ...next.shares, lastMove: next.move }
  }
  const { version: _, ...rest } = routing
  return { moves, routing: { ...rest, shares }, isFrozen }
}

/** The identities of a country's route that can send over the channel, in the operator's order. */
export function candidatesOf(routes: readonly Route[], name: string): readonly string[] {
  const route =
    routes.find(({ country, channel }) => nameOfRoute(country, channel) === name) ??
    routes.find(({ country, channel }) => country === '*' && name.endsWith(`/${channel}`))
  if (route === undefined) return []
  const able = route.candidates.filter(({ identity }) => {
    const kind = identityKind(identity)
    return kind !== undefined && canSend(kind, route.channel)
  })
  return [...new Set(able.map(({ identity }) => identity))]
}

function areAnswersMissing(samples: readonly RouteSample[]): boolean {
  const newest = samples.toSorted((one, other) => other.at - one.at).slice(0, NEWEST)
  return newest.length < NEWEST || newest.every(({ isGood }) => !isGood)
}

const NEWEST = 12
