import { checkInPlace, openDatabase } from './database.ts'
import { deliveryOperations } from './delivery-operations.ts'
import { policyOperations } from './policy-operations.ts'

/** The store's verbs, synchronous: they run in the worker thread. */
export type Operations = ReturnType<typeof openOperations>

export function openOperations(dataFolder: string) {
  const database = openDatabase(dataFolder)
  return {
    ...policyOperations(database),
    ...deliveryOperations(database),
    checkInPlace: checkInPlace(dataFolder),
    close: (): void => database.close(),
  }
}
