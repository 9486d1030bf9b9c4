import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

/**
 * Moves the log of the database into the database, in a thread of its own: the move waits for the disk, and inside the
 * COMMIT that fills the log it would keep a sign-in waiting. PASSIVE never waits for anybody, but never lets the log begin
 * again while writing goes on; RESTART right after it does, and has little left to move by then.
 */
const port = parentPort
if (port === null) throw new Error('This file runs as a worker thread only')
const { path, reportBytes } = workerData as { readonly path: string; readonly reportBytes: number }
const EVERY_MS = 200
const RESTART_FRAMES = 1_000
const WAIT_MS = 50 // for readers of the log, at a restart; another one comes soon
const database = new DatabaseSync(path)
database.exec(`PRAGMA busy_timeout = ${WAIT_MS}`)
const passive = database.prepare('PRAGMA wal_checkpoint(PASSIVE)')
const restart = database.prepare('PRAGMA wal_checkpoint(RESTART)')
let reported = 0

const timer = setInterval(() => {
  try {
    const { log } = passive.get() as { readonly log: number }
    if (log > RESTART_FRAMES) restart.get()
  } catch {
    // A disk that is full or sick: the log grows, and that is reported.
  }
  const bytes = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
  if (bytes < reportBytes) reported = 0
  else if (bytes >= 2 * reported) {
    reported = bytes
    port.postMessage(bytes)
  }
}, EVERY_MS)

port.once('message', () => {
  clearInterval(timer)
  database.close()
  port.close()
})
