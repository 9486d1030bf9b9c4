import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import fc from 'fast-check'
import { accepted, DAY_MS, delivery, ended, noLimits, thirtyDays } from '../../../test/contracts/stores.ts'
import { type Dynamo, itemsOf, openOn, startDynamo } from '../../../test/fixtures/dynamo.ts'
import type { Limits } from '../../core/policy/limits.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import type { DeliveryQuery } from '../../core/records/delivery-store.ts'
import type { Store } from '../../core/records/store.ts'

let dynamo: Dynamo
let table: string
let store: Store
let now = 0
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())
beforeEach(async () => {
  now = 20_000.5 * DAY_MS
  table = await dynamo.createTable()
  store = await openOn(dynamo, { table, now: () => now, retention: thirtyDays })
})
afterEach(async () => {
  dynamo.door = undefined
  await store.close()
})

/** One request of its own, a minute after the one before. */
function requested(id: string, changed: Partial<Delivery> = {}): Delivery {
  now += 60_000
  return delivery({ id, openedAt: now, duplicateKey: id, eventId: `event of ${id}`, ...changed })
}
/** Its function dies then, if it is not settled. */
const admit = async (opened: Delivery, limits: Limits = noLimits) =>
  (await store.admit({ delivery: opened, limits })).kind
const send = async (opened: Delivery) => {
  assert.equal(await admit(opened), 'opened')
  await store.settle({ ...opened, end: accepted(`message of ${opened.id}`) })
}
const list = (query: Partial<DeliveryQuery> = {}) => store.listDeliveries({ limit: 1_000, ...query })
const ids = async (query: Partial<DeliveryQuery> = {}) => (await list(query)).map(({ id }) => id)
const asOpened = (opened: Delivery) => ({ ...opened, progress: undefined, answered: undefined })

/** Found by number, by user, by event and by day, with every fact. */
async function assertFound(died: Delivery): Promise<void> {
  const { numberDigest, userDigest = '', eventId = '' } = died
  for (const query of [{ numberDigest }, { userDigests: [userDigest] }, { eventId }, {}]) {
    const found = (await list(query)).find(({ id }) => id === died.id)
    assert.ok(found, JSON.stringify(query))
    const { position: _, ...facts } = found
    assert.deepEqual(facts, asOpened(died))
  }
}

describe('a delivery whose function died', () => {
  it('is found by number, user, event and day while it is the last one to its number', async () => {
    await send(requested('a'))
    const died = requested('b')
    await admit(died)
    await assertFound(died)
  })

  it('is found with its own facts after the next one to its number, whoever asked for that', async () => {
    const died = requested('a', { userDigest: 'user-2', loginDigest: undefined, purpose: 'other' })
    await admit(died)
    await send(requested('b', { channel: 'voice', parts: undefined }))
    await assertFound(died)
    assert.deepEqual(await ids(), ['a', 'b'])
  })

  it('is found when the next one came on another day', async () => {
    const died = requested('a')
    await admit(died)
    now += 3 * DAY_MS
    await send(requested('b'))
    await assertFound(died)
  })

  it('is found when the next one failed, or was never admitted', async () => {
    const died = requested('a')
    await admit(died)
    await store.settle({ ...requested('refused'), end: ended('refused') })
    const failed = requested('b')
    await admit(failed)
    await store.settle({ ...failed, end: ended('failed') })
    await assertFound(died)
    assert.deepEqual(await ids(), ['a', 'refused', 'b'])
  })

  it('is found before the end of the next one, which then keeps its own', async () => {
    const [died, next] = [requested('a'), requested('b')]
    for (const each of [died, next]) await admit(each)
    assert.deepEqual(await ids(), ['a', 'b'])
    await store.settle({ ...next, end: accepted() })
    const [, found] = await list()
    assert.equal(found?.end.state, 'accepted')
  })

  it('of several in a row has only its time, its number and its channel, unless it is the last', async () => {
    const several = [requested('a', { channel: 'voice' }), requested('b'), requested('c')]
    for (const each of several) await admit(each)
    assert.deepEqual(await ids({ numberDigests: ['number-1'] }), ['a', 'b', 'c'])
    const [bare, , last] = await list()
    assert.ok(bare && last)
    assert.deepEqual(
      [bare.openedAt, bare.channel, bare.lastDigits, bare.caller, bare.userDigest, bare.end],
      [several[0]?.openedAt, 'voice', '40', 'unknown', undefined, { state: 'sending' }],
    )
    assert.equal(last.eventId, 'event of c')
  })

  it('of several in a row is found after one that ended', async () => {
    for (const each of [requested('a'), requested('b')]) await admit(each)
    await send(requested('c'))
    assert.deepEqual(await ids(), ['a', 'b', 'c'])
  })

  it('is found although the answer to the admission after it was lost', async () => {
    await admit(requested('a'))
    let isFirst = true
    dynamo.door = async call => {
      if (!call.includes('number#') || !isFirst) return 'in'
      isFirst = false
      return 'answer lost'
    }
    await send(requested('b'))
    assert.deepEqual(await ids(), ['a', 'b'])
  })
})

