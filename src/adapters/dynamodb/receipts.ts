import type { Receipt } from '../../core/records/receipt.ts'
import { markIfLate, markOf, openingOfId } from './changes.ts'
import { keys, secondsOf } from './keys.ts'
import type { Item, Table } from './table.ts'

export type ReceiptOptions = {
  readonly now: number
  /** When receipts expire, in milliseconds since 1970. */
  readonly until: { readonly known: number; readonly stray: number }
}

/**
 * One update without a read, because a set has no order and no duplicates. Receipts are joined with deliveries when
 * they are read. A receipt that names its delivery is kept as long as a delivery. Others may be about messages of other
 * software, and are kept only briefly unless a delivery has claimed the message.
 */
export async function addReceipt(table: Table, receipt: Receipt, options: ReceiptOptions): Promise<void> {
  const { deliveryId } = receipt
  if (deliveryId === undefined) return addStray(table, receipt, options)
  const mark = markOf(openingOfId(deliveryId), options.now)
  await table.update(keys.receiptsOfDelivery(deliveryId), {
    update: `ADD #receipts :receipt SET #expires = :expires${mark.set}`,
    ...ONLY_WITH_ROOM,
    values: { ...valuesOf(receipt, options.until.known), ...mark.values },
  }) // refused: the set is full. A carrier sends only a few receipts for a message
}

/** If a delivery claimed the message before, its figures may have been counted without this receipt. */
async function addStray(table: Table, receipt: Receipt, { now, until }: ReceiptOptions): Promise<void> {
  const added = await table.update(keys.receiptsOfMessage(receipt.messageId), {
    update: 'ADD #receipts :receipt SET #expires = if_not_exists(#keptUntil, :expires)',
    ...ONLY_WITH_ROOM,
    values: valuesOf(receipt, until.stray),
    gives: 'ALL_NEW',
  })
  const claimedBy = added.kind === 'changed' ? added.item.deliveryId?.S : undefined
  if (claimedBy !== undefined) await markIfLate(table, claimedBy, openingOfId(claimedBy), now, until.known)
}

/** Claims a message for a delivery: its receipts are kept, both earlier and later ones. */
export async function claimMessage(
  table: Table,
  messageId: string,
  deliveryId: string,
  now: number,
  until: number,
): Promise<void> {
  const key = keys.receiptsOfMessage(messageId)
  const update = 'SET #keptUntil = :until, #expires = :until, #deliveryId = :deliveryId'
  const values = { ':until': { N: secondsOf(until) }, ':deliveryId': { S: deliveryId } }
  const claimed = await table.update(key, {
    update,
    condition: 'attribute_not_exists(#expires) OR #expires > :now',
    values: { ...values, ':now': { N: String(now / 1_000) } },
  })
  // An expired item that still exists must not be kept longer.
  if (claimed.kind === 'refused') await table.update(key, { update: `${update} REMOVE #receipts`, values })
}

function valuesOf(receipt: Receipt, until: number): Item {
  return {
    ':receipt': { SS: [canonical(receipt)] },
    ':expires': { N: secondsOf(until) },
    ':max': { N: String(RECEIPTS_MAX) },
  }
}

export function readReceipts(item: Item | undefined, now: number): readonly Receipt[] {
  if (item === undefined || Number(item.expires?.N) * 1_000 <= now) return []
  return (item.receipts?.SS ?? []).map(text => ({ ...NOTHING_ELSE, ...(JSON.parse(text) as Receipt) }))
}

/** The messages of a delivery: the one in its end, and those of the receipts that name it. */
export function messageIdsOf(endedWith: string | undefined, own: readonly Receipt[]): readonly string[] {
  const all = own.map(({ messageId }) => messageId)
  return [...new Set(endedWith === undefined ? all : [endedWith, ...all])]
}

/** Equal receipts have equal text. */
function canonical(receipt: Receipt): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(receipt).sort(([one], [other]) => (one < other ? -1 : 1))),
  )
}

const RECEIPTS_MAX = 200
const ONLY_WITH_ROOM = { condition: '(attribute_not_exists(#receipts) OR size(#receipts) < :max)' }
const NOTHING_ELSE = {
  deliveryId: undefined,
  isFinal: undefined,
  description: undefined,
  carrierName: undefined,
  price: undefined,
} as const
