import type { Command } from 'commander'
import { type CountryToTry, countriesToTry, type DryRunAnswer } from '../../advice/coverage/dry-runs.ts'
import { countryName } from '../../advice/coverage/neighbours.ts'
import type { Attempt } from '../../core/deliver/ports.ts'
import { preparePolicy } from '../../core/policy/policy.ts'
import { nameOfRefused, nameOfRoute } from '../../core/policy/routing-policy.ts'
import type { Store } from '../../core/records/store.ts'
import type { CountryCode } from '../../core/values/phone-number.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { readCountries, readRegion } from '../terminal/option-values.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import { withProgress } from '../terminal/progress.ts'
import { mergeRows, wrap, wrappedTable } from '../terminal/table.ts'

/** A text that AWS checks and never sends. Source: SendTextMessage, `DryRun`. @internal */
export type DryRuns = {
  /** Rejects with AWS's own errors where they are not about the message: credentials, region, network. */
  readonly run: (attempt: Attempt) => Promise<DryRunAnswer>
  readonly close: () => void
}

export type RoutesContext = Context & {
  /** In the given region, else that of the environment or the profile. */
  readonly openDryRuns: (region: string | undefined) => Promise<DryRuns>
}

type Options = { readonly countries?: string; readonly region?: string; readonly json?: boolean }

/** `hookline routes try`: what AWS says to each identity of the routes, in each country. */
export function tryCommand(routes: Command, context: RoutesContext): void {
  routes
    .command('try')
    .description(
      'Ask AWS about each country and identity of the routes with a dry run of a text: nothing is sent, nothing is charged.',
    )
    .option(
      '--countries <codes>',
      'countries such as US,PR, or all (default: those with a route, their neighbours such as Canada and territories, and for the default route those with the country codes 1 and 44)',
    )
    .option('--region <region>', 'AWS region (default: AWS_REGION, else that of the profile)')
    .option('--json', 'print JSON, for programs')
    .action(async (options: Options) => {
      const chosen = readCountries(options.countries)
      const region = readRegion(options.region)
      const stored = await withStore(context, store => store.readPolicy())
      if (stored === undefined) throw new Error('The store gave no policy')
      if (stored.routes.every(({ channel }) => channel !== 'sms')) {
        throw new Problem(
          'notSent',
          'There are no routes for texts, so there is nothing to try. Propose some with: hookline identities discover',
        )
      }
      const countries = countriesToTry(
        await preparePolicy(stored),
        context.planRules(),
        chosen,
        context.now(),
      )
      const tried: Tried[] = []
      const count = countries.reduce((sum, { attempts }) => sum + attempts.length, 0)
      const doing = (): string => `trying: ${tried.length} of ${count}`
      await withProgress(context.progress, doing, () => tryAll(countries, region, context, tried))
      await withStore(context, store => noteRefused(store, tried, context.now()))
      if (tried.some(isObjection)) context.endWith(exitCodes.notSent)
      context.print(
        options.json ? JSON.stringify({ meaning: MEANING, tried }, undefined, 2) : describe(tried),
      )
    })
}

/** One identity in one country, and what AWS said. */
type Tried = {
  readonly country: CountryCode
  readonly route: CountryToTry['route']
  /** The country that the route is for; `*` is the default route. */
  readonly of: CountryToTry['of'] | null
  readonly destination: CountryToTry['destination']
  readonly identity: string | null
  readonly region: string | null
  readonly result: 'no objection' | 'refused' | 'not tried'
  readonly detail: string | null
  readonly why: string | null
}

