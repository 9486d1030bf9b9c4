import type { DatabaseSync } from 'node:sqlite'

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
