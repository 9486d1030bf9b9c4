import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { BatchGetItemInput } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { accepted, delivery, ended, noLimits } from '../../../test/contracts/stores.ts'
import { type Dynamo, startDynamo, tableClients } from '../../../test/fixtures/dynamo.ts'
import { receipt } from '../../../test/fixtures/receipts.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import { countDeliveries } from '../../core/records/stats.ts'
import { timedId } from '../node/timed-id.ts'
import { openFigureStore } from './figures.ts'
import { openDynamoStore } from './store.ts'
import type { TableCall } from './table.ts'

let dynamo: Dynamo
let client: { readonly call: TableCall; readonly close?: () => void }
before(async () => {
  dynamo = await startDynamo()
  client = tableClients['our client over node:https']?.(dynamo.endpoint) ?? assert.fail()
})
after(async () => {
  client.close?.()
  await dynamo.close()
})

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const START = 20_000 * DAY_MS
const RETENTION = { deliveriesMs: 30 * DAY_MS, receiptsMs: 4 * DAY_MS }

/** Hook, receipts, events, commands and figures on one table, with one clock. */
async function createWorld() {
  const table = await dynamo.createTable()
  const world = { time: START, calls: [] as string[], call: client.call }
  const recorded: TableCall = (operation, input) => {
    world.calls.push(operation)
    return world.call(operation, input)
  }
  const options = { table, now: () => world.time, retention: RETENTION, claimsMessages: true }
  const storeBy = (call: TableCall) => openDynamoStore({ ...options, call, undoMs: 10_000 })
  const store = storeBy(recorded)
  const count = ({ call = recorded, mayGoOn = (): boolean => true } = {}) =>
    openFigureStore({ ...options, call }).countFigures(mayGoOn)
  const open = async (changed: Partial<Delivery> = {}): Promise<Delivery> => {
    const id = timedId(world.time)
    const names = { id, duplicateKey: id, eventId: id, numberDigest: id, userDigest: id }
    const opened = delivery({ ...names, openedAt: world.time, expiresAt: world.time + 300_000, ...changed })
    await store.admit({ delivery: opened, limits: noLimits })
    return opened
  }
  const settle = (opened: Delivery) => store.settle({ ...opened, end: accepted(`m-${opened.id}`) })
  const report = (opened: Delivery, type = 'TEXT_DELIVERED') =>
    store.addReceipt(receipt({ messageId: `m-${opened.id}`, deliveryId: opened.id, type, isFinal: true }))
  const answer = (opened: Delivery, afterMs: number) =>
    store.addAnswer({
      ...{ callers: [opened.caller], userDigests: [opened.userDigest ?? ''], channel: 'sms' as const },
      at: opened.openedAt + afterMs,
    })
  const read = async (sinceMs = 7 * DAY_MS) => {
    const to = Math.ceil((world.time + 1) / MINUTE_MS) * MINUTE_MS
    return (await store.readStats({ from: to - sinceMs, to })) ?? assert.fail('no figures')
  }
  const figures = async () => {
    const { total } = (await read()).stats
    return [total.asked, total.sent, total.delivered, total.answered]
  }
  return { world, store, storeBy, count, open, settle, report, answer, read, figures }
}

/** Fails at this call and from then on: with `isLost`, DynamoDB has done it. */
function dyingAt(call: TableCall, last: number, isLost: boolean): TableCall {
  let calls = 0
  return async (operation, input) => {
    calls += 1
    if (calls > last || (calls === last && !isLost)) throw new Error('no answer')
    const output = await call(operation, input)
    if (calls === last) throw new Error('no answer')
    return output
  }
}

