import type { Command } from 'commander'
import { type Episode, episodesOf } from '../../advice/fraud/episodes.ts'
import { describeGroup } from '../../core/policy/credit/explain.ts'
import { readDeliveries } from '../../core/records/delivery-store.ts'
import { minuteOf } from '../../core/values/printable.ts'
import { orgOf } from '../codes/caller-of-org.ts'
import { type Context, withStore } from '../terminal/context.ts'
import { readNumber } from '../terminal/option-values.ts'
import { table } from '../terminal/table.ts'

/** `hookline fraud episodes`: which groups were held, from when to when, and what it saved. */
export function episodesCommand(fraud: Command, context: Context): void {
  fraud
    .command('episodes')
    .description(
      'Show which groups were held, from when to when, what was not sent, and who was held wrongly.',
    )
    .option('--days <count>', 'how many days back, 1 to 366', '7')
    .option('--limit <count>', 'how many of the newest deliveries are read, 1 to 1000000', '20000')
    .option('--json', 'print JSON, for programs')
    .action(async (options: { days: string; limit: string; json?: boolean }) => {
      const days = readNumber('--days', options.days, { min: 1, max: 366 })
      const limit = readNumber('--limit', options.limit, { min: 1, max: 1_000_000 })
      const now = context.now()
      const period = { from: now - days * DAY_MS, to: now + 1 }
      const deliveries = await withStore(context, store => readDeliveries(store, period, limit))
      const episodes = episodesOf(deliveries, now)
      if (deliveries.length === limit)
        context.progress(`Only the newest ${limit} deliveries were read. Read more with --limit.`)
      context.print(options.json ? JSON.stringify(episodes, undefined, 2) : describe(episodes, days))
    })
}

function describe(episodes: readonly Episode[], days: number): string {
  if (episodes.length === 0) return `No group was held in the last ${days === 1 ? 'day' : `${days} days`}.`
  const rows = episodes.map(episode => [
    minuteOf(episode.since),
    episode.isOver ? minuteOf(episode.lastAt) : 'still held',
    orgOf({ caller: episode.org }),
    `${episode.hold.reason}: ${describeGroup(episode.group)}`,
    String(episode.held),
    String(episode.observed),
    `${episode.answeredLater} of ${episode.phones}`,
    episode.notSpentUsd === undefined ? '' : `$${episode.notSpentUsd.toFixed(2)}`,
  ])
  const head = [
    'began (UTC)',
    'last held',
    'org',
    'group',
    'not sent',
    'observed',
    'answered later',
    'not spent',
  ]
  return `${table(head, rows)}\n\nAnswered later: phones that were held and entered a code afterwards. Prices are those that receipts report.`
}

const DAY_MS = 86_400_000
