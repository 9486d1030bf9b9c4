import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { statusOf } from '../../src/core/records/delivery.ts'
import { foldReceipts } from '../../src/core/records/receipt.ts'
import type { Store } from '../../src/core/records/store.ts'
import { arbitraryReceipts, receipt, shuffledRepeats } from '../fixtures/receipts.ts'
import { accepted, DAY_MS, delivery, ended, findIn, noLimits, stores } from './stores.ts'

const statusIn = async (store: Store): Promise<string> => {
  const found = await findIn(store, 'delivery-1')
  return found === undefined ? 'none' : statusOf(found)
}
const admit = (store: Store) => store.admit({ delivery: delivery(), limits: noLimits })

const HOUR_MS = 3_600_000

for (const [name, open] of stores) {
  describe(`${name}, given receipts`, () => {
    const empty = () => open(() => 1_000)

    it('updates the progress of the delivery that has the message', async () => {
      await using store = await empty()
      await store.settle(delivery({ end: accepted() }))
      assert.equal(await statusIn(store), 'accepted')
      await store.addReceipt(receipt({ type: 'TEXT_SENT' }))
      assert.equal(await statusIn(store), 'accepted')
      await store.addReceipt(receipt({ type: 'TEXT_DELIVERED' }))
      assert.equal(await statusIn(store), 'delivered')
    })

    it('holds one that comes before its delivery is settled, and merges it then', async () => {
      await using store = await empty()
      await admit(store)
      await store.addReceipt(receipt({ type: 'TEXT_DELIVERED' }))
      assert.equal(await statusIn(store), 'sending')
      await store.settle(delivery({ end: accepted() }))
      assert.equal(await statusIn(store), 'delivered')
    })

    it('finds the delivery by its delivery ID, whatever its result', async () => {
      for (const end of [{ state: 'sending' }, ended('unknown'), ended('failed')] as const) {
        await using store = await empty()
        await store.settle(delivery({ end }))
        await store.addReceipt(receipt({ deliveryId: 'delivery-1', type: 'TEXT_DELIVERED' }))
        assert.equal(await statusIn(store), 'delivered')
      }
    })

    it('holds one with an unknown delivery ID, and merges it when the delivery is opened or settled', async () => {
      for (const begin of [admit, (store: Store) => store.settle(delivery({ end: ended('unknown') }))]) {
        await using store = await empty()
        const early = receipt({ deliveryId: 'delivery-1', type: 'TEXT_DELIVERED' })
        await store.addReceipt(early)
        await begin(store)
        assert.equal(await statusIn(store), 'delivered')
      }
    })

    it('merges a receipt without a delivery ID by the message ID of one that has it, in either order', async () => {
      const known = receipt({ deliveryId: 'delivery-1', type: 'TEXT_SENT' })
      const nameless = receipt({ deliveryId: undefined, type: 'TEXT_DELIVERED' })
      for (const order of [
        [known, nameless],
        [nameless, known],
      ]) {
        await using store = await empty()
        await store.settle(delivery({ end: ended('unknown') }))
        for (const next of order) await store.addReceipt(next)
        assert.equal(await statusIn(store), 'delivered')
      }
    })

    it('keeps an unknown type', async () => {
      await using store = await empty()
      await store.settle(delivery({ end: accepted() }))
      await store.addReceipt(receipt({ type: 'TEXT_TELEPORTED' }))
      assert.equal((await findIn(store, 'delivery-1'))?.progress?.type, 'TEXT_TELEPORTED')
    })

    it('touches no other delivery', async () => {
      await using store = await empty()
      await store.settle(delivery({ end: accepted() }))
      const other = delivery({ id: 'delivery-2', duplicateKey: 'key-2', end: accepted('message-2') })
      await store.settle(other)
      await store.addReceipt(receipt({ messageId: 'message-2', type: 'TEXT_DELIVERED' }))
      assert.equal(await statusIn(store), 'accepted')
    })

    it('does not let a receipt change the result, or settling change the progress', async () => {
      await using store = await empty()
      await admit(store)
      await store.addReceipt(receipt({ deliveryId: 'delivery-1', type: 'TEXT_DELIVERED' }))
      await store.settle(delivery({ end: ended('unknown') }))
      const found = await findIn(store, 'delivery-1')
      assert.deepEqual([found?.end.state, found?.progress?.stage], ['unknown', 'delivered'])
    })

    it('holds them for their delivery, removes them at the end, and keeps the others', async () => {
      let now = 1_000
      await using store = await open(() => now, { deliveriesMs: 2 * DAY_MS, receiptsMs: DAY_MS })
      await store.settle(delivery({ end: accepted() }))
      for (const messageId of ['message-1', 'message-2', 'message-3'])
        await store.addReceipt(receipt({ messageId, type: 'TEXT_DELIVERED' }))
      const settle = (number: number) => {
        const end = accepted(`message-${number}`)
        return store.settle(
          delivery({ id: `delivery-${number}`, openedAt: now, duplicateKey: undefined, end }),
        )
      }
      now += DAY_MS - 1
      await settle(2)
      assert.equal((await findIn(store, 'delivery-2'))?.progress?.stage, 'delivered')
      now += DAY_MS
      await store.removeExpired()
      assert.equal(await statusIn(store), 'delivered')
      now += 1
      await settle(3)
      assert.equal((await findIn(store, 'delivery-3'))?.progress, undefined)
    })

    it('removes one without a delivery after a short time, and keeps one with a delivery', async () => {
      let now = 1_000
      const times = { deliveriesMs: 3 * DAY_MS, receiptsMs: 2 * DAY_MS, strayReceiptsMs: HOUR_MS }
      await using store = await open(() => now, times)
      const stray = (messageId: string) =>
        receipt({ messageId, deliveryId: undefined, type: 'TEXT_DELIVERED' })
      const settle = (number: number) => {
        const end = accepted(`message-${number}`)
        return store.settle(
          delivery({ id: `delivery-${number}`, openedAt: now, duplicateKey: undefined, end }),
        )
      }
      const stage = async (number: number) => (await findIn(store, `delivery-${number}`))?.progress?.stage
      for (const messageId of ['message-1', 'message-2']) await store.addReceipt(stray(messageId))
      await store.addReceipt(
        receipt({ messageId: 'message-3', deliveryId: 'delivery-3', type: 'TEXT_DELIVERED' }),
      )
      now += HOUR_MS - 1
      await settle(1)
      assert.equal(await stage(1), 'delivered', 'it came before its delivery was settled')
      now += 1
      await store.removeExpired()
      await settle(2)
      assert.equal(await stage(2), undefined)
      await settle(3)
      assert.deepEqual([await stage(1), await stage(3)], ['delivered', 'delivered'])
    })

    it('has the same result in any order, with repeats, and whenever the delivery is admitted and settled', async () => {
      const order = fc.record({
        receipts: shuffledRepeats(arbitraryReceipts),
        admitAfter: fc.nat(8),
        settleAfter: fc.nat(16),
        isAccepted: fc.boolean(),
      })
      const property = fc.asyncProperty(
        order,
        async ({ receipts: [set, sequence], admitAfter, settleAfter, isAccepted }) => {
          await using store = await empty()
          const end = isAccepted ? accepted() : ended('unknown')
          for (let step = 0; step <= 16; step += 1) {
            if (step === Math.min(admitAfter, settleAfter)) await admit(store)
            if (step === settleAfter) await store.settle(delivery({ end }))
            const next = sequence[step]
            if (next !== undefined) await store.addReceipt(next)
          }
          const isKnown = isAccepted || set.some(({ deliveryId }) => deliveryId !== undefined)
          const expected = isKnown ? foldReceipts(set) : undefined
          const progress = (await findIn(store, 'delivery-1'))?.progress
          assert.deepEqual(whole(progress), whole(expected))
          const again = await store.admit({ delivery: delivery({ id: 'delivery-2' }), limits: noLimits })
          assert.equal(again.kind, 'duplicate')
        },
      )
      await fc.assert(property, { numRuns: name.includes('memory') ? 300 : 10 })
    })
  })
}

/** A store may omit undefined values. */
function whole(value: object | undefined): object {
  return JSON.parse(JSON.stringify(value ?? {}))
}
