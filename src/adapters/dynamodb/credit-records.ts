import type { GroupKey, PhoneRecord, Records } from '../../core/policy/credit/records.ts'
import {
  changedRecords,
  groupKeysOf,
  type RecordKey,
  readRecords,
  type StoredRecord,
} from '../../core/policy/credit/records-by-key.ts'
import type { RequestedCode } from '../../core/policy/credit/verdict.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import {
  type Ahead,
  addedCounts,
  changeOf,
  countsOfOneCode,
  oldCountsIn,
  partsOf,
  type RestChange,
  recordIn,
  restIn,
} from './credit-item.ts'
import { SIGN_INS_MAX, type SignIn, textsIn } from './credit-sign-ins.ts'
import { entryOf, keys } from './keys.ts'
import type { Pauses } from './pauses.ts'
import type { Item, Table } from './table.ts'

/** What one change of the fraud rule's records is about. */
export type Work = {
  /** The org whose records these are: `Delivery.caller`. */
  readonly org: string
  readonly code: RequestedCode
  readonly now: number
  /** Unique for this change: so it is made once, although a client repeats it after a lost answer. */
  readonly by: string
  readonly pauses: Pauses
}

/** `step`: what is done about the delivery, as one letter. */
export function workOf(
  delivery: Delivery,
  code: RequestedCode,
  now: number,
  pauses: Pauses,
  step: string,
): Work {
  return { org: delivery.caller, code, now, by: `${step}${entryOf(delivery).slice(-12)}`, pauses }
}

/**
 * Items as they were read. `ahead`: in which this function has counted the code in advance: groups, or the phone with
 * `own`.
 */
export type ReadItems = {
  readonly items: ReadonlyMap<RecordKey, Item>
  readonly ahead: ReadonlySet<RecordKey>
  readonly own?: SignIn
}

/** `records`: as they are without the code itself. */
export type Read = ReadItems & { readonly records: Records }

export function readOf(read: ReadItems, { code, now }: Pick<Work, 'code' | 'now'>): Read {
  const records = readRecords(code, key => recordIn(key, read.items.get(key), now, aheadIn(read, key, now)))
  return { ...read, records }
}

/** The records that a change makes of records; undefined if it does not apply to these. */
export type Change = (records: Records) => Records | undefined

/** Reads what a change reads or writes, and writes what it changes: records of these keys, then of these groups. */
export async function changeRecords(
  table: Table,
  work: Work,
  wanted: readonly RecordKey[],
  groups: (phone: PhoneRecord) => readonly GroupKey[],
  change: Change,
): Promise<void> {
  const own = await readItems(table, work.org, wanted)
  const { phone } = readOf({ items: own, ahead: NONE }, work).records
  const ofGroups = await readItems(table, work.org, [...new Set(groups(phone))].map(groupKey))
  const read = readOf({ items: new Map([...own, ...ofGroups]), ahead: NONE }, work)
  const after = change(read.records)
  if (after !== undefined) await writeRecords(table, work, read, after, change)
}

/** `DeliveryStore.readFraudRecords`. */
export async function readFraudRecords(
  table: Table,
  org: string,
  code: RequestedCode,
  now: number,
): Promise<Records> {
  const own = await readItems(table, org, [...ownKeysOf(code), ...groupKeysOf(code).map(groupKey)])
  const { phone } = readRecords(code, key => recordIn(key, own.get(key), now))
  const earlier = await readItems(table, org, phone.countedIn.map(groupKey))
  return readRecords(code, key => recordIn(key, own.get(key) ?? earlier.get(key), now))
}

export function ownKeysOf({ number, user, country, other }: RequestedCode): readonly RecordKey[] {
  const ofOther = other === undefined ? [] : ([`phone#${other.number}`, `user#${other.user}`] as const)
  return [`phone#${number}`, `user#${user}`, `country#${country}`, 'org', ...ofOther]
}

export const groupKey = (key: GroupKey): RecordKey => `group#${key}`

/** A strongly consistent read; items that do not exist are missing. */
export async function readItems(
  table: Table,
  org: string,
  wanted: readonly RecordKey[],
): Promise<ReadonlyMap<RecordKey, Item>> {
  const byName = new Map(wanted.map(key => [keys.credit(org, key).pk, key]))
  const items = await table.getMany(
    [...byName.values()].map(key => keys.credit(org, key)),
    true,
  )
  return new Map(
    items.flatMap(item => {
      const key = byName.get(item.pk?.S ?? '')
      return key === undefined ? [] : [[key, item] as const]
    }),
  )
}

