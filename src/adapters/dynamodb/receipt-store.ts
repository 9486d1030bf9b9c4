import type { DeliveryStore } from '../../core/records/delivery-store.ts'
import { foldReceipts } from '../../core/records/receipt.ts'
import { bookReceipt } from './credit-end.ts'
import { readDelivery } from './delivery-item.ts'
import { keys } from './keys.ts'
import { createPauses, waitFor } from './pauses.ts'
import { addReceipt } from './receipts.ts'
import type { DynamoStoreOptions } from './store-options.ts'
import { openTable } from './table.ts'

/** What the function for receipts uses of the store. */
export function openReceiptStore(options: DynamoStoreOptions): Pick<DeliveryStore, 'addReceipt'> {
  const { now, retention, pause = waitFor, random = Math.random } = options
  const { deliveriesMs, receiptsMs, strayReceiptsMs = receiptsMs } = retention
  const pauses = createPauses(pause, random)
  const table = openTable(options.call, options.table, pauses)
  return {
    addReceipt: async receipt => {
      const until = { known: now() + Math.max(deliveriesMs, receiptsMs), stray: now() + strayReceiptsMs }
      await addReceipt(table, receipt, { now: now(), until })
      if (receipt.deliveryId === undefined || foldReceipts([receipt])?.stage !== 'delivered') return
      // A receipt comes seconds after the end was written. Before that, the fraud rule does not learn of it.
      const delivery = readDelivery(await table.get(keys.delivery(receipt.deliveryId)), now(), deliveriesMs)
      if (delivery !== undefined) await bookReceipt(table, delivery, now(), pauses)
    },
  }
}
