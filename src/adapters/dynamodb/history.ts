import type { Limit, LimitScope } from '../../core/policy/limits.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import { DAY_MS, endOf, keys, readEntry } from './keys.ts'
import type { Item, Key } from './table.ts'

/**
 * The item of one number or one user: when codes went out, as lists of entries, newest first; which requests are
 * known; and, among `others`, what was not sent. One conditional update of it recognises duplicates and counts limits.
 */
export type History = {
  readonly key: Key
  readonly lists: Readonly<Partial<Record<LimitScope, string>>>
  /** The attribute that holds the entry of the same request. */
  readonly duplicate: string | undefined
  /** Finds a user's item in addition to its key. */
  readonly login?: string | undefined
}

/** That of the number, and that of the user if there is one. */
export function historiesOf(delivery: Delivery): readonly [History, ...History[]] {
  const { numberDigest, userDigest, loginDigest, channel, duplicateKey } = delivery
  const ofNumber = {
    key: keys.number(numberDigest),
    lists: { number: 'sent', 'number-and-channel': channel },
    // 22 characters of a digest are 132 bits: the rest would only cost.
    duplicate: duplicateKey === undefined ? undefined : `${DUPLICATE}${duplicateKey.slice(0, 22)}`,
  }
  if (userDigest === undefined) return [ofNumber]
  return [
    ofNumber,
    { key: keys.user(userDigest), lists: { user: 'sent' }, duplicate: undefined, login: loginDigest },
  ]
}

/** A limit that this history counts: exceeded while `list[max - 1]` is an entry later than `since`. */
export type Rule = { readonly limit: Limit; readonly list: string; readonly since: string }

export function rulesOf(history: History, windows: readonly Limit[], now: number): readonly Rule[] {
  return windows.flatMap(limit => {
    const list = history.lists[limit.scope]
    return list === undefined ? [] : [{ limit, list, since: endOf(now - limit.windowSeconds * 1_000) }]
  })
}

/** Judged as the condition of the update judges, so that the two never contradict each other. */
export function exceededRules(item: Item, rules: readonly Rule[], own: string): readonly Limit[] {
  return rules
    .filter(({ limit, list, since }) => {
      const last = entriesIn(item, list).filter(entry => entry !== own)[limit.max - 1]
      return last !== undefined && last > since
    })
    .map(({ limit }) => limit)
}

export function entriesIn(item: Item | undefined, list: string): readonly string[] {
  return item?.[list]?.L?.map(({ S = '' }) => S) ?? []
}

/** The entry of the same request, if it is not too long ago. */
export function duplicateIn(item: Item, { duplicate }: History, now: number): string | undefined {
  const entry = duplicate === undefined ? undefined : item[duplicate]?.S
  return entry !== undefined && entry > endOf(now - DAY_MS) ? entry : undefined
}

/** Attributes of requests that are too long ago to be the same again, or older than the newest ones that are kept. The oldest first. */
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

/** All deliveries of a number or a user that are still known, newest first. */
export function allEntriesIn(item: Item | undefined): readonly string[] {
  return [...entriesIn(item, 'sent'), ...entriesIn(item, OTHERS)].toSorted().toReversed()
}

export function idOf(entry: string): string {
  return readEntry(entry).id
}

/** The entry is not in the list, if there is a list at all. */
export function isNotIn(list: string): string {
  return `(attribute_not_exists(#${list}) OR NOT contains(#${list}, :entry))`
}

/** The list of those that were refused or failed: to be found, not counted. */
export const OTHERS = 'others'
const DUPLICATE = 'k#'
