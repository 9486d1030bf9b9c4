import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { keys } from '../../src/adapters/dynamodb/keys.ts'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import { type Dynamo, openOn, startDynamo } from '../fixtures/dynamo.ts'
import { emptyTablesIn, loadDatabase, loadItems, schemaOf } from '../released/dumps.ts'
import { recordDay } from '../released/records.ts'
import { checkCounts, readDay, retention, startDay } from '../released/stored.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const RELEASED = join(import.meta.dirname, '..', 'released')
const versions = readdirSync(RELEASED)
  .filter(name => /^\d/.test(name))
  .toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))
const read = (version: string, name: string): string => readFileSync(join(RELEASED, version, name), 'utf8')
const DAY_ENDS_MS = 600_000

for (const version of versions)
  describe(`what Hookline ${version} stored`, () => {
    let dynamo: Dynamo
    before(async () => {
      dynamo = await startDynamo()
    })
    after(() => dynamo.close())

    it('is found in its SQLite file, which then has the schema of a new one', async () => {
      using folder = temporaryFolder()
      using fresh = temporaryFolder()
      loadDatabase(folder.path, read(version, 'sqlite.sql'))
      const clock = startDay()
      clock.pass(DAY_ENDS_MS)
      const store = await openSqliteStore(folder.path, clock.now, retention)
      assert.partialDeepStrictEqual(await readDay(store), JSON.parse(read(version, 'sqlite.json')))
      await checkCounts(store, clock)
      await store.close()
      await (await openSqliteStore(fresh.path, clock.now, retention)).close()
      assert.deepEqual(schemaOf(folder.path), schemaOf(fresh.path))
    })

    it('is found in its DynamoDB table', async () => {
      const table = await dynamo.createTable()
      await loadItems(dynamo.client, table, read(version, 'dynamodb.jsonl'))
      const clock = startDay()
      clock.pass(DAY_ENDS_MS)
      const store = await openOn(dynamo, { table, now: clock.now, retention, claimsMessages: true })
      assert.partialDeepStrictEqual(await readDay(store), JSON.parse(read(version, 'dynamodb.json')))
      await checkCounts(store, clock)
      await store.close()
    })
  })

describe('the newest record', () => {
  const newest = versions.at(-1) ?? assert.fail('there is no record')

  it('has a row of every table', () => {
    using folder = temporaryFolder()
    loadDatabase(folder.path, read(newest, 'sqlite.sql'))
    assert.deepEqual(emptyTablesIn(folder.path), [])
  })

  it('has an item of every kind', () => {
    const items = read(newest, 'dynamodb.jsonl')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    const names = items.map(({ pk, sk }) => `${pk.S} ${sk.S}`)
    const missing = Object.entries(KINDS).filter(([, kind]) => !names.some(name => kind.test(name)))
    assert.deepEqual(
      missing.map(([name]) => name),
      [],
    )
    const unknown = names.filter(name => !Object.values(KINDS).some(kind => kind.test(name)))
    assert.deepEqual(unknown, [])
  })

  it('is what this code stores: a change of a stored form has a number, a migration and a record', async () => {
    for (const [name, text] of await recordDay()) {
      const known = read(newest, name).split('\n')
      const lines = text.split('\n')
      const changed = lines.findIndex((line, index) => line !== known[index])
      const where = `test/released/${newest}/${name}, line ${changed + 1}`
      assert.equal(lines[changed], known[changed], `${where}: ${CHANGED}`)
      assert.equal(lines.length, known.length, `${where}: ${CHANGED}`)
    }
  })
})

/** The key of each kind of item; a kind that is missing does not compile. */
const KINDS: Readonly<Record<keyof typeof keys, RegExp>> = {
  number: /^number#\S+ sent$/,
  user: /^user#\S+ sent$/,
  delivery: /^delivery#\S+ delivery$/,
  receiptsOfDelivery: /^delivery#\S+ receipts$/,
  receiptsOfMessage: /^message#\S+ receipts$/,
  credit: /^credit#\S+#(?:org|phone#\S+|user#\S+|country#\S+|group#\S+) credit$/,
  figures: /^figures#\S+ \w+#\S+$/,
  routeSamples: /^samples \w\w\/\w+$/,
  counted: /^figures counted$/,
  unsettled: /^unsettled unsettled$/,
  probe: /^probe probe$/,
  policy: /^policy head$/,
  policyPiece: /^policy#\S+ \d{4}$/,
  policyChange: /^changes \d{10}#\S+#\d{4}$/,
  loggedEvent: /^changes#events \w+#\S+$/,
  templateVersion: /^template#\S+ \d{10}$/,
}

const CHANGED = `this code stores something else. If that is intended: where an older Hookline can read it, it needs a new record only (npm run record-forms, with a version that is not released); where it cannot, it needs a new form with a migration (docs/decisions/0021-what-0-1-0-promises.md).`
