import { DatabaseSync } from 'node:sqlite'
import { databasePath } from './database.ts'

/**
 * Writes a whole, consistent copy of the database of a data folder to a file, while other processes read and write it: the state
 * at the moment in which it begins. The copy is one file without a log beside it. Throws where there is no database, where
 * the file exists, and where the copy does not pass SQLite's own check.
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
