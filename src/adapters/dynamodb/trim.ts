import { entriesIn, type History, OTHERS, oldDuplicatesIn } from './history.ts'
import { DAY_MS, endOf } from './keys.ts'
import type { Item, Table } from './table.ts'

/**
 * Shortens an item that has grown: each write costs by its size. What limits or duplicates may need stays, and so
 * do the last twenty, to be found by number and user. Nothing happens until it is worth a write.
 */
export async function trim(table: Table, { key }: History, item: Item, now: number): Promise<void> {
  const since = endOf(now - DAY_MS) // no window is longer
  const shortened = Object.entries(KEPT_MIN)
    .map(([list, keptMin]) => {
      const entries = entriesIn(item, list)
      const kept = entries.filter((entry, index) => index < keptMin || (list !== OTHERS && entry > since))
      return { list, entries, kept }
    })
    .filter(({ entries, kept }) => kept.length < entries.length)
  const duplicates = oldDuplicatesIn(item, now)
  const gone = shortened.reduce((sum, { entries, kept }) => sum + entries.length - kept.length, 0)
  const [newest = ''] = entriesIn(item, 'sent')
  if (gone + duplicates.length < WORTH_A_WRITE) return

  // A list is as it was read while its newest entry and its length are: entries are added in front only.
  const isUnchanged = shortened.map(({ list }) => `#${list}[0] = :${list}0 AND size(#${list}) = :${list}Size`)
  const removed = duplicates.map((_, index) => `#duplicate${index}`)
  const set = shortened.map(({ list }) => `#${list} = :${list}`).join(', ')
  await table.update(key, {
    update: [set && `SET ${set}`, removed.length > 0 && `REMOVE ${removed.join(', ')}`]
      .filter(Boolean)
      .join(' '),
    condition: ['#sent[0] = :newest', ...isUnchanged].join(' AND '),
    values: {
      ':newest': { S: newest },
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

/** How many of each list stay, however old. */
const KEPT_MIN = { sent: 20, sms: 0, voice: 0, [OTHERS]: 20 } as const
const WORTH_A_WRITE = 15
