import type { Command } from 'commander'
import { type Proposal, type ProposedRoute, proposeRoutes } from '../../advice/account/propose-routes.ts'
import type { Candidate, Route } from '../../core/policy/route.ts'
import { confirm } from '../terminal/confirm.ts'
import { type AccountContext, withStore } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import { mergeRows, wrap, wrappedTable } from '../terminal/wrapped-table.ts'
import { readAccounts, readRegions } from './read-accounts.ts'

type Options = {
  readonly region?: string
  readonly apply?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

/** `hookline identities discover`: routes from what the account has. Adds and says; never takes anything away. */
export function identitiesDiscoverCommand(identities: Command, context: AccountContext): void {
  identities
    .command('discover')
    .description('Propose routes from the numbers, pools and sender IDs that the AWS account has.')
    .option(
      '--region <regions>',
      'AWS regions, such as us-east-1,eu-west-1 (default: AWS_REGION, else that of the profile)',
    )
    .option('--apply', 'write the new and changed routes; asks first')
    .option('--yes', 'do not ask, for pipelines')
    .option('--json', 'print JSON, for programs')
    .action(async (options: Options) => {
      const asked = readRegions(options.region)
      if (options.apply && !options.yes && !context.cloud.isAtTerminal) {
        throw new Problem('usage', 'Nobody can be asked here: this is not a terminal. Add --yes to apply.')
      }
      const today = await readRoutes(context)
      const home = context.homeRegion()
      const regions = await readAccounts(context, asked.length === 0 ? [home] : asked, today)
      const deployed = home ?? regions[0]?.region ?? ''
      const proposal = proposeRoutes({ home: deployed, regions }, today)
      const read = regions.map(({ region }) => region)
      context.print(
        options.json
          ? JSON.stringify({ home: deployed, regions: read, ...proposal }, undefined, 2)
          : describe(proposal, read),
      )
      await apply(proposal, today, options, context)
    })
}

async function readRoutes(context: AccountContext): Promise<readonly Route[]> {
  return (await withStore(context, store => store.readPolicy()))?.routes ?? []
}

async function apply(
  { routes }: Proposal,
  today: readonly Route[],
  options: Options,
  context: AccountContext,
): Promise<void> {
  const say = (text: string): void => (options.json ? undefined : context.print(text))
  const changed = routes.filter(({ change }) => change === 'new' || change === 'changed')
  if (changed.length === 0) return
  if (!options.apply) {
    say('\nNothing was changed. Write it with: hookline identities discover --apply')
    return
  }
  if (!options.yes && !(await confirm(context.cloud.ask, `Write ${count(changed.length)}?`))) {
    say('Nothing was changed.')
    return
  }
  await withStore(context, async store => {
    const now = (await store.readPolicy())?.routes ?? []
    if (JSON.stringify(now) !== JSON.stringify(today)) {
      throw new Problem('usage', 'Somebody changed the routes meanwhile. Nothing was written: run it again.')
    }
    await store.saveRoutes(
      changed.map(({ country, channel, after: candidates }) => ({ country, channel, candidates })),
    )
  })
  say(`✓ Written: ${count(changed.length)}.`)
}

function describe({ routes, leftOut }: Proposal, regions: readonly string[]): string {
  const where = regions.join(', ')
  if (routes.length === 0) {
    return `The account has nothing in ${where} that could send, and there are no routes.${list(leftOutOf(leftOut))}`
  }
  const rows = routes.map(({ country, channel, change, before, after }) => ({
    channel,
    country,
    change,
    before: before.map(nameOf),
    after: change === 'new' || change === 'changed' ? after.map(candidate => mark(candidate, before)) : [],
  }))
  const missing = mergeRows(
    routes.flatMap(({ country, channel, missing: ids }) =>
      ids.map(identity => ({ identity, at: `${country} ${channel}` })),
    ),
    'at',
  )
  return [
    wrappedTable(
      ['country', 'channel', 'change', 'today', `what ${where} has`],
      mergeRows(rows, 'channel').map(row => [
        row.country,
        row.channel.join(', '),
        row.change,
        row.before.map(one => wrap(one, 36)).join('\n'),
        row.after.map(one => wrap(one, 40)).join('\n'),
      ]),
    ),
    ...section(
      'In the routes, and not in the account (kept; hookline identities check says what to do):',
      missing.map(({ identity, at }) => `${identity}: ${at.join(', ')}`),
    ),
    ...section('In the account, and of no use now:', leftOutOf(leftOut)),
    ...section('Good to know:', [...new Set(routes.flatMap(({ notes }) => notes))]),
    summary(routes),
  ].join('\n\n')
}

function summary(routes: readonly ProposedRoute[]): string {
  const counts = (['new', 'changed', 'same', 'gone'] as const).flatMap(change => {
    const number = routes.filter(one => one.change === change).length
    return number === 0 ? [] : [`${number} ${change}${change === 'gone' ? ' (kept)' : ''}`]
  })
  const hasDefault = routes.some(({ country }) => country === '*')
  return `${counts.join(', ')}.${hasDefault ? ' The default route (*) is yours to choose: it is never proposed.' : ''}`
}

/** What is added stands out. */
function mark(candidate: Candidate, before: readonly Candidate[]): string {
  return `${before.includes(candidate) ? ' ' : '+'} ${nameOf(candidate)}`
}

function nameOf({ identity, region }: Candidate): string {
  return region === undefined ? identity : `${identity} (${region})`
}

function leftOutOf(leftOut: Proposal['leftOut']): readonly string[] {
  return mergeRows(leftOut, 'region').map(({ why, region }) => `${region.join(', ')}: ${why}`)
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}${list(lines)}`]
}

function list(lines: readonly string[]): string {
  return lines.map(line => `\n${wrap(line, 104).replace(/^/gm, '    ').replace(/^ {4}/, '  ')}`).join('')
}

function count(number: number): string {
  return `${number} ${number === 1 ? 'route' : 'routes'}`
}
