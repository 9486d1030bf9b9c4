import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { accepted, DAY_MS, delivery, thirtyDays } from '../../../test/contracts/stores.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { databasePath } from './database.ts'
import { openOperations } from './operations.ts'
import { personOperations } from './person-operations.ts'

const NOW = 100 * DAY_MS
const ADA = { numberDigests: ['NUMBER-ada'], userDigests: ['USER-ada', 'LOGIN-ada'] }
const options = { retention: thirtyDays, hasCheckpoints: true }

/** Thousands of deliveries, of which every seventh is Ada's, each written twice, and Ada's of last year expired. */
function fill({ verbs }: ReturnType<typeof openOperations>): void {
  for (let index = 0; index < 2_000; index += 1) {
    const user = index % 7 === 0 ? 'ada' : `u${index % 50}`
    const opened = delivery({
      ...{ id: `id-${index}`, openedAt: NOW - 5_000_000 + index, duplicateKey: undefined },
      ...{ numberDigest: `NUMBER-${user}`, userDigest: `USER-${user}`, loginDigest: `LOGIN-${user}` },
    })
    const end = accepted(`message-${index}-${'x'.repeat(index % 90)}`)
    for (const written of [opened, { ...opened, end }]) verbs.settle(JSON.stringify(written), NOW)
  }
  verbs.removeExpired(NOW + 30 * DAY_MS - 4_999_000)
}
const filesWithAda = (folder: string): readonly string[] =>
  readdirSync(folder).filter(name =>
    /(USER|LOGIN|NUMBER)-ada/.test(readFileSync(join(folder, name), 'latin1')),
  )

describe('erasing a person from a SQLite file', () => {
  it('leaves no digest in any file, also of rows that were replaced or had expired, and keeps the others', () => {
    using folder = temporaryFolder()
    const operations = openOperations(folder.path, options)
    fill(operations)
    assert.notDeepEqual(filesWithAda(folder.path), [])
    operations.verbs.erasePerson(ADA, NOW)
    assert.equal(operations.verbs.rewriteFile(), undefined)
    assert.deepEqual(filesWithAda(folder.path), [])
    const left = operations.verbs.listDeliveries({ limit: 1_000 }, NOW)
    assert.equal(left.length, 1_000)
    operations.close()
  })

  it('says that another process is reading, and leaves nothing once that has ended', () => {
    using folder = temporaryFolder()
    const operations = openOperations(folder.path, options)
    fill(operations)
    const reader = new DatabaseSync(databasePath(folder.path), { readOnly: true })
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM deliveries').get()
    operations.verbs.erasePerson(ADA, NOW)
    const impatient = new DatabaseSync(databasePath(folder.path))
    const { rewriteFile } = personOperations(impatient, thirtyDays)
    assert.equal(rewriteFile(), 'another process is reading the log of the database')
    assert.notDeepEqual(filesWithAda(folder.path), [])
    reader.close()
    assert.equal(rewriteFile(), undefined)
    assert.deepEqual(filesWithAda(folder.path), [])
    impatient.close()
    operations.close()
  })
})
