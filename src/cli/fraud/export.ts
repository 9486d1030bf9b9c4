import { randomInt } from 'node:crypto'
import type { Command } from 'commander'
import { exportTraffic } from '../../advice/fraud/export-traffic.ts'
import { readDeliveries } from '../../core/records/delivery-store.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { readNumber } from '../terminal/option-values.ts'

/** `hookline fraud export`: kept deliveries as a file for `replay`, without anything that identifies a person. */
export function exportCommand(fraud: Command, context: Context): void {
  fraud
    .command('export')
    .description(
      'Print the deliveries that are kept as traffic for `replay`: the last four digits are made up, users and networks are numbered.',
    )
    .option('--days <count>', 'how many days back, 1 to 366', '30')
    .option('--limit <count>', 'the newest deliveries, 1 to 1000000', '100000')
    .action(async (options: { days: string; limit: string }) => {
      const days = readNumber('--days', options.days, { min: 1, max: 366 })
      const limit = readNumber('--limit', options.limit, { min: 1, max: 1_000_000 })
      const now = context.now()
      const period = { from: now - days * DAY_MS, to: now + 1 }
      const deliveries = await withStore(context, store => readDeliveries(store, period, limit))
      const { events, skipped } = exportTraffic(deliveries, count => randomInt(count))
      for (let from = 0; from < events.length; from += LINES_AT_ONCE)
        context.print(
          events
            .slice(from, from + LINES_AT_ONCE)
            .map(event => JSON.stringify(event))
            .join('\n'),
        )
      context.progress(describe(deliveries.length, skipped, limit))
    })
}

function describe(read: number, skipped: number, limit: number): string {
  const left =
    skipped === 0
      ? ''
      : ` Left out: ${skipped}. The fraud rule kept nothing about them (mode off, a preview), or they could not be sent.`
  const more = read === limit ? ' There may be more: raise --limit.' : ''
  return `Deliveries read: ${read}.${left}${more}`
}

const DAY_MS = 86_400_000
const LINES_AT_ONCE = 1_000
