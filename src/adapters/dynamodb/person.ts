import type { RecordKey } from '../../core/policy/credit/records-by-key.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import {
  digestsOf,
  type Erased,
  isAbout,
  isOwnRecord,
  isUnderWay,
  type KeptAbout,
  type OwnRecord,
  type Person,
  type PersonStore,
  recordWithout,
  wholePerson,
} from '../../core/records/person.ts'
import { partsOf, recordIn, restIn } from './credit-item.ts'
import { readItem, readPredecessor } from './delivery-item.ts'
import { eraseFromHistory } from './erase-from-history.ts'
import { eraseFromLog } from './erase-from-log.ts'
import { findDeliveries } from './find-delivery.ts'
import { endOf, entryOf, keys } from './keys.ts'
import type { Pauses } from './pauses.ts'
import { placeOf, readPlace } from './place.ts'
import { messageIdsOf, readReceipts } from './receipts.ts'
import { eraseFromSamples } from './route-samples.ts'
import type { Item, Table } from './table.ts'
import { writeUnsettledSince } from './unsettled.ts'

/**
 * By scans of the whole table: the items of a number or a user list only the newest deliveries, and orgs whose records of the
 * fraud rule outlive their deliveries are listed nowhere. First, deliveries that have not ended get items of their own.
 */
export function personOperations(
  table: Table,
  { now, keptMs, pauses }: { readonly now: () => number; readonly keptMs: number; readonly pauses: Pauses },
): PersonStore {
  const prepare = (): Promise<void> => writeUnsettledSince(table, endOf(now() - keptMs), now(), keptMs)
  return {
    readPerson: async named => {
      await prepare()
      return readPerson(table, named, now(), keptMs)
    },
    erasePerson: async person => {
      await prepare()
      return erasePerson(table, person, now(), pauses)
    },
  }
}

async function readPerson(table: Table, named: Person, now: number, keptMs: number): Promise<KeptAbout> {
  const known = new Map<string, { readonly of: Delivery; readonly ids: string[] }>()
  for await (const item of everyItem(table)) {
    const delivery = deliveryIn(item)
    if (delivery === undefined || delivery.openedAt <= now - keptMs) continue
    const { id, numberDigest, userDigest, loginDigest } = delivery
    const name = JSON.stringify([numberDigest, userDigest, loginDigest])
    const same = known.get(name)
    if (same === undefined) known.set(name, { of: delivery, ids: [id] })
    else same.ids.push(id)
  }
  const all = [...known.values()]
  const person = wholePerson(
    named,
    all.map(each => each.of),
  )
  const ids = all.flatMap(each => (isAbout(each.of, person) ? each.ids : []))
  const deliveries = await findDeliveries(table, ids, now, keptMs, true)
  const records: OwnRecord[] = []
  for await (const item of everyItem(table)) {
    const place = creditPlaceOf(item)
    if (place === undefined || !isOwnRecord(place.key, person)) continue
    const record = recordIn(place.key, item, now)
    if (record !== undefined) records.push({ ...place, record })
  }
  return {
    person,
    deliveries: deliveries.toSorted((one, other) => (one.position < other.position ? -1 : 1)),
    records,
  }
}

/** The deliveries are erased last: by them, a repetition finds what was left when the first one failed. */
async function erasePerson(table: Table, person: Person, now: number, pauses: Pauses): Promise<Erased> {
  const own: Delivery[] = []
  const underWay: Delivery[] = []
  for await (const item of everyItem(table)) {
    const delivery = deliveryIn(item)
    if (delivery === undefined) continue
    if (isUnderWay(delivery, now)) underWay.push(delivery)
    else if (isAbout(delivery, person)) own.push(delivery)
  }
  const context: Cleaning = { person, entries: new Set(own.map(entryOf)), now, pauses }
  let [records, otherRecords] = [0, 0]
  const contentIds = new Set<string>()
  for await (const item of everyItem(table)) {
    if (item.pk?.S?.startsWith(CONTENT)) contentIds.add(item.pk.S.slice(CONTENT.length))
    await cleanNeighbour(table, item, context)
    await cleanHistory(table, item, context)
    const cleaned = await cleanRecord(table, item, context)
    if (cleaned === 'own') records += 1
    if (cleaned === 'other') otherRecords += 1
  }
  const changes = await eraseFromLog(table, digestsOf(person), contentIds)
  const { numberDigests } = person
  await eraseFromSamples(table, numberDigests, pauses)
  for (const delivery of own) await eraseDelivery(table, delivery, now)
  await eraseFromSamples(table, numberDigests, pauses) // the figures read a delivery just before it was erased
  // The delivery after an erased one names it when it ends.
  const numbers = new Set(own.map(({ numberDigest }) => numberDigest))
  const left = underWay.filter(each => isAbout(each, person) || numbers.has(each.numberDigest))
  return { deliveries: own.length, records, otherRecords, changes, underWay: left.map(({ id }) => id) }
}

