import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { editor, readPolicy, template } from '../../../test/contracts/store.ts'
import { thirtyDays } from '../../../test/contracts/stores.ts'
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
  store = await openOn(dynamo, { table, now: () => 5_000, retention: thirtyDays })
  dynamo.calls.length = 0
})
afterEach(async () => {
  dynamo.door = undefined
  await store.close()
})

const NAME = 'template#sms/en/any'
const save = (text: string) => store.saveTemplates([template({ text })], editor)
const versions = async () =>
  (await store.readTemplateVersions(template())).map(({ version, text }) => [version, text])
const kept = async () =>
  (await itemsOf(dynamo, table)).filter(({ pk }) => pk === NAME).map(({ sk }) => Number(sk))

describe('the versions in the table (docs/decisions/0007)', () => {
  it('are written when they are replaced, before the new version is in force', async () => {
    await save('first')
    assert.deepEqual(await kept(), [])
    dynamo.calls.length = 0
    await save('second')
    assert.deepEqual(await kept(), [1])
    const writes = dynamo.calls.filter(call => call.startsWith('UpdateItem'))
    assert.ok(writes.indexOf(`UpdateItem ${NAME}`) < writes.indexOf('UpdateItem policy'), String(writes))
  })

  it('are unchanged if a change is interrupted between the version and the head, and continue from there', async () => {
    await save('first')
    dynamo.door = async call => (call === 'UpdateItem policy' ? 'cut' : 'in')
    await assert.rejects(save('lost'), /^Error: store: /)
    dynamo.door = undefined
    assert.deepEqual(await kept(), [1], 'the version was written, and replaced by nothing')
    assert.deepEqual(await versions(), [[1, 'first']])
    await save('second')
    assert.deepEqual(await versions(), [
      [2, 'second'],
      [1, 'first'],
    ])
  })

  it('prevent a change if the old version could not be kept', async () => {
    await save('first')
    const before = await readPolicy(store)
    dynamo.door = async call => (call === `UpdateItem ${NAME}` ? 'cut' : 'in')
    await assert.rejects(save('second'), /^Error: store: /)
    assert.deepEqual(await readPolicy(store), before)
    assert.deepEqual(await versions(), [[1, 'first']])
  })

  for (const lost of [NAME, 'policy']) {
    it(`are the same if the answer of ${lost} is lost and the call is repeated`, async () => {
      await save('first')
      let isFirst = true
      dynamo.door = async call => {
        if (call !== `UpdateItem ${lost}` || !isFirst) return 'in'
        isFirst = false
        return 'answer lost'
      }
      const change = { ...template({ text: 'second' }), replaces: 1 }
      assert.equal((await store.saveTemplates([change], editor)).kind, 'saved')
      assert.deepEqual(await versions(), [
        [2, 'second'],
        [1, 'first'],
      ])
    })
  }

  it('are at most fifty items, and the current one is in the policy', async () => {
    for (let version = 1; version <= 55; version += 1) await save(`text ${version}`)
    const numbers = await kept()
    assert.deepEqual([numbers.length, Math.max(...numbers)], [50, 54])
    assert.equal((await versions()).length, 50)
  })

  it('are found among more than a page of items', async () => {
    for (let version = 1; version <= 4; version += 1) await save(`${version} ${'x'.repeat(300_000)}`)
    assert.deepEqual(
      (await versions()).map(([version]) => version),
      [4, 3, 2, 1],
    )
  })
})
