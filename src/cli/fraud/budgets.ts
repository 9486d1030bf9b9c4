import type { Command } from 'commander'
import { proposeBudgets } from '../../advice/fraud/propose-budgets.ts'
import { readBudgets } from '../../advice/fraud/read-budgets.ts'
import type { Budget, BudgetPlan } from '../../core/policy/fraud-policy.ts'
import { readDeliveries } from '../../core/records/delivery-store.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { AUTHOR_OPTION, BECAUSE_OPTION, type EditorOptions, editorOf } from '../terminal/editor.ts'
import { exportJson, readJsonWith } from '../terminal/files.ts'
import { table } from '../terminal/table.ts'
import { changeFraudPolicy } from './overrides.ts'

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
      const { budgets: proposed, prices } = proposeBudgets(deliveries)
      await exportJson(context, file, { ...proposed, prices }, 'The proposal was')
    })
}

function describe(plan: BudgetPlan | undefined): string {
  if (plan === undefined)
    return 'There are no budgets: nothing limits what attackers who answer most of their codes cost. Proposal: hookline fraud budgets propose'
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

const DAYS = 14
const DAY_MS = 86_400_000
const DELIVERIES_MAX = 20_000
