import type { Delivery } from '../../core/records/delivery.ts'
import { markingLate } from './changes.ts'
import { readItem, readPredecessor, writeUnended } from './delivery-item.ts'
import { entriesIn, isKnown, SENT } from './history.ts'
import { DAY_MS, dayOf, endOf, HOUR_MS, keys, readEntry, timeIn } from './keys.ts'
import { type Predecessor, readOpening, SENDING } from './opening.ts'
import { readPlace } from './place.ts'
import type { Item, Table } from './table.ts'
import { KEPT_MIN } from './trim.ts'

/**
 * Gives an item to each delivery that has none because it has not ended: it is still running, or its function died. From
 * then on it is found like every other one. `by-day` has the last one of each number, and with each that ended the one
 * before it; those without an item of their own are what is missing. What was looked at once is not looked at again.
 */
export async function writeUnsettled(table: Table, now: number, keptMs: number): Promise<void> {
  const mark = (await table.get(keys.unsettled))?.until?.S
  const oldest = endOf(now - keptMs)
  const from = mark === undefined || mark < oldest ? oldest : mark
  await writeUnsettledSince(table, from, now, keptMs)
  const until = endOf(now - OVERLAP_MS)
  if (until > from)
    await table.update(keys.unsettled, { update: 'SET #until = :until', values: { ':until': { S: until } } })
}

/** The same from a position on, whatever was looked at before. */
export async function writeUnsettledSince(
  table: Table,
  from: string,
  now: number,
  keptMs: number,
): Promise<void> {
  const missing = await missingSince(table, from, now)
  for (let index = 0; index < missing.length; index += AT_ONCE)
    await Promise.all(
      missing.slice(index, index + AT_ONCE).map(each => write(table, each, from, now, keptMs)),
    )
}

/** The same for one delivery that may have an answer, if its number's item or the delivery after it still knows it. */
export async function writeIfUnsettled(
  table: Table,
  entry: string,
  now: number,
  keptMs: number,
): Promise<void> {
  const { openedAt } = readEntry(entry)
  const values = {
    ':day': { S: dayOf(openedAt) },
    ':entry': { S: entry },
    ':until': { S: endOf(openedAt + HOUR_MS) },
  }
  for await (const page of table.query('#day = :day AND #at BETWEEN :entry AND :until', values, 'by-day'))
    for (const { pk, at } of page) {
      const place = readPlace(at?.S ?? '')
      if (pk?.S !== undefined && (place.entry === entry || place.before === entry))
        await write(table, { entry, pk: pk.S }, entry, now, keptMs)
    }
}

/** `pk`: the item that knows the delivery: its number's, or that of the delivery after it. */
type Missing = { readonly entry: string; readonly pk: string }

async function missingSince(table: Table, from: string, now: number): Promise<readonly Missing[]> {
  const named = new Map<string, string>()
  let last: string | undefined
  // From tomorrow: another process's clock may be ahead of ours.
  for (let day = now + DAY_MS; dayOf(day) >= dayOf(readEntry(from).openedAt); day -= DAY_MS) {
    const values = { ':day': { S: dayOf(day) }, ':from': { S: from } }
    for await (const page of table.query('#day = :day AND #at > :from', values, 'by-day'))
      for (const { pk, at } of page) {
        const { entry, before } = readPlace(at?.S ?? '')
        if (pk?.S === undefined) continue
        if (pk.S.startsWith(NUMBER)) {
          if (entry !== last) named.set(entry, pk.S)
          continue
        }
        named.delete(entry)
        last = entry // the row of the same entry in its number's item may follow
        if (before !== undefined && before > from) named.set(before, pk.S)
      }
  }
  return [...named].map(([entry, pk]) => ({ entry, pk }))
}

async function write(
  table: Table,
  { entry, pk }: Missing,
  from: string,
  now: number,
  keptMs: number,
): Promise<void> {
  const writeLate = (delivery: Delivery): Promise<void> =>
    markingLate(table, delivery, now, keptMs, () => writeUnended(table, delivery, keptMs))
  const found = pk.startsWith(NUMBER) ? await lastOf(table, pk) : await beforeOf(table, pk)
  if (found?.known.entry !== entry) return // the next one has taken its place meanwhile, and names it when it ends
  const { known, nearest } = found
  const item = await table.get(keys.number(nearest.numberDigest))
  if (isUndone(item, entry)) return
  await writeLate(known.opened ?? bareDelivery(entry, item, nearest))
  // Those before it, back to one that has an item: their facts were replaced by one that died too.
  const sent = entriesIn(item, SENT)
  const older = sent.includes(entry) ? sent.slice(sent.indexOf(entry) + 1) : []
  for (const each of older) {
    if (each <= from || (await table.get(keys.delivery(readEntry(each).id))) !== undefined) return
    await writeLate(bareDelivery(each, item, nearest))
  }
}

/** `nearest`: a delivery to the same number. */
type Found = { readonly known: Predecessor; readonly nearest: Delivery }

async function lastOf(table: Table, pk: string): Promise<Found | undefined> {
  const known = readOpening(await table.get(keys.number(pk.slice(NUMBER.length))))
  return known && { known, nearest: known.opened }
}

async function beforeOf(table: Table, pk: string): Promise<Found | undefined> {
  const item = await table.get(keys.delivery(pk.slice(DELIVERY.length)))
  const nearest = readItem(item)
  const known = item && nearest && readPredecessor(item, nearest)
  return known && { known, nearest }
}

/** Its admission was undone while the next one was taking its place. */
function isUndone(item: Item | undefined, entry: string): boolean {
  const sent = entriesIn(item, SENT)
  const wasTrimmed = sent.length >= KEPT_MIN.sent && entry < (sent.at(-1) ?? '')
  return !isKnown(item, entry) && !wasTrimmed
}

/** All that a number's item still knows of a delivery. */
export function bareDelivery(
  entry: string,
  item: Item | undefined,
  { numberDigest, country, lastDigits }: Pick<Delivery, 'numberDigest' | 'country' | 'lastDigits'>,
): Delivery {
  return {
    ...readEntry(entry),
    caller: UNKNOWN_CALLER,
    eventId: undefined,
    oktaRequestId: undefined,
    duplicateKey: undefined,
    numberDigest,
    userDigest: undefined,
    loginDigest: undefined,
    country,
    lastDigits,
    channel: entriesIn(item, 'voice').includes(timeIn(entry)) ? 'voice' : 'sms',
    purpose: 'other',
    templateUsed: undefined,
    parts: undefined,
    expiresAt: undefined,
    credit: undefined,
    end: SENDING,
  }
}

const [NUMBER, DELIVERY] = [keys.number('').pk, keys.delivery('').pk]
export const UNKNOWN_CALLER = 'unknown'
/** Indexes are a moment behind, and clocks differ. */
const OVERLAP_MS = 120_000
const AT_ONCE = 20
