import { type DynamoStoreOptions, openDynamoStore } from '../../adapters/dynamodb/store.ts'
import { systemClock } from '../../adapters/node/system-clock.ts'
import type { Environment } from '../../config/environment.ts'
import { settingTable } from '../../config/setting-table.ts'
import { readSettings, type Settings } from '../../config/settings.ts'
import type { Store } from '../../core/records/store.ts'
import { retention } from '../server/retention.ts'
import { cannotStart } from './lambda-process.ts'

/** The store of a deployment, by the client that the program has chosen. */
export function openTable(settings: Settings, client: Pick<DynamoStoreOptions, 'call' | 'close'>): Store {
  const { table } = settings.store
  if (table === undefined)
    throw new Error(`${settingTable.store.table.name} is missing: the name of the DynamoDB table.`)
  return openDynamoStore({
    ...client,
    table,
    now: systemClock.now,
    retention: retention(settings.store),
    claimsMessages: settings.aws.receiptsFromEventBridge,
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

/** Most milliseconds for one try of a function's call of the table: far from normal beside it. */
export const ATTEMPT_MS = 500
