import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { isInTransaction } from './is-in-transaction.ts'

test('a Node that does not know whether a transaction is open finds out as one that knows, and changes nothing', () => {
  const database = new DatabaseSync(':memory:')
  const old = { exec: (sql: string) => database.exec(sql) }
  const answers = () => [isInTransaction(database), isInTransaction(old)]
  database.exec('CREATE TABLE t (n)')
  assert.deepEqual(answers(), [false, false])
  database.exec('BEGIN IMMEDIATE; INSERT INTO t VALUES (1)')
  assert.deepEqual(answers(), [true, true])
  database.exec('SAVEPOINT part; INSERT INTO t VALUES (2)')
  assert.deepEqual(answers(), [true, true])
  database.exec('RELEASE part; COMMIT')
  assert.deepEqual(answers(), [false, false])
  assert.equal(database.prepare('SELECT count(*) AS n FROM t').get()?.n, 2)
  database.close()
})
