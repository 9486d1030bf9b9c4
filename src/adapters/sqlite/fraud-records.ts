import type { DatabaseSync } from 'node:sqlite'
import {
  type RecordKey,
  type RecordTable,
  recordKeptMs,
  type StoredRecord,
} from '../../core/policy/credit/records-by-key.ts'

/**
 * What the fraud rule knows of each caller, for use in a transaction: other processes change the same rows. The votes of an
 * org and of its countries, which are long and seldom change, have rows of their own.
 */
export function fraudRecords(database: DatabaseSync) {
  const read = database.prepare(
    'SELECT record FROM fraud_records WHERE caller = ? AND key = ? AND expires_at > ?',
  )
  const write = database.prepare(
    `INSERT INTO fraud_records (caller, key, record, expires_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (caller, key) DO UPDATE SET record = excluded.record, expires_at = excluded.expires_at`,
  )
  const forget = database.prepare(
    `DELETE FROM fraud_records WHERE (caller, key) IN
       (SELECT caller, key FROM fraud_records WHERE expires_at <= ? LIMIT ?)`,
  )
  const textIn = (caller: string, key: string, now: number): string | undefined =>
    (read.get(caller, key, now) as { readonly record: string } | undefined)?.record

  /** Votes by caller and key, as this process read or wrote them last: their text is compared, not parsed again. */
  const known = new Map<string, { readonly text: string; readonly votes: Votes }>()
  const remember = (name: string, text: string, votes: Votes): Votes => {
    if (known.size >= KNOWN_MAX) known.clear()
    known.set(name, { text, votes })
    return votes
  }
  const readVotes = (caller: string, key: RecordKey, now: number): Votes => {
    const text = textIn(caller, votesOf(key), now)
    if (text === undefined) return []
    const name = `${caller} ${key}`
    const last = known.get(name)
    return last?.text === text ? last.votes : remember(name, text, JSON.parse(text) as Votes)
  }

  return {
    /** For one transaction. A record is written only if it differs from what was read. */
    of: (caller: string, now: number): RecordTable => {
      const texts = new Map<RecordKey, string>()
      return {
        get: (key: RecordKey) => {
          const text = textIn(caller, key, now)
          if (text === undefined) return undefined
          texts.set(key, text)
          const record = JSON.parse(text) as StoredRecord // written below
          return hasVotes(key) ? ({ ...record, votes: readVotes(caller, key, now) } as StoredRecord) : record
        },
        set: (key: RecordKey, record: StoredRecord) => {
          const { votes, ...rest } = 'votes' in record ? record : { ...record, votes: undefined }
          const expiresAt = now + recordKeptMs(key)
          const text = JSON.stringify(rest)
          const name = `${caller} ${key}`
          const hasNewVotes = votes !== undefined && known.get(name)?.votes !== votes
          if (!hasNewVotes && text === texts.get(key)) return
          write.run(caller, key, text, expiresAt)
          texts.set(key, text)
          if (!hasNewVotes) return
          const votesText = JSON.stringify(votes)
          write.run(caller, votesOf(key), votesText, expiresAt)
          remember(name, votesText, votes)
        },
      }
    },
    forgetExpired: (now: number, max: number) => forget.run(now, max),
  }
}

type Votes = Extract<StoredRecord, { readonly votes: unknown }>['votes']

function hasVotes(key: RecordKey): boolean {
  return key === 'org' || key.startsWith('country#')
}

function votesOf(key: RecordKey): string {
  return `votes of ${key}`
}

const KNOWN_MAX = 200
