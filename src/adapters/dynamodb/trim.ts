import type { Limits } from '../../core/policy/limits.ts'
import { entriesIn, type History, OTHERS, oldDuplicatesIn } from './history.ts'
import { DAY_MS, endOf } from './keys.ts'
import { type Change, type Changed, type Item, isTooLarge, type Table } from './table.ts'

export type TrimOptions = {
  readonly now: number
  /** Maximum entries of a list that are kept: more than any limit counts. */
  readonly keptMax?: number
  /** Whether to trim even if it does not save enough to justify a write. */
  readonly isForced?: boolean
}

/**
 * Shortens an item that has grown, because each write is charged by size and an item has at most 400 KB. It keeps what
 * limits and duplicates need, and the last twenty entries for lists by number and user. Limits that are only observed
 * let more codes pass than any limit counts; the newest are kept, so that they count when the limit is enforced. Does
 * nothing unless it saves enough to justify a write.
 */
export async function trim(
  table: Table,
  { key }: History,
  item: Item,
  { now, keptMax = KEPT_MAX, isForced = false }: TrimOptions,
): Promise<void> {
  const since = endOf(now - DAY_MS) // no window is longer
  const shortened = Object.entries(KEPT_MIN)
    .map(([list, keptMin]) => {
      const entries = entriesIn(item, list)
      const mayCount = (entry: string, index: number): boolean =>
        list !== OTHERS && entry > since && index < keptMax
      const kept = entries.filter((entry, index) => index < keptMin || mayCount(entry, index))
      return { list, entries, kept }
    })
    .filter(({ entries, kept }) => kept.length < entries.length)
  const duplicates = oldDuplicatesIn(item, now, DUPLICATES_MAX).slice(0, REMOVED_AT_ONCE)
  const gone = Math.max(
    ...shortened.map(({ entries, kept }) => entries.length - kept.length),
    duplicates.length,
  )
  const [newest] = entriesIn(item, 'sent')
  if (gone < (isForced ? 1 : WORTH_A_WRITE)) return

  // A list is unchanged if its newest entry and its length are, because entries are added only at the front.
  const isUnchanged = shortened.map(({ list }) => `#${list}[0] = :${list}0 AND size(#${list}) = :${list}Size`)
  const removed = duplicates.map((_, index) => `#duplicate${index}`)
  const set = shortened.map(({ list }) => `#${list} = :${list}`).join(', ')
  await table.update(key, {
    update: [set && `SET ${set}`, removed.length > 0 && `REMOVE ${removed.join(', ')}`]
      .filter(Boolean)
      .join(' '),
    condition: [
      newest === undefined ? 'attribute_not_exists(#sent[0])' : '#sent[0] = :newest',
      ...isUnchanged,
    ].join(' AND '),
    values: {
      ...(newest !== undefined && { ':newest': { S: newest } }),
      ...Object.fromEntries(
        shortened.flatMap(({ list, entries: [first = '', ...rest], kept }) => [
          [`:${list}`, { L: kept.map(S => ({ S })) }],
          [`:${list}0`, { S: first }],
          [`:${list}Size`, { N: String(rest.length + 1) }],
        ]),
      ),
    },
    names: Object.fromEntries(duplicates.map((name, index) => [`#duplicate${index}`, name])),
  })
}

/** The largest maximum of all limits, for `trim`. */
export function keptMaxOf({ windows }: Limits): number {
  return Math.max(KEPT_MAX, ...windows.map(({ max }) => max))
}

/** An update of a history. If the item has reached its size limit, it is trimmed and the update is tried again. */
export async function updateWithRoom(
  table: Table,
  history: History,
  change: Change,
  now: number,
): Promise<Changed> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await table.update(history.key, change)
    } catch (error) {
      if (!isTooLarge(error) || attempt === ATTEMPTS_MAX) throw error
      const item = (await table.get(history.key)) ?? {}
      await trim(table, history, item, { now, isForced: true })
    }
  }
}

/** How many of each list stay, however old. */
export const KEPT_MIN = { sent: 20, sms: 0, voice: 0, [OTHERS]: 20 } as const
const KEPT_MAX = 200
const DUPLICATES_MAX = 200
const REMOVED_AT_ONCE = 150 // an expression has 4 KB
const WORTH_A_WRITE = 8 // codes
const ATTEMPTS_MAX = 5
