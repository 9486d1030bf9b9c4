import type { Channel } from '../values/request.ts'
import { type RouteShares, type SampleCount, type ShareMove, sharesOf } from './route-shares.ts'

/** Whether codes follow what works, and how far they have moved. Stored and live, like the rest of the policy. */
export type RoutingPolicy = {
  /** Changes with each save, which names the one that it replaces. 0 until the first save. */
  readonly version: number
  readonly mode: RoutingMode
  /** Routes that keep the operator's order, by `nameOfRoute`. */
  readonly pinned: readonly string[]
  /** By `nameOfRoute`; empty while nothing was moved. */
  readonly shares: Readonly<Record<string, MovedShares>>
  /** When AWS refused an identity of a route in a dry run, by `nameOfRefused`; milliseconds since 1970. */
  readonly refused: Readonly<Record<string, number>>
}

/** `observe`: codes keep the operator's order, and what would move is logged. */
type RoutingMode = (typeof routingModes)[number]
const routingModes = ['observe', 'follow'] as const

type MovedShares = RouteShares & { readonly lastMove?: ShareMove }

export type NewRoutingPolicy = Omit<RoutingPolicy, 'version'>

export const defaultRoutingPolicy: RoutingPolicy = {
  version: 0,
  mode: 'observe',
  pinned: [],
  shares: {},
  refused: {},
}

/** `US/sms`: one country, also where the default route serves it. */
export function nameOfRoute(country: string, channel: Channel): string {
  return `${country}/${channel}`
}

export function nameOfRefused(route: string, identity: string): string {
  return `${route} ${identity}`
}

/**
 * The shares that a route of this country follows, at rest until something has moved; undefined if it keeps the operator's
 * order. Without what AWS refused in this country: no code is drawn for that. `candidates`: in the operator's order.
 */
export function sharesInForce(
  { mode, pinned, shares, refused }: RoutingPolicy,
  route: string,
  candidates: readonly string[],
): RouteShares | undefined {
  if (mode !== 'follow' || pinned.includes(route)) return undefined
  const kept = Object.hasOwn(shares, route) ? shares[route] : undefined
  const { tenths } = sharesOf(candidates, kept)
  const open = Object.entries(tenths).filter(
    ([identity]) => !Object.hasOwn(refused, nameOfRefused(route, identity)),
  )
  return { tenths: Object.fromEntries(open) }
}

/** One sentence for logs, the log of changes and `hookline routes shares`. */
export function describeMove(route: string, { from, to, why, ofFrom, ofTo }: ShareMove): string {
  return `${route}: a tenth from ${from} to ${to} (${why}). Entered within a minute: ${describeCount(ofFrom)} from ${from}, ${describeCount(ofTo)} from ${to}.`
}

/** `61 of 80` */
export function describeCount({ good, codes }: SampleCount): string {
  return `${good} of ${codes}`
}
