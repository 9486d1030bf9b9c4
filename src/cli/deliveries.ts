import type { Command } from 'commander'
import type { ListedDelivery } from '../core/store.ts'
import { table } from './table.ts'
import { type Tools, withStore } from './tools.ts'

/** `hookline deliveries`: the newest records, and with `--follow` each new one. */
export function deliveriesCommand(program: Command, tools: Tools): void {
  program
    .command('deliveries')
    .description('List the newest deliveries: never the code, never the whole number.')
    .option('--limit <count>', 'how many, 1 to 1000', '20')
    .option('--follow', 'go on with new ones until Ctrl-C')
    .option('--json', 'print one JSON object a line, for programs')
    .action(async (options: { limit: string; follow?: boolean; json?: boolean }) => {
      const limit = Math.min(1000, Math.max(1, Number(options.limit) || 20))
      const show = (deliveries: readonly ListedDelivery[], isFirst: boolean): void => {
        if (options.json) for (const delivery of deliveries) tools.print(JSON.stringify(delivery))
        else if (deliveries.length > 0 || isFirst) tools.print(describe(deliveries, isFirst))
      }
      await withStore(tools, async store => {
        let last = 0
        for (let isFirst = true; isFirst || options.follow; isFirst = false) {
          const deliveries = await store.listDeliveries({ limit, after: last })
          show(deliveries, isFirst)
          last = deliveries.at(-1)?.sequence ?? last
          if (options.follow) await new Promise(resolve => setTimeout(resolve, 500))
        }
      })
    })
}

function describe(deliveries: readonly ListedDelivery[], withHead: boolean): string {
  if (deliveries.length === 0) return 'No deliveries yet.'
  const rows = deliveries.map(delivery => [
    new Date(delivery.openedAt).toISOString().slice(0, 19).replace('T', ' '),
    delivery.channel,
    delivery.country ?? '?',
    `…${delivery.lastDigits ?? '??'}`,
    delivery.purpose,
    delivery.status,
    delivery.code ?? delivery.messageId ?? '',
  ])
  const lines = table(
    ['opened (UTC)', 'channel', 'country', 'number', 'purpose', 'status', 'reason or message ID'],
    rows,
  )
  return withHead ? lines : lines.split('\n').slice(2).join('\n')
}
