import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { accepted, DAY_MS, delivery, thirtyDays } from '../../../test/contracts/stores.ts'
import { type Dynamo, openOn, startDynamo } from '../../../test/fixtures/dynamo.ts'
import { receipt } from '../../../test/fixtures/receipts.ts'
import type { Store } from '../../core/records/store.ts'

let dynamo: Dynamo
let store: Store
const NOW = 20_000.5 * DAY_MS
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())
beforeEach(async () => {
  store = await openOn(dynamo, { now: () => NOW, retention: thirtyDays })
})
afterEach(async () => {
  dynamo.door = undefined
  await store.close()
})

const settle = (id: string, openedAt: number, changed: object = {}) =>
  store.settle(delivery({ id, openedAt, duplicateKey: id, end: accepted(`message of ${id}`), ...changed }))
const ids = async (query: object = {}) =>
  (await store.listDeliveries({ limit: 1_000, ...query })).map(({ id }) => id)

describe('a list of deliveries', () => {
  it('goes back day by day within the retention, and stops when there are enough', async () => {
    await settle('too old', NOW - 30 * DAY_MS)
    await settle('oldest', NOW - 30 * DAY_MS + 1)
    await settle('a week ago', NOW - 7 * DAY_MS)
    await settle('today', NOW)
    assert.deepEqual(await ids(), ['oldest', 'a week ago', 'today'])
    dynamo.calls.length = 0
    assert.deepEqual(await ids({ limit: 1 }), ['today'])
    // Tomorrow and today, for those without an item of their own and for the list.
    assert.equal(dynamo.calls.filter(call => call === 'Query').length, 4)
  })

  it('includes a delivery of a process whose clock is ahead of ours', async () => {
    await settle('ahead', NOW + 5_000)
    assert.deepEqual(await ids(), ['ahead'])
  })

  it('continues after a position across days, without repeats', async () => {
    await settle('a', NOW - DAY_MS - 1)
    await settle('b', NOW - DAY_MS)
    const [, last] = await store.listDeliveries({ limit: 10 })
    await settle('c', NOW)
    assert.deepEqual(await ids({ after: last?.position }), ['c'])
  })

  it('is as long as requested, also if that needs several calls, with the receipts of each delivery', async () => {
    const all = Array.from({ length: 60 }, (_, index) => `delivery-${100 + index}`)
    await Promise.all(all.map((id, index) => settle(id, NOW - 1_000 + index, { numberDigest: id })))
    await store.addReceipt(receipt({ messageId: 'message of delivery-100', type: 'TEXT_DELIVERED' }))
    await store.addReceipt(
      receipt({ messageId: 'message of delivery-159', deliveryId: 'delivery-159', type: 'TEXT_DELIVERED' }),
    )
    const found = await store.listDeliveries({ limit: 1_000 })
    assert.deepEqual(
      found.map(({ id }) => id),
      all,
    )
    assert.deepEqual(
      found.filter(({ progress }) => progress !== undefined).map(({ id, progress }) => [id, progress?.stage]),
      [
        ['delivery-100', 'delivered'],
        ['delivery-159', 'delivered'],
      ],
    )
    assert.deepEqual(await ids({ limit: 3 }), all.slice(-3))
    assert.deepEqual(await ids({ eventId: 'event-1', limit: 55 }), all.slice(-55))
    assert.deepEqual(await ids({ eventId: 'event-1', numberDigests: ['delivery-100'] }), ['delivery-100'])
  })

  it('keeps an event ID that cannot be a key, without an error', async () => {
    await settle('empty', NOW, { eventId: '' })
    await settle('long', NOW, { eventId: 'x'.repeat(3_000) })
    assert.equal((await store.findDelivery('empty'))?.eventId, '')
    assert.equal((await store.findDelivery('long'))?.eventId?.length, 3_000)
  })
})

describe('receipts in the table', () => {
  it('are kept with one update each, without a read', async () => {
    dynamo.calls.length = 0
    await store.addReceipt(receipt({ deliveryId: 'delivery-1' }))
    await store.addReceipt(receipt({ messageId: 'message-1' }))
    assert.deepEqual(dynamo.calls, ['UpdateItem delivery#delivery-1', 'UpdateItem message#message-1'])
  })

  it('do not create a delivery', async () => {
    await store.addReceipt(receipt({ deliveryId: 'delivery-1' }))
    assert.equal(await store.findDelivery('delivery-1'), undefined)
    assert.deepEqual(await ids(), [])
  })
})
