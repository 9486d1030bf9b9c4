import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { accepted, delivery, ended, noLimits, thirtyDays } from '../../../test/contracts/stores.ts'
import { type Dynamo, itemsOf, openOn, startDynamo } from '../../../test/fixtures/dynamo.ts'
import type { Limits } from '../../core/policy/limits.ts'
import type { Store } from '../../core/records/store.ts'
import { entryOf, timeIn } from './keys.ts'

let dynamo: Dynamo
let table: string
let store: Store
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())
beforeEach(async () => {
  table = await dynamo.createTable()
  store = await openOn(dynamo, { table, now: () => 1_000, retention: thirtyDays })
})
afterEach(async () => {
  dynamo.door = undefined
  await store.close()
})

const entry = (id: string) => entryOf({ id, openedAt: 1_000 })
const item = async (pk: string) => (await itemsOf(dynamo, table)).find(found => found.pk === pk)
const oneForAll: Limits = {
  mode: 'enforce',
  windows: (['user', 'number-and-channel', 'number'] as const).map(scope => ({
    scope,
    windowSeconds: 60,
    max: 1,
  })),
}

describe('settling', () => {
  for (const end of [accepted(), ended('unknown')]) {
    it(`counts a delivery that was never admitted and is ${end.state} once, by number and by user`, async () => {
      await store.settle(delivery({ end }))
      await store.settle(delivery({ end }))
      assert.deepEqual((await item('number#number-1'))?.sent, [entry('delivery-1')])
      assert.deepEqual((await item('number#number-1'))?.sms, [timeIn(entry('delivery-1'))])
      assert.deepEqual((await item('user#user-1'))?.sent, [entry('delivery-1')])
      for (const other of [{ numberDigest: 'number-2' }, { userDigest: 'user-2' }]) {
        const next = delivery({ id: 'delivery-2', duplicateKey: 'key-2', ...other })
        assert.equal((await store.admit({ delivery: next, limits: oneForAll })).kind, 'limited')
      }
    })
  }

  it('makes the one that the carrier accepted the first of equal requests that were not admitted', async () => {
    await store.settle(delivery({ id: 'a', end: ended('unknown') }))
    await store.settle(delivery({ id: 'b', end: accepted() }))
    await store.settle(delivery({ id: 'c', end: ended('unknown') }))
    const admission = await store.admit({ delivery: delivery({ id: 'd' }), limits: noLimits })
    assert.ok(admission.kind === 'duplicate')
    assert.equal(admission.first.id, 'b')
  })

  it('is kept if its own admission succeeds afterwards', async () => {
    for (const [id, end] of [
      ['sent', accepted()],
      ['not sent', ended('failed')],
    ] as const) {
      const late = delivery({ id, duplicateKey: id, numberDigest: id, userDigest: id })
      await store.settle({ ...late, end })
      await store.admit({ delivery: late, limits: noLimits })
      assert.equal((await store.findDelivery(id))?.end.state, end.state)
      for (const pk of [`number#${id}`, `user#${id}`]) {
        const { sent = [], others = [] } = (await item(pk)) ?? {}
        assert.equal([sent, others].flat().length, 1)
      }
    }
  })

  for (const state of ['failed', 'refused'] as const) {
    it(`of a ${state} delivery frees its limits and the same request, and keeps it in lists`, async () => {
      await store.admit({ delivery: delivery({ id: 'a' }), limits: oneForAll })
      await store.settle(delivery({ id: 'a', end: ended(state) }))
      assert.deepEqual((await item('number#number-1'))?.sent, [])
      assert.deepEqual((await item('number#number-1'))?.others, [entry('a')])
      const next = delivery({ id: 'b', openedAt: 1_001 })
      assert.deepEqual(await store.admit({ delivery: next, limits: oneForAll }), { kind: 'opened' })
      for (const query of [{ numberDigests: ['number-1'] }, { userDigests: ['user-1'] }])
        assert.deepEqual(
          (await store.listDeliveries({ limit: 10, ...query })).map(({ id }) => id),
          ['a', 'b'],
        )
    })
  }

  it('removes a failed delivery from among later ones', async () => {
    for (const id of ['a', 'b', 'c'])
      await store.admit({ delivery: delivery({ id, duplicateKey: id }), limits: noLimits })
    await store.settle(delivery({ id: 'b', duplicateKey: 'b', end: ended('failed') }))
    const { sent, sms, others } = (await item('number#number-1')) ?? {}
    assert.deepEqual(
      [sent, sms, others],
      [[entry('c'), entry('a')], ['c', 'a'].map(id => timeIn(entry(id))), [entry('b')]],
    )
    assert.deepEqual((await item('user#user-1'))?.sent, [entry('c'), entry('a')])
  })

  it('of many failed deliveries at once leaves none that counts', async () => {
    const ids = Array.from({ length: 10 }, (_, index) => `delivery-${index}`)
    for (const id of ids)
      await store.admit({ delivery: delivery({ id, duplicateKey: id }), limits: noLimits })
    await Promise.all(ids.map(id => store.settle(delivery({ id, duplicateKey: id, end: ended('failed') }))))
    const { sent, sms, others, ...rest } = (await item('number#number-1')) ?? {}
    assert.deepEqual([sent, sms], [[], []])
    assert.deepEqual([...(others as string[])].toSorted(), ids.map(id => entry(id)).toSorted())
    assert.deepEqual(Object.keys(rest).toSorted(), ['at', 'day', 'expires', 'opening', 'pk', 'sk'])
  })

  for (const way of ['cut', 'answer lost'] as const) {
    it(`moves a failed delivery once if the first call ends with: ${way}`, async () => {
      await store.admit({ delivery: delivery(), limits: noLimits })
      const seen = new Set<string>()
      dynamo.door = async call => {
        const isFirst = !seen.has(call)
        seen.add(call)
        return isFirst ? way : 'in'
      }
      await store.settle(delivery({ end: ended('failed') }))
      dynamo.door = undefined
      for (const pk of ['number#number-1', 'user#user-1']) {
        const { sent, others } = (await item(pk)) ?? {}
        assert.deepEqual([sent, others], [[], [entry('delivery-1')]])
      }
    })
  }
})
