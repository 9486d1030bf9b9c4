import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, test } from 'node:test'
import { allOrNone, isInTransaction } from './all-or-none.ts'

function withTable(): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE kept (text TEXT)')
  return database
}

describe('a transaction that fails', () => {
  it('reports the first error, even if SQLite has already rolled back because the disk is full', () => {
    const database = withTable()
    database.exec('PRAGMA max_page_count = 10')
    const fill = () =>
      allOrNone(database, () => {
        database.exec('INSERT INTO kept VALUES (zeroblob(1000000))')
      })
    assert.throws(fill, /^Error: database or disk is full$/)
    assert.equal(isInTransaction(database), false)
  })

  it('reports the first error, even if the transaction was rolled back inside', () => {
    const database = withTable()
    const fail = () =>
      allOrNone(database, () => {
        database.exec("INSERT INTO kept VALUES ('a'); ROLLBACK")
        throw new Error('what went wrong')
      })
    assert.throws(fail, /^Error: what went wrong$/)
  })

  it('leaves nothing behind, and the next transaction works', () => {
    const database = withTable()
    assert.throws(() =>
      allOrNone(database, () => {
        database.exec("INSERT INTO kept VALUES ('a')")
        throw new Error('no')
      }),
    )
    allOrNone(database, () => database.exec("INSERT INTO kept VALUES ('b')"))
    assert.deepEqual(
      database
        .prepare('SELECT text FROM kept')
        .all()
        .map(({ text }) => text),
      ['b'],
    )
  })
})

test('a Node that cannot report an open transaction detects it without changing anything', () => {
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
