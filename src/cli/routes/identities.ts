import type { Command } from 'commander'
import type { AccountIdentities } from '../../advice/account/account-identities.ts'
import { checkIdentities, type Finding, regionsOf } from '../../advice/account/check-identities.ts'
import { type Proposal, proposeRoutes } from '../../advice/account/propose-routes.ts'
import { identityKind, type Route } from '../../core/policy/route.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import { checkCanAsk, confirm } from '../terminal/confirm.ts'
import { type AccountContext, withStore } from '../terminal/context.ts'
import { AUTHOR_OPTION, BECAUSE_OPTION, type EditorOptions, editorOf } from '../terminal/editor.ts'
import { readRegion, readRegions } from '../terminal/option-values.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import { withProgress } from '../terminal/progress.ts'
import { wrap } from '../terminal/table.ts'
import { describeProposal } from './describe-proposal.ts'

/** `hookline identities`: compares the origination identities of the AWS account with the routes. */
export function identitiesCommand(identities: Command, context: AccountContext): void {
  identities
    .command('discover')
    .description('Propose routes from the numbers, pools and sender IDs of the AWS account.')
    .option(
      '--region <regions>',
      'AWS regions, such as us-east-1,eu-west-1 (default: AWS_REGION, else that of the profile)',
    )
    .option('--apply', 'write the new and changed routes; asks first')
    .option('--yes', 'do not ask, for pipelines')
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
    .option('--json', 'print JSON, for programs')
    .action((options: DiscoverOptions) => discover(options, context))
  identities
    .command('check')
    .description(
      'Ask AWS whether each identity of the routes exists, is active, and can send. Sends nothing.',
    )
    .option('--region <region>', 'region of the deployment (default: AWS_REGION, else that of the profile)')
    .option('--json', 'print JSON, for programs')
    .action((options: CheckOptions) => check(options, context))
}

type DiscoverOptions = EditorOptions & {
  readonly region?: string
  readonly apply?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

/** Adds and changes routes; never removes one. */
async function discover(options: DiscoverOptions, context: AccountContext): Promise<void> {
  const chosen = readRegions(options.region)
  if (options.apply) checkCanAsk(context.cloud, options.yes, 'Add --yes to apply.')
  const today = await readRoutes(context)
  const home = context.homeRegion()
  const accounts = await readAccounts(context, chosen.length === 0 ? [home] : chosen, today)
  const deployed = home ?? accounts[0]?.region ?? ''
  const proposal = proposeRoutes({ home: deployed, regions: accounts }, today)
  const regions = accounts.map(({ region }) => region)
  context.print(
    options.json
      ? JSON.stringify({ home: deployed, regions, ...proposal }, undefined, 2)
      : describeProposal(proposal, regions),
  )
  await apply(proposal, today, options, context)
}

async function apply(
  { routes }: Proposal,
  today: readonly Route[],
  options: DiscoverOptions,
  context: AccountContext,
): Promise<void> {
  const print = (text: string): void => (options.json ? undefined : context.print(text))
  const changed = routes.filter(({ change }) => change === 'new' || change === 'changed')
  if (changed.length === 0) return
  if (!options.apply) {
    print('\nNothing was changed. To write this: hookline identities discover --apply')
    return
  }
  if (!options.yes && !(await confirm(context.cloud.ask, `Write ${count(changed.length, 'route')}?`))) {
    print('Nothing was changed.')
    return
  }
  const by = editorOf(options, context)
  await withStore(context, async store => {
    const now = (await store.readPolicy())?.routes ?? []
    if (JSON.stringify(now) !== JSON.stringify(today)) {
      throw new Problem(
        'usage',
        'The routes were changed in the meantime. Nothing was written. Run the command again.',
      )
    }
    await store.saveRoutes(
      changed.map(({ country, channel, after: candidates }) => ({ country, channel, candidates })),
      by,
    )
  })
  print(`✓ Written: ${count(changed.length, 'route')}.`)
}

type CheckOptions = { readonly region?: string; readonly json?: boolean }

async function check(options: CheckOptions, context: AccountContext): Promise<void> {
  const region = readRegion(options.region) ?? context.homeRegion()
  const { routes, deliveries } = await withStore(context, async store => ({
    routes: (await store.readPolicy())?.routes ?? [],
    deliveries: await store.listDeliveries({ limit: DELIVERIES_MAX }),
  }))
  if (routes.length === 0) {
    throw new Problem(
      'notSent',
      'There are no routes yet, so nothing can be sent. Propose some with: hookline identities discover',
    )
  }
  const [home] = await readAccounts(context, [region], routes)
  if (home === undefined) throw new Error('No region was read')
  const elsewhere = regionsOf(routes, home.region).filter(one => one !== home.region)
  const others = await readAccounts(context, elsewhere, routes)
  const accounts = new Map([home, ...others].map(account => [account.region, account]))
  const now = context.now()
  const findings = checkIdentities({ routes, accounts, homeRegion: home.region, deliveries, now })
  if (findings.some(({ severity }) => severity === 'error')) context.endWith(exitCodes.notSent)
  const regions = [...accounts.keys()]
  context.print(
    options.json
      ? JSON.stringify({ regions, findings }, undefined, 2)
      : describeFindings(findings, regions, routes.length),
  )
}

function describeFindings(findings: readonly Finding[], regions: readonly string[], routes: number): string {
  const where = regions.join(', ')
  if (findings.length === 0) {
    return `✓ Every identity of ${count(routes, 'route')} exists, is active and can send (${where}).`
  }
  const grouped = Map.groupBy(findings, ({ severity, sentence, remedy }) =>
    JSON.stringify([severity, sentence, remedy]),
  )
  const blocks = [...grouped.values()].map(same => {
    const [{ severity, sentence, remedy } = UNNAMED] = same
    const places = [...new Set(same.map(placeOf))].join(', ')
    const says = `${severity === 'error' ? '✗' : '!'} ${places}: ${sentence}`
    return [says, `What to do: ${remedy}`]
      .map(line => wrap(line, LINE_MAX).replaceAll('\n', '\n  '))
      .join('\n  ')
  })
  const errors = [...grouped.values()].filter(([first]) => first?.severity === 'error').length
  const warnings = grouped.size - errors
  return `${blocks.join('\n\n')}\n\n${count(errors, 'error')}, ${count(warnings, 'warning')} (${where}).`
}

function placeOf({ country, channel, region }: Finding): string {
  return country === undefined ? region : `${country} ${channel}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

async function readRoutes(context: AccountContext): Promise<readonly Route[]> {
  return (await withStore(context, store => store.readPolicy()))?.routes ?? []
}

/** Reads the account in each region, one after the other: AWS allows about one call a second. */
async function readAccounts(
  context: AccountContext,
  regions: readonly (string | undefined)[],
  routes: readonly Route[],
): Promise<readonly AccountIdentities[]> {
  const accounts: AccountIdentities[] = []
  for (const region of new Set(regions)) {
    try {
      const account = await withProgress(
        context.progress,
        `reading the account in ${region ?? 'its region'}`,
        () => context.readAccount({ region, hasNotify: namesNotify(routes) }),
      )
      accounts.push(account)
    } catch (error) {
      throw explainAwsError(error)
    }
  }
  return accounts
}

function namesNotify(routes: readonly Route[]): boolean {
  return routes.some(({ candidates }) =>
    candidates.some(({ identity }) => identityKind(identity) === 'notify configuration'),
  )
}

const UNNAMED = { severity: 'error', sentence: '', remedy: '' } as const
const LINE_MAX = 106
const DELIVERIES_MAX = 1_000
