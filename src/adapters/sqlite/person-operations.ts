import type { DatabaseSync } from 'node:sqlite'
import type { RecordKey, StoredRecord } from '../../core/policy/credit/records-by-key.ts'
import {
  digestsOf,
  type Erased,
  isAbout,
  isOwnRecord,
  isUnderWay,
  type KeptAbout,
  type Person,
  recordWithout,
  valueWithout,
  wholePerson,
} from '../../core/records/person.ts'
import type { Retention } from '../../core/records/store.ts'
import { allOrNone } from './all-or-none.ts'
import { type Row, readDelivery } from './delivery-operations.ts'

/** What is kept about one person. Rows with digests inside JSON are found by their text: each digest is 43 characters. */
export function personOperations(database: DatabaseSync, { deliveriesMs }: Pick<Retention, 'deliveriesMs'>) {
  const names = database.prepare(
    `SELECT DISTINCT number_digest AS numberDigest, user_digest AS userDigest, login_digest AS loginDigest
     FROM deliveries WHERE opened_at > ?`,
  )
  const ofPerson = database.prepare(
    `SELECT * FROM deliveries WHERE opened_at > :since AND (number_digest IN (SELECT value FROM json_each(:numbers))
       OR user_digest IN (SELECT value FROM json_each(:users)) OR login_digest IN (SELECT value FROM json_each(:users)))
     ORDER BY sequence`,
  )
  const naming = (column: string): string =>
    `EXISTS (SELECT 1 FROM json_each(:digests) WHERE instr(${column}, value) > 0)`
  const recordsNaming = database.prepare(
    `SELECT caller, key, record, expires_at FROM fraud_records WHERE ${naming('fraud_records.key')} OR ${naming('fraud_records.record')}`,
  )
  const changesNaming = database.prepare(
    `SELECT sequence, differences FROM changes WHERE ${naming('changes.differences')}`,
  )
  const eraseReceipts = database.prepare(
    `DELETE FROM receipts WHERE delivery_id = :id OR message_id = :messageId
       OR message_id IN (SELECT message_id FROM receipts WHERE delivery_id = :id)`,
  )
  const eraseDelivery = database.prepare('DELETE FROM deliveries WHERE id = ?')
  const eraseRecord = database.prepare('DELETE FROM fraud_records WHERE caller = ? AND key = ?')
  const setRecord = database.prepare('UPDATE fraud_records SET record = ? WHERE caller = ? AND key = ?')
  const setDifferences = database.prepare('UPDATE changes SET differences = ? WHERE sequence = ?')

  const deliveriesOf = ({ numberDigests, userDigests }: Person, since: number) =>
    ofPerson
      .all({ since, numbers: JSON.stringify(numberDigests), users: JSON.stringify(userDigests) })
      .map(row => readDelivery(row as Row))
      .filter(delivery => isAbout(delivery, { numberDigests, userDigests }))
  const rowsNaming = (person: Person): readonly RecordRow[] =>
    recordsNaming.all({ digests: JSON.stringify(digestsOf(person)) }) as unknown as readonly RecordRow[]

  return {
    readPerson: (named: Person, now: number): KeptAbout =>
      allOrNone(database, () => {
        const known = (names.all(now - deliveriesMs) as unknown as readonly NamesRow[]).map(row => ({
          numberDigest: row.numberDigest,
          userDigest: row.userDigest ?? undefined,
          loginDigest: row.loginDigest ?? undefined,
        }))
        const person = wholePerson(named, known)
        return {
          person,
          deliveries: deliveriesOf(person, now - deliveriesMs),
          records: rowsNaming(person).flatMap(({ caller: org, key, record, expires_at }) =>
            expires_at > now && isOwnRecord(key, person) ? [{ org, key, record: JSON.parse(record) }] : [],
          ),
        }
      }),
    erasePerson: (person: Person, now: number): Erased =>
      allOrNone(database, () => {
        const own = deliveriesOf(person, 0)
        const erased = own.filter(delivery => !isUnderWay(delivery, now))
        for (const { id, end } of erased) {
          eraseReceipts.run({ id, messageId: end.state === 'accepted' ? end.messageId : null })
          eraseDelivery.run(id)
        }
        let [records, otherRecords, changes] = [0, 0, 0]
        for (const { caller, key, record: text } of rowsNaming(person)) {
          const record = JSON.parse(text) as StoredRecord // written by `fraud-records.ts`
          const rest = recordWithout(record, person)
          if (isOwnRecord(key, person)) {
            eraseRecord.run(caller, key)
            records += 1
          } else if (rest !== record) {
            setRecord.run(JSON.stringify(rest), caller, key)
            otherRecords += 1
          }
        }
        const digests = digestsOf(person)
        for (const row of changesNaming.all({ digests: JSON.stringify(digests) })) {
          const { sequence, differences } = row as { sequence: number; differences: string }
          setDifferences.run(JSON.stringify(valueWithout(JSON.parse(differences), digests)), sequence)
          changes += 1
        }
        const underWay = own.filter(delivery => isUnderWay(delivery, now)).map(({ id }) => id)
        return { deliveries: erased.length, records, otherRecords, changes, underWay }
      }),
    /**
     * Rows that were deleted or replaced stay in unused parts of the pages, and in the log: the whole file is written again,
     * and the log is emptied. Returns why not, if another process prevents it.
     */
    rewriteFile: (): string | undefined => {
      try {
        database.exec('VACUUM')
      } catch (error) {
        return `the database could not be rewritten: ${error instanceof Error ? error.message : String(error)}`
      }
      const { busy } = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number }
      return busy === 0 ? undefined : 'another process is reading the log of the database'
    },
  }
}

type NamesRow = {
  readonly numberDigest: string
  readonly userDigest: string | null
  readonly loginDigest: string | null
}
type RecordRow = {
  readonly caller: string
  readonly key: RecordKey
  readonly record: string
  readonly expires_at: number
}
