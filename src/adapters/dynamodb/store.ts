import { randomUUID } from 'node:crypto'
import type { Store } from '../../core/records/store.ts'
import { openAnswerStore } from './answers.ts'
import { listChanges, logEvent } from './change-log.ts'
import { readFraudRecords } from './credit-records.ts'
import { readHourlyStats, readStats } from './figures.ts'
import { findDelivery } from './find-delivery.ts'
import { openFunctionStore } from './function-store.ts'
import { listDeliveries } from './list-deliveries.ts'
import { pageDeliveries } from './page-deliveries.ts'
import { createPauses, waitFor } from './pauses.ts'
import { personOperations } from './person.ts'
import { policyEdits } from './policy.ts'
import { openReceiptStore } from './receipt-store.ts'
import type { DynamoStoreOptions } from './store-options.ts'
import { openTable } from './table.ts'

/** The store of a deployment: one DynamoDB table (docs/decisions/0007). */
export function openDynamoStore(options: DynamoStoreOptions): Store {
  const { now, retention, pause = waitFor, random = Math.random } = options
  const { deliveriesMs, changesMs = deliveriesMs } = retention
  const pauses = createPauses(pause, random)
  const table = openTable(options.call, options.table, pauses)
  return {
    ...openFunctionStore(options),
    ...policyEdits(table, { now, newId: randomUUID, pauses, changesMs }),
    ...openAnswerStore(options),
    ...openReceiptStore(options),
    ...personOperations(table, { now, keptMs: deliveriesMs, pauses }),
    findDelivery: id => findDelivery(table, id, now(), deliveriesMs),
    listDeliveries: query => listDeliveries(table, query, now(), deliveriesMs),
    pageDeliveries: query => pageDeliveries(table, query, now(), deliveriesMs),
    readFraudRecords: (caller, code) => readFraudRecords(table, caller, code, now()),
    logEvent: (event, by) => logEvent(table, event, by, { id: randomUUID(), keptMs: changesMs }),
    listChanges: query => listChanges(table, query, now() - changesMs),
    readStats: query => readStats(table, query, now(), deliveriesMs),
    readHourlyStats: query => readHourlyStats(table, query, now(), deliveriesMs),
    removeExpired: async () => undefined, // the table's expiry does it
  }
}
