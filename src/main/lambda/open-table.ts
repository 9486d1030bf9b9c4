import { openDynamoStore } from '../../adapters/dynamodb/store.ts'
import { systemClock } from '../../adapters/node/system-clock.ts'
import type { Settings } from '../../config/settings.ts'
import type { Store } from '../../core/records/store.ts'
import { retention } from '../server/retention.ts'

/** The store of a deployment. `attemptMs`: most milliseconds for one try of a call; from afar a function's own are too few. */
export function openTable(settings: Settings, attemptMs?: number): Store {
  const { HOOKLINE_TABLE: table, AWS_REGION: region } = settings
  if (table === undefined) throw new Error('HOOKLINE_TABLE is missing: the name of the DynamoDB table.')
  return openDynamoStore({
    table,
    region,
    now: systemClock.now,
    retention: retention(settings),
    claimsMessages: settings.HOOKLINE_RECEIPTS_FROM_EVENTBRIDGE === 'true',
    ...(attemptMs !== undefined && { attemptMs }),
  })
}
