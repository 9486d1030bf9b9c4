import type { DatabaseSync } from 'node:sqlite'
import {
  type RecordKey,
  type RecordTable,
  recordKeptMs,
  type StoredRecord,
} from '../../core/policy/credit/records-by-key.ts'

/** What the fraud rule knows of each caller, for use in a transaction: other processes change the same rows. */
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
  return {
    of: (caller: string, now: number): RecordTable => ({
      get: (key: RecordKey) => {
        const row = read.get(caller, key, now) as { readonly record: string } | undefined
        return row === undefined ? undefined : (JSON.parse(row.record) as StoredRecord) // written below
      },
      set: (key: RecordKey, record: StoredRecord) =>
        void write.run(caller, key, JSON.stringify(record), now + recordKeptMs(key)),
    }),
    forgetExpired: (now: number, max: number) => forget.run(now, max),
  }
}
