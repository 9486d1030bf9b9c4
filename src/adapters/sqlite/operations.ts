import type { Retention } from '../../core/records/store.ts'
import { messageOf } from '../../core/values/printable.ts'
import { allOrNone, isInTransaction } from './all-or-none.ts'
import { openDatabase, watchPlace } from './database.ts'
import { deliveryOperations } from './delivery-operations.ts'
import { policyOperations } from './policy-operations.ts'
import { templateOperations } from './template-operations.ts'

/** The store's verbs, synchronous: they run in the worker thread. */
export type Operations = ReturnType<typeof openOperations>['verbs']

/** A verb that waits to be done, and how it ended. */
export type Call = { readonly id: number; readonly verb: keyof Operations; readonly args: readonly unknown[] }
export type EndOfCall = { readonly id: number; readonly result?: unknown; readonly error?: string }

export type OperationsOptions = {
  readonly retention: Retention
  /** Whether another thread moves the log into the database. Without one, the COMMIT that adds the 1,000th frame does. */
  readonly hasCheckpoints: boolean
}

export function openOperations(dataFolder: string, options: OperationsOptions) {
  const database = openDatabase(dataFolder)
  if (options.hasCheckpoints) database.exec(`PRAGMA wal_autocheckpoint = ${FRAMES_MAX}`)
  const probe = database.prepare('INSERT OR REPLACE INTO probe (id, at) VALUES (1, ?)')
  const verbs = {
    ...policyOperations(database),
    ...templateOperations(database),
    ...deliveryOperations(database, options.retention),
    checkWritable: (now: number): void => void probe.run(now),
  }
  const run = ({ id, verb, args }: Call): EndOfCall => {
    try {
      return { id, result: (verbs[verb] as (...args: readonly unknown[]) => unknown)(...args) }
    } catch (error) {
      return { id, error: messageOf(error) }
    }
  }
  return {
    verbs,
    /** Does each call, all or none of it. Several share one transaction: taking the lock costs more than most of them. */
    runAll: (calls: readonly Call[]): readonly EndOfCall[] => {
      if (calls.length < 2) return calls.map(run)
      try {
        return allOrNone(database, () =>
          calls.map(call => {
            const end = run(call)
            if (isInTransaction(database)) return end
            throw new Error(end.error) // on a full disk SQLite has undone them all
          }),
        )
      } catch (error) {
        return calls.map(({ id }) => ({ id, error: messageOf(error) }))
      }
    },
    wasMoved: watchPlace(dataFolder),
    close: (): void => database.close(),
  }
}

/** About 20 MB. The other thread keeps the log at a fifth of it; where it gets no turn, the COMMIT that adds this frame moves it. */
const FRAMES_MAX = 5_000