describe('figures of a table', () => {
  it('are none before a function has counted', async () => {
    const { store, world } = await createWorld()
    assert.equal(await store.readStats({ from: 0, to: world.time }), undefined)
  })

  it('follow a delivery within a minute, and later changes too', async () => {
    const { world, open, settle, report, answer, count, figures } = await createWorld()
    const opened = await open()
    await count()
    assert.deepEqual(await figures(), [1, 0, 0, 0], 'it has not ended')
    world.time += MINUTE_MS
    await settle(opened)
    await count()
    assert.deepEqual(await figures(), [1, 1, 0, 0])
    world.time += 3 * HOUR_MS
    await report(opened)
    await count()
    assert.deepEqual(await figures(), [1, 1, 1, 0])
    world.time += 3 * DAY_MS
    await answer(opened, 20_000)
    world.time += MINUTE_MS
    await count()
    assert.deepEqual(await figures(), [1, 1, 1, 1])
  })

  it('contain an end that was written late, and a receipt that names no delivery', async () => {
    const { world, store, open, settle, count, figures } = await createWorld()
    const opened = await open()
    world.time += 2 * HOUR_MS
    await count()
    await settle(opened)
    await count()
    assert.deepEqual(await figures(), [1, 1, 0, 0])
    await store.addReceipt(
      receipt({ messageId: `m-${opened.id}`, deliveryId: undefined, type: 'TEXT_DELIVERED' }),
    )
    await count()
    assert.deepEqual(await figures(), [1, 1, 1, 0])
  })

  it('are read for each hour of a day in at most seven reads', async () => {
    const { world, store, open, settle, count } = await createWorld()
    for (let hour = 0; hour < 20; hour += 1) {
      await settle(await open())
      world.time += HOUR_MS
      await count()
    }
    for (const from of [START, START + HOUR_MS / 2]) {
      world.calls.length = 0
      const { hours } = (await store.readHourlyStats({ from, to: world.time })) ?? assert.fail('no figures')
      const asked = hours.map(({ stats }) => stats.total.asked)
      assert.deepEqual(asked, Array(from === START ? 20 : 19).fill(1))
      assert.ok(world.calls.length <= 7, world.calls.join())
    }
  })

  it('leave an org in which a delivery no longer is', async () => {
    const { world, open, settle, count, read } = await createWorld()
    // The second one dies too, and takes the facts of the first one with it.
    const first = await open({ numberDigest: 'number', caller: 'acme' })
    world.time += 1_000
    await open({ numberDigest: 'number', caller: 'acme' })
    await count()
    const orgs = async () => {
      const { by } = (await read()).stats
      return [...by.org].map(([org, { asked }]) => [org, asked]).toSorted()
    }
    assert.deepEqual(await orgs(), [
      ['acme', 1],
      ['unknown', 1],
    ])
    await settle(first)
    await count()
    assert.deepEqual(await orgs(), [['acme', 2]])
  })

  it('say until when they are counted, and catch up', async () => {
    const { world, open, count, read, figures } = await createWorld()
    await open()
    await count()
    const countedAt = world.time
    for (let hour = 0; hour < 5; hour += 1) {
      world.time += HOUR_MS
      await open()
    }
    assert.equal((await read()).until, countedAt)
    assert.equal(await count(), world.time)
    assert.deepEqual(await figures(), [6, 0, 0, 0])
  })

  it('catch up in steps, as long as there is time', async () => {
    const { world, open, count, figures } = await createWorld()
    await count()
    const countedAt = world.time
    world.time += 3 * HOUR_MS
    await open()
    assert.equal(await count({ mayGoOn: () => false }), countedAt + 10 * MINUTE_MS)
    assert.deepEqual(await figures(), [0, 0, 0, 0])
    assert.equal(await count(), world.time)
    assert.deepEqual(await figures(), [1, 0, 0, 0])
  })

  it('of seven days are read with a few queries, and never by reading deliveries', async () => {
    const { world, open, count, read } = await createWorld()
    await count()
    for (const caller of ['acme', 'globex', 'acme', 'acme']) {
      await open({ caller })
      world.time += 50 * HOUR_MS
      await count()
    }
    world.calls.length = 0
    const { stats } = await read()
    assert.deepEqual([stats.total.asked, stats.by.org.get('acme')?.asked], [3, 2])
    // Where counting stopped; eight days, and the minutes of the first hour and of the last three.
    assert.deepEqual([...new Set(world.calls)], ['GetItem', 'Query'])
    assert.ok(world.calls.length <= 13, `${world.calls.length} calls`)
  })

  it('cost the hook no call: young deliveries are not marked', async () => {
    const { world, open, settle, report } = await createWorld()
    const opened = await open()
    world.calls.length = 0
    world.time += 2_000
    await settle(opened)
    assert.deepEqual(world.calls, ['UpdateItem', 'UpdateItem']) // the end, and the claim of its message
    world.calls.length = 0
    await report(opened, 'TEXT_PENDING')
    world.time += HOUR_MS
    await report(opened, 'TEXT_SENT')
    assert.deepEqual(world.calls, ['UpdateItem', 'UpdateItem'], 'nor a late receipt another one')
  })

  it('cost twelve read units a delivery, and a few write units for its minute', async () => {
    const { world, open, settle, report, answer, count } = await createWorld()
    await count()
    const units = { read: 0, written: 0 }
    const { call } = world
    world.call = async (operation, input) => {
      const { RequestItems = {} } = input as BatchGetItemInput
      for (const { Keys = [], ConsistentRead } of Object.values(RequestItems))
        units.read += Keys.length * (ConsistentRead === true ? 1 : 0.5) // each has at most 4 KB
      if (operation === 'UpdateItem') units.written += 1 // so do these figures
      return call(operation, input)
    }
    const DELIVERIES = 10
    const opened = await Promise.all(Array.from({ length: DELIVERIES }, () => open()))
    for (const each of opened) await settle(each)
    for (const each of opened.slice(1)) await report(each)
    for (const each of opened.slice(2)) await answer(each, 20_000)
    units.written = 0
    for (const minutes of [1, 1, 1, 1, 1, 1, 1, 57]) {
      world.time += minutes * MINUTE_MS
      await count()
    }
    assert.ok(units.read / DELIVERIES <= 12, `${units.read / DELIVERIES} read units (docs/decisions/0016)`)
    // Eight runs say where they stopped, and longer ones at each step; the minute is written once, because nothing changed.
    assert.ok(units.written <= 8 + 4 + 1, `${units.written} updates`)
  })

  it('are those of the set of deliveries, whatever is late, repeated or lost, and wherever a process dies', async () => {
    const index = fc.nat(5)
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('open' as const),
        number: fc.constantFrom('number-1', 'number-2', 'number-3'),
        caller: fc.constantFrom('acme', 'globex'),
        country: fc.constantFrom('ES', 'US'),
        end: fc.constantFrom(accepted(), ended('unknown'), ended('failed')),
      }),
      fc.record({
        kind: fc.constant('settle' as const),
        index,
        diesAt: fc.nat(8),
        isLost: fc.boolean(),
      }),
      fc.record({
        kind: fc.constant('receipt' as const),
        index,
        type: fc.constantFrom('TEXT_SENT', 'TEXT_DELIVERED', 'TEXT_BLOCKED'),
        isNamed: fc.boolean(),
        diesAt: fc.nat(3),
        isLost: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('answer' as const), index, seconds: fc.integer({ min: 1, max: 299 }) }),
      fc.record({
        kind: fc.constant('pass' as const),
        ms: fc.constantFrom(2_000, MINUTE_MS, 4 * MINUTE_MS, 9 * MINUTE_MS, 70 * MINUTE_MS),
      }),
      fc.record({
        kind: fc.constant('count' as const),
        diesAt: fc.nat(60),
        isLost: fc.boolean(),
        isTwice: fc.boolean(),
      }),
    )
    const property = fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async steps => {
      const { world, store, open, answer, count, read, storeBy } = await createWorld()
      const opened: Delivery[] = []
      const ends: Delivery['end'][] = []
      await count() // when it was deployed
      for (const each of steps) {
        if (each.kind === 'open') {
          const { number: numberDigest, caller, country } = each
          const one = await open({ numberDigest, caller, country })
          opened.push(one)
          ends.push(each.end.state === 'accepted' ? accepted(`m-${one.id}`) : each.end)
          world.time += 10 // the next one has another moment
        }
        if (each.kind === 'pass') world.time += each.ms
        if (each.kind === 'count') {
          const dying = dyingAt(client.call, each.diesAt, each.isLost)
          await Promise.allSettled([count({ call: dying }), each.isTwice && count()])
        }
        const of = 'index' in each ? opened[each.index] : undefined
        if (of === undefined) continue
        if (each.kind === 'settle') {
          const end = ends[each.index] ?? of.end
          // What the table did not take is written later, by the same process.
          world.call = dyingAt(client.call, each.diesAt, each.isLost)
          const isWritten = await store.settle({ ...of, end }).then(
            () => true,
            () => false,
          )
          world.call = client.call
          if (!isWritten) await store.settle({ ...of, end })
        }
        if (each.kind === 'receipt') {
          const deliveryId = each.isNamed ? of.id : undefined
          const reported = receipt({
            messageId: `m-${of.id}`,
            deliveryId,
            type: each.type,
            isFinal: true,
            price: 0.01,
          })
          // SNS and EventBridge deliver again what a function did not take.
          const tried = storeBy(dyingAt(client.call, each.diesAt, each.isLost))
          await tried.addReceipt(reported).catch(() => store.addReceipt(reported))
        }
        if (each.kind === 'answer') await answer(of, each.seconds * 1_000)
      }
      world.time += MINUTE_MS
      await store.listDeliveries({ limit: 1 }) // finds what died
      await count()
      const { stats } = await read(2 * DAY_MS)
      assert.deepEqual(stats, countDeliveries(await store.listDeliveries({ limit: 1_000 })))
    })
    await fc.assert(property, { numRuns: 15 })
  })
})
