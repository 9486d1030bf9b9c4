import { isOfUser } from '../../core/records/delivery.ts'
import type { DeliveryQuery, ListedDelivery } from '../../core/records/delivery-store.ts'
import { findDeliveries } from './find-delivery.ts'
import { allEntriesIn, idOf } from './history.ts'
import { DAY_MS, dayOf, endOf, keys, readEntry } from './keys.ts'
import { readPlace } from './place.ts'
import type { Item, Table } from './table.ts'
import { writeUnsettled } from './unsettled.ts'

/**
 * First, those that have not ended get items of their own. Then the newest that fit, read backwards until there are enough: by event or by day from an index, by number or user
 * from their items. What else is asked for is compared one by one.
 */
export async function listDeliveries(
  table: Table,
  query: DeliveryQuery,
  now: number,
  keptMs: number,
): Promise<readonly ListedDelivery[]> {
  const { limit, after = '', numberDigests, userDigests, eventId } = query
  const fits = (delivery: ListedDelivery): boolean =>
    delivery.position > after &&
    (numberDigests === undefined || numberDigests.includes(delivery.numberDigest)) &&
    (userDigests === undefined || isOfUser(delivery, userDigests)) &&
    (eventId === undefined || delivery.eventId === eventId)
  await writeUnsettled(table, now, keptMs)
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

/** Entries that may match, page by page. */
async function* newestFirst(
  table: Table,
  { limit, after, numberDigests, userDigests, eventId }: DeliveryQuery,
  now: number,
  keptMs: number,
): AsyncGenerator<readonly string[]> {
  const since = endOf(now - keptMs)
  const from = after === undefined || after < since ? since : after
  if (eventId !== undefined) return yield* entriesOf(table, 'eventId', eventId, from, limit)
  const items =
    userDigests !== undefined
      ? await itemsOfUser(table, userDigests)
      : numberDigests !== undefined
        ? await Promise.all(numberDigests.map(digest => table.get(keys.number(digest))))
        : undefined
  if (items !== undefined) {
    // While the hash key is rotated, a code is in the items of both keys.
    const entries = [...new Set(items.flatMap(allEntriesIn))].filter(entry => entry > from)
    return yield entries.toSorted().toReversed()
  }
  // From tomorrow: another process's clock may be ahead of ours.
  const firstDay = readEntry(from).openedAt
  for (let day = now + DAY_MS; dayOf(day) >= dayOf(firstDay); day -= DAY_MS)
    yield* entriesOf(table, 'day', dayOf(day), from, limit)
}

/** By user ID. By login: the histories of every user ID that had it, and that of requests with a login but no ID. */
async function itemsOfUser(table: Table, digests: readonly string[]): Promise<readonly (Item | undefined)[]> {
  const found = new Set(digests.map(digest => keys.user(digest).pk))
  for (const digest of digests) {
    for await (const page of table.query('#login = :login', { ':login': { S: digest } }, 'by-login'))
      for (const { pk } of page) if (pk?.S !== undefined) found.add(pk.S)
  }
  return Promise.all([...found].map(pk => table.get({ pk, sk: keys.user('').sk })))
}

async function* entriesOf(
  table: Table,
  attribute: 'day' | 'eventId',
  value: string,
  from: string,
  limit: number,
): AsyncGenerator<readonly string[]> {
  const values = { ':value': { S: value }, ':from': { S: `${from}~` } }
  const index = attribute === 'day' ? 'by-day' : 'by-event'
  for await (const page of table.query(`#${attribute} = :value AND #at > :from`, values, index, {
    pageSize: limit,
  }))
    yield page.flatMap(({ pk, at }) => (isDelivery(pk?.S) ? [readPlace(at?.S ?? '').entry] : []))
}

/** `by-day` has the last delivery of each number also in the number's item. */
function isDelivery(pk = ''): boolean {
  return pk.startsWith(keys.delivery('').pk)
}

/** Two items for each delivery, in one BatchGetItem. */
const AT_ONCE = 50
