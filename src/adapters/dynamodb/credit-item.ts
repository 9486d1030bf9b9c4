import { type Counts, DAY_MS, HALF_HOUR_MS } from '../../core/policy/credit/counts.ts'
import {
  type CountryRecord,
  type GroupRecord,
  newCountry,
  newGroup,
  newOrg,
  newPhone,
  newUser,
  type OrgRecord,
  type PhoneRecord,
  type UserRecord,
  type Vote,
} from '../../core/policy/credit/records.ts'
import { type RecordKey, recordKeptMs, type StoredRecord } from '../../core/policy/credit/records-by-key.ts'
import { removalOf, SIGN_INS, type SignIn, withSignIns } from './credit-sign-ins.ts'
import { entryOf, readEntry, secondsOf } from './keys.ts'
import type { Change, Item } from './table.ts'

/**
 * A record of the fraud rule as an item. Its counts are attributes, a number for each day or half-hour, to which every
 * function adds without reading them first. `rest` is everything else as one text, which is replaced only while it is as
 * it was read.
 */
export type Parts = { readonly counts: CountsByName; readonly rest: string | undefined }
/** `d20458`: codes of a day since 1970; `e` their answers; `h` and `i` by half-hour; `p` and `q` probes of an org. */
type CountsByName = Readonly<Record<string, number>>

export function partsOf(key: RecordKey, record: StoredRecord | undefined): Parts {
  if (record === undefined) return { counts: {}, rest: undefined }
  // The kind of a record is in its key.
  switch (kindOf(key)) {
    case 'group': {
      const { days, halfHours } = record as GroupRecord
      return parts('group', record, { ...named('de', days), ...named('hi', halfHours) })
    }
    case 'org': {
      const { enrolments, probes } = record as OrgRecord
      return parts('org', record, { ...named('de', enrolments), ...named('pq', probes) })
    }
    case 'country': {
      const { proven, newNumbers } = record as CountryRecord
      const days = Object.entries(newNumbers).map(([day, count]) => [`d${day}`, count] as const)
      return parts('country', record, { ...Object.fromEntries(days), [PROVEN]: proven })
    }
    case 'phone':
      return parts('phone', record, {})
    case 'user':
      return parts('user', record, {})
  }
}

/** What is in an item and not in its record, because this function has added it before it decided: `own` to that of a phone. */
export type Ahead = { readonly counts?: CountsByName; readonly own?: SignIn | undefined }

export function recordIn(
  key: RecordKey,
  item: Item | undefined,
  now: number,
  { counts: ahead = {}, own }: Ahead = {},
): StoredRecord | undefined {
  if (item === undefined || Number(item.expires?.N) * 1_000 <= now) return undefined
  const counts = countsIn(item, ahead)
  const rest = readRest(kindOf(key), item[REST]?.S)
  switch (kindOf(key)) {
    case 'group':
      return { ...(rest as GroupRecord), days: countsOf('de', counts), halfHours: countsOf('hi', counts) }
    case 'org':
      return { ...(rest as OrgRecord), enrolments: countsOf('de', counts), probes: countsOf('pq', counts) }
    case 'country': {
      const days = Object.entries(countsOf('de', counts)).map(([day, [codes]]) => [day, codes])
      const newNumbers = Object.fromEntries(days)
      return { ...(rest as CountryRecord), proven: counts[PROVEN] ?? 0, newNumbers }
    }
    case 'phone':
      return withSignIns(rest as PhoneRecord, item, own)
    case 'user':
      return rest
  }
}

/** The counts of one code that is sent now, which a group gets in advance. */
export function countsOfOneCode(now: number): CountsByName {
  return { [`d${Math.floor(now / DAY_MS)}`]: 1, [`h${Math.floor(now / HALF_HOUR_MS)}`]: 1 }
}

/** What has to be added to the counts. Names that are only in `before` are old, and are removed by their age. */
export function addedCounts(before: CountsByName, after: CountsByName, ahead: CountsByName = {}) {
  const names = new Set([...Object.keys(after), ...Object.keys(ahead)])
  const added = [...names].map(
    name =>
      [name, (name in after ? (after[name] ?? 0) - (before[name] ?? 0) : 0) - (ahead[name] ?? 0)] as const,
  )
  return Object.fromEntries(added.filter(([, count]) => count !== 0))
}

