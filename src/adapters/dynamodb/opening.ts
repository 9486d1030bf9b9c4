import type { Delivery } from '../../core/records/delivery.ts'
import { factsOf, readFacts } from './facts.ts'
import { dayOf, entryOf, keys, readEntry } from './keys.ts'
import type { Item, Key, Table } from './table.ts'

/**
 * The delivery to the same number before another one. `opened`: as it was opened, which only the other one knows any more,
 * because it has taken its place in the number's item.
 */
export type Predecessor = { readonly entry: string; readonly opened?: Delivery }

export const SENDING = { state: 'sending' } as const

/**
 * Attributes that open a delivery in the item of its number. They replace those of the one before. Its own item is written
 * when it ends, or when somebody looks for it (`unsettled.ts`).
 */
export function openingOf(delivery: Delivery): Item {
  return {
    opening: { S: factsOf(delivery, 'numberDigest') }, // that is in the key
    day: { S: dayOf(delivery.openedAt) },
    at: { S: entryOf(delivery) },
  }
}

/** The delivery that was opened last in the item of a number. */
export function readOpening(item: Item | undefined): Required<Predecessor> | undefined {
  const { pk, at, opening } = item ?? {}
  if (pk?.S === undefined || at?.S === undefined || opening?.S === undefined) return undefined
  const numberDigest = pk.S.slice(keys.number('').pk.length)
  return { entry: at.S, opened: { ...readFacts(opening.S), numberDigest, ...readEntry(at.S), end: SENDING } }
}

/** Undoes an opening, and gives its place back to the one before. Nothing happens if another one has taken it. */
export async function closeAgain(
  table: Table,
  key: Key,
  entry: string,
  before: Predecessor | undefined,
): Promise<void> {
  const attributes = before?.opened === undefined ? {} : openingOf(before.opened)
  const names = Object.keys(attributes)
  await table.update(key, {
    update:
      names.length === 0
        ? 'REMOVE #opening, #day, #at'
        : `SET ${names.map(name => `#${name} = :${name}`).join(', ')}`,
    condition: '#at = :entry',
    values: {
      ':entry': { S: entry },
      ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`:${name}`, value])),
    },
  })
}
