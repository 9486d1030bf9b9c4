import { answeredAt } from '../../core/records/answer.ts'
import type { Delivery, FollowedDelivery } from '../../core/records/delivery.ts'
import { foldReceipts, type Receipt } from '../../core/records/receipt.ts'
import { readAnsweredAt } from './answers.ts'
import { readDelivery } from './delivery-item.ts'
import { entryOf, keys } from './keys.ts'
import { messageIdsOf, readReceipts } from './receipts.ts'
import type { Item, Table } from './table.ts'

/** One delivery that has an item, with what its receipts and answers show, as it is now. */
export async function findDelivery(
  table: Table,
  id: string,
  now: number,
  keptMs: number,
): Promise<FollowedDelivery | undefined> {
  const items: Item[] = []
  const { pk } = keys.delivery(id)
  for await (const page of table.query('#pk = :pk', { ':pk': { S: pk } })) items.push(...page)
  const delivery = readDelivery(itemOf(items, keys.delivery(id)), now, keptMs)
  if (delivery === undefined) return undefined
  const beside = itemOf(items, keys.receiptsOfDelivery(id))
  const own = readReceipts(beside, now)
  const ofMessages = await Promise.all(
    messagesOf(delivery, own).map(messageId => table.get(keys.receiptsOfMessage(messageId))),
  )
  const others = ofMessages.flatMap(item => readReceipts(item, now))
  return follow(delivery, [...own, ...others], beside)
}

/**
 * Several deliveries, in the order of their entries, without those that no longer exist. Unless `isConsistent`, as they were
 * a moment ago, which is enough for lists.
 */
export async function findDeliveries(
  table: Table,
  ids: readonly string[],
  now: number,
  keptMs: number,
  isConsistent = false,
): Promise<readonly (FollowedDelivery & { readonly position: string })[]> {
  const items = await table.getMany(
    ids.flatMap(id => [keys.delivery(id), keys.receiptsOfDelivery(id)]),
    isConsistent,
  )
  return followDeliveries(table, ids, items, now, keptMs, isConsistent)
}

/** The same, from their items and those of their receipts. */
export async function followDeliveries(
  table: Table,
  ids: readonly string[],
  read: readonly Item[],
  now: number,
  keptMs: number,
  isConsistent = false,
): Promise<readonly (FollowedDelivery & { readonly position: string })[]> {
  const items = byKey(read)
  const found = ids.flatMap(id => {
    const delivery = readDelivery(items.get(textOf(keys.delivery(id))), now, keptMs)
    if (delivery === undefined) return []
    const beside = items.get(textOf(keys.receiptsOfDelivery(id)))
    const own = readReceipts(beside, now)
    return [{ delivery, beside, own, messageIds: messagesOf(delivery, own) }]
  })
  const messageIds = new Set(found.flatMap(each => each.messageIds))
  const ofMessages = byKey(await table.getMany([...messageIds].map(keys.receiptsOfMessage), isConsistent))
  return found.map(({ delivery, beside, own, messageIds: ids }) => {
    const others = ids.flatMap(id => readReceipts(ofMessages.get(textOf(keys.receiptsOfMessage(id))), now))
    return { ...follow(delivery, [...own, ...others], beside), position: entryOf(delivery) }
  })
}

function messagesOf({ end }: Delivery, own: readonly Receipt[]): readonly string[] {
  return messageIdsOf(end.state === 'accepted' ? end.messageId : undefined, own)
}

/** `beside`: the item with its receipts. */
function follow(
  delivery: Delivery,
  receipts: readonly Receipt[],
  beside: Item | undefined,
): FollowedDelivery {
  return {
    ...delivery,
    progress: foldReceipts(receipts),
    answered: answeredAt(delivery, readAnsweredAt(beside)),
  }
}

type KeyText = { readonly pk: string; readonly sk: string }

function itemOf(items: readonly Item[], key: KeyText): Item | undefined {
  return byKey(items).get(textOf(key))
}

function byKey(items: readonly Item[]): ReadonlyMap<string, Item> {
  return new Map(items.map(item => [textOf({ pk: item.pk?.S ?? '', sk: item.sk?.S ?? '' }), item]))
}

function textOf({ pk, sk }: KeyText): string {
  return `${pk} ${sk}`
}
