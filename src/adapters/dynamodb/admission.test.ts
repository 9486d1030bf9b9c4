import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { accepted, DAY_MS, delivery, findIn, noLimits, thirtyDays } from '../../../test/contracts/stores.ts'
import { type Dynamo, itemsOf, openOn, startDynamo } from '../../../test/fixtures/dynamo.ts'
import { defaultLimits, type LimitScope, type Limits } from '../../core/policy/limits.ts'
import type { Store } from '../../core/records/store.ts'
import { entryOf, timeIn } from './keys.ts'

let dynamo: Dynamo
let table: string
let store: Store
let now = 1_000
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())
beforeEach(async () => {
  now = 1_000
  table = await dynamo.createTable()
  store = await openOn(dynamo, { table, now: () => now, retention: thirtyDays })
  dynamo.calls.length = 0
})
afterEach(async () => {
  dynamo.door = undefined
  await store.close()
})

const only = (scope: LimitScope, max: number): Limits => ({
  mode: 'enforce',
  windows: [{ scope, windowSeconds: 60, max }],
})
const item = async (pk: string) => (await itemsOf(dynamo, table)).find(found => found.pk === pk)
const entry = (id: string, openedAt = 1_000) => entryOf({ id, openedAt })

/** No call continues before this many have arrived, so calls that wait for each other would never end. */
function together(count: number): void {
  const all = Promise.withResolvers<void>()
  let waiting = 0
  dynamo.door = async () => {
    waiting += 1
    if (waiting === count) all.resolve()
    await all.promise
    return 'in'
  }
}

