import { randomUUID } from 'node:crypto'
import type { Delivery } from '../../core/records/delivery.ts'
import { entryOf, keys, MINUTE_MS, secondsOf } from './keys.ts'
import type { Item, Table } from './table.ts'

/**
 * What changes a delivery soon after its opening needs no mark: each run of the figures counts those deliveries again
 * (`figures.ts`). Later changes mark the item of its receipts, which is then listed in `by-day` as if its day were
 * `changed`. Each mark is unique, so a run removes exactly those that it has seen.
 */
export type Change = { readonly deliveryId: string; readonly mark: string }

/** The mark as a part of an update of the item of a delivery's receipts; nothing if the delivery is young. */
export function markOf(
  openedAt: number | undefined,
  now: number,
): { readonly set: string; readonly values: Item } {
  if (!isLate(openedAt, now)) return { set: '', values: {} }
  const at = entryOf({ openedAt: now, id: randomUUID() })
  return { set: ', #day = :day, #at = :at', values: { ':day': { S: CHANGED }, ':at': { S: at } } }
}

/** The same as an update of its own, for what changes another item of the delivery. */
export async function markIfLate(
  table: Table,
  deliveryId: string,
  openedAt: number | undefined,
  now: number,
  until: number,
): Promise<void> {
  const { set, values } = markOf(openedAt, now)
  if (set === '') return
  await table.update(keys.receiptsOfDelivery(deliveryId), {
    update: `SET #expires = if_not_exists(#expires, :expires)${set}`,
    values: { ...values, ':expires': { N: secondsOf(until) } },
  })
}

/** Marked before and after: a process that dies between the two leaves a mark. */
export async function markingLate(
  table: Table,
  { id, openedAt }: Delivery,
  now: number,
  keptMs: number,
  change: () => Promise<unknown>,
): Promise<void> {
  const mark = (): Promise<void> => markIfLate(table, id, openedAt, now, now + keptMs)
  await mark()
  await change()
  await mark()
}

/** The oldest marks. */
export async function readChanges(table: Table, max: number): Promise<readonly Change[]> {
  const found: Change[] = []
  const values = { ':day': { S: CHANGED } }
  for await (const page of table.query('#day = :day', values, 'by-day', {
    pageSize: max,
    newestFirst: false,
  })) {
    for (const { pk, at } of page)
      if (pk?.S !== undefined && at?.S !== undefined)
        found.push({ deliveryId: pk.S.slice(DELIVERY.length), mark: at.S })
    if (found.length >= max) break
  }
  return found.slice(0, max)
}

/** Nothing happens if the delivery has changed again. */
export async function removeMark(table: Table, { deliveryId, mark }: Change): Promise<void> {
  await table.update(keys.receiptsOfDelivery(deliveryId), {
    update: 'REMOVE #day, #at',
    condition: '#at = :mark',
    values: { ':mark': { S: mark } },
  })
}

/** When the delivery with this ID was opened; undefined if the ID does not say. */
export function openingOfId(id: string): number | undefined {
  return TIMED_ID.test(id) ? Number.parseInt(id.slice(0, 13).replace('-', ''), 16) : undefined
}

function isLate(openedAt: number | undefined, now: number): boolean {
  return openedAt === undefined || now - openedAt > LATE_MS
}

/** Two minutes less than deliveries are counted again, for clocks that differ and for calls that take long. */
const LATE_MS = 3 * MINUTE_MS
/** How long after its opening a delivery is counted by every run. */
export const YOUNG_MS = 5 * MINUTE_MS
const CHANGED = 'changed'
const DELIVERY = keys.delivery('').pk
/** A UUID of version 7, which begins with the milliseconds. */
const TIMED_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