/** Names of counts that no record needs any more. */
export function oldCountsIn(item: Item | undefined, now: number): readonly string[] {
  return Object.keys(item ?? {}).filter(name => {
    const [letter = '', bucket] = [name[0], Number(name.slice(1))]
    const kept = KEPT_BUCKETS[letter]
    return kept !== undefined && bucket <= Math.floor(now / kept.bucketMs) - kept.buckets
  })
}

/** `signIns`: of a phone, those that were booked into `to` and are removed with it. */
export type RestChange = {
  readonly from: string | undefined
  readonly to: string | undefined
  readonly signIns?: readonly string[] | undefined
}

/** `by` is unique for each change: the same change is made once, although a client repeats it after a lost answer. */
export function changeOf(
  key: RecordKey,
  change: {
    readonly added: CountsByName
    readonly rest?: RestChange | undefined
    readonly old?: readonly string[]
  },
  { by, now }: { readonly by: string; readonly now: number },
): Change {
  const { added, rest, old = [] } = change
  const names = Object.keys(added)
  // An answer may belong to a bucket that is as old as those that are dropped.
  const dropped = old.filter(name => !names.includes(name))
  const booked = rest?.signIns && removalOf(rest.signIns)
  const removed = [
    ...dropped,
    ...(rest !== undefined && rest.to === undefined ? [REST] : []),
    ...(rest?.signIns?.length ? [SIGN_INS] : []),
  ]
  const isSet = rest?.to !== undefined
  return {
    update: [
      `SET #by = :by, #expires = :expires${isSet ? `, #${REST} = :to` : ''}`,
      names.length > 0 && `ADD ${names.map(name => `#${name} :${name}`).join(', ')}`,
      removed.length > 0 && `REMOVE ${removed.map(name => `#${name}`).join(', ')}`,
    ]
      .filter(Boolean)
      .join(' '),
    condition: [
      '(attribute_not_exists(#by) OR #by <> :by)',
      ...(rest === undefined
        ? []
        : [rest.from === undefined ? `attribute_not_exists(#${REST})` : `#${REST} = :from`]),
      ...(booked === undefined ? [] : [booked.condition]),
    ].join(' AND '),
    values: {
      ':by': { S: by },
      ':expires': { N: secondsOf(now + recordKeptMs(key)) },
      ...Object.fromEntries(names.map(name => [`:${name}`, { N: String(added[name]) }])),
      ...(isSet && { ':to': { S: rest.to } }),
      ...(rest?.from !== undefined && { ':from': { S: rest.from } }),
      ...booked?.values,
    },
    gives: 'ALL_NEW',
  }
}

export function restIn(item: Item | undefined): string | undefined {
  return item?.[REST]?.S
}

type Kind = keyof typeof RESTS
function kindOf(key: RecordKey): Kind {
  return key === 'org' ? key : (key.slice(0, key.indexOf('#')) as Kind)
}

function parts(kind: Kind, record: StoredRecord, counts: CountsByName): Parts {
  return { counts, rest: restOf(kind, record) }
}

/** The values alone, in the order of `RESTS`, and without those of a new record: each byte is paid with every code. */
function restOf(kind: Kind, record: object): string | undefined {
  const { names, initial } = RESTS[kind]
  const values = names.map(name => {
    const value = (record as Values)[name]
    const text = JSON.stringify(value)
    if (text === undefined || text === JSON.stringify((initial as Values)[name])) return undefined
    return name === 'votes' ? (value as readonly Vote[]).map(textOfVote) : value
  })
  const length = values.findLastIndex(value => value !== undefined) + 1
  return length === 0 ? undefined : JSON.stringify(values.slice(0, length))
}

function readRest(kind: Kind, text: string | undefined): StoredRecord {
  const { names, initial } = RESTS[kind]
  const values = text === undefined ? [] : (JSON.parse(text) as readonly unknown[]) // written above
  const read = names.flatMap((name, index) => {
    const value = values[index] ?? undefined
    if (value === undefined) return []
    return [[name, name === 'votes' ? (value as readonly string[]).map(readVote) : value] as const]
  })
  return { ...initial, ...Object.fromEntries(read) }
}

