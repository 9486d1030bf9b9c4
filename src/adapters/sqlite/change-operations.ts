import type { DatabaseSync } from 'node:sqlite'
import type { ChangeQuery, LogEvent, LoggedChange, LoggedThing } from '../../core/policy/change-log.ts'
import type { Editor } from '../../core/policy/policy-store.ts'
import type { Retention } from '../../core/records/store.ts'

/** The log of changes. `logEvent` is part of the open transaction, if there is one. */
export function changeOperations(
  database: DatabaseSync,
  { deliveriesMs, changesMs = deliveriesMs }: Pick<Retention, 'deliveriesMs' | 'changesMs'>,
) {
  const logEvent = logEntries(database)
  const ENTRIES = 'SELECT * FROM changes WHERE sequence < :before AND at >= :since AND at > :expired'
  const all = database.prepare(`${ENTRIES} ORDER BY sequence DESC LIMIT :limit`)
  const ofOne = database.prepare(`${ENTRIES} AND what = :what ORDER BY sequence DESC LIMIT :limit`)
  const forget = database.prepare('DELETE FROM changes WHERE at <= ?')
  return {
    logEvent: (event: LogEvent, by: Editor): void => logEvent(event, by),
    listChanges: ({ limit, what, since = 0, before }: ChangeQuery, now: number): readonly LoggedChange[] => {
      const last = before === undefined ? Number.MAX_SAFE_INTEGER : Number(before)
      const range = { before: last, since, expired: now - changesMs, limit }
      return (what === undefined ? all.all(range) : ofOne.all({ ...range, what })).map(readEntry)
    },
    removeExpiredChanges: (now: number): void => void forget.run(now - changesMs),
  }
}

/** Writes an entry, as part of the open transaction. */
export function logEntries(database: DatabaseSync) {
  const add = database.prepare(
    'INSERT INTO changes (at, what, author, because, differences) VALUES (?, ?, ?, ?, ?)',
  )
  return (
    { what, differences }: Pick<LoggedChange, 'what' | 'differences'>,
    { at, author, because }: Editor,
  ): void => void add.run(at, what, author, because ?? null, JSON.stringify(differences))
}

// The table is STRICT and only this file writes it, so the types are those of the values written.
function readEntry(row: Record<string, unknown>): LoggedChange {
  return {
    position: String(row.sequence),
    at: row.at as number,
    what: row.what as LoggedThing,
    author: row.author as string,
    ...(row.because !== null && { because: row.because as string }),
    differences: JSON.parse(row.differences as string),
  }
}