/**
 * Writes what differs from the records as they were read, an update for each item, and takes off what was counted in advance
 * and is not in `after`. Where others have changed an item meanwhile, the change is applied again to what they wrote.
 * `done`: items that are written already.
 */
export async function writeRecords(
  table: Table,
  work: Work,
  read: Read,
  after: Records,
  change: Change,
  done: ReadonlySet<RecordKey> = NONE,
): Promise<void> {
  const changed = changedIn(read, work, after)
  const all = [...new Set([...changed.keys(), ...read.ahead])].filter(key => !done.has(key))
  await Promise.all(all.map(key => writeRecord(table, work, read, key, changed.get(key), change)))
}

export function changedIn(read: Read, work: Work, after: Records): ReadonlyMap<RecordKey, StoredRecord> {
  const isStored = (key: RecordKey): boolean => recordIn(key, read.items.get(key), work.now) !== undefined
  return new Map(changedRecords(work.code, read.records, after, isStored))
}

/** Whether the record was written before anybody else changed more than its counts. */
export async function writeExclusively(
  table: Table,
  work: Work,
  read: Read,
  key: RecordKey,
  record: StoredRecord,
): Promise<boolean> {
  const { added, rest } = differenceOf(read, work, key, record)
  return (await tryToWrite(table, work, key, read.items.get(key), added, rest)).kind === 'written'
}

async function writeRecord(
  table: Table,
  work: Work,
  read: Read,
  key: RecordKey,
  record: StoredRecord | undefined,
  change: Change,
): Promise<void> {
  // What is added to counts does not depend on what others write.
  let { added, rest } = differenceOf(read, work, key, record)
  let item = read.items.get(key)
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const written = await tryToWrite(table, work, key, item, added, rest)
    if (written.kind === 'written') return
    item = written.item
    const current = readOf({ ...read, items: new Map([...read.items, [key, item]]) }, work)
    const after = change(current.records)
    const again = after && changedIn(current, work, after).get(key)
    rest = differenceOf(current, work, key, again).rest
    await work.pauses.beforeAnother(attempt)
  }
  await tryToWrite(table, work, key, item, added, undefined)
}

type Difference = {
  readonly added: Readonly<Record<string, number>>
  readonly rest: RestChange | undefined
}

/** `record`: as it is to be; undefined if it does not change. */
function differenceOf(
  read: Read,
  { now }: Work,
  key: RecordKey,
  record: StoredRecord | undefined,
): Difference {
  const item = read.items.get(key)
  const ahead = aheadIn(read, key, now)
  const { counts, own } = ahead
  const before = partsOf(key, recordIn(key, item, now, ahead))
  const after = record === undefined ? before : partsOf(key, record)
  const signIns = key.startsWith('phone#') ? textsIn(item) : undefined
  const stored = own === undefined ? before : partsOf(key, recordIn(key, item, now))
  const isKept = stored.rest === after.rest && (own === undefined || (signIns ?? []).length < SIGN_INS_MAX)
  return {
    added: addedCounts(before.counts, after.counts, counts),
    rest: isKept ? undefined : { from: restIn(item), to: after.rest, signIns },
  }
}

type Written = { readonly kind: 'written' } | { readonly kind: 'conflict'; readonly item: Item }

async function tryToWrite(
  table: Table,
  { org, now, by }: Work,
  key: RecordKey,
  item: Item | undefined,
  added: Difference['added'],
  rest: Difference['rest'],
): Promise<Written> {
  const old = oldCountsIn(item, now)
  const isWorthIt = Object.keys(added).length > 0 || rest !== undefined || old.length >= WORTH_A_WRITE
  if (!isWorthIt) return { kind: 'written' }
  const change = changeOf(key, { added, rest, old }, { by, now })
  const written = await table.update(keys.credit(org, key), change)
  if (written.kind === 'changed') return { kind: 'written' }
  const existing = (await table.get(keys.credit(org, key))) ?? {}
  return existing.by?.S === by ? { kind: 'written' } : { kind: 'conflict', item: existing }
}

function aheadIn({ ahead, own }: ReadItems, key: RecordKey, now: number): Ahead {
  if (!ahead.has(key)) return {}
  return key.startsWith('phone#') ? { own } : { counts: countsOfOneCode(now) }
}

const NONE: ReadonlySet<RecordKey> = new Set()
const ATTEMPTS_MAX = 5
const WORTH_A_WRITE = 8 // counts of half-hours
