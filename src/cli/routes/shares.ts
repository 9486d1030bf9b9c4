import type { Command } from 'commander'
import { candidatesOf, moveRoutes, type RouteMove } from '../../core/policy/move-routes.ts'
import type { StoredPolicy } from '../../core/policy/policy.ts'
import { countNewest, KEPT_MS, participantsOf, SETTLED_MS, sharesOf } from '../../core/policy/route-shares.ts'
import {
  describeCount,
  describeMove,
  type NewRoutingPolicy,
  nameOfRoute,
  type RoutingPolicy,
} from '../../core/policy/routing-policy.ts'
import { readDeliveries } from '../../core/records/delivery-store.ts'
import { mergeSamples, type RouteSamples, routeSamplesOf } from '../../core/records/route-sample.ts'
import type { Store } from '../../core/records/store.ts'
import { minuteOf } from '../../core/values/printable.ts'
import { type Channel, channels } from '../../core/values/request.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { AUTHOR_OPTION, BECAUSE_OPTION, type EditorOptions, editorOf } from '../terminal/editor.ts'
import { readCountry } from '../terminal/option-values.ts'
import { Problem } from '../terminal/problem.ts'
import { table } from '../terminal/table.ts'

/** `hookline routes shares`: whether codes follow the identities that work, and which share each has. */
export function sharesCommand(routes: Command, context: Context): void {
  const shares = routes
    .command('shares')
    .description(
      'Show and change whether codes follow the origination identities whose codes are entered. Default: only observed.',
    )
  const change = async (
    options: EditorOptions,
    work: (routing: RoutingPolicy, stored: StoredPolicy) => NewRoutingPolicy,
  ): Promise<void> => {
    const by = editorOf(options, context)
    await withStore(context, async store => {
      for (;;) {
        const stored = await readPolicy(store)
        const { version } = stored.routing
        const changed = work(stored.routing, stored)
        if (!(await store.saveRoutingPolicy(changed, by, version))) continue // moved at the same moment
        context.print(
          describe(await judge(store, { ...stored, routing: { ...changed, version } }, context.now())),
        )
        return
      }
    })
  }
  shares
    .command('show', { isDefault: true })
    .description('Show the mode, the shares, how many codes were entered, and what would move.')
    .option('--json', 'print JSON, for programs')
    .action(({ json }: { json?: boolean }) =>
      withStore(context, async store => {
        const judged = await judge(store, await readPolicy(store), context.now())
        context.print(json ? JSON.stringify(jsonOf(judged), undefined, 2) : describe(judged))
      }),
    )
  for (const [name, description] of [
    ['follow', 'Let codes follow what works, a tenth at a time.'],
    ['observe', 'Keep the order of the routes, and only log what would move. Forgets the shares.'],
  ] as const)
    shares
      .command(name)
      .description(description)
      .option(...AUTHOR_OPTION)
      .option(...BECAUSE_OPTION)
      .action((options: EditorOptions) =>
        change(options, routing => ({ ...routing, mode: name, shares: {} })),
      )
  shares
    .command('pin <country> <channel>')
    .description('Keep the order of the route in one country, for example: pin GB sms')
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
    .action((country: string, channel: string, options: EditorOptions) =>
      change(options, (routing, stored) => {
        const route = readRoute(country, channel, stored)
        const { [route]: _, ...others } = routing.shares
        return { ...routing, pinned: [...new Set([...routing.pinned, route])], shares: others }
      }),
    )
  shares
    .command('unpin <country> <channel>')
    .description('Let the route follow again in this country.')
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
    .action((country: string, channel: string, options: EditorOptions) =>
      change(options, (routing, stored) => {
        const route = readRoute(country, channel, stored)
        return { ...routing, pinned: routing.pinned.filter(pinned => pinned !== route) }
      }),
    )
}

function readRoute(countryText: string, channelText: string, { routes }: StoredPolicy): string {
  const country = readCountry('The country', countryText)
  const channel = channels.find((known): known is Channel => known === channelText)
  if (channel === undefined)
    throw new Problem('usage', `The channel is ${channelText}. Possible: ${channels.join(', ')}.`)
  const route = nameOfRoute(country, channel)
  if (candidatesOf(routes, route).length > 0) return route
  throw new Problem('usage', `No route serves ${country} over ${channel}. Routes: hookline routes list`)
}

async function readPolicy(store: Pick<Store, 'readPolicy'>): Promise<StoredPolicy> {
  const stored = await store.readPolicy()
  if (stored === undefined) throw new Error('The store returned no policy')
  return stored
}

