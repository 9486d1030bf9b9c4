import type { DatabaseSync } from 'node:sqlite'

/**
 * One transaction that takes the write lock at once: what was read in it is still true when it writes. Inside another one
 * it is undone alone.
 */
export function allOrNone<T>(database: DatabaseSync, work: () => T): T {
  const [begin, commit, undo] = isInTransaction(database) ? NESTED : WHOLE
  database.exec(begin)
  try {
    const result = work()
    database.exec(commit)
    return result
  } catch (error) {
    // On a full disk SQLite has rolled back already. The first error is the one to report, whatever this does.
    try {
      if (isInTransaction(database)) database.exec(undo)
    } catch {}
    throw error
  }
}

const WHOLE = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'] as const
const NESTED = ['SAVEPOINT part', 'RELEASE part', 'ROLLBACK TO part; RELEASE part'] as const

/** Whether a transaction is open. Node before 22.16 does not know; there SQLite is asked, which refuses a second BEGIN. */
export function isInTransaction(database: Pick<DatabaseSync, 'exec'> & Partial<DatabaseSync>): boolean {
  if (database.isTransaction !== undefined) return database.isTransaction
  try {
    database.exec('BEGIN; ROLLBACK')
    return false
  } catch {
    return true
  }
}
