import type { Command } from 'commander'
import { readBudgets } from '../../advice/fraud/read-budgets.ts'
import type { Budget, BudgetPlan, Price } from '../../core/policy/fraud-policy.ts'
import type { FollowedDelivery } from '../../core/records/delivery.ts'
import { readDeliveries } from '../../core/records/read-deliveries.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { AUTHOR_OPTION, BECAUSE_OPTION, type EditorOptions, editorOf } from '../terminal/editor.ts'
import { exportJson } from '../terminal/files.ts'
import { table } from '../terminal/table.ts'
import { changeFraudPolicy } from './overrides.ts'
import { readJsonWith } from './read-json.ts'

/** `hookline fraud budgets`: what codes to new numbers may cost in a day. Off until they are set. */
export function budgetsCommand(fraud: Command, context: Context): void {
  const budgets = fraud
    .command('budgets')
    .description('Show and change what codes to new numbers may cost in a day. None until they are set.')
  budgets
    .command('show', { isDefault: true })
    .description('Show the budgets.')
    .option('--json', 'print JSON, for programs')
    .action(async ({ json }: { json?: boolean }) => {
      const plan = await withStore(context, async store => (await store.readPolicy())?.fraud.budgets)
      context.print(json ? JSON.stringify(plan ?? null, undefined, 2) : describe(plan))
    })
  budgets
    .command('set <file>')
    .description('Set the budgets from a JSON file (docs/fraud.md). They replace the ones before.')
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
    .action(async (file: string, options: EditorOptions) => {
      const plan = await readJsonWith(file, readBudgets)
      await changeFraudPolicy(context, editorOf(options, context), ({ version: _, ...policy }) => ({
        ...policy,
        budgets: plan,
      }))
      context.print(describe(plan))
    })
  budgets
    .command('clear')
    .description('Remove the budgets.')
    .option(...AUTHOR_OPTION)
    .option(...BECAUSE_OPTION)
    .action(async (options: EditorOptions) => {
      await changeFraudPolicy(
        context,
        editorOf(options, context),
        ({ version: _, budgets: __, ...policy }) => policy,
      )
      context.print(describe(undefined))
    })
  budgets
    .command('propose')
    .description(
      'Print a file for `set`: ten times the biggest day of the last two weeks, and the prices that receipts reported.',
    )
    .option('--file <path>', 'write it to a file')
    .action(async ({ file }: { file?: string }) => {
      const now = context.now()
      const period = { from: now - DAYS * DAY_MS, to: now + 1 }
      const deliveries = await withStore(context, store => readDeliveries(store, period, DELIVERIES_MAX))
      if (deliveries.length === DELIVERIES_MAX)
        context.progress(
          `Only the newest ${DELIVERIES_MAX} deliveries were read, so earlier days may be missing.`,
        )
      const { budgets: proposed, prices } = propose(deliveries)
      await exportJson(context, file, { ...proposed, prices }, 'The proposal was')
    })
}

/** Ten times the biggest day of enrolments: of all countries, and of each. @internal */
export function propose(deliveries: readonly FollowedDelivery[]): BudgetPlan {
  const days = new Map<string, Map<number, number>>()
  const costs = new Map<string, { sum: number; count: number }>()
  for (const { country = 'unknown', channel, purpose, openedAt, progress } of deliveries) {
    if (purpose === 'pre-enrollment')
      for (const name of [ALL, country]) {
        const day = Math.floor(openedAt / DAY_MS)
        const counts = days.get(name) ?? new Map<number, number>()
        days.set(name, counts.set(day, (counts.get(day) ?? 0) + 1))
      }
    if (progress?.price === undefined) continue
    for (const name of ['default', country]) {
      const cost = costs.get(`${name} ${channel}`) ?? { sum: 0, count: 0 }
      costs.set(`${name} ${channel}`, { sum: cost.sum + progress.price, count: cost.count + 1 })
    }
  }
  const ofBiggestDay = (name: string): Budget => ({
    messages: FACTOR * Math.max(SMALLEST_DAY, ...(days.get(name)?.values() ?? [])),
  })
  const prices: Record<string, Price> = {}
  for (const [key, { sum, count }] of costs) {
    const [name = '', channel = ''] = key.split(' ')
    prices[name] = { ...prices[name], [channel]: Number((sum / count).toFixed(5)) }
  }
  const countries = [...days.keys()].filter(name => name !== ALL).toSorted()
  return {
    budgets: {
      total: ofBiggestDay(ALL),
      eachCountry: ofBiggestDay(''),
      countries: Object.fromEntries(countries.map(name => [name, ofBiggestDay(name)])),
    },
    prices,
  }
}

function describe(plan: BudgetPlan | undefined): string {
  if (plan === undefined)
    return 'There are no budgets: nothing bounds what attackers cost who answer most of their codes. Proposal: hookline fraud budgets propose'
  const { total, eachCountry, countries = {} } = plan.budgets
  const rows = [
    ['all countries', total],
    ...Object.entries(countries),
    ['each other country', eachCountry],
  ] as const satisfies readonly (readonly [string, Budget | undefined])[]
  return table(
    ['country', 'codes a day', 'US dollars a day'],
    rows.map(([name, budget]) => [
      name,
      budget?.messages === undefined ? 'no limit' : String(budget.messages),
      budget?.dollars === undefined ? 'no limit' : budget.dollars.toFixed(2),
    ]),
  )
}

const ALL = '*'
const DAYS = 14
const DAY_MS = 86_400_000
const DELIVERIES_MAX = 20_000
const FACTOR = 10
/** A country without enrolments so far. */
const SMALLEST_DAY = 3