/** `entries`: of the deliveries that are erased. */
type Cleaning = {
  readonly person: Person
  readonly entries: ReadonlySet<string>
  readonly now: number
  readonly pauses: Pauses
}

/** A delivery of somebody else to the same number that names an erased one as the one before it. */
async function cleanNeighbour(table: Table, item: Item, { person, entries }: Cleaning): Promise<void> {
  const delivery = deliveryIn(item)
  if (delivery === undefined || entries.has(entryOf(delivery))) return
  const at = item.at?.S ?? ''
  const { entry, before, labels } = readPlace(at)
  const opened = readPredecessor(item, delivery)?.opened
  if (before === undefined || !(entries.has(before) || (opened !== undefined && isAbout(opened, person))))
    return
  await table.update(keys.delivery(delivery.id), {
    update: 'SET #at = :place REMOVE #before',
    condition: '#at = :at',
    values: { ':place': { S: placeOf({ entry, labels }) }, ':at': { S: at } },
  })
}

async function cleanHistory(
  table: Table,
  { pk, sk }: Item,
  { person, entries, now, pauses }: Cleaning,
): Promise<void> {
  const [, kind, digest = ''] = /^(number|user)#(.*)$/.exec(pk?.S ?? '') ?? []
  if (kind === undefined || pk?.S === undefined || sk?.S === undefined) return
  const { numberDigests, userDigests } = person
  const isOwn = (kind === 'number' ? numberDigests : userDigests).includes(digest)
  await eraseFromHistory(table, { pk: pk.S, sk: sk.S }, { isOwn, entries, userDigests, now, pauses })
}

async function cleanRecord(
  table: Table,
  found: Item,
  { person, now, pauses }: Cleaning,
): Promise<'own' | 'other' | undefined> {
  const place = creditPlaceOf(found)
  if (place === undefined) return
  const { org, key } = place
  if (isOwnRecord(key, person)) {
    await table.remove(keys.credit(org, key))
    return 'own'
  }
  const names = (item: Item): boolean =>
    person.numberDigests.some(digest => restIn(item)?.includes(digest) === true)
  let item: Item | undefined = found
  for (let attempt = 1; item !== undefined && names(item); attempt += 1) {
    const from = restIn(item) ?? ''
    const record = recordIn(key, item, now)
    const to = record && partsOf(key, recordWithout(record, person)).rest
    const changed = await table.update(keys.credit(org, key), {
      update: to === undefined ? 'REMOVE #rest' : 'SET #rest = :to', // an expired record is hidden already
      condition: '#rest = :from',
      values: { ':from': { S: from }, ...(to !== undefined && { ':to': { S: to } }) },
    })
    if (changed.kind === 'changed') return 'other'
    if (attempt === ATTEMPTS_MAX) throw new Error(`store: ${ATTEMPTS_MAX} times others changed ${key}`)
    await pauses.beforeAnother(attempt)
    item = await table.get(keys.credit(org, key))
  }
  return
}

async function eraseDelivery(table: Table, { id, end }: Delivery, now: number): Promise<void> {
  const beside = await table.get(keys.receiptsOfDelivery(id))
  const endedWith = end.state === 'accepted' ? end.messageId : undefined
  const own = beside === undefined ? [] : readReceipts({ ...beside, expires: { N: String(now) } }, now)
  for (const messageId of messageIdsOf(endedWith, own)) await table.remove(keys.receiptsOfMessage(messageId))
  await table.remove(keys.receiptsOfDelivery(id))
  await table.remove(keys.delivery(id))
}

async function* everyItem(table: Table): AsyncGenerator<Item> {
  for await (const page of table.scan()) yield* page
}

function deliveryIn(item: Item): Delivery | undefined {
  return item.pk?.S?.startsWith(keys.delivery('').pk) ? readItem(item) : undefined
}

function creditPlaceOf({ pk }: Item): { readonly org: string; readonly key: RecordKey } | undefined {
  const place = pk?.S?.startsWith(CREDIT) === true ? pk.S.slice(CREDIT.length) : ''
  const end = place.search(/#(phone|user|country|group)#|#org$/)
  return end < 0 ? undefined : { org: place.slice(0, end), key: place.slice(end + 1) as RecordKey }
}

const CREDIT = 'credit#'
const CONTENT = keys.policyPiece('', 0).pk
const ATTEMPTS_MAX = 20
