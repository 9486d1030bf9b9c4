import { isOfUser } from '../../core/records/delivery.ts'
import { matchesFilter, type Whose } from '../../core/records/delivery-filter.ts'
import type { DeliveryPage, ListedDelivery, PageQuery } from '../../core/records/delivery-store.ts'
import { readItem, readPlace, readPredecessor } from './delivery-item.ts'
import { findDeliveries } from './find-delivery.ts'
import { allEntriesIn } from './history.ts'
import { DAY_MS, dayOf, endOf, keys, readEntry } from './keys.ts'
import { readOpening } from './opening.ts'
import type { Item, Key, Table } from './table.ts'
import { bareDelivery } from './unsettled.ts'

/**
 * One page, in at most five reads of the table and without a write. A delivery that has no item of its own, because it has
 * not ended, is read from the item that knows it.
 */
export async function pageDeliveries(
  table: Table,
  query: PageQuery,
  now: number,
  keptMs: number,
): Promise<DeliveryPage> {
  const { limit, whose, filter = {}, period, before } = query
  const since = Math.max(period?.from ?? 0, now - keptMs + 1)
  const until = Math.min(period?.to ?? Number.POSITIVE_INFINITY, now + AHEAD_MS)
  const end = endOf(until - 1)
  const bounds = { since, from: endOf(since - 1), upTo: before !== undefined && before < end ? before : end }
  const { entries, unread } =
    whose === undefined ? await entriesByDay(table, bounds) : await entriesOf(table, whose, bounds)
  const wanted = entries.slice(0, READ_MAX)
  const found = await readEntries(table, wanted, now, keptMs)
  const matches = found.filter(
    delivery =>
      (whose?.kind !== 'user' || isOfUser(delivery, whose.digests)) && matchesFilter(delivery, filter),
  )
  const deliveries = matches.slice(0, limit)
  const next =
    matches.length > limit
      ? deliveries.at(-1)?.position
      : wanted.length < entries.length
        ? wanted.at(-1)?.entry
        : unread === undefined
          ? undefined
          : endOf(unread - 1)
  const readTo = next === undefined ? since : (unread ?? since)
  return { deliveries, readTo: isEntry(next) ? readEntry(next).openedAt : readTo, next }
}

/** A delivery by its place. `known`: how to read it if it has no item. */
type Entry = { readonly entry: string; readonly known?: Key; readonly bare?: ListedDelivery }
/** Newest first. `unread`: what was opened before this moment was not looked at. */
type Entries = { readonly entries: readonly Entry[]; readonly unread: number | undefined }
type Bounds = { readonly since: number; readonly from: string; readonly upTo: string }

/** From the index by day, two days at most. */
async function entriesByDay(table: Table, { since, from, upTo }: Bounds): Promise<Entries> {
  const found = new Map<string, Entry>()
  let day = readEntry(upTo).openedAt
  for (let days = 1; ; days += 1, day -= DAY_MS) {
    const values = { ':day': { S: dayOf(day) }, ':from': { S: from }, ':to': { S: upTo } }
    const rows = await firstPage(table, '#day = :day AND #at BETWEEN :from AND :to', values, 'by-day')
    for (const { pk, at } of rows) readRow(found, pk?.S ?? '', readPlace(at?.S ?? ''))
    // The other row of the last one may be on the next page.
    const isCut = rows.length === ROWS_MAX
    const last = isCut ? readPlace(rows.at(-1)?.at?.S ?? '').entry : undefined
    const entries = [...found.values()]
      .filter(({ entry }) => entry > from && entry < upTo && (last === undefined || entry > last))
      .toSorted((one, other) => (one.entry < other.entry ? 1 : -1))
    if (last !== undefined) return { entries, unread: readEntry(last).openedAt + 1 }
    if (dayOf(day) <= dayOf(since)) return { entries, unread: undefined }
    if (entries.length >= READ_MAX || days === DAYS_MAX) return { entries, unread: startOf(day) }
  }
}

/** A row of a delivery names the one before it to the same number, and a row of a number its last one. */
function readRow(
  found: Map<string, Entry>,
  pk: string,
  { entry, before }: { readonly entry: string; readonly before?: string },
): void {
  if (pk.startsWith(NUMBER)) {
    if (!found.has(entry)) found.set(entry, { entry, known: keys.number(pk.slice(NUMBER.length)) })
    return
  }
  found.set(entry, { entry })
  if (before !== undefined && !found.has(before))
    found.set(before, { entry: before, known: keys.delivery(pk.slice(DELIVERY.length)) })
}

