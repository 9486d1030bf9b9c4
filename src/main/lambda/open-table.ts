import { type DynamoStoreOptions, openDynamoStore } from '../../adapters/dynamodb/store.ts'
import { systemClock } from '../../adapters/node/system-clock.ts'
import type { Settings } from '../../config/settings.ts'
import { store as storeSettings } from '../../config/store-settings.ts'
import type { Store } from '../../core/records/store.ts'
import { retention } from '../server/retention.ts'

/** The store of a deployment, by the client that the program has chosen. */
export function openTable(
  { store, aws }: Pick<Settings, 'store' | 'aws'>,
  client: Pick<DynamoStoreOptions, 'call' | 'close'>,
): Store {
  const { table } = store
  if (table === undefined)
    throw new Error(`${storeSettings.table.name} is missing: the name of the DynamoDB table.`)
  return openDynamoStore({
    ...client,
    table,
    now: systemClock.now,
    retention: retention(store),
    claimsMessages: aws.receiptsFromEventBridge,
  })
}

/** Most milliseconds for one try of a function's call of the table, which usually takes a hundredth of it. */
export const ATTEMPT_MS = 500
