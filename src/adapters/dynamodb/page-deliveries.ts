import { isOfUser } from '../../core/records/delivery.ts'
import { type DeliveryFilter, matchesFilter, type Whose } from '../../core/records/delivery-filter.ts'
import type { DeliveryPage, ListedDelivery, PageQuery } from '../../core/records/delivery-store.ts'
import { readItem, readPredecessor } from './delivery-item.ts'
import { followDeliveries } from './find-delivery.ts'
import { allEntriesIn } from './history.ts'
import { DAY_MS, dayOf, endOf, keys, momentOf, readEntry } from './keys.ts'
import { readOpening } from './opening.ts'
import { labelsMatching, type Place, readPlace } from './place.ts'
import type { Item, Key, Table } from './table.ts'
import { bareDelivery, UNKNOWN_CALLER } from './unsettled.ts'

/**
 * One page, in at most five reads of the table and without a write: three of an index, one of deliveries with their
 * receipts, and one of receipts that do not name their delivery. A delivery that has no item of its own, because it has not
 * ended, is read from the item that knows it.
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
  const isOlder = before !== undefined && before < end && Number.isFinite(momentOf(before))
  const bounds = { since, from: endOf(since - 1), upTo: isOlder ? before : end }
  if (bounds.upTo <= bounds.from) return { deliveries: [], readTo: since, next: undefined }
  const { entries, unread } =
    whose === undefined
      ? await entriesByDay(table, bounds, filter)
      : { entries: await entriesOf(table, whose, bounds), unread: undefined }
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
        : unread
  return { deliveries, readTo: next === undefined ? since : firstReadIn(next), next }
}

/** A delivery by its place. `known`: how to read it if it has no item. */
type Entry = Pick<Place, 'entry' | 'labels'> & { readonly known?: Key; readonly bare?: ListedDelivery }
/** Newest first. `unread`: what is before this position was not looked at. */
type Entries = { readonly entries: readonly Entry[]; readonly unread: string | undefined }
type Bounds = { readonly since: number; readonly from: string; readonly upTo: string }

/**
 * From the index by day. A filter reads as much of it as there is, because it shows by labels what may match: a day of
 * 10,000 deliveries is at most 2.6 MB, three reads.
 */
async function entriesByDay(
  table: Table,
  { since, from, upTo }: Bounds,
  filter: DeliveryFilter,
): Promise<Entries> {
  const pageSize = Object.keys(filter).length === 0 ? ROWS_MAX : undefined
  const mayMatch = labelsMatching(filter)
  const found = new Map<string, Entry>()
  let day = readEntry(upTo).openedAt
  let rest: Item | undefined
  for (let reads = 1; ; reads += 1) {
    const values = { ':day': { S: dayOf(day) }, ':from': { S: from }, ':to': { S: upTo } }
    const range = '#day = :day AND #at BETWEEN :from AND :to'
    const { items, next } = await table.queryPage(range, values, 'by-day', { pageSize, from: rest })
    for (const { pk, at } of items) readRow(found, pk?.S ?? '', readPlace(at?.S ?? ''))
    // The other row of the last one may be on the next page.
    const last = next && readPlace(next.at?.S ?? '').entry
    const entries = [...found.values()]
      .filter(
        ({ entry, labels }) =>
          entry > from && entry < upTo && (last === undefined || entry > last) && mayMatch(labels),
      )
      .toSorted((one, other) => (one.entry < other.entry ? 1 : -1))
    if (last === undefined && dayOf(day) <= dayOf(since)) return { entries, unread: undefined }
    if (entries.length >= READ_MAX || reads === QUERIES_MAX)
      return { entries, unread: last === undefined ? endOf(startOf(day) - 1) : `${last}~` }
    if (last === undefined) day = startOf(day) - 1
    rest = next
  }
}

/** A row of a delivery names the one before it to the same number, and a row of a number its last one. */
function readRow(found: Map<string, Entry>, pk: string, { entry, before, labels }: Place): void {
  if (pk.startsWith(NUMBER)) {
    if (!found.has(entry)) found.set(entry, { entry, known: keys.number(pk.slice(NUMBER.length)) })
    return
  }
  found.set(entry, { entry, labels })
  if (before !== undefined && !found.has(before))
    found.set(before, { entry: before, known: keys.delivery(pk.slice(DELIVERY.length)) })
}

async function entriesOf(table: Table, whose: Whose, { from, upTo }: Bounds): Promise<readonly Entry[]> {
  const all = new Map<string, Entry>()
  for (const each of await allOf(table, whose)) {
    // While the hash key is rotated, a code is in the items of both keys, and one of them knows all about it.
    const { bare } = all.get(each.entry) ?? {}
    if (bare === undefined || bare.caller === UNKNOWN_CALLER) all.set(each.entry, each)
  }
  return [...all.values()]
    .filter(({ entry }) => entry > from && entry < upTo)
    .toSorted((one, other) => (one.entry < other.entry ? 1 : -1))
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
    const items = await table.getMany(whose.digests.map(keys.number), true)
    return items.flatMap(item => {
      const numberDigest = item.pk?.S?.slice(NUMBER.length) ?? ''
      return allEntriesIn(item).map(entry => ({ entry, bare: unended(entry, item, { numberDigest }) }))
    })
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
  for (const digest of digests.slice(0, 4)) {
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
  const wanted = entries.flatMap(({ known }, index) => {
    const id = ids[index] ?? ''
    return [keys.delivery(id), known ?? keys.receiptsOfDelivery(id)]
  })
  const items = await table.getMany([...new Map(wanted.map(key => [`${key.pk} ${key.sk}`, key])).values()])
  const own = await followDeliveries(table, ids, items, now, keptMs)
  const read = new Map(own.map(each => [each.position, each]))
  const byKey = new Map(items.map(item => [`${item.pk?.S} ${item.sk?.S}`, item]))
  return entries.flatMap(({ entry, known, bare }) => {
    const listed = read.get(entry) ?? bare
    if (listed !== undefined) return [listed]
    const item = known && byKey.get(`${known.pk} ${known.sk}`)
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
  return (await table.queryPage(condition, values, index, { pageSize: ROWS_MAX })).items
}

/** The oldest moment of which all was read before this position: that of an entry, or after the end of a moment. */
function firstReadIn(position: string): number {
  return position.endsWith('~') ? momentOf(position) + 1 : momentOf(position)
}

function startOf(time: number): number {
  return time - (time % DAY_MS)
}

const [NUMBER, DELIVERY] = [keys.number('').pk, keys.delivery('').pk]
/** Clocks of other processes may be ahead of ours. */
const AHEAD_MS = 300_000
const QUERIES_MAX = 3
/** Two items for each, in one BatchGetItem. */
const READ_MAX = 50
/** Most deliveries have two rows: their own, and that of the number whose last one they are. */
const ROWS_MAX = 120
