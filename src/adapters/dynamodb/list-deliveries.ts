import type { DeliveryQuery, ListedDelivery } from '../../core/store.ts'
import { findDeliveries } from './find-delivery.ts'
import { allEntriesIn, idOf } from './history.ts'
import { DAY_MS, dayOf, endOf, keys } from './keys.ts'
import type { Table } from './table.ts'

/**
 * The newest that fit, read backwards until there are enough: by event or by day from an index, by number or user
 * from their items. What else is asked for is compared one by one.
 */
export async function listDeliveries(
  table: Table,
  query: DeliveryQuery,
  now: number,
  keptMs: number,
): Promise<readonly ListedDelivery[]> {
  const { limit, after = '', numberDigest, userDigest, eventId } = query
  const fits = (delivery: ListedDelivery): boolean =>
    delivery.position > after &&
    (numberDigest === undefined || delivery.numberDigest === numberDigest) &&
    (userDigest === undefined || delivery.userDigest === userDigest) &&
    (eventId === undefined || delivery.eventId === eventId)
  const found: ListedDelivery[] = []
  for await (const entries of newestFirst(table, query, now, keptMs)) {
    for (let from = 0; from < entries.length && found.length < limit; from += AT_ONCE) {
      const ids = entries.slice(from, from + AT_ONCE).map(idOf)
      found.push(...(await findDeliveries(table, ids, now, keptMs)).filter(fits))
    }
    if (found.length >= limit) break
  }
  return found.slice(0, limit).toReversed()
}

/** Entries that may fit, page after page. */
async function* newestFirst(
  table: Table,
  { limit, after, numberDigest, userDigest, eventId }: DeliveryQuery,
  now: number,
  keptMs: number,
): AsyncGenerator<readonly string[]> {
  const since = endOf(now - keptMs)
  const from = after === undefined || after < since ? since : after
  if (eventId !== undefined) return yield* entriesOf(table, 'eventId', eventId, from, limit)
  const key =
    userDigest !== undefined
      ? keys.user(userDigest)
      : numberDigest !== undefined
        ? keys.number(numberDigest)
        : undefined
  if (key !== undefined) return yield allEntriesIn(await table.get(key)).filter(entry => entry > from)
  // From tomorrow: another process's clock may be ahead of ours.
  const firstDay = Number(from.slice(0, 13))
  for (let day = now + DAY_MS; dayOf(day) >= dayOf(firstDay); day -= DAY_MS)
    yield* entriesOf(table, 'day', dayOf(day), from, limit)
}

async function* entriesOf(
  table: Table,
  attribute: 'day' | 'eventId',
  value: string,
  from: string,
  limit: number,
): AsyncGenerator<readonly string[]> {
  const values = { ':value': { S: value }, ':from': { S: from } }
  const index = attribute === 'day' ? 'by-day' : 'by-event'
  for await (const page of table.query(`#${attribute} = :value AND #at > :from`, values, index, limit))
    yield page.map(({ at }) => at?.S ?? '')
}

/** Two items each in one BatchGetItem. */
const AT_ONCE = 50
