import type { DatabaseSync } from 'node:sqlite'

/** One transaction that takes the write lock at once: what was read in it is still true when it writes. */
export function allOrNone<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // On a full disk SQLite has rolled back already. Whatever becomes of this, what went wrong first must be told.
    try {
      if (database.isTransaction) database.exec('ROLLBACK')
    } catch {}
    throw error
  }
}
