import type { Command } from 'commander'
import { countryName } from '../../advice/coverage/countries.ts'
import { type CountryToTry, countriesToTry } from '../../advice/coverage/dry-runs.ts'
import {
  type DryRuns,
  describeAnswer,
  isObjection,
  MEANING,
  noteRefused,
  routeOf,
  type Tried,
  tryCountries,
} from '../../advice/coverage/try-countries.ts'
import { preparePolicy } from '../../core/policy/policy.ts'
import type { Editor } from '../../core/policy/policy-store.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { readCountries, readRegion } from '../terminal/option-values.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import { withProgress } from '../terminal/progress.ts'
import { mergeRows, wrap, wrappedTable } from '../terminal/table.ts'

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
      if (stored === undefined) throw new Error('The store returned no policy')
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
      await withProgress(context.progress, doing, () =>
        askAws(countries, region, context, one => void tried.push(one)),
      )
      await withStore(context, store => noteRefused(store, tried, tryerOf(context)))
      if (tried.some(isObjection)) context.endWith(exitCodes.notSent)
      context.print(
        options.json ? JSON.stringify({ meaning: MEANING, tried }, undefined, 2) : describe(tried),
      )
    })
}

/** Who has the answers of AWS noted in the log of changes. */
export function tryerOf(context: Pick<Context, 'author' | 'now'>): Editor {
  return { author: context.author() ?? 'unknown', at: context.now(), because: 'A dry run.' }
}

/** Rejects with a problem that a person can act on. */
export async function askAws(
  countries: readonly CountryToTry[],
  region: string | undefined,
  context: RoutesContext,
  report: (tried: Tried) => void,
): Promise<void> {
  const dryRuns = await context.openDryRuns(region)
  try {
    await tryCountries(countries, { ...context, run: dryRuns.run }, report)
  } catch (error) {
    throw explainAwsError(error)
  } finally {
    dryRuns.close()
  }
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
      ['country', 'route', 'origination identity', "AWS's answer"],
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

const LINE_MAX = 110
