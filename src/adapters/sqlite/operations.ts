import type { Retention } from '../../core/records/store.ts'
import { messageOf } from '../../core/values/printable.ts'
import { allOrNone, isInTransaction } from './all-or-none.ts'
import { changeOperations } from './change-operations.ts'
import { databasePath, openDatabase, watchPlace } from './database.ts'
import { deliveryOperations } from './delivery-operations.ts'
import { formWatch } from './forms.ts'
import { framesIn, logSizes } from './log-size.ts'
import { pageOperations } from './page-operations.ts'
import { personOperations } from './person-operations.ts'
import { policyOperations } from './policy-operations.ts'
import { templateOperations } from './template-operations.ts'

/** The store's operations, synchronous: they run in the worker thread. */
export type Operations = ReturnType<typeof openOperations>['verbs']

/** A queued operation, and its result. */
export type Call = { readonly id: number; readonly verb: keyof Operations; readonly args: readonly unknown[] }
export type EndOfCall = { readonly id: number; readonly result?: unknown; readonly error?: string }

export type OperationsOptions = {
  readonly retention: Retention
  /**
   * Whether another thread moves the log into the database. Without one, the COMMIT that adds the 1,000th frame moves
   * it.
   */
  readonly hasCheckpoints: boolean
}

export function openOperations(dataFolder: string, options: OperationsOptions) {
  const database = openDatabase(dataFolder)
  if (options.hasCheckpoints)
    database.exec(`PRAGMA wal_autocheckpoint = ${framesIn(logSizes.movedByCommit, database)}`)
  const checkForm = formWatch(database, databasePath(dataFolder))
  const probe = database.prepare('INSERT OR REPLACE INTO probe (id, at) VALUES (1, ?)')
  const changes = changeOperations(database, options.retention)
  const deliveries = deliveryOperations(database, options.retention)
  const verbs = {
    ...policyOperations(database),
    ...templateOperations(database),
    ...changes,
    ...deliveries,
    // Both take JSON.
    admit: (opening: string, now: number) => deliveries.admit(JSON.parse(opening), now),
    settle: (delivery: string, now: number) => deliveries.settle(JSON.parse(delivery), now),
    ...pageOperations(database, options.retention),
    ...personOperations(database, options.retention),
    removeExpired: (now: number): boolean => {
      changes.removeExpiredChanges(now)
      return deliveries.removeExpired(now)
    },
    checkWritable: (now: number): void => void probe.run(now),
  }
  const run = ({ id, verb, args }: Call): EndOfCall => {
    try {
      checkForm()
      return { id, result: (verbs[verb] as (...args: readonly unknown[]) => unknown)(...args) }
    } catch (error) {
      return { id, error: messageOf(error) }
    }
  }
  return {
    verbs,
    /**
     * Performs each call completely or not at all. Several share one transaction, because taking the lock costs more
     * than most calls; long reads run outside it, because other processes wait for the lock.
     */
    runAll: (all: readonly Call[]): readonly EndOfCall[] => {
      const read = all.filter(({ verb }) => ALONE.includes(verb)).map(run)
      const calls = all.filter(({ verb }) => !ALONE.includes(verb))
      if (calls.length < 2) return [...read, ...calls.map(run)]
      try {
        const done = allOrNone(database, () =>
          calls.map(call => {
            const end = run(call)
            if (isInTransaction(database)) return end
            throw new Error(end.error) // if the disk is full, SQLite has undone them all
          }),
        )
        return [...read, ...done]
      } catch (error) {
        return [...read, ...calls.map(({ id }) => ({ id, error: messageOf(error) }))]
      }
    },
    wasMoved: watchPlace(dataFolder),
    close: (): void => database.close(),
  }
}

/** Reads take milliseconds, and change nothing. A file is rewritten in no transaction. */
const ALONE: readonly (keyof Operations)[] = [
  'listDeliveries',
  'pageDeliveries',
  'readStats',
  'listChanges',
  'readPerson',
  'rewriteFile',
]
