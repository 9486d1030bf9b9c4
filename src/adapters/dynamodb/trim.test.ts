import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { DAY_MS, delivery, ended, noLimits, thirtyDays } from '../../../test/contracts/stores.ts'
import { type Dynamo, itemsOf, openOn, startDynamo } from '../../../test/fixtures/dynamo.ts'
import { defaultLimits, type Limits } from '../../core/policy/limits.ts'
import type { Store } from '../../core/records/store.ts'
import { valueIn } from './history.ts'
import { entryOf, timeIn } from './keys.ts'

let dynamo: Dynamo
let table: string
let store: Store
let now = 0
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())
beforeEach(async () => {
  now = DAY_MS
  table = await dynamo.createTable()
  store = await openOn(dynamo, { table, now: () => now, retention: thirtyDays })
})
afterEach(async () => {
  dynamo.door = undefined
  await store.close()
})

const item = async (pk: string) =>
  (await itemsOf(dynamo, table)).find(found => found.pk === pk) ?? assert.fail(pk)
const listOf = async (pk: string, list: string) => (await item(pk))[list] as string[]
let asked = 0
const ask = async (openedAt: number): Promise<string> => {
  asked += 1
  const id = `delivery-${asked}`
  now = openedAt
  const admission = await store.admit({
    delivery: delivery({ id, openedAt, duplicateKey: id }),
    limits: noLimits,
  })
  assert.equal(admission.kind, 'opened')
  return id
}
/** Trimming continues after the answer. */
const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise(setImmediate)
}

