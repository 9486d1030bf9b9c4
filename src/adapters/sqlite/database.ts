import { chmodSync, closeSync, existsSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { bringToForm, refuseOtherForm } from './forms.ts'
import { logSizes } from './log-size.ts'

/**
 * Opens `<dataFolder>/hookline.db`, creates both if they do not exist, and brings the file to the form of this release.
 * Throws `RefusedForm` if it cannot; the file is then as it was.
 */
export function openDatabase(dataFolder: string): DatabaseSync {
  makeFolder(dataFolder)
  makePrivate(dataFolder)
  const path = databasePath(dataFolder)
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}`) // Node 22.13 does not have the option `timeout`
  refuseOtherForm(database, path) // before anything is written to it
  database.exec(`PRAGMA page_size = ${PAGE_BYTES}`) // only of a new file
  // WAL: readers and the writer do not wait for each other. NORMAL: a killed process loses nothing.
  turnOnWal(database)
  database.exec('PRAGMA synchronous = NORMAL')
  database.exec(`PRAGMA journal_size_limit = ${logSizes.kept}`)
  bringToForm(database, path)
  return database
}

/** With those above it. Node's own way never returns where a link leads to nothing, such as a disk that is not mounted. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (existsSync(path)) return // another process has just made it
    throw (error as NodeJS.ErrnoException).code === 'EEXIST'
      ? new Error(`${path} is a link to nothing`, { cause: error })
      : error
  }
}

export function databasePath(dataFolder: string): string {
  return join(dataFolder, FILE)
}

/** Readable only by its owner, even if it existed before. SQLite gives its other files the mode of the database. */
function makePrivate(dataFolder: string): void {
  try {
    closeSync(openSync(join(dataFolder, FILE), 'a', 0o600))
    for (const name of ['', '-wal', '-shm'].map(suffix => join(dataFolder, `${FILE}${suffix}`)))
      if (existsSync(name)) chmodSync(name, 0o600)
  } catch {
    // A faulty disk, or a file of another owner: SQLite reports what it cannot do.
  }
}

/**
 * True if the file is no longer the one that was opened. SQLite would silently continue to write into the removed file,
 * and everything would be lost. The old log is then removed, because SQLite would write its content into the new file.
 */
export function watchPlace(dataFolder: string): () => boolean {
  const path = databasePath(dataFolder)
  const identityOf = (name: string): string | undefined => {
    const found = statSync(name, { throwIfNoEntry: false })
    return found && `${found.dev} ${found.ino}`
  }
  const opened = identityOf(path)
  const log = identityOf(`${path}-wal`)
  return () => {
    if (identityOf(path) === opened) return false
    if (log !== undefined && identityOf(`${path}-wal`) === log) {
      for (const name of [`${path}-wal`, `${path}-shm`]) rmSync(name, { force: true })
    }
    return true
  }
}

/** Two processes that turn WAL on at the same moment fail with SQLITE_BUSY despite the timeout: try again. */
function turnOnWal(database: DatabaseSync): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (attempt === 20) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25)
    }
  }
}

const FILE = 'hookline.db'
const LOCK_WAIT_MS = 5_000
/**
 * Half of SQLite's default. Each code changes a dozen pages, nearly all of them by one short row, and every changed page is
 * written to the log and later to the file.
 */
const PAGE_BYTES = 2_048
