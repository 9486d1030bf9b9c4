import type { DatabaseSync } from 'node:sqlite'

/**
 * One transaction that takes the write lock at once, so that what it reads stays true until it writes. Inside another
 * transaction, only its own changes are undone.
 */
export function allOrNone<T>(database: DatabaseSync, work: () => T): T {
  const [begin, commit, undo] = isInTransaction(database) ? NESTED : WHOLE
  database.exec(begin)
  try {
    const result = work()
    database.exec(commit)
    return result
  } catch (error) {
    // If the disk is full, SQLite has already rolled back. The first error is reported, even if the rollback fails.
    try {
      if (isInTransaction(database)) database.exec(undo)
    } catch {}
    throw error
  }
}

const WHOLE = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'] as const
const NESTED = ['SAVEPOINT part', 'RELEASE part', 'ROLLBACK TO part; RELEASE part'] as const

/** Whether a transaction is open. Node before 22.16 cannot report it; there, SQLite refuses a second BEGIN. */
export function isInTransaction(database: Pick<DatabaseSync, 'exec'> & Partial<DatabaseSync>): boolean {
  if (database.isTransaction !== undefined) return database.isTransaction
  try {
    database.exec('BEGIN; ROLLBACK')
    return false
  } catch {
    return true
  }
}
