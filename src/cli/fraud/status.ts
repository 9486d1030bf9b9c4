import type { Command } from 'commander'
import { type Episode, episodesOf, QUIET_MS } from '../../advice/fraud/episodes.ts'
import { describeWhom, explainHold, textOfExplanation } from '../../core/policy/credit/explain.ts'
import { activeOverrides, type Override } from '../../core/policy/fraud-policy.ts'
import { readDeliveries } from '../../core/records/delivery-store.ts'
import { minuteOf } from '../../core/values/printable.ts'
import { orgOf } from '../codes/caller-of-org.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { table } from '../terminal/table.ts'
import { describeModes } from './mode.ts'

/** `hookline fraud status`: the mode, the groups that are held, and the overrides in force. */
export function statusCommand(fraud: Command, context: Context): void {
  fraud
    .command('status')
    .description('Show the mode, the groups that are held now, and the overrides in force.')
    .option('--json', 'print JSON, for programs')
    .action(async ({ json }: { json?: boolean }) => {
      const now = context.now()
      const { policy, deliveries } = await withStore(context, async store => ({
        policy: (await store.readPolicy())?.fraud,
        deliveries: await readDeliveries(store, { from: now - QUIET_MS, to: now + 1 }, DELIVERIES_MAX),
      }))
      if (policy === undefined) throw new Error('The store returned no policy')
      const { mode, modes } = policy
      const overrides = activeOverrides(policy, now)
      const held = episodesOf(deliveries, now).filter(({ isOver }) => !isOver)
      if (json) context.print(JSON.stringify({ mode, modes, held, overrides }, undefined, 2))
      else
        context.print([describeModes(policy), describeHeld(held), describeOverrides(overrides)].join('\n\n'))
    })
}

function describeHeld(held: readonly Episode[]): string {
  if (held.length === 0) return 'No group is held: no code was held in the last two hours.'
  const lines = held.map(({ org, hold, country, held: notSent, observed }) => {
    const { reason, ...explanation } = explainHold(hold, country)
    const counts = `In the last two hours ${notSent} not sent, ${observed} sent although held.`
    return `  ${reason} (${orgOf({ caller: org })}). ${textOfExplanation(explanation)} ${counts}`
  })
  return ['Held:', ...lines].join('\n')
}

function describeOverrides(overrides: readonly Override[]): string {
  if (overrides.length === 0) return 'No overrides.'
  const rows = overrides.map(override => {
    const { what, whom, until, author, because } = override
    const about = what === 'expect' ? `${override.count} new phones in ${whom.country}` : describeWhom(whom)
    return [what, about, minuteOf(until), author, because]
  })
  return table(['override', 'whom', 'until (UTC)', 'by', 'because'], rows)
}

const DELIVERIES_MAX = 5_000
