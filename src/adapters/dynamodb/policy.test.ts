import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { editor, readPolicy, route, template } from '../../../test/contracts/store.ts'
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
  dynamo.calls.length = 0
})
afterEach(async () => {
  dynamo.door = undefined
  await store.close()
})
const open = () => openOn(dynamo, { table, now: () => 5_000, retention: thirtyDays })
const contents = async () =>
  (await itemsOf(dynamo, table)).filter(({ pk }) => String(pk).startsWith('policy#'))

describe('the policy in the table', () => {
  it('is read with one call if nothing changed, otherwise with two', async () => {
    await store.saveTemplates([template()], editor)
    const { version } = await readPolicy(store)
    dynamo.calls.length = 0
    assert.equal(await store.readPolicy(version), undefined)
    assert.deepEqual(dynamo.calls.splice(0), ['GetItem policy'])
    assert.equal((await store.readPolicy(version - 1))?.version, version)
    assert.deepEqual(dynamo.calls, ['GetItem policy', 'Query'])
  })

  it('is not changed once a newer Hookline has changed the form of the table, whenever that was', async () => {
    await store.saveTemplates([template({ text: 'before' })], editor)
    const setForm = (form: string) =>
      dynamo.client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { pk: { S: 'policy' }, sk: { S: 'head' } },
          UpdateExpression: 'SET #form = :form',
          ExpressionAttributeNames: { '#form': 'form' },
          ExpressionAttributeValues: { ':form': { N: form } },
        }),
      )
    await setForm('2')
    const refused = /^RefusedForm: The table has form 2; this Hookline uses form 1\./
    await assert.rejects(store.saveRoutes([route()], editor), refused)
    await setForm('1')
    // In the middle of a change: between its reads and the head that it moves.
    let isFirst = true
    dynamo.door = async call => {
      if (isFirst && call === 'UpdateItem policy') {
        isFirst = false
        await setForm('2')
      }
      return 'in'
    }
    await assert.rejects(store.saveRoutes([route()], editor), refused)
    assert.deepEqual((await readPolicy(store)).routes, [])
  })

  it('may be larger than an item, in any characters', async () => {
    const texts = Array.from({ length: 150 }, (_, index) =>
      template({ locale: `en-${100 + index}`, text: '😀x'.repeat(1_500) }),
    )
    await store.saveTemplates(texts, editor)
    assert.ok((await contents()).length > 3)
    assert.deepEqual(
      (await readPolicy(store)).templates.map(({ version, ...text }) => text),
      texts,
    )
  })

  it('keeps the previous content for a day, for processes that are reading it, and then lets it expire', async () => {
    await store.saveTemplates([template()], editor)
    await store.saveRoutes([route()], editor)
    const expiries = (await contents()).map(({ expires }) => expires)
    assert.deepEqual(expiries.toSorted(), [String((5_000 + DAY_MS) / 1_000), undefined])
  })

  it('is complete for a reader during a change', async () => {
    await store.saveTemplates([template({ text: 'before' })], editor)
    const held = Promise.withResolvers<void>()
    dynamo.door = async call => {
      if (call === 'Query') await held.promise
      return 'in'
    }
    const reading = readPolicy(store)
    while (!dynamo.calls.includes('Query')) await new Promise(setImmediate)
    dynamo.door = undefined
    const other = await open()
    await other.saveTemplates([template({ text: 'after' })], editor)
    held.resolve()
    assert.equal((await reading).templates[0]?.text, 'before')
    assert.equal((await readPolicy(store)).templates[0]?.text, 'after')
    await other.close()
  })

  it('changes once, even if the answer to the change is lost', async () => {
    await store.saveTemplates([template()], editor)
    let isFirst = true
    dynamo.door = async call => {
      if (call !== 'UpdateItem policy' || !isFirst) return 'in'
      isFirst = false
      return 'answer lost'
    }
    await store.saveTemplates([template()], editor)
    assert.equal((await readPolicy(store)).templates[0]?.version, 2)
    assert.equal((await contents()).length, 2)
  })

  it('is unchanged if a change is interrupted', async () => {
    await store.saveTemplates([template({ text: 'before' })], editor)
    const before = await readPolicy(store)
    dynamo.door = async call => (call === 'UpdateItem policy' ? 'cut' : 'in')
    await assert.rejects(store.saveTemplates([template({ text: 'after' })], editor), /^Error: store: /)
    assert.deepEqual(await readPolicy(store), before)
  })

  it('leaves no content of changes that lost to another one', async () => {
    const other = await open()
    const both = [store, other]
    await Promise.all(both.flatMap(each => [1, 2, 3, 4].map(() => each.saveTemplates([template()], editor))))
    assert.equal((await readPolicy(store)).templates[0]?.version, 8)
    const inForce = (await contents()).filter(({ expires }) => expires === undefined)
    assert.equal(inForce.length, 1)
    await other.close()
  })
})
