import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import { receipt } from '../fixtures/receipts.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { accepted, delivery, noLimits, thirtyDays } from './stores.ts'

/** Two stores on one file, each with a thread of its own, as two processes have. */
async function openTwo() {
  const folder = temporaryFolder()
  const stores = await Promise.all([1, 2].map(() => openSqliteStore(folder.path, () => 1_000, thirtyDays)))
  const [one, other] = [stores[0] ?? assert.fail(), stores[1] ?? assert.fail()]
  return {
    one,
    other,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(stores.map(store => store.close()))
      folder[Symbol.dispose]()
    },
  }
}

describe('two stores on one SQLite file', () => {
  it('open the same request exactly once, 200 times, and both know the first', async () => {
    await using shared = await openTwo()
    for (let round = 0; round < 200; round += 1) {
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

  it('never let more codes through than a limit, together', async () => {
    await using shared = await openTwo()
    const limits = { mode: 'enforce', windows: [{ scope: 'number', windowSeconds: 60, max: 7 }] } as const
    const admissions = await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const store = index % 2 === 0 ? shared.one : shared.other
        return store.admit({ delivery: delivery({ id: `${index}`, duplicateKey: `${index}` }), limits })
      }),
    )
    assert.equal(admissions.filter(({ kind }) => kind === 'opened').length, 7)
    assert.equal(admissions.filter(({ kind }) => kind === 'limited').length, 33)
  })

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
