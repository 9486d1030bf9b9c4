import type { Retention } from '../../core/records/store.ts'
import { openDatabase, watchPlace } from './database.ts'
import { deliveryOperations } from './delivery-operations.ts'
import { policyOperations } from './policy-operations.ts'
import { templateOperations } from './template-operations.ts'

/** The store's verbs, synchronous: they run in the worker thread. */
export type Operations = ReturnType<typeof openOperations>

export function openOperations(dataFolder: string, retention: Retention) {
  const database = openDatabase(dataFolder)
  const probe = database.prepare('INSERT OR REPLACE INTO probe (id, at) VALUES (1, ?)')
  return {
    ...policyOperations(database),
    ...templateOperations(database),
    ...deliveryOperations(database, retention),
    checkWritable: (now: number): void => void probe.run(now),
    wasMoved: watchPlace(dataFolder),
    close: (): void => database.close(),
  }
}
