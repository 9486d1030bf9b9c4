import { UNDER_WAY_MS } from '../../core/records/person.ts'
import { allEntriesIn, entriesIn, OTHERS, SENT } from './history.ts'
import { endOf, timeIn } from './keys.ts'
import type { Pauses } from './pauses.ts'
import type { Item, Key, Table } from './table.ts'

type Erasing = {
  /** The item is about the person: nothing of it stays but what is under way. */
  readonly isOwn: boolean
  /** Of the deliveries that are erased. */
  readonly entries: ReadonlySet<string>
  readonly userDigests: readonly string[]
  readonly now: number
  readonly pauses: Pauses
}

/** Erases deliveries from the item of a number or a user, however often others change it meanwhile. */
export async function eraseFromHistory(table: Table, key: Key, erasing: Erasing): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const item = await table.get(key)
    if (item === undefined) return
    const next = without(item, erasing)
    if (next === undefined) return
    if (next === 'nothing') {
      const { condition, values } = unchanged(item)
      await table.remove(key, condition, values)
    } else await table.update(key, next)
    if (attempt > ATTEMPTS_MAX) throw new Error(`store: ${ATTEMPTS_MAX} times others changed the same item`)
    if (attempt > 1) await erasing.pauses.beforeAnother(attempt)
  }
}

/** The update that erases; `nothing`: the item goes; undefined: it has nothing to erase. */
function without(item: Item, { isOwn, entries, userDigests, now }: Erasing) {
  const recent = endOf(now - UNDER_WAY_MS)
  const isGone = (entry: string): boolean => entries.has(entry) || (isOwn && entry < recent)
  const kept = { [SENT]: entriesIn(item, SENT), [OTHERS]: entriesIn(item, OTHERS) }
  const sent = kept[SENT].filter(entry => !isGone(entry))
  const others = kept[OTHERS].filter(entry => !isGone(entry))
  const isEmptied = sent.length === 0 && others.length === 0 && (isOwn || allEntriesIn(item).length > 0)
  // While the hash key is rotated, it may be the person's item under the other key.
  if (isEmptied) return 'nothing'
  const goneTimes = new Set([...entries].map(timeIn))
  const keptTimes = new Set(sent.map(timeIn))
  const timesOf = (list: string): readonly string[] =>
    entriesIn(item, list).filter(time => keptTimes.has(time) || !(isOwn || goneTimes.has(time)))
  const lists = Object.entries({
    [SENT]: sent,
    [OTHERS]: others,
    sms: timesOf('sms'),
    voice: timesOf('voice'),
  })
  const shorter = lists.filter(([list, left]) => left.length < entriesIn(item, list).length)
  const duplicates = Object.entries(item)
    .flatMap(([name, { S }]) => (name.startsWith('k#') && S !== undefined && isGone(S) ? [name] : []))
    .slice(0, REMOVED_AT_ONCE)
  const isOpeningGone = item.at?.S !== undefined && isGone(item.at.S)
  const isLoginGone = item.login?.S !== undefined && userDigests.includes(item.login.S)
  const removed = [
    ...duplicates.map((_, index) => `#duplicate${index}`),
    ...(isOpeningGone ? ['#opening', '#day', '#at'] : []),
    ...(isLoginGone ? ['#login'] : []),
  ]
  if (shorter.length === 0 && removed.length === 0) return undefined
  const { condition, values } = unchanged(item)
  return {
    update: [
      shorter.length > 0 && `SET ${shorter.map(([list]) => `#${list} = :${list}`).join(', ')}`,
      removed.length > 0 && `REMOVE ${removed.join(', ')}`,
    ]
      .filter(Boolean)
      .join(' '),
    condition,
    values: {
      ...values,
      ...Object.fromEntries(shorter.map(([list, left]) => [`:${list}`, { L: left.map(S => ({ S })) }])),
    },
    names: Object.fromEntries(duplicates.map((name, index) => [`#duplicate${index}`, name])),
  }
}

/** Nobody has added or removed a delivery meanwhile: each one changes the beginning or the length of a list. */
function unchanged(item: Item): { readonly condition: string; readonly values: Item } {
  const { at } = item
  const lists = [SENT, OTHERS].map(list => ({ list, entries: entriesIn(item, list) }))
  return {
    condition: [
      ...lists.map(({ list, entries: { length } }) =>
        length === 0
          ? `attribute_not_exists(#${list}[0])`
          : `#${list}[0] = :${list}First AND size(#${list}) = :${list}Size`,
      ),
      at === undefined ? 'attribute_not_exists(#at)' : '#at = :at',
    ].join(' AND '),
    values: {
      ...Object.fromEntries(
        lists.flatMap(({ list, entries: [first, ...rest] }) =>
          first === undefined
            ? []
            : [
                [`:${list}First`, { S: first }],
                [`:${list}Size`, { N: String(rest.length + 1) }],
              ],
        ),
      ),
      ...(at !== undefined && { ':at': at }),
    },
  }
}

const REMOVED_AT_ONCE = 100 // an expression has 4 KB
const ATTEMPTS_MAX = 50
