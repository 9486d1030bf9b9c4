import type { DatabaseSync } from 'node:sqlite'

/**
 * The sizes of the write-ahead log, in bytes. No one can write while a log restarts, because SQLite then waits for the
 * disk. So it restarts seldom: at full load about once in a thousand codes.
 */
export const logSizes = {
  /** The thread for checkpoints restarts a longer log. One that was moved completely restarts with the next write anyway. */
  restarts: 14 * 1024 * 1024,
  /** If that thread cannot run, the COMMIT that exceeds this size moves the log. */
  movedByCommit: 22 * 1024 * 1024,
  /** A longer log is truncated to this size when it restarts. Under load it is shorter: to extend it takes longer. */
  kept: 24 * 1024 * 1024,
} as const

/** How many frames a log of this size has: pages of the database, each with a header of 24 bytes. */
export function framesIn(bytes: number, database: DatabaseSync): number {
  const { page_size: pageBytes } = database.prepare('PRAGMA page_size').get() as { page_size: number }
  return Math.floor(bytes / (pageBytes + 24))
}
