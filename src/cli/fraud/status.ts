import type { Command } from 'commander'
import { describeWhom } from '../../core/policy/credit/explain.ts'
import { activeOverrides, type Override } from '../../core/policy/fraud-policy.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { table } from '../terminal/table.ts'
import { describeModes } from './mode.ts'

/** `hookline fraud status`: the mode, and the overrides in force. */
export function statusCommand(fraud: Command, context: Context): void {
  fraud
    .command('status')
    .description('Show the mode and the overrides in force.')
    .option('--json', 'print JSON, for programs')
    .action(async ({ json }: { json?: boolean }) => {
      const policy = await withStore(context, async store => (await store.readPolicy())?.fraud)
      if (policy === undefined) throw new Error('The store returned no policy')
      const { mode, modes } = policy
      const overrides = activeOverrides(policy, context.now())
      if (json) context.print(JSON.stringify({ mode, modes, overrides }, undefined, 2))
      else context.print([describeModes(policy), '', describeOverrides(overrides)].join('\n'))
    })
}

function describeOverrides(overrides: readonly Override[]): string {
  if (overrides.length === 0) return 'No overrides.'
  const rows = overrides.map(override => {
    const { what, whom, until, author, because } = override
    const about = what === 'expect' ? `${override.count} new phones in ${whom.country}` : describeWhom(whom)
    return [what, about, new Date(until).toISOString().slice(0, 16).replace('T', ' '), author, because]
  })
  return table(['override', 'whom', 'until (UTC)', 'by', 'because'], rows)
}
