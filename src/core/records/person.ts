import type { LoggedChange } from '../policy/change-log.ts'
import type { RecordKey, StoredRecord } from '../policy/credit/records-by-key.ts'
import { digestsOfNumber, type Override } from '../policy/fraud-policy.ts'
import { type Delivery, type FollowedDelivery, isOfUser, type OwnEnd } from './delivery.ts'

/**
 * Finds and erases what is kept about one person; `test/contracts/person.test.ts` proves it. It reads the whole store, and
 * is for commands only. All calls reject when the store is unavailable.
 */
export type PersonStore = {
  /** Everything kept about this person. It changes nothing that can be seen. */
  readonly readPerson: (named: Person) => Promise<KeptAbout>
  /**
   * Erases the deliveries of these digests with their receipts and answers, their places in limits, their records of the
   * fraud rule, and their digests in other records and in the log of changes. What was counted stays counted. Repeating it
   * is safe. A delivery that is under way keeps its record: it is needed until the code is sent once.
   */
  readonly erasePerson: (person: Person) => Promise<Erased>
}

/** By keyed digests: of numbers; of Okta's user IDs and logins. */
export type Person = { readonly numberDigests: readonly string[]; readonly userDigests: readonly string[] }

export type KeptAbout = {
  /** `wholePerson` */
  readonly person: Person
  /** Oldest first. */
  readonly deliveries: readonly FollowedDelivery[]
  readonly records: readonly OwnRecord[]
}

/** A record of the fraud rule about one phone or user. `org`: `Delivery.caller`. */
export type OwnRecord = { readonly org: string; readonly key: RecordKey; readonly record: StoredRecord }

export type Erased = {
  readonly deliveries: number
  /** Records of the fraud rule that were about the person. */
  readonly records: number
  /** Other records from which a digest of the person was removed: of users, and of networks. */
  readonly otherRecords: number
  /** Entries of the log of changes that are without the person now. */
  readonly changes: number
  /** IDs of deliveries that are under way. Erase again when they have ended. */
  readonly underWay: readonly string[]
  /** Why parts of the person may still be in a file, such as that another process was reading it. Erase again later. */
  readonly leftInFile?: string
}

type Named = Pick<Delivery, 'numberDigest' | 'userDigest' | 'loginDigest'>

export function isAbout(delivery: Named, { numberDigests, userDigests }: Person): boolean {
  return numberDigests.includes(delivery.numberDigest) || isOfUser(delivery, userDigests)
}

/**
 * The person with every name that only this person has: user IDs of a login and logins of a user ID; then numbers and users
 * of the deliveries that no other delivery has. `known`: of all kept deliveries.
 */
export function wholePerson({ numberDigests, userDigests }: Person, known: readonly Named[]): Person {
  const ofUser = known.filter(delivery => isOfUser(delivery, userDigests))
  const named = { numberDigests, userDigests: distinct([...userDigests, ...ofUser.flatMap(usersOf)]) }
  const own = known.filter(delivery => isAbout(delivery, named))
  const others = known.filter(delivery => !isAbout(delivery, named))
  const othersNames = new Set(others.flatMap(one => [one.numberDigest, ...usersOf(one)]))
  const isOwn = (digest: string): boolean => !othersNames.has(digest)
  return {
    numberDigests: distinct([...numberDigests, ...own.map(one => one.numberDigest).filter(isOwn)]),
    userDigests: distinct([...named.userDigests, ...own.flatMap(usersOf).filter(isOwn)]),
  }
}

/** Longer than any process works on a delivery. */
export const UNDER_WAY_MS = 120_000

/** It was opened so recently that its process may still be working on it. */
export function isUnderWay({ openedAt, end }: { openedAt: number; end: OwnEnd }, now: number): boolean {
  return end.state === 'sending' && openedAt > now - UNDER_WAY_MS
}

/** Whether a record of the fraud rule is about this person. Requests without a user are recorded by their number. */
export function isOwnRecord(key: RecordKey, { numberDigests, userDigests }: Person): boolean {
  const [, kind, digest = ''] = /^(phone|user)#(.*)$/.exec(key) ?? []
  return kind !== undefined && [...numberDigests, ...userDigests].includes(digest)
}

/** Somebody else's record without the person's numbers; the same object if it has none. */
export function recordWithout(record: StoredRecord, { numberDigests }: Person): StoredRecord {
  const isOther = (digest: string): boolean => !numberDigests.includes(digest)
  if ('numbers' in record && !Object.keys(record.numbers).every(isOther))
    return {
      ...record,
      numbers: Object.fromEntries(Object.entries(record.numbers).filter(([digest]) => isOther(digest))),
    }
  if ('phones' in record && record.phones?.every(isOther) === false)
    return { ...record, phones: record.phones.filter(isOther) }
  return record
}

/** Overrides of the fraud rule about exactly this person. */
export function overridesAbout(
  overrides: readonly Override[],
  { numberDigests, userDigests }: Person,
): readonly Override[] {
  return overrides.filter(
    ({ whom }) =>
      (whom.kind === 'number' && digestsOfNumber(whom).some(digest => numberDigests.includes(digest))) ||
      (whom.kind === 'user' && whom.digests.some(digest => userDigests.includes(digest))),
  )
}

/** A value of the log of changes with `erased` in the place of the person's digests and last digits. */
export function valueWithout(value: unknown, digests: readonly string[]): unknown {
  if (typeof value === 'string')
    return digests.reduce((text, digest) => text.replaceAll(digest, ERASED), value)
  if (Array.isArray(value)) return value.map(each => valueWithout(each, digests))
  if (typeof value !== 'object' || value === null) return value
  const isPhone = 'digest' in value && digests.includes(String(value.digest))
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      isPhone && name === 'lastDigits' ? ERASED : valueWithout(each, digests),
    ]),
  )
}

/** The entry with those of its differences alone that name the person; undefined if none does. */
export function changeAbout<C extends Pick<LoggedChange, 'differences'>>(
  change: C,
  person: Person,
): C | undefined {
  const digests = digestsOf(person)
  const differences = change.differences.filter(difference => {
    const text = JSON.stringify(difference)
    return digests.some(digest => text.includes(digest))
  })
  return differences.length === 0 ? undefined : { ...change, differences }
}

export function digestsOf({ numberDigests, userDigests }: Person): readonly string[] {
  return [...numberDigests, ...userDigests]
}

function usersOf({ userDigest, loginDigest }: Named): readonly string[] {
  return [userDigest, loginDigest].filter(digest => digest !== undefined)
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}

const ERASED = 'erased'
