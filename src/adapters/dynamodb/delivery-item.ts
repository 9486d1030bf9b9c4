import type { Delivery, OwnEnd } from '../../core/records/delivery.ts'
import { differences, factsOf, readDifferences, readFacts } from './facts.ts'
import { dayOf, entryOf, keys, readEntry, secondsOf } from './keys.ts'
import { type Predecessor, SENDING } from './opening.ts'
import { labelsIn, placeOf, readPlace } from './place.ts'
import type { Change, Item, Table } from './table.ts'

/**
 * Writes all of a delivery. Its places in the indexes are paid only when they change: never again, unless it is known only
 * now which delivery was before it, or it had an item before it ended.
 */
export async function writeDelivery(
  table: Table,
  delivery: Delivery,
  keptMs: number,
  before?: Predecessor,
): Promise<void> {
  const key = keys.delivery(delivery.id)
  const item = itemOf(delivery, keptMs, before)
  if (before !== undefined) return void (await table.update(key, setting(item)))
  const change = setting(item, { at: 'if_not_exists(#at, :at)' })
  const written = await table.update(key, { ...change, gives: 'ALL_OLD' })
  const existing = written.kind === 'changed' ? written.item.at?.S : undefined
  if (existing === undefined) return
  const place = placeOf({ ...readPlace(existing), labels: labelsIn(delivery) })
  if (place !== existing)
    await table.update(key, {
      update: 'SET #at = :at',
      condition: '#at = :existing',
      values: { ':at': { S: place }, ':existing': { S: existing } },
    })
}

/** Writes a delivery that has not ended, unless its item exists. */
export async function writeUnended(table: Table, delivery: Delivery, keptMs: number): Promise<void> {
  const condition = 'attribute_not_exists(#end)'
  await table.update(keys.delivery(delivery.id), { ...setting(itemOf(delivery, keptMs)), condition })
}

function setting(attributes: Item, special: Readonly<Record<string, string>> = {}): Change {
  const names = Object.keys(attributes)
  return {
    update: `SET ${names.map(name => `#${name} = ${special[name] ?? `:${name}`}`).join(', ')}`,
    values: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`:${name}`, value])),
  }
}

function itemOf(delivery: Delivery, keptMs: number, before?: Predecessor): Item {
  const { openedAt, eventId, end } = delivery
  const isIndexed = eventId !== undefined && INDEXABLE.test(eventId)
  const entry = entryOf(delivery)
  return {
    facts: { S: factsOf(delivery, isIndexed ? 'eventId' : undefined) },
    end: { S: JSON.stringify(end) },
    expires: { N: secondsOf(openedAt + keptMs) },
    // The keys of the indexes.
    day: { S: dayOf(openedAt) },
    at: { S: placeOf({ entry, before: before?.entry, labels: labelsIn(delivery) }) },
    ...(isIndexed && { eventId: { S: eventId } }),
    ...(before?.opened !== undefined && { before: { S: differences(before.opened, delivery) } }),
  }
}

/** Undefined if it has expired: DynamoDB removes expired items hours late. */
export function readDelivery(item: Item | undefined, now: number, keptMs: number): Delivery | undefined {
  const delivery = readItem(item)
  return delivery !== undefined && delivery.openedAt > now - keptMs ? delivery : undefined
}

/** However old. */
export function readItem(item: Item | undefined): Delivery | undefined {
  const { at, facts, end, eventId } = item ?? {}
  if (at?.S === undefined || facts?.S === undefined || end?.S === undefined) return undefined
  const named = readEntry(readPlace(at.S).entry)
  const delivery = { ...readFacts(facts.S), ...named, end: JSON.parse(end.S) as OwnEnd }
  return eventId?.S === undefined ? delivery : { ...delivery, eventId: eventId.S }
}

/** The one before a delivery, from its item. */
export function readPredecessor(item: Item, delivery: Delivery): Predecessor | undefined {
  const { before: entry } = readPlace(item.at?.S ?? '')
  if (entry === undefined || item.before?.S === undefined) return entry === undefined ? undefined : { entry }
  return {
    entry,
    opened: { ...delivery, ...readDifferences(item.before.S), ...readEntry(entry), end: SENDING },
  }
}

// A key is never empty, and has 2,048 bytes at most: a longer or an empty value is not indexed.
const INDEXABLE = /^[\x20-\x7e]{1,2048}$/
