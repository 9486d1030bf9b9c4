import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { RefusedForm } from '../../core/records/stored-form.ts'
import { openDatabase } from './database.ts'
import { bringToForm } from './forms.ts'

const FIRST = 'CREATE TABLE policy_version (version INTEGER); INSERT INTO policy_version VALUES (7);'
const SECOND = 'ALTER TABLE policy_version ADD COLUMN note TEXT; UPDATE policy_version SET note = version;'

/** A database in memory of a release with these steps. */
function databaseOf(...steps: readonly string[]): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  if (steps.length > 0) bringToForm(database, 'hookline.db', steps)
  return database
}

const rows = (database: DatabaseSync): readonly object[] =>
  database
    .prepare('SELECT * FROM policy_version')
    .all()
    .map(row => ({ ...row }))

describe('a database of an earlier form', () => {
  it('gets the steps that it has not had, once', () => {
    const database = databaseOf(FIRST)
    for (let opening = 0; opening < 2; opening += 1) bringToForm(database, 'hookline.db', [FIRST, SECOND])
    assert.deepEqual(rows(database), [{ version: 7, note: '7' }])
  })

  it('stays as it was if a step fails, and is brought to its form by the next release', () => {
    const database = databaseOf(FIRST)
    const failing = `${SECOND} INSERT INTO nowhere VALUES (1);`
    assert.throws(() => bringToForm(database, 'hookline.db', [FIRST, failing]), /no such table: nowhere/)
    assert.deepEqual(rows(database), [{ version: 7 }])
    bringToForm(database, 'hookline.db', [FIRST, SECOND])
    assert.deepEqual(rows(database), [{ version: 7, note: '7' }])
  })
})

describe('a file that no release can use', () => {
  for (const [what, make, expected] of [
    [
      'of a newer release',
      database => bringToForm(database, '', [FIRST, ...Array<string>(98).fill('')]),
      /hookline\.db has form 99; this Hookline uses form \d+\. Nothing was changed\. A newer Hookline wrote it\. Install that one again, or restore a backup/,
    ],
    [
      'from before 0.1.0',
      database => database.exec(`${FIRST} PRAGMA user_version = 12`),
      /hookline\.db was written by a Hookline from before 0\.1\.0, which no release reads\. Nothing was changed\. Export .* Then move the data folder away, start again, and import them\./,
    ],
    [
      'of another program',
      database => database.exec('CREATE TABLE songs (title TEXT)'),
      /hookline\.db is a database of another program\. Nothing was changed\. Set HOOKLINE_DATA_DIR/,
    ],
    [
      'of another program that marks its files',
      database => database.exec(`${FIRST} PRAGMA application_id = 1; PRAGMA user_version = 1`),
      /another program/,
    ],
    [
      'with our mark and no form',
      database => {
        bringToForm(database, '', [FIRST])
        database.exec('PRAGMA user_version = 0')
      },
      /another program/,
    ],
  ] as readonly (readonly [string, (database: DatabaseSync) => void, RegExp])[])
    it(`is refused with what to do, and not a byte is changed: ${what}`, () => {
      using folder = temporaryFolder()
      const path = join(folder.path, 'hookline.db')
      const database = new DatabaseSync(path)
      make(database)
      database.close()
      const before = readFileSync(path)
      assert.throws(
        () => openDatabase(folder.path),
        error => error instanceof RefusedForm && expected.test(error.message),
      )
      assert.deepEqual(readFileSync(path), before)
    })

  it('is not one that is damaged: a server starts with the last policy then', () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'hookline.db'), 'no database'.repeat(1_000))
    assert.throws(
      () => openDatabase(folder.path),
      error => !(error instanceof RefusedForm) && /not a database/.test(String(error)),
    )
  })
})