async function entriesOf(table: Table, whose: Whose, { from, upTo }: Bounds): Promise<Entries> {
  const all = await allOf(table, whose)
  const entries = all
    .filter(({ entry }) => entry > from && entry < upTo)
    .toSorted((one, other) => (one.entry < other.entry ? 1 : -1))
  return { entries, unread: undefined }
}

async function allOf(table: Table, whose: Whose): Promise<readonly Entry[]> {
  if (whose.kind === 'event') {
    const values = { ':event': { S: whose.eventId } }
    const rows = await firstPage(table, '#eventId = :event', values, 'by-event')
    return rows.flatMap(({ pk, at }) =>
      pk?.S?.startsWith(DELIVERY) ? [{ entry: readPlace(at?.S ?? '').entry }] : [],
    )
  }
  if (whose.kind === 'number') {
    const key = keys.number(whose.digest)
    const item = await table.get(key)
    return allEntriesIn(item).map(entry => ({
      entry,
      bare: unended(entry, item, { numberDigest: whose.digest }),
    }))
  }
  const items = await itemsOfUser(table, whose.digests)
  return items.flatMap(item =>
    allEntriesIn(item).map(entry => ({
      entry,
      bare: unended(entry, item, { numberDigest: 'unknown', userDigest: whose.digests[0] }),
    })),
  )
}

/** By user ID; by login, the items of every user ID that had it. */
async function itemsOfUser(table: Table, digests: readonly string[]): Promise<readonly Item[]> {
  const found = new Map(digests.map(digest => [keys.user(digest).pk, keys.user(digest)]))
  for (const digest of digests.slice(0, 2)) {
    const rows = await firstPage(table, '#login = :login', { ':login': { S: digest } }, 'by-login')
    for (const { pk } of rows) if (pk?.S !== undefined) found.set(pk.S, { ...keys.user(''), pk: pk.S })
  }
  return table.getMany([...found.values()].slice(0, READ_MAX))
}

function unended(
  entry: string,
  item: Item | undefined,
  whose: { readonly numberDigest: string; readonly userDigest?: string | undefined },
): ListedDelivery {
  const opening = readOpening(item)
  const nearest = opening?.opened ?? {
    numberDigest: whose.numberDigest,
    country: undefined,
    lastDigits: undefined,
  }
  const delivery =
    opening?.entry === entry ? opening.opened : { ...bareDelivery(entry, item, nearest), ...whose }
  return { ...delivery, progress: undefined, answered: undefined, position: entry }
}

/** In their order. Those without an item of their own are read from the item that knows them. */
async function readEntries(
  table: Table,
  entries: readonly Entry[],
  now: number,
  keptMs: number,
): Promise<readonly ListedDelivery[]> {
  const ids = entries.map(({ entry }) => readEntry(entry).id)
  const read = new Map((await findDeliveries(table, ids, now, keptMs)).map(each => [each.position, each]))
  const missing = entries.filter(({ entry, known }) => known !== undefined && !read.has(entry))
  const items = await table.getMany([
    ...new Map(missing.flatMap(({ known }) => (known === undefined ? [] : [[known.pk, known]]))).values(),
  ])
  const byKey = new Map(items.map(item => [item.pk?.S, item]))
  return entries.flatMap(({ entry, known, bare }) => {
    const own = read.get(entry) ?? bare
    if (own !== undefined) return [own]
    const item = byKey.get(known?.pk)
    const delivery = item && openedIn(item, entry)
    return delivery === undefined
      ? []
      : [{ ...delivery, progress: undefined, answered: undefined, position: entry }]
  })
}

/** As it was opened, in the item of its number or of the delivery after it. */
function openedIn(item: Item, entry: string) {
  const next = readItem(item)
  const known = next === undefined ? readOpening(item) : readPredecessor(item, next)
  return known?.entry === entry ? known.opened : undefined
}

/** One read of an index, newest first. */
async function firstPage(
  table: Table,
  condition: string,
  values: Item,
  index: string,
): Promise<readonly Item[]> {
  for await (const page of table.query(condition, values, index, { pageSize: ROWS_MAX })) return page
  return []
}

function isEntry(position: string | undefined): position is string {
  return position !== undefined && !position.endsWith('~')
}

function startOf(time: number): number {
  return time - (time % DAY_MS)
}

const [NUMBER, DELIVERY] = [keys.number('').pk, keys.delivery('').pk]
/** Clocks of other processes may be ahead of ours. */
const AHEAD_MS = 300_000
const DAYS_MAX = 2
/** Two items for each, in one BatchGetItem. */
const READ_MAX = 50
/** Most deliveries have two rows: their own, and that of the number whose last one they are. */
const ROWS_MAX = 120
