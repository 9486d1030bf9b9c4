import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Dynamo, openOn, startDynamo } from '../fixtures/dynamo.ts'
import { receipt } from '../fixtures/receipts.ts'
import { accepted, delivery, noLimits, thirtyDays } from './stores.ts'

let dynamo: Dynamo
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())

/** Two stores on one table, as two functions have. */
async function openTwo() {
  const table = await dynamo.createTable()
  const open = () => openOn(dynamo, { table, now: () => 1_000, retention: thirtyDays })
  const [one, other] = [await open(), await open()]
  return {
    one,
    other,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([one.close(), other.close()])
    },
  }
}

describe('two stores on one DynamoDB table', () => {
  it('open the same request exactly once, 20 times, and both know the first', async () => {
    await using shared = await openTwo()
    for (let round = 0; round < 20; round += 1) {
      const duplicateKey = `key-${round}`
      const admissions = await Promise.all(
        [shared.one, shared.other].map((store, index) =>
          store.admit({ delivery: delivery({ id: `${round}-${index}`, duplicateKey }), limits: noLimits }),
        ),
      )
      const winner = admissions.findIndex(({ kind }) => kind === 'opened')
      const loser = admissions[1 - winner]
      assert.ok(loser?.kind === 'duplicate', `round ${round}: ${admissions.map(({ kind }) => kind)}`)
      assert.equal(loser.first.id, `${round}-${winner}`)
    }
  })

  for (const scope of ['number', 'user', 'number-and-channel'] as const) {
    it(`never let more codes through than a limit by ${scope}, together`, async () => {
      await using shared = await openTwo()
      const limits = { mode: 'enforce', windows: [{ scope, windowSeconds: 60, max: 7 }] } as const
      const admissions = await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const store = index % 2 === 0 ? shared.one : shared.other
          return store.admit({ delivery: delivery({ id: `${index}`, duplicateKey: `${index}` }), limits })
        }),
      )
      assert.equal(admissions.filter(({ kind }) => kind === 'opened').length, 7)
      assert.equal(admissions.filter(({ kind }) => kind === 'limited').length, 13)
    })
  }

  it('see how a delivery ends and what receipts say, whichever of them was told', async () => {
    await using shared = await openTwo()
    await shared.one.admit({ delivery: delivery(), limits: noLimits })
    assert.equal((await shared.other.findDelivery('delivery-1'))?.end.state, 'sending')
    await shared.other.addReceipt(receipt({ type: 'TEXT_DELIVERED' }))
    await shared.one.settle(delivery({ end: accepted() }))
    const found = await shared.other.findDelivery('delivery-1')
    assert.deepEqual([found?.end.state, found?.progress?.stage], ['accepted', 'delivered'])
  })
})
