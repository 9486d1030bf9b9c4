import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { accepted, DAY_MS, delivery, noLimits, thirtyDays } from '../../../test/contracts/stores.ts'
import { type Dynamo, openOn, startDynamo } from '../../../test/fixtures/dynamo.ts'
import type { Whose } from '../../core/records/delivery-filter.ts'
import type { PageQuery } from '../../core/records/delivery-store.ts'
import type { Store } from '../../core/records/store.ts'

/** Ten minutes after midnight, so that a page also needs the day before. */
const NOW = 20_000 * DAY_MS + 600_000
const COUNT = 160

describe('a page of deliveries of a table', () => {
  let dynamo: Dynamo
  let store: Store
  before(async () => {
    dynamo = await startDynamo()
    store = await openOn(dynamo, { now: () => NOW, retention: thirtyDays })
    for (let index = 0; index < COUNT; index += 1) {
      const isEnded = index % 40 !== 0
      const each = delivery({
        ...{ id: `d${index}`, openedAt: NOW - index * 30_000, duplicateKey: `key-${index}` },
        ...{ numberDigest: `number-${index % 20}`, userDigest: `user-${index % 20}`, loginDigest: 'ada' },
      })
      await store.admit({ delivery: each, limits: noLimits })
      if (isEnded) await store.settle({ ...each, end: accepted(`message-${index}`) })
    }
  })
  after(async () => {
    await store.close()
    await dynamo.close()
  })
  beforeEach(() => {
    dynamo.calls.length = 0
  })
  const calls = () => dynamo.calls.map(call => call.split(' ')[0])

  const wholes: readonly (readonly [string, Whose | undefined])[] = [
    ['everybody', undefined],
    ['a number', { kind: 'number', digests: ['number-3'] }],
    ['a user', { kind: 'user', digests: ['user-3'] }],
    ['a login of several users', { kind: 'user', digests: ['ada'] }],
    ['an event', { kind: 'event', eventId: 'event-1' }],
  ]
  for (const [name, whose] of wholes) {
    it(`reads the table at most five times and writes nothing, for ${name}`, async () => {
      const query: PageQuery = { limit: 50, ...(whose && { whose }) }
      const first = await store.pageDeliveries(query)
      assert.ok(first.deliveries.length > 0)
      assert.ok(calls().length <= 5, dynamo.calls.join(', '))
      assert.deepEqual(
        calls().filter(call => !['Query', 'GetItem', 'BatchGetItem'].includes(call ?? '')),
        [],
      )
    })
  }

  it('stops after five reads when nothing matches, and says how far it has read', async () => {
    const filter = { status: 'failed' } as const
    const { deliveries, readTo, next } = await store.pageDeliveries({ limit: 50, filter })
    assert.ok(calls().length <= 5, dynamo.calls.join(', '))
    assert.deepEqual(deliveries, [])
    assert.equal(readTo, 19_998 * DAY_MS, 'three days of the index')
    assert.notEqual(next, undefined)
  })
})
