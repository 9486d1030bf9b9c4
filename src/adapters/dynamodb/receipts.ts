import type { Receipt } from '../../core/receipt.ts'
import { keys, secondsOf } from './keys.ts'
import type { Item, Key, Table } from './table.ts'

/**
 * One update, and nothing is read: a set knows no order and no repeats. Joined with deliveries when they are read.
 * A receipt lives as long as the delivery that it may belong to.
 */
export async function addReceipt(table: Table, receipt: Receipt, expiresAt: number): Promise<void> {
  await table.update(keyOf(receipt), {
    update: 'ADD #receipts :receipt SET #expires = :expires',
    values: { ':receipt': { SS: [canonical(receipt)] }, ':expires': { N: secondsOf(expiresAt) } },
  })
}

function keyOf({ deliveryId, messageId }: Receipt): Key {
  return deliveryId === undefined ? keys.receiptsOfMessage(messageId) : keys.receiptsOfDelivery(deliveryId)
}

export function readReceipts(item: Item | undefined, now: number): readonly Receipt[] {
  if (item === undefined || Number(item.expires?.N) * 1_000 <= now) return []
  return (item.receipts?.SS ?? []).map(text => ({ ...NOTHING_ELSE, ...(JSON.parse(text) as Receipt) }))
}

/** The messages of a delivery: the one it ended with, and those of the receipts that name it. */
export function messageIdsOf(endedWith: string | undefined, own: readonly Receipt[]): readonly string[] {
  const all = own.map(({ messageId }) => messageId)
  return [...new Set(endedWith === undefined ? all : [endedWith, ...all])]
}

/** Equal receipts give equal text. */
function canonical(receipt: Receipt): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(receipt).sort(([one], [other]) => (one < other ? -1 : 1))),
  )
}

const NOTHING_ELSE = {
  deliveryId: undefined,
  isFinal: undefined,
  description: undefined,
  carrierName: undefined,
  price: undefined,
} as const
