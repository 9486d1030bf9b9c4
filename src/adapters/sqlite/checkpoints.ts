import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { framesIn, logSizes } from './log-size.ts'

/**
 * Moves the log of the database into the database, in a separate thread: the move waits for the disk, and inside a
 * COMMIT it would delay a sign-in. PASSIVE waits for no reader or writer, but does not restart the log during writes.
 * RESTART, right after it, does, and has little left to move; but no one can write while it waits for the disk, so it
 * is used only for a long log. A log that was moved completely restarts with the next write anyway.
 */
const port = parentPort
if (port === null) throw new Error('This file runs as a worker thread only')
const { path, reportBytes } = workerData as { readonly path: string; readonly reportBytes: number }
const EVERY_MS = 200
const WAIT_MS = 5 // for readers of the log at a restart, while no one can write; the next restart is soon
const database = new DatabaseSync(path)
database.exec(`PRAGMA busy_timeout = ${WAIT_MS}`)
const passive = database.prepare('PRAGMA wal_checkpoint(PASSIVE)')
const restart = database.prepare('PRAGMA wal_checkpoint(RESTART)')
const restartFrames = framesIn(logSizes.restarts, database)
let reported = 0

const timer = setInterval(() => {
  try {
    const { log, checkpointed } = passive.get() as { readonly log: number; readonly checkpointed: number }
    // What is not moved is being read, and the restart would wait for that while no one can write.
    if (log > restartFrames && checkpointed === log) restart.get()
  } catch {
    // The disk is full or faulty: the log grows, which is reported.
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
