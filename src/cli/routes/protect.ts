import { type Command, Option } from 'commander'
import type { Route } from '../../core/policy/route.ts'
import type { Store } from '../../core/records/store.ts'
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
  readonly newCountries?: NewCountryRule
}

/** `hookline protect`: blocks at AWS, by its protect configuration, every country that no route serves. */
export function protectCommand(command: Command, context: CloudContext): void {
  command
    .option('--id <id>', 'protect configuration (default: HOOKLINE_PROTECT_CONFIGURATION)')
    .option('--region <region>', 'AWS region (default: AWS_REGION, else that of the profile)')
    .addOption(
      new Option(
        '--new-countries <rule>',
        `what AWS does where a route serves a country in which fewer than ${PROVEN_MIN} codes were entered in ${PROVEN_DAYS} days (default: what is set there)`,
      ).choices(newCountryRules),
    )
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
      const { routes, proven } = await withStore(context, async store => ({
        routes: (await store.readPolicy())?.routes ?? [],
        proven: options.newCountries === undefined ? NOBODY : await provenCountries(store, context.now()),
      }))
      if (routes.length === 0) {
        throw new Problem(
          'usage',
          'There are no routes yet: every country would be blocked. Add some with: hookline routes import <file>',
        )
      }
      await withCloud(context, options.region, cloud =>
        protect(cloud, context, options, id, { routes, rule: options.newCountries, proven }),
      )
    })
}

async function protect(
  cloud: Cloud,
  context: CloudContext,
  options: Options,
  id: string,
  target: ProtectTarget,
): Promise<void> {
  const differences = await withProgress(context.progress, `reading ${id}`, () => compare(cloud, id, target))
  context.print(
    options.json
      ? JSON.stringify(differences, undefined, 2)
      : describeDifferences(differences, id, options.newCountries),
  )
  const changes = differences.flatMap(({ block, allow, watch }) => [...block, ...allow, ...watch])
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
  await writeDifferences(cloud, id, target, differences)
  if (!options.json)
    context.print(`✓ Written: ${changes.length} ${changes.length === 1 ? 'country' : 'countries'} changed.`)
}

/** Writes them to AWS, and checks that AWS kept them. */
export async function writeDifferences(
  cloud: Cloud,
  id: string,
  target: ProtectTarget,
  differences: readonly Difference[],
): Promise<void> {
  for (const { channel, block, allow, watch } of differences) {
    const rules = new Map<string, CountryRule>([
      ...block.map(country => [country, 'BLOCK'] as const),
      ...allow.map(country => [country, 'ALLOW'] as const),
      ...watch.map(country => [country, RULES[target.rule ?? 'allow']] as const),
    ])
    if (rules.size > 0) await cloud.account.changeCountryRules(id, channel, rules)
  }
  const left = (await compare(cloud, id, target)).flatMap(({ block, allow, watch }) => [
    ...block,
    ...allow,
    ...watch,
  ])
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
  /** Served, but hardly anybody there entered a code: AWS is to watch it (`--new-countries`). */
  readonly watch: readonly string[]
  /** Blocked now, although the default route would serve it: an operator's choice, which stays. */
  readonly stillBlocked: readonly string[]
}

export async function compare(
  cloud: Cloud,
  id: string,
  target: ProtectTarget,
): Promise<readonly Difference[]> {
  const differences: Difference[] = []
  for (const channel of channels) {
    const rules = await cloud.account.countryRules(id, channel)
    differences.push(differenceOf(channel, target, rules))
  }
  return differences
}

function differenceOf(
  channel: Channel,
  { routes, rule, proven = NOBODY }: ProtectTarget,
  rules: ReadonlyMap<string, CountryRule>,
): Difference {
  const own = routes.filter(route => route.channel === channel && route.candidates.length > 0)
  const hasDefaultRoute = own.some(({ country }) => country === '*')
  const served = own.flatMap(({ country }) => (country === '*' ? [] : [country])).toSorted()
  const isBlocked = (country: string): boolean => rules.get(country) === 'BLOCK'
  const others = [...new Set<string>([...allCountries(), ...rules.keys()])]
    .filter(country => !served.some(one => one === country))
    .toSorted()
  const isNew = (country: string): boolean => rule !== undefined && !proven.has(country)
  const isAllowed = (country: string): boolean => (rules.get(country) ?? 'ALLOW') === 'ALLOW'
  // A territory of the default route that is blocked stays so: an operator chose it.
  const reachable = [...served, ...(hasDefaultRoute ? others.filter(country => !isBlocked(country)) : [])]
  return {
    channel,
    hasDefaultRoute,
    served,
    block: hasDefaultRoute ? [] : others.filter(country => !isBlocked(country)),
    allow:
      rule === undefined ? served.filter(isBlocked) : reachable.filter(one => !isNew(one) && !isAllowed(one)),
    watch:
      rule === undefined
        ? []
        : reachable.filter(one => isNew(one) && (rules.get(one) ?? 'ALLOW') !== RULES[rule]),
    stillBlocked: hasDefaultRoute ? others.filter(isBlocked) : [],
  }
}

export function describeDifferences(
  differences: readonly Difference[],
  id: string,
  rule?: NewCountryRule,
): string {
  const rows = differences.flatMap(({ channel, block, allow, watch }) => [
    ...(allow.length > 0
      ? [[channel, rule === undefined ? 'BLOCK' : 'not ALLOW', 'ALLOW', String(allow.length), few(allow)]]
      : []),
    ...(watch.length > 0
      ? [[channel, `not ${RULES[rule ?? 'allow']}`, RULES[rule ?? 'allow'], String(watch.length), few(watch)]]
      : []),
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
  const price = rule === 'filter' || rule === 'monitor' ? `\n\n${PRICE}` : ''
  return `${notes.join('\n')}\n\n${changes}${price}`
}

function few(countries: readonly string[]): string {
  const shown = countries.slice(0, SHOWN_MAX).join(', ')
  return countries.length > SHOWN_MAX ? `${shown} and ${countries.length - SHOWN_MAX} more` : shown
}

/** What the protect configuration should say. */
export type ProtectTarget = {
  readonly routes: readonly Route[]
  /** Undefined: MONITOR and FILTER stay as they are. */
  readonly rule?: NewCountryRule | undefined
  /** Countries where people enter codes. Used only with a rule. */
  readonly proven?: ReadonlySet<string>
}

type NewCountryRule = (typeof newCountryRules)[number]
const newCountryRules = ['allow', 'monitor', 'filter'] as const
const RULES = { allow: 'ALLOW', monitor: 'MONITOR', filter: 'FILTER' } as const

/** Countries in which enough codes were entered in the last two weeks. */
async function provenCountries(store: Pick<Store, 'readStats'>, now: number): Promise<ReadonlySet<string>> {
  const stored = await store.readStats({ from: now - PROVEN_DAYS * DAY_MS, to: now })
  if (stored === undefined)
    throw new Problem(
      'usage',
      'This store keeps no figures, so Hookline cannot tell in which countries codes are entered.',
    )
  return new Set(
    [...stored.stats.by.country].flatMap(([country, { answered }]) =>
      answered >= PROVEN_MIN ? [country] : [],
    ),
  )
}

const NOBODY: ReadonlySet<string> = new Set()
const PROVEN_MIN = 20
const PROVEN_DAYS = 14
const DAY_MS = 86_400_000
const PRICE =
  'AWS bills each evaluation of MONITOR and FILTER at a price that its pages do not name. FILTER blocks after Hookline has answered Okta, so the person gets no code and Okta does not know.'
const SHOWN_MAX = 12