describe('an item that has grown', () => {
  it('keeps twenty entries and those of a day', async () => {
    for (let index = 0; index < 35; index += 1) await ask(DAY_MS + index)
    assert.equal((await listOf('number#number-1', 'sent')).length, 35)
    const newest = await ask(3 * DAY_MS)
    await until(async () => (await listOf('number#number-1', 'sent')).length < 36)
    await until(async () => (await listOf('user#user-1', 'sent')).length < 36)
    const { sent, sms, ...others } = await item('number#number-1')
    assert.equal((sent as string[]).length, 20)
    assert.deepEqual(sms, [timeIn(entryOf({ openedAt: 3 * DAY_MS, id: newest }))])
    assert.equal(Object.keys(others).filter(name => name.startsWith('k#')).length, 1)
    assert.equal((await listOf('user#user-1', 'sent')).length, 20)
  })

  it('keeps everything that limits or duplicates need, however long it is', async () => {
    for (let index = 0; index < 60; index += 1) await ask(DAY_MS + index)
    const limits = { mode: 'enforce', windows: [{ scope: 'user', windowSeconds: 86_400, max: 60 }] } as const
    const last = delivery({ id: 'last', openedAt: 2 * DAY_MS - 1, duplicateKey: 'last' })
    assert.deepEqual(await store.admit({ delivery: last, limits }), {
      kind: 'limited',
      limit: limits.windows[0],
    })
    const again = delivery({ id: 'again', openedAt: 2 * DAY_MS - 1, duplicateKey: `delivery-${asked - 59}` })
    assert.equal((await store.admit({ delivery: again, limits: defaultLimits })).kind, 'duplicate')
  })

  it('keeps the last twenty that were not sent, for lists', async () => {
    for (let index = 0; index < 40; index += 1)
      await store.settle(
        delivery({ id: `refused-${index}`, openedAt: DAY_MS + index, end: ended('refused') }),
      )
    await ask(DAY_MS + 100)
    await until(async () => (await listOf('number#number-1', 'others')).length <= 35)
    const found = await store.listDeliveries({ limit: 100, numberDigests: ['number-1'] })
    assert.ok(found.length <= 36)
    assert.deepEqual(
      found.slice(-21).map(({ id }) => id),
      [...Array.from({ length: 20 }, (_, index) => `refused-${20 + index}`), `delivery-${asked}`],
    )
  })

  it('is unchanged if another process was faster', async () => {
    for (let index = 0; index < 40; index += 1) await ask(DAY_MS + index)
    // The trimming after the next one is held until another one has changed the item, whose own trimming is lost.
    const [arrived, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const number = 'UpdateItem number#number-1'
    let updates = 0
    dynamo.answered.length = 0
    dynamo.door = async call => {
      if (call !== number) return 'in'
      updates += 1
      if (updates > 3) return 'cut'
      if (updates !== 2) return 'in'
      arrived.resolve()
      await held.promise
      return 'in'
    }
    await ask(3 * DAY_MS)
    await arrived.promise
    const newest = await ask(3 * DAY_MS + 1)
    // The first, the newest, and its trimming, tried twice; then the held one.
    const answered = () => dynamo.answered.filter(call => call === number).length
    await until(async () => answered() === 4)
    held.resolve()
    await until(async () => answered() === 5)
    const sent = await listOf('number#number-1', 'sent')
    assert.equal(sent[0], entryOf({ openedAt: 3 * DAY_MS + 1, id: newest }))
    assert.equal(sent.length, 42)
  })
})

describe('an item that an attacker fills', () => {
  const entries = (count: number, at: number) =>
    Array.from({ length: count }, (_, index) => ({
      S: entryOf({ openedAt: at - index, id: `${index}`.padStart(36, 'x') }),
    }))
  /** A number's item as it may have become: this many codes within a minute. */
  const put = async (lists: Readonly<Record<string, number>>, duplicates = 0) => {
    const at = now
    const known = entries(duplicates, at).map(({ S }, index) => [`k#${`${index}`.padStart(22, 'y')}`, { S }])
    await dynamo.client.send(
      new PutItemCommand({
        TableName: table,
        Item: {
          pk: { S: 'number#number-1' },
          sk: { S: 'sent' },
          ...Object.fromEntries(
            Object.entries(lists).map(([list, count]) => [
              list,
              { L: entries(count, at).map(({ S }) => ({ S: valueIn(list, S) })) },
            ]),
          ),
          ...Object.fromEntries(known),
        },
      }),
    )
    now += 1_000
  }
  const enforced = {
    mode: 'enforce',
    windows: [{ scope: 'number', windowSeconds: 3_600, max: 150 }],
  } as const
  const observed = { ...enforced, mode: 'observe' } as const
  const next = (limits: Limits, id: string) =>
    store.admit({ delivery: delivery({ id, openedAt: now, duplicateKey: id }), limits })

  it('is trimmed and written again when it is at its size limit', async () => {
    await put({ sent: 7_183, sms: 7_183 })
    const admission = await next(observed, 'delivery-a')
    assert.deepEqual(admission, { kind: 'opened', exceeded: observed.windows[0] })
    const { sent } = await item('number#number-1')
    assert.equal((sent as string[])[0], entryOf({ openedAt: now, id: 'delivery-a' }))
    assert.ok((sent as string[]).length <= 201)
  })

  it('is also trimmed if only refusals, or only known requests, have filled it', async () => {
    for (const [lists, duplicates] of [
      [{ others: 8_711 }, 0],
      [{ sent: 10, sms: 10 }, 5_841],
    ] as const) {
      await put(lists, duplicates)
      dynamo.calls.length = 0
      assert.equal((await next(observed, `delivery-${duplicates}`)).kind, 'opened')
      assert.ok(dynamo.calls.includes('GetItem number#number-1'), 'it was at its size limit')
    }
  })

  it('is limited as soon as limits are enforced, however many codes were only observed', async () => {
    await put({ sent: 1_000, sms: 1_000 }, 300)
    assert.equal((await next(observed, 'delivery-a')).kind, 'opened')
    await until(async () => (await listOf('number#number-1', 'sent')).length <= 200)
    await until(async () => {
      const names = Object.keys(await item('number#number-1'))
      return names.filter(name => name.startsWith('k#')).length <= 200
    })
    assert.deepEqual(await next(enforced, 'delivery-b'), { kind: 'limited', limit: enforced.windows[0] })
  })

  it('keeps as many as the largest limit counts', async () => {
    const wide = { mode: 'observe', windows: [{ scope: 'number', windowSeconds: 3_600, max: 900 }] } as const
    await put({ sent: 1_000, sms: 1_000 })
    await next(wide, 'delivery-a')
    await until(async () => (await listOf('number#number-1', 'sent')).length === 900)
    assert.equal((await next({ ...wide, mode: 'enforce' }, 'delivery-b')).kind, 'limited')
  })

  it('does not grow with refusals either', async () => {
    await put({ sent: 200, sms: 200, others: 60 })
    const refused = delivery({ id: 'delivery-r', openedAt: now, end: ended('refused') })
    await store.settle(refused)
    await until(async () => (await listOf('number#number-1', 'others')).length <= 20)
    assert.ok((await listOf('number#number-1', 'others')).includes(entryOf(refused)))
  })

  it('holds at most two hundred receipts of a message', async () => {
    const receipt = (index: number) => ({
      messageId: 'message-1',
      deliveryId: undefined,
      type: `TEXT_${index}`,
      at: now,
      description: undefined,
      carrierName: undefined,
      price: undefined,
      isFinal: undefined,
    })
    await dynamo.client.send(
      new PutItemCommand({
        TableName: table,
        Item: {
          pk: { S: 'message#message-1' },
          sk: { S: 'receipts' },
          receipts: { SS: Array.from({ length: 200 }, (_, index) => `{"type":"JUNK_${index}"}`) },
        },
      }),
    )
    await store.addReceipt(receipt(1) as never)
    assert.equal(((await item('message#message-1')).receipts as string[]).length, 200)
  })
})
