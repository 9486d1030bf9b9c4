import type { DeliveryStore } from '../../core/records/delivery-store.ts'
import { pageDeliveries } from './page-deliveries.ts'
import { createPauses, waitFor } from './pauses.ts'
import type { DynamoStoreOptions } from './store-options.ts'
import { openTable } from './table.ts'

/** What the function for canaries uses of the store. */
export function openCanaryStore(options: DynamoStoreOptions): Pick<DeliveryStore, 'pageDeliveries'> {
  const { now, retention, pause = waitFor, random = Math.random } = options
  const table = openTable(options.call, options.table, createPauses(pause, random))
  return { pageDeliveries: query => pageDeliveries(table, query, now(), retention.deliveriesMs) }
}
