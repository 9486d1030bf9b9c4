import type { Limit, LimitScope } from '../../core/policy/limits.ts'
import type { Delivery, Digests } from '../../core/records/delivery.ts'
import { DAY_MS, endOf, keys, readEntry, timeIn } from './keys.ts'
import type { Item, Key } from './table.ts'

/**
 * The item of one number or one user: when codes went out, as lists, newest first; which requests are known; and, among
 * `others`, what was not sent. One conditional update of it recognises duplicates and counts limits. `sent` and `others`
 * hold entries, the lists of channels only their times: those are counted and never looked up.
 */
export type History = {
  readonly key: Key
  readonly lists: Readonly<Partial<Record<LimitScope, string>>>
  /** The attribute with the entry of the same request. */
  readonly duplicate: string | undefined
  /** Set with each entry: the digest of a login, which finds a user's item in addition to its key. */
  readonly attributes: Item
}

/** The history of the number, and of the user if there is one. */
function historiesOf({
  numberDigest,
  userDigest,
  loginDigest,
  channel,
  duplicateKey,
}: Digests & Pick<Delivery, 'channel'>): readonly [History, ...History[]] {
  const ofNumber = {
    key: keys.number(numberDigest),
    lists: { number: SENT, 'number-and-channel': channel },
    // 16 characters of a digest are 96 bits: the rest would only cost.
    duplicate: duplicateKey === undefined ? undefined : `${DUPLICATE}${duplicateKey.slice(0, 16)}`,
    attributes: {},
  }
  if (userDigest === undefined) return [ofNumber]
  return [
    ofNumber,
    {
      key: keys.user(userDigest),
      lists: { user: SENT },
      duplicate: undefined,
      attributes: loginDigest === undefined ? {} : { login: { S: loginDigest } },
    },
  ]
}

/** The same by each hash key, while the key is rotated: the own ones first. Each code counts in all of them. */
export function allHistoriesOf(delivery: Delivery, otherDigests: Digests | undefined): readonly History[] {
  const own = historiesOf(delivery)
  return otherDigests === undefined ? own : [...own, ...historiesOf({ ...delivery, ...otherDigests })]
}

/** A limit that this history counts. It is exceeded if `list[max - 1]` is later than `since`. */
export type Rule = { readonly limit: Limit; readonly list: string; readonly since: string }

export function rulesOf(history: History, windows: readonly Limit[], now: number): readonly Rule[] {
  return windows.flatMap(limit => {
    const list = history.lists[limit.scope]
    return list === undefined ? [] : [{ limit, list, since: endOf(now - limit.windowSeconds * 1_000) }]
  })
}

/** Judged as the condition of the update judges, so that the two never contradict each other. `own` may be in the item. */
export function exceededRules(item: Item, rules: readonly Rule[], own: string): readonly Limit[] {
  return rules
    .filter(({ limit, list, since }) => {
      const last = othersIn(item, list, own)[limit.max - 1]
      return last !== undefined && last > since
    })
    .map(({ limit }) => limit)
}

/** What a list holds without the own entry. */
export function othersIn(item: Item, list: string, own: string): readonly string[] {
  const entries = entriesIn(item, list)
  const isCounted = entriesIn(item, SENT).includes(own)
  return isCounted ? entries.toSpliced(entries.indexOf(valueIn(list, own)), 1) : entries
}

/** What a list holds of an entry. */
export function valueIn(list: string, entry: string): string {
  return list === SENT || list === OTHERS ? entry : timeIn(entry)
}

export function entriesIn(item: Item | undefined, list: string): readonly string[] {
  return item?.[list]?.L?.map(({ S = '' }) => S) ?? []
}

/** The entry is in the item, counted or not. */
export function isKnown(item: Item | undefined, entry: string): boolean {
  return allEntriesIn(item).includes(entry)
}

/** The entry of the same request, if it is not too long ago. */
export function duplicateIn(item: Item, { duplicate }: History, now: number): string | undefined {
  const entry = duplicate === undefined ? undefined : item[duplicate]?.S
  return entry !== undefined && entry > endOf(now - DAY_MS) ? entry : undefined
}

/** Attributes of requests that are too old to be duplicates, or that exceed the number to keep. Oldest first. */
export function oldDuplicatesIn(item: Item, now: number, keptMax: number): readonly string[] {
  const since = endOf(now - DAY_MS)
  const newestFirst = Object.entries(item)
    .flatMap(([name, { S = '' }]) => (name.startsWith(DUPLICATE) ? [[name, S] as const] : []))
    .toSorted(([, one], [, other]) => (one > other ? -1 : 1))
  return newestFirst
    .filter(([, entry], index) => entry <= since || index >= keptMax)
    .map(([name]) => name)
    .toReversed()
}

/** All known deliveries of a number or a user, newest first. */
export function allEntriesIn(item: Item | undefined): readonly string[] {
  return [...entriesIn(item, SENT), ...entriesIn(item, OTHERS)].toSorted().toReversed()
}

export function idOf(entry: string): string {
  return readEntry(entry).id
}

/** The entry is not in the list, or the list does not exist. */
export function isNotIn(list: string): string {
  return `(attribute_not_exists(#${list}) OR NOT contains(#${list}, :entry))`
}

/** The list of all that may have been sent. */
export const SENT = 'sent'
/** The list of those that were refused or failed: to be found, not counted. */
export const OTHERS = 'others'
const DUPLICATE = 'k#'