/** One after the other, five a second at most: AWS's limit for dry runs. Adds each result to `tried`. */
async function tryAll(
  countries: readonly CountryToTry[],
  region: string | undefined,
  context: RoutesContext,
  tried: Tried[],
): Promise<void> {
  const dryRuns = await context.openDryRuns(region)
  let next = context.now()
  try {
    for (const { country, route, of, destination, attempts, why } of countries) {
      const head = { country, route, of: of ?? null, destination }
      if (why !== undefined)
        tried.push({ ...head, identity: null, region: null, result: 'not tried', detail: null, why })
      for (const attempt of attempts) {
        await context.pause(Math.max(0, next - context.now()))
        next = context.now() + PAUSE_MS
        const answer = await dryRuns.run(attempt)
        const { identity, region: own } = attempt.candidate
        const from = { ...head, identity, region: own ?? null, result: answer.kind }
        tried.push(
          answer.kind === 'refused'
            ? { ...from, detail: answer.detail, why: answer.why }
            : { ...from, detail: null, why: null },
        )
      }
    }
  } catch (error) {
    throw explainAwsError(error)
  } finally {
    dryRuns.close()
  }
}

/** Shares of routes never move towards an identity that AWS refuses; a later trial without an objection ends that. */
async function noteRefused(store: Store, tried: readonly Tried[], at: number): Promise<void> {
  const { routing } = (await store.readPolicy()) ?? {}
  if (routing === undefined) return
  const refused: Record<string, number> = { ...routing.refused }
  for (const { country, identity, result } of tried) {
    if (identity === null || result === 'not tried') continue
    const name = nameOfRefused(nameOfRoute(country, 'sms'), identity)
    if (result === 'refused') refused[name] ??= at
    else delete refused[name]
  }
  const isSame = Object.keys(refused).toSorted().join() === Object.keys(routing.refused).toSorted().join()
  if (isSame) return
  const by = { author: 'Hookline', at }
  await store.saveRoutingPolicy({ ...routing, refused }, by, routing.version)
}

/** Whether a route is at fault. The route of a neighbour does not have to serve the country. */
function isObjection({ route, result }: Tried): boolean {
  return result !== 'no objection' && route !== 'neighbour'
}

function describe(tried: readonly Tried[]): string {
  const rows = mergeRows(
    tried.map(({ detail, why, ...one }) => ({
      country: one.country,
      route: routeOf(one),
      identity:
        one.identity === null ? '' : one.region === null ? one.identity : `${one.identity} (${one.region})`,
      answer: describeAnswer({ ...one, detail, why }),
    })),
    'country',
  )
  const requested = tried.filter(({ result }) => result !== 'not tried')
  const accepted = requested.filter(({ result }) => result === 'no objection')
  const servable = [
    ...new Set(
      tried
        .filter(({ route, result }) => route === 'neighbour' && result === 'no objection')
        .map(({ country, of }) => `${country} (${countryName(country)}) by the route of ${of}`),
    ),
  ]
  return [
    wrappedTable(
      ['country', 'route', 'origination identity', 'what AWS said'],
      rows.map(row => [
        wrap(row.country.join(', '), 24),
        row.route,
        wrap(row.identity, 26),
        wrap(row.answer, 44),
      ]),
    ),
    ...(servable.length === 0
      ? []
      : [
          wrap(
            `No route serves these countries, but AWS did not object: ${servable.join(', ')}. Import a route for each to serve it.`,
            LINE_MAX,
          ),
        ]),
    wrap(`AWS did not object to ${accepted.length} of ${requested.length}. ${MEANING}`, LINE_MAX),
  ].join('\n\n')
}

function routeOf({ route, of }: Pick<Tried, 'route' | 'of'>): string {
  switch (route) {
    case 'own':
      return 'own'
    case 'default':
      return 'default'
    case 'neighbour':
      return `none; of ${of}`
    case 'none':
      return 'none'
  }
}

function describeAnswer({ result, detail, why }: Pick<Tried, 'result' | 'detail' | 'why'>): string {
  switch (result) {
    case 'no objection':
      return 'did not object'
    case 'refused':
      return `refused: ${detail}. ${why}`
    case 'not tried':
      return `not tried. ${why}`
  }
}

/** 220 ms: five a second with room for a clock that jitters. */
const PAUSE_MS = 220
const LINE_MAX = 110
const MEANING =
  'What AWS checks in a dry run is not documented, so "did not object" does not mean that a text will arrive. Calls have no free dry run and were not tried.'
