import { DatabaseSync } from 'node:sqlite'
import { databasePath } from './database.ts'

/**
 * Writes a complete, consistent copy of the database in a data folder to a file, while other processes read and write
 * it. The copy has the state at its start, and is one file without a log. Throws if there is no database, if the file
 * exists, or if the copy fails SQLite's own check.
 */
export function backUp(dataFolder: string, file: string): void {
  const database = new DatabaseSync(databasePath(dataFolder), { readOnly: true })
  try {
    database.exec(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}`)
    database.prepare('VACUUM INTO ?').run(file)
  } finally {
    database.close()
  }
  const copy = new DatabaseSync(file, { readOnly: true })
  try {
    const { quick_check: found } = copy.prepare('PRAGMA quick_check(1)').get() as { quick_check: string }
    if (found !== 'ok') throw new Error(`the copy is damaged: ${found}`)
  } finally {
    copy.close()
  }
}

const LOCK_WAIT_MS = 5_000
