import type { Command } from 'commander'
import { candidatesOf } from '../../core/policy/move-routes.ts'
import type { StoredPolicy } from '../../core/policy/policy.ts'
import { restingTenths } from '../../core/policy/route-shares.ts'
import {
  defaultRoutingPolicy,
  describeMove,
  type NewRoutingPolicy,
  nameOfRoute,
  type RoutingPolicy,
} from '../../core/policy/routing-policy.ts'
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
        const stored = await store.readPolicy()
        if (stored === undefined) throw new Error('The store gave no policy')
        const { version } = stored.routing
        const changed = work(stored.routing, stored)
        if (!(await store.saveRoutingPolicy(changed, by, version))) continue // moved at the same moment
        context.print(describe({ ...stored, routing: { ...changed, version } }))
        return
      }
    })
  }
  shares
    .command('show', { isDefault: true })
    .description('Show the mode and the shares.')
    .option('--json', 'print JSON, for programs')
    .action(async ({ json }: { json?: boolean }) => {
      const stored = await withStore(context, store => store.readPolicy())
      const routing = stored?.routing ?? defaultRoutingPolicy
      context.print(json || stored === undefined ? JSON.stringify(routing, undefined, 2) : describe(stored))
    })
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

function describe({ routes, routing }: StoredPolicy): string {
  const { mode, pinned, shares } = routing
  const meaning =
    mode === 'follow'
      ? 'Codes follow what works: a tenth of the codes moves at a time.'
      : 'Only observed: codes keep the order of the routes, and the log has what would move. Change: hookline routes shares follow'
  const names = [...new Set([...Object.keys(shares), ...pinned])].toSorted()
  const rows = names.flatMap(route =>
    Object.entries(shares[route]?.tenths ?? restingTenths(candidatesOf(routes, route))).map(
      ([identity, tenths], index) => [
        index === 0 ? route : '',
        identity,
        `${tenths * 10}%`,
        index > 0 ? '' : pinned.includes(route) ? 'pinned' : timeOf(shares[route]?.movedAt),
      ],
    ),
  )
  const moves = names.flatMap(route => {
    const { lastMove } = shares[route] ?? {}
    return lastMove === undefined ? [] : [describeMove(route, lastMove)]
  })
  if (rows.length === 0) return `${meaning}\n\nNothing has moved.`
  return [
    meaning,
    '',
    table(['route', 'origination identity', 'share', 'last move (UTC)'], rows),
    ...moves,
  ].join('\n')
}

function timeOf(at: number | undefined): string {
  return at === undefined ? '' : new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}