describe('an admission', () => {
  it('is two updates at the same time, and nothing before them; settling is one', async () => {
    together(2)
    assert.deepEqual(await store.admit({ delivery: delivery(), limits: defaultLimits }), { kind: 'opened' })
    assert.deepEqual(dynamo.calls.splice(0).toSorted(), [
      'UpdateItem number#number-1',
      'UpdateItem user#user-1',
    ])
    await store.settle(delivery({ end: accepted() }))
    assert.deepEqual(dynamo.calls, ['UpdateItem delivery#delivery-1'])
  })

  it('of a duplicate leaves nothing behind', async () => {
    await store.admit({ delivery: delivery(), limits: defaultLimits })
    const before = await itemsOf(dynamo, table)
    const again = delivery({ id: 'delivery-2', openedAt: 2_000 })
    assert.equal((await store.admit({ delivery: again, limits: defaultLimits })).kind, 'duplicate')
    assert.deepEqual(await itemsOf(dynamo, table), withExpiryOf(await itemsOf(dynamo, table), before))
  })

  for (const [scope, other] of [
    ['number', { userDigest: 'user-2' }],
    ['number-and-channel', { userDigest: 'user-2' }],
    ['user', { numberDigest: 'number-2' }],
  ] as const) {
    it(`that exceeds the limit by ${scope} leaves nothing that counts`, async () => {
      const limits = only(scope, 1)
      const ask = (id: string, changed: object) =>
        store.admit({ delivery: delivery({ id, duplicateKey: `key of ${id}`, ...changed }), limits })
      await ask('a', {})
      assert.equal((await ask('b', other)).kind, 'limited')
      const items = JSON.stringify(await itemsOf(dynamo, table))
      assert.doesNotMatch(items, /=b"|delivery#b|key of b/)
      // Neither the other user's, nor the other number's, window has begun; and the request is not known.
      assert.equal(
        (await ask('b', { ...other, numberDigest: 'number-2', userDigest: 'user-2' })).kind,
        'opened',
      )
    })
  }

  for (const lost of ['number#number-1', 'user#user-1']) {
    for (const way of ['cut', 'answer lost'] as const) {
      it(`is opened once, and counted once, when the first call to ${lost} ends with: ${way}`, async () => {
        let isFirst = true
        dynamo.door = async call => {
          if (!call.endsWith(lost) || !isFirst) return 'in'
          isFirst = false
          return way
        }
        assert.deepEqual(await store.admit({ delivery: delivery(), limits: only('number', 1) }), {
          kind: 'opened',
        })
        assert.deepEqual((await item('number#number-1'))?.sent, [entry('delivery-1')])
        assert.deepEqual((await item('number#number-1'))?.sms, [timeIn(entry('delivery-1'))])
        assert.deepEqual((await item('user#user-1'))?.sent, [entry('delivery-1')])
        assert.equal((await findIn(store, 'delivery-1'))?.end.state, 'sending')
      })
    }
  }

  it('gives the same request as under way while its delivery has not ended', async () => {
    await store.admit({ delivery: delivery(), limits: noLimits })
    const again = delivery({ id: 'delivery-2', openedAt: 1_001 })
    assert.deepEqual(await store.admit({ delivery: again, limits: noLimits }), {
      kind: 'duplicate',
      first: delivery(),
    })
  })

  it('recognises a duplicate even if the other items cannot be reached', async () => {
    await store.admit({ delivery: delivery(), limits: noLimits })
    dynamo.door = async call => (call.includes('number#') ? 'in' : 'cut')
    const again = delivery({ id: 'delivery-2' })
    const admission = await store.admit({ delivery: again, limits: noLimits })
    assert.deepEqual(admission, { kind: 'duplicate', first: delivery() })
  })

  for (const gone of ['number#', 'user#']) {
    it(`rejects when ${gone} is out of reach and nothing speaks against sending`, async () => {
      dynamo.door = async call => (call.includes(gone) ? 'cut' : 'in')
      const opening = store.admit({ delivery: delivery(), limits: noLimits })
      await assert.rejects(opening, /^Error: store: /)
    })
  }

  it('recognises the same request for a day, also before DynamoDB deletes expired items', async () => {
    await store.admit({ delivery: delivery(), limits: noLimits })
    const again = (id: string, openedAt: number) => {
      now = openedAt
      return store.admit({ delivery: delivery({ id, openedAt }), limits: noLimits })
    }
    assert.equal((await again('b', 999 + DAY_MS)).kind, 'duplicate')
    assert.equal((await again('c', 1_000 + DAY_MS)).kind, 'opened')
    assert.equal((await again('d', 1_001 + DAY_MS)).kind, 'duplicate')
  })

  it('does not wait for long for what has to be undone', async () => {
    const counted = async () => ((await item('user#user-1')) as { sent: string[] }).sent.length
    const hasty = await openOn(dynamo, { table, now: () => now, retention: thirtyDays, undoMs: 0 })
    await hasty.admit({ delivery: delivery(), limits: noLimits })
    const held = Promise.withResolvers<void>()
    dynamo.door = async call => {
      const isUndo =
        call === 'UpdateItem user#user-1' && dynamo.calls.filter(each => each === call).length > 1
      if (isUndo) await held.promise
      return 'in'
    }
    dynamo.calls.length = 0
    const again = delivery({ id: 'delivery-2' })
    assert.equal((await hasty.admit({ delivery: again, limits: noLimits })).kind, 'duplicate')
    assert.equal(await counted(), 2)
    held.resolve()
    while ((await counted()) > 1) await new Promise(setImmediate)
    await hasty.close()
  })

  it('removes again what many duplicates added to the list of a user', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `delivery-${index}`)
    const admissions = await Promise.all(
      ids.map(id => store.admit({ delivery: delivery({ id }), limits: noLimits })),
    )
    const winner = ids[admissions.findIndex(({ kind }) => kind === 'opened')] ?? assert.fail()
    assert.deepEqual((await item('user#user-1'))?.sent, [entry(winner)])
    assert.equal((await itemsOf(dynamo, table)).length, 2)
  })
})

/** Undoing does not move the expiry back: it only lives a little longer. */
function withExpiryOf(items: readonly Record<string, unknown>[], others: readonly Record<string, unknown>[]) {
  const expiry = new Map(items.map(({ pk, expires }) => [pk, expires]))
  return others.map(other => ({ ...other, expires: expiry.get(other.pk) }))
}
