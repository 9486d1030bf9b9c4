import { DAY_MS } from './counts.ts'
import { silentGroupsOf } from './groups.ts'
import {
  type CountryRecord,
  type GroupKey,
  type GroupRecord,
  newCountry,
  newOrg,
  newPhone,
  newUser,
  type OrgRecord,
  type PhoneRecord,
  type Records,
  type UserRecord,
} from './records.ts'
import type { RequestedCode } from './verdict.ts'

/** The key of a record within its org. */
export type RecordKey = 'org' | `${'phone' | 'user' | 'country'}#${string}` | `group#${GroupKey}`
export type StoredRecord = PhoneRecord | UserRecord | CountryRecord | OrgRecord | GroupRecord

type About = Pick<RequestedCode, 'number' | 'block' | 'user' | 'country' | 'network' | 'other'>

/**
 * Every group that a code to this number may spend the credit of or change. Beside them only `countedIn` of the phone's
 * record, for groups of an earlier code.
 */
export function groupKeysOf({ block, country, network }: About): readonly GroupKey[] {
  const prefix = block.slice(0, -2)
  return [
    ...([`p4:${block}`, `p6:${prefix}`, `country:${country}`] as const),
    ...(network === undefined ? [] : [`ip:${network}` as const]),
    ...([
      'small:',
      'new:',
      'prefixes:',
      'blocks:',
      'recoveries:',
      'spared:',
      'reserve:',
      'reserve:others',
    ] as const),
    ...([`silent-p6:${prefix}`, `silent-country:${country}`, 'silent-small:'] as const),
  ]
}

/** The groups that the end of a code changes: an answer, or that it was not sent. `phone`: its record before that. */
export function groupKeysAfter(
  { block, country, network }: Pick<RequestedCode, 'block' | 'country' | 'network'>,
  { countedIn, provenAt }: PhoneRecord,
): readonly GroupKey[] {
  return [
    ...countedIn,
    ...(network === undefined ? [] : [`ip:${network}` as const]),
    ...(provenAt === undefined ? silentGroupsOf({ block, country }) : []),
  ]
}

/** All records except those of groups: which groups a code is about depends on them. */
export type OwnRecords = Omit<Records, 'groups'>

/**
 * The records that decide about a code, or that its answer or its receipt changes. `read` gives what was stored; while the
 * hash key is rotated, a phone or user without a record has the one under the other key. `groups`: default: every group
 * that a code may be about.
 */
export function readRecords(
  about: About,
  read: (key: RecordKey) => StoredRecord | undefined,
  groups = (own: OwnRecords): readonly GroupKey[] => [...groupKeysOf(about), ...own.phone.countedIn],
): Records {
  const { number, user, country, other } = about
  // The kind of a record is in its key (`changedRecords`).
  const phone = read(`phone#${number}`) ?? (other && read(`phone#${other.number}`))
  const ofUser = read(`user#${user}`) ?? (other && read(`user#${other.user}`))
  const own: OwnRecords = {
    phone: (phone as PhoneRecord | undefined) ?? newPhone,
    user: withOwnDigest((ofUser as UserRecord | undefined) ?? newUser, about),
    country: (read(`country#${country}`) as CountryRecord | undefined) ?? newCountry,
    org: (read('org') as OrgRecord | undefined) ?? newOrg,
  }
  const found: Record<GroupKey, GroupRecord> = {}
  for (const key of new Set(groups(own))) {
    const group = read(`group#${key}`) as GroupRecord | undefined
    if (group !== undefined) found[key] = withOwnDigest(group, about)
  }
  return { ...own, groups: found }
}

/** A record that names this number under the other key, with the own digest; any other record as it is. */
function withOwnDigest<R extends UserRecord | GroupRecord>(record: R, { number, other }: About): R {
  if (other === undefined) return record
  if ('numbers' in record && record.numbers[other.number] !== undefined) {
    const { [other.number]: at = 0, ...numbers } = record.numbers
    return { ...record, numbers: { ...numbers, [number]: Math.max(at, numbers[number] ?? 0) } }
  }
  if ('phones' in record && record.phones?.includes(other.number) === true) {
    const phones = record.phones.map(phone => (phone === other.number ? number : phone))
    return { ...record, phones: [...new Set(phones)] }
  }
  return record
}

/** What a store keeps of one org, if it reads and writes at once. */
export type RecordTable = {
  readonly get: (key: RecordKey) => StoredRecord | undefined
  readonly set: (key: RecordKey, record: StoredRecord) => void
}

/**
 * Reads the records, and stores those that the work changes. Nothing else may change them meanwhile. `groups`: those that the
 * work reads or changes (`groupKeysToDecide`, `groupKeysAfter`).
 */
export function changeRecords<T extends { readonly records: Records }>(
  table: RecordTable,
  about: About,
  groups: (own: OwnRecords) => readonly GroupKey[],
  work: (records: Records) => T,
): T {
  const before = readRecords(about, key => table.get(key), groups)
  const result = work(before)
  const isStored = (key: RecordKey): boolean => table.get(key) !== undefined
  for (const [key, record] of changedRecords(about, before, result.records, isStored)) table.set(key, record)
  return result
}

/**
 * The records that are other than before, to be stored; and while the hash key is rotated, those of a phone or user that
 * are stored under the other key only.
 */
export function changedRecords(
  { number, user, country, other }: About,
  before: Records,
  after: Records,
  isStored: (key: RecordKey) => boolean,
): readonly (readonly [RecordKey, StoredRecord])[] {
  const unlessMoved = <R extends PhoneRecord | UserRecord>(key: RecordKey, record: R, initial: R) =>
    other === undefined || record === initial || isStored(key) ? record : undefined
  const all: readonly (readonly [RecordKey, StoredRecord, StoredRecord | undefined])[] = [
    [`phone#${number}`, after.phone, unlessMoved(`phone#${number}`, before.phone, newPhone)],
    [`user#${user}`, after.user, unlessMoved(`user#${user}`, before.user, newUser)],
    [`country#${country}`, after.country, before.country],
    ['org', after.org, before.org],
    ...(after.groups === before.groups ? [] : Object.entries(after.groups)).map(([name, group]) => {
      const key = name as GroupKey
      return [`group#${key}`, group, before.groups[key]] as const
    }),
  ]
  return all.flatMap(([key, record, old]) => (record === old ? [] : [[key, record] as const]))
}

/** How long a record is kept after its last change, in milliseconds. Nothing older changes a decision about a group. */
export function recordKeptMs(key: RecordKey): number {
  return (key.startsWith('group#') ? 16 : 180) * DAY_MS
}