function textOfVote({ id, at, country, isAnswered, isDelivered }: Vote): string {
  const marks = (isAnswered ? 1 : 0) + (isDelivered ? 2 : 0)
  return `${marks}${country}|${entryOf({ openedAt: at, id })}`
}

function readVote(text: string): Vote {
  const end = text.indexOf('|')
  const { openedAt: at, id } = readEntry(text.slice(end + 1))
  const marks = Number(text[0])
  return {
    id,
    at,
    country: text.slice(1, end),
    isAnswered: (marks & 1) !== 0,
    isDelivered: (marks & 2) !== 0,
  }
}

function named([ofCodes = '', ofAnswers = '']: string, counts: Counts): CountsByName {
  return Object.fromEntries(
    Object.entries(counts).flatMap(([bucket, [codes, answers]]) => [
      [`${ofCodes}${bucket}`, codes],
      [`${ofAnswers}${bucket}`, answers],
    ]),
  )
}

/** Buckets in which nothing is counted any more are left out. */
function countsOf([ofCodes = '', ofAnswers = '']: string, counts: CountsByName): Counts {
  const buckets = Object.keys(counts).flatMap(name =>
    name.startsWith(ofCodes) || name.startsWith(ofAnswers) ? [name.slice(1)] : [],
  )
  const all = [...new Set(buckets)].map(
    bucket => [bucket, [counts[`${ofCodes}${bucket}`] ?? 0, counts[`${ofAnswers}${bucket}`] ?? 0]] as const,
  )
  return Object.fromEntries(all.filter(([, [codes, answers]]) => codes !== 0 || answers !== 0))
}

function countsIn(item: Item, ahead: CountsByName): CountsByName {
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, { N }]) =>
      N !== undefined && COUNT_NAME.test(name) ? [[name, Number(N) - (ahead[name] ?? 0)]] : [],
    ),
  )
}

const REST = 'rest'
const PROVEN = 'n0'
const COUNT_NAME = /^[a-z]\d+$/
const DAYS = { bucketMs: DAY_MS, buckets: 17 }
const HALF_HOURS = { bucketMs: HALF_HOUR_MS, buckets: 8 }
const KEPT_BUCKETS: Readonly<Record<string, { readonly bucketMs: number; readonly buckets: number }>> = {
  ...{ d: DAYS, e: DAYS, p: DAYS, q: DAYS },
  ...{ h: HALF_HOURS, i: HALF_HOURS },
}

type Values = Readonly<Record<string, unknown>>
/** New names come last: texts with fewer are in the table. */
const RESTS = {
  group: { initial: newGroup, names: namesOf<GroupRecord>()('hold', 'forgiven', 'forgivenOn', 'phones') },
  phone: {
    initial: newPhone,
    names: namesOf<PhoneRecord>()(
      ...(['answers', 'provenAt', 'isRevoked', 'unanswered', 'unansweredKnown', 'knownAt'] as const),
      ...(['answeredFrom', 'vainFrom', 'purses', 'travel', 'countedAt', 'countedIn', 'wasProbe'] as const),
      ...(['votedAt', 'record'] as const),
    ),
  },
  user: { initial: newUser, names: namesOf<UserRecord>()('isKnown', 'numbers') },
  country: { initial: newCountry, names: namesOf<CountryRecord>()('votes', 'spent') },
  org: {
    initial: newOrg,
    names: namesOf<OrgRecord>()('answerHeardAt', 'delays', 'votes', 'spent'),
  },
} as const

/** The names of a record without its counts; a name that is missing does not compile. */
function namesOf<R>() {
  type Named = Exclude<keyof R, 'days' | 'halfHours' | 'enrolments' | 'probes' | 'proven' | 'newNumbers'>
  return <const N extends readonly Named[]>(...names: Exclude<Named, N[number]> extends never ? N : never) =>
    names as readonly Named[] as readonly string[]
}
