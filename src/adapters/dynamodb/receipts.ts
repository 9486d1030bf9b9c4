import type { Receipt } from '../../core/records/receipt.ts'
import { keys, secondsOf } from './keys.ts'
import type { Item, Key, Table } from './table.ts'

/** Until when receipts are kept, in milliseconds since 1970. */
export type Until = { readonly known: number; readonly stray: number }

/**
 * One update, and nothing is read: a set knows no order and no repeats. Joined with deliveries when they are read.
 * A receipt that names its delivery lives as long as that may. One that does not may be about a message of other
 * software: it is kept for a short time, unless a delivery has said that the message is its own.
 */
export async function addReceipt(table: Table, receipt: Receipt, until: Until): Promise<void> {
  const isStray = receipt.deliveryId === undefined
  await table.update(keyOf(receipt), {
    update: `ADD #receipts :receipt SET #expires = ${isStray ? 'if_not_exists(#keptUntil, :expires)' : ':expires'}`,
    condition: '(attribute_not_exists(#receipts) OR size(#receipts) < :max)',
    values: {
      ':receipt': { SS: [canonical(receipt)] },
      ':expires': { N: secondsOf(isStray ? until.stray : until.known) },
      ':max': { N: String(RECEIPTS_MAX) },
    },
  }) // refused: a carrier sends a handful of receipts for a message, never an endless number
}

/** The message is one of ours: its receipts are kept, whether they arrived before this or arrive later. */
export async function claimMessage(
  table: Table,
  messageId: string,
  now: number,
  until: number,
): Promise<void> {
  const key = keys.receiptsOfMessage(messageId)
  const update = 'SET #keptUntil = :until, #expires = :until'
  const values = { ':until': { N: secondsOf(until) } }
  const claimed = await table.update(key, {
    update,
    condition: 'attribute_not_exists(#expires) OR #expires > :now',
    values: { ...values, ':now': { N: String(now / 1_000) } },
  })
  // What was over and is still there must not come back.
  if (claimed.kind === 'refused') await table.update(key, { update: `${update} REMOVE #receipts`, values })
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

const RECEIPTS_MAX = 200
const NOTHING_ELSE = {
  deliveryId: undefined,
  isFinal: undefined,
  description: undefined,
  carrierName: undefined,
  price: undefined,
} as const