describe('an admission that was undone', () => {
  const oneOfUser: Limits = {
    mode: 'enforce',
    windows: [{ scope: 'user', windowSeconds: 3_600, max: 1 }],
  }

  it('leaves the last one of its number where it was', async () => {
    const died = requested('a')
    await admit(died)
    await send(requested('b', { numberDigest: 'number-2', userDigest: 'user-2' }))
    assert.equal(await admit(requested('c', { userDigest: 'user-2' }), oneOfUser), 'limited')
    await assertFound(died)
    assert.deepEqual(await ids(), ['a', 'b'])
  })

  it('is in no list when the next one took its place first', async () => {
    await send(requested('a', { numberDigest: 'number-2', userDigest: 'user-2' }))
    // Undoing it waits until the next one has ended.
    const held = Promise.withResolvers<void>()
    let updates = 0
    dynamo.door = async call => {
      if (call !== 'UpdateItem number#number-1') return 'in'
      updates += 1
      if (updates === 2 || updates === 3) await held.promise
      return 'in'
    }
    const limited = admit(requested('b', { userDigest: 'user-2' }), oneOfUser)
    while (updates < 3) await new Promise(setImmediate)
    await send(requested('c'))
    held.resolve()
    assert.equal(await limited, 'limited')
    assert.deepEqual(await ids(), ['a', 'c'])
  })
})

describe('the search for what has not ended', () => {
  it('writes each once, and changes nothing that ended', async () => {
    await send(requested('a'))
    await admit(requested('b'))
    await list()
    const before = await itemsOf(dynamo, table)
    now += 3_600_000
    await list()
    dynamo.calls.length = 0
    await list()
    const written = dynamo.calls.filter(call => call.startsWith('UpdateItem'))
    assert.deepEqual(written, [])
    const isMark = ({ pk }: Record<string, unknown>) => pk === 'unsettled'
    const others = (items: typeof before) => items.filter(item => !isMark(item))
    assert.deepEqual(others(await itemsOf(dynamo, table)), others(before))
  })

  it('goes on where the last one stopped', async () => {
    await send(requested('a'))
    now += 20 * DAY_MS
    await list({ limit: 1 })
    await send(requested('b'))
    dynamo.calls.length = 0
    assert.deepEqual(await ids({ limit: 1 }), ['b'])
    // Tomorrow and today, twice.
    assert.equal(dynamo.calls.filter(call => call === 'Query').length, 4)
  })

  it('finds exactly what was opened, whatever died, ended or was looked at, and in which order', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('admit' as const),
        numberDigest: fc.constantFrom('number-1', 'number-2'),
        userDigest: fc.constantFrom('user-1', 'user-2', undefined),
        waitMs: fc.constantFrom(0, 1, 60_000, 3_600_000, DAY_MS),
      }),
      fc.record({
        kind: fc.constant('settle' as const),
        which: fc.nat(20),
        end: fc.constantFrom(accepted(), ended('unknown'), ended('failed')),
      }),
      fc.record({ kind: fc.constant('list' as const), waitMs: fc.constantFrom(0, 1_000, 600_000) }),
    )
    const property = fc.asyncProperty(fc.array(step, { maxLength: 14 }), async steps => {
      now = 20_000.5 * DAY_MS
      const name = await dynamo.createTable()
      const one = await openOn(dynamo, { table: name, now: () => now, retention: thirtyDays })
      const all: Delivery[] = []
      const stateOf = new Map<string, string>()
      for (const each of steps) {
        if (each.kind === 'admit') {
          now += each.waitMs
          const id = `d${10 + all.length}`
          const { numberDigest, userDigest } = each
          const opened = delivery({ id, openedAt: now, duplicateKey: id, numberDigest, userDigest })
          assert.deepEqual(await one.admit({ delivery: opened, limits: noLimits }), { kind: 'opened' })
          all.push(opened)
          stateOf.set(id, 'sending')
        } else if (each.kind === 'settle') {
          const opened = all[each.which % Math.max(1, all.length)]
          if (opened === undefined || stateOf.get(opened.id) !== 'sending') continue
          await one.settle({ ...opened, end: each.end })
          stateOf.set(opened.id, each.end.state)
        } else {
          now += each.waitMs
          await one.listDeliveries({ limit: 100 })
        }
      }
      const found = await one.listDeliveries({ limit: 100 })
      assert.deepEqual(
        found.map(({ id, openedAt, numberDigest, end }) => [id, openedAt, numberDigest, end.state]),
        all.map(({ id, openedAt, numberDigest }) => [id, openedAt, numberDigest, stateOf.get(id)]),
      )
      await one.close()
    })
    await fc.assert(property, { numRuns: 12 })
  })
})
