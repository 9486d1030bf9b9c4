import { openDynamoStore } from '../../adapters/dynamodb/store.ts'
import { systemClock } from '../../adapters/node/system-clock.ts'
import type { Environment } from '../../config/environment.ts'
import { settingTable } from '../../config/setting-table.ts'
import { readSettings, type Settings } from '../../config/settings.ts'
import type { Store } from '../../core/records/store.ts'
import { retention } from '../server/retention.ts'
import { cannotStart } from './lambda-process.ts'

/** The store of a deployment. `attemptMs`: most milliseconds for one try of a call; from afar a function's own are too few. */
export function openTable(settings: Settings, attemptMs?: number): Store {
  const { table } = settings.store
  if (table === undefined)
    throw new Error(`${settingTable.store.table.name} is missing: the name of the DynamoDB table.`)
  return openDynamoStore({
    table,
    region: settings.aws.region,
    now: systemClock.now,
    retention: retention(settings.store),
    claimsMessages: settings.aws.receiptsFromEventBridge,
    ...(attemptMs !== undefined && { attemptMs }),
  })
}

/** A function's settings. All that is wrong is thrown at once: the function does not start. */
export function readLambdaSettings(
  environment: Environment,
  missing: (settings: Settings) => readonly string[] = () => [],
): Settings {
  const read = readSettings(environment)
  const problems = read.kind === 'problems' ? read.problems : missing(read.settings)
  if (read.kind === 'settings' && problems.length === 0) return read.settings
  throw cannotStart(problems)
}
