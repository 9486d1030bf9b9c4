import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { isWhose, matchesFilter, type Whose } from '../../core/records/delivery-filter.ts'
import type { DeliveryPage, ListedDelivery, PageQuery } from '../../core/records/delivery-store.ts'
import { type Row, readDelivery } from './delivery-operations.ts'

/** Pages of deliveries, as people look through them. */
export function pageOperations(database: DatabaseSync, { deliveriesMs }: { readonly deliveriesMs: number }) {
  return {
    pageDeliveries: (query: PageQuery, now: number): DeliveryPage => {
      const { limit, whose, filter = {}, period, before } = query
      const since = Math.max(period?.from ?? 0, now - deliveriesMs + 1)
      const [condition, named] = conditionOf(whose)
      const rows = database
        .prepare(
          `SELECT * FROM deliveries WHERE ${condition} AND sequence < :before AND opened_at >= :since AND opened_at < :until
           ORDER BY sequence DESC LIMIT ${ROWS_MAX + 1}`,
        )
        .iterate({
          ...named,
          before: before === undefined ? Number.MAX_SAFE_INTEGER : Number(before),
          since,
          until: period?.to ?? Number.MAX_SAFE_INTEGER,
        })
      const deliveries: ListedDelivery[] = []
      let last: ListedDelivery | undefined
      let read = 0
      for (const row of rows) {
        if (last !== undefined && (deliveries.length === limit || read === ROWS_MAX))
          return { deliveries, readTo: last.openedAt, next: last.position }
        const delivery = readDelivery(row as Row)
        read += 1
        last = delivery
        if ((whose === undefined || isWhose(delivery, whose)) && matchesFilter(delivery, filter))
          deliveries.push(delivery)
      }
      return { deliveries, readTo: since, next: undefined }
    },
  }
}

/** One that an index serves, where there is one. */
function conditionOf(whose: Whose | undefined): readonly [string, Readonly<Record<string, SQLInputValue>>] {
  switch (whose?.kind) {
    case undefined:
      return ['TRUE', {}]
    case 'number':
      return ['number_digest = :number', { number: whose.digest }]
    case 'event':
      return ['event_id = :event', { event: whose.eventId }]
    case 'user':
      return [
        `sequence IN (SELECT sequence FROM deliveries WHERE user_digest IN (SELECT value FROM json_each(:users))
         UNION SELECT sequence FROM deliveries WHERE login_digest IN (SELECT value FROM json_each(:users)))`,
        { users: JSON.stringify(whose.digests) },
      ]
  }
}

/** The rows that one page reads at most: a day of a large deployment. */
const ROWS_MAX = 10_000
