import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb'
import { route } from '../../../test/contracts/store.ts'
import { DAY_MS, thirtyDays } from '../../../test/contracts/stores.ts'
import { type Dynamo, itemsOf, openOn, startDynamo } from '../../../test/fixtures/dynamo.ts'
import type { Store } from '../../core/records/store.ts'

let dynamo: Dynamo
let table: string
let store: Store
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())
beforeEach(async () => {
  table = await dynamo.createTable()
  store = await open()
})
afterEach(async () => {
  dynamo.door = undefined
  await store.close()
})
const NOW = 5_000
const open = () =>
  openOn(dynamo, { table, now: () => NOW, retention: { ...thirtyDays, changesMs: 400 * DAY_MS } })
const save = (author: string, at: number, by = store) =>
  by.saveRoutes([route({ candidates: [{ identity: `pool-${author}` }] })], { author, at })
const authors = async () => (await store.listChanges({ limit: 100 })).map(({ author }) => author)
const items = async () => (await itemsOf(dynamo, table)).filter(({ pk }) => pk === 'changes')

describe('the log of changes in the table (docs/decisions/0017)', () => {
  it('is written before the change is in force', async () => {
    dynamo.calls.length = 0
    await save('ana', 1)
    const writes = dynamo.calls.filter(call => call.startsWith('UpdateItem'))
    assert.ok(writes.indexOf('UpdateItem changes') < writes.indexOf('UpdateItem policy'), String(writes))
    assert.deepEqual(
      (await items()).map(({ expires }) => expires),
      [String(Math.ceil((1 + 400 * DAY_MS) / 1_000))],
    )
  })

  it('prevents a change that it does not take', async () => {
    await save('ana', 1)
    dynamo.door = async call => (call === 'UpdateItem changes' ? 'cut' : 'in')
    await assert.rejects(save('ben', 2), /^Error: store: /)
    dynamo.door = undefined
    assert.deepEqual((await store.readPolicy())?.routes[0]?.candidates, [{ identity: 'pool-ana' }])
    assert.deepEqual(await authors(), ['ana'])
  })

  it('shows no change that was interrupted before the head moved, and those after it', async () => {
    await save('ana', 1)
    dynamo.door = async call => (call === 'UpdateItem policy' ? 'cut' : 'in')
    await assert.rejects(save('lost', 2), /^Error: store: /)
    dynamo.door = undefined
    assert.equal((await items()).length, 2, 'the entry is there')
    assert.deepEqual(await authors(), ['ana'])
    await save('cid', 3)
    assert.deepEqual(await authors(), ['cid', 'ana'])
  })

  for (const lost of ['changes', 'policy']) {
    it(`has a change once if the answer of ${lost} is lost and the call is repeated`, async () => {
      await save('ana', 1)
      let isFirst = true
      dynamo.door = async call => {
        if (call !== `UpdateItem ${lost}` || !isFirst) return 'in'
        isFirst = false
        return 'answer lost'
      }
      await save('ben', 2)
      assert.deepEqual(await authors(), ['ben', 'ana'])
    })
  }

  it('has each of two changes once that wanted the same version, in the order in which they came into force', async () => {
    const other = await open()
    let isFirst = true
    dynamo.door = async call => {
      if (call !== 'UpdateItem policy' || !isFirst) return 'in'
      isFirst = false
      await save('faster', 1, other) // after ana's entry, before her head
      return 'in'
    }
    await save('ana', 2)
    assert.equal((await items()).length, 3, 'ana wrote an entry for each attempt')
    assert.deepEqual(await authors(), ['ana', 'faster'])
    await other.close()
  })

  it('goes on in a table from before it was kept', async () => {
    await save('unlogged', 1)
    for (const { pk, sk } of await items()) {
      const Key = { pk: { S: String(pk) }, sk: { S: String(sk) } }
      await dynamo.client.send(new DeleteItemCommand({ TableName: table, Key }))
    }
    await save('ana', 2)
    assert.deepEqual(await authors(), ['ana'])
  })

  it('costs one read of the head and one of the log for a page', async () => {
    for (let at = 1; at <= 20; at += 1) await save(`editor ${at}`, at)
    dynamo.calls.length = 0
    const page = await store.listChanges({ limit: 20, what: 'routes' })
    assert.equal(page.length, 20)
    assert.deepEqual(dynamo.calls, ['GetItem policy', 'Query'])
  })
})