/** The policy, and what the kept deliveries say about it. */
type Judged = Pick<StoredPolicy, 'routes' | 'routing'> & {
  readonly samples: RouteSamples
  /** The next moves, or those that would be made. */
  readonly moves: readonly RouteMove[]
  readonly isFrozen: boolean
  /** Until when the figures of a table on AWS are counted, if that is too long ago; `never`: there are none. */
  readonly unseenSince?: number | 'never'
  readonly now: number
}

async function judge(store: Store, { routes, routing }: StoredPolicy, now: number): Promise<Judged> {
  const period = { from: now - KEPT_MS, to: now - SETTLED_MS }
  const deliveries = await readDeliveries(store, period, DELIVERIES_MAX, { sent: true })
  const samples = new Map(
    [...routeSamplesOf(deliveries, now)]
      .filter(([route]) => candidatesOf(routes, route).length > 1)
      .map(([route, found]) => [route, mergeSamples([], found)]),
  )
  const { moves, isFrozen } = moveRoutes({ routes, routing }, samples, now)
  const { until } = (await store.readStats({ from: now - LATE_MS, to: now })) ?? { until: 'never' as const }
  const isSeen = until !== 'never' && until > now - LATE_MS
  return { routes, routing, samples, moves, isFrozen, now, ...(!isSeen && { unseenSince: until }) }
}

/** Of each route with a choice: how many of the newest codes from each identity were entered within a minute. */
function jsonOf({ routes, routing, samples, moves, isFrozen, now }: Judged): object {
  const entered = Object.fromEntries(
    [...samples].map(([route, ofRoute]) => [
      route,
      Object.fromEntries(candidatesOf(routes, route).map(one => [one, countNewest(ofRoute, one, now)])),
    ]),
  )
  return { ...routing, entered, next: moves, isFrozen }
}

function describe({ routes, routing, samples, moves, isFrozen, unseenSince, now }: Judged): string {
  const { mode, pinned, shares } = routing
  const isFollowed = mode === 'follow'
  const meaning = isFollowed
    ? 'Codes follow what works: a tenth of the codes moves at a time.'
    : 'Only observed: codes keep the order of the routes. The shares are those that codes would follow. Change: hookline routes shares follow'
  const names = [...new Set([...Object.keys(shares), ...pinned, ...samples.keys()])].toSorted()
  const rows = names.flatMap(route => {
    const candidates = candidatesOf(routes, route)
    const { tenths } = sharesOf(candidates, shares[route])
    return participantsOf(candidates).map((identity, index) => {
      const count = countNewest(samples.get(route) ?? [], identity, now)
      const note = pinned.includes(route) ? 'pinned' : timeOf(shares[route]?.movedAt)
      const isFirst = index === 0
      return [
        isFirst ? route : '',
        identity,
        `${(tenths[identity] ?? 0) * 10}%`,
        describeCount(count),
        isFirst ? note : '',
      ]
    })
  })
  const last = names.flatMap(route => {
    const { lastMove } = shares[route] ?? {}
    return lastMove === undefined ? [] : [`Moved: ${describeMove(route, lastMove)}`]
  })
  const next = moves.map(({ route, move }) => `Would move now: ${describeMove(route, move)}`)
  const head = ['route', 'origination identity', 'share', 'entered within a minute', 'last move (UTC)']
  return [
    meaning,
    '',
    rows.length === 0
      ? 'No code to a phone that answered before went over a route with several identities.'
      : '',
    rows.length === 0 ? '' : table(head, rows),
    ...last,
    ...next,
    samples.size > 0 && isFrozen
      ? 'Nothing moves while answers are missing: none of the newest codes was entered.'
      : '',
    unseenSince === undefined ? '' : describeUnseen(unseenSince),
  ]
    .filter((line, index) => line !== '' || index === 1)
    .join('\n')
}

function describeUnseen(since: number | 'never'): string {
  const ran = since === 'never' ? 'has never run with this table' : `last ran at ${timeOf(since)} UTC`
  return `On AWS, the function for figures moves the shares (Figures=true). It ${ran}, so nothing moves, unless hookline serve uses this table.`
}

function timeOf(at: number | undefined): string {
  return at === undefined ? '' : minuteOf(at)
}

const DELIVERIES_MAX = 5_000
/** Figures are at most a minute old, unless their function is late. */
const LATE_MS = 900_000
