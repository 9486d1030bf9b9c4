import type { Command } from 'commander'
import type { Route } from '../../core/policy/route.ts'
import { allCountries } from '../../core/values/phone-number.ts'
import { type Channel, channels } from '../../core/values/request.ts'
import { withCloud } from '../terminal/aws-error.ts'
import type { Cloud, CountryRule } from '../terminal/cloud.ts'
import { checkCanAsk, confirm } from '../terminal/confirm.ts'
import { type CloudContext, withStore } from '../terminal/context.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import { withProgress } from '../terminal/progress.ts'
import { table } from '../terminal/table.ts'

type Options = {
  readonly id?: string
  readonly region?: string
  readonly apply?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

/** `hookline protect`: blocks at AWS, by its protect configuration, every country that no route serves. */
export function protectCommand(command: Command, context: CloudContext): void {
  command
    .option('--id <id>', 'protect configuration (default: HOOKLINE_PROTECT_CONFIGURATION)')
    .option('--region <region>', 'AWS region (default: AWS_REGION, else that of the profile)')
    .option('--apply', 'write the difference to AWS; asks first')
    .option('--yes', 'do not ask, for pipelines')
    .option('--json', 'print JSON, for programs')
    .action(async (options: Options) => {
      const id = options.id ?? context.cloud.protectConfiguration()
      if (id === undefined) {
        throw new Problem(
          'settings',
          'No protect configuration is named. Set HOOKLINE_PROTECT_CONFIGURATION or give --id; hookline deploy --set Protect=true creates one, and prints its ID.',
        )
      }
      if (options.apply) checkCanAsk(context.cloud, options.yes, 'Add --yes to apply.')
      const { routes = [] } = (await withStore(context, store => store.readPolicy())) ?? {}
      if (routes.length === 0) {
        throw new Problem(
          'usage',
          'There are no routes yet: every country would be blocked. Add some with: hookline routes import <file>',
        )
      }
      await withCloud(context, options.region, cloud => protect(cloud, context, options, id, routes))
    })
}

async function protect(
  cloud: Cloud,
  context: CloudContext,
  options: Options,
  id: string,
  routes: readonly Route[],
): Promise<void> {
  const differences = await withProgress(context.progress, `reading ${id}`, () => compare(cloud, id, routes))
  context.print(
    options.json ? JSON.stringify(differences, undefined, 2) : describeDifferences(differences, id),
  )
  const changes = differences.flatMap(({ block, allow }) => [...block, ...allow])
  const needed = differences.flatMap(({ allow }) => allow)
  if (changes.length === 0) return
  if (!options.apply) {
    if (needed.length > 0) context.endWith(exitCodes.notSent)
    if (!options.json) context.print('\nNothing was changed. To write this: hookline protect --apply')
    return
  }
  if (!options.yes && !(await confirm(context.cloud.ask, `Write this to ${id}?`))) {
    if (needed.length > 0) context.endWith(exitCodes.notSent)
    context.print('Nothing was changed.')
    return
  }
  await writeDifferences(cloud, id, routes, differences)
  if (!options.json)
    context.print(`✓ Written: ${changes.length} ${changes.length === 1 ? 'country' : 'countries'} changed.`)
}

/** Writes them to AWS, and checks that AWS kept them. */
export async function writeDifferences(
  cloud: Cloud,
  id: string,
  routes: readonly Route[],
  differences: readonly Difference[],
): Promise<void> {
  for (const { channel, block, allow } of differences) {
    const rules = new Map<string, CountryRule>([
      ...block.map(country => [country, 'BLOCK'] as const),
      ...allow.map(country => [country, 'ALLOW'] as const),
    ])
    if (rules.size > 0) await cloud.account.changeCountryRules(id, channel, rules)
  }
  const left = (await compare(cloud, id, routes)).flatMap(({ block, allow }) => [...block, ...allow])
  if (left.length > 0) throw new Error(`AWS accepted the rules, but did not keep these: ${left.join(', ')}`)
}

export type Difference = {
  readonly channel: Channel
  /** The default route serves every country: none can be blocked. */
  readonly hasDefaultRoute: boolean
  readonly served: readonly string[]
  /** Allowed now, although no route serves it. */
  readonly block: readonly string[]
  /** Blocked now, although a route serves it: its codes are not sent. */
  readonly allow: readonly string[]
  /** Blocked now, although the default route would serve it: an operator's choice, which stays. */
  readonly stillBlocked: readonly string[]
}

export async function compare(
  cloud: Cloud,
  id: string,
  routes: readonly Route[],
): Promise<readonly Difference[]> {
  const differences: Difference[] = []
  for (const channel of channels) {
    const rules = await cloud.account.countryRules(id, channel)
    differences.push(differenceOf(channel, routes, rules))
  }
  return differences
}

function differenceOf(
  channel: Channel,
  routes: readonly Route[],
  rules: ReadonlyMap<string, CountryRule>,
): Difference {
  const own = routes.filter(route => route.channel === channel && route.candidates.length > 0)
  const hasDefaultRoute = own.some(({ country }) => country === '*')
  const served = own.flatMap(({ country }) => (country === '*' ? [] : [country])).toSorted()
  const isBlocked = (country: string): boolean => rules.get(country) === 'BLOCK'
  const others = [...new Set<string>([...allCountries(), ...rules.keys()])]
    .filter(country => !served.some(one => one === country))
    .toSorted()
  return {
    channel,
    hasDefaultRoute,
    served,
    block: hasDefaultRoute ? [] : others.filter(country => !isBlocked(country)),
    allow: served.filter(isBlocked),
    stillBlocked: hasDefaultRoute ? others.filter(isBlocked) : [],
  }
}

export function describeDifferences(differences: readonly Difference[], id: string): string {
  const rows = differences.flatMap(({ channel, block, allow }) => [
    ...(allow.length > 0 ? [[channel, 'BLOCK', 'ALLOW', String(allow.length), few(allow)]] : []),
    ...(block.length > 0 ? [[channel, 'ALLOW', 'BLOCK', String(block.length), few(block)]] : []),
  ])
  const notes = differences.flatMap(({ channel, hasDefaultRoute, served, stillBlocked, allow }) => [
    hasDefaultRoute
      ? `${channel}: the default route (*) serves every country, so none can be blocked. Name the countries you serve in routes of their own to block the rest.`
      : `${channel}: ${served.length === 0 ? 'no route, so every country is blocked' : `routes serve ${few(served)}`}`,
    ...(stillBlocked.length > 0
      ? [`${channel}: blocked although the default route serves them, and left blocked: ${few(stillBlocked)}`]
      : []),
    ...(allow.length > 0 ? [`${channel}: codes to ${few(allow)} are not sent: AWS blocks them`] : []),
  ])
  const changes =
    rows.length === 0
      ? `The protect configuration ${id} already matches the routes.`
      : table(['channel', 'now', 'new', 'countries', 'which'], rows)
  return `${notes.join('\n')}\n\n${changes}`
}

function few(countries: readonly string[]): string {
  const shown = countries.slice(0, SHOWN_MAX).join(', ')
  return countries.length > SHOWN_MAX ? `${shown} and ${countries.length - SHOWN_MAX} more` : shown
}

const SHOWN_MAX = 12
