import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import fc from 'fast-check'
import { withKeys } from '../../../test/contracts/sharing.ts'
import { accepted, DAY_MS, delivery, ended, noLimits, thirtyDays } from '../../../test/contracts/stores.ts'
import { type Dynamo, itemsOf, openOn, startDynamo } from '../../../test/fixtures/dynamo.ts'
import type { Store } from '../../core/records/store.ts'

const NOW = Date.UTC(2026, 5, 15, 12)
const limits = { mode: 'enforce', windows: [{ scope: 'number', windowSeconds: 60, max: 3 }] } as const

describe('while the hash key is rotated, an admission', () => {
  let dynamo: Dynamo
  let table: string
  /** Of a process before, and of one after the keys changed places. */
  let one: Store
  let other: Store
  before(async () => {
    dynamo = await startDynamo()
  })
  after(() => dynamo.close())
  beforeEach(async () => {
    dynamo.door = undefined
    table = await dynamo.createTable()
    const open = () => openOn(dynamo, { table, now: () => NOW, retention: thirtyDays })
    one = withKeys(await open(), ['a', 'b'])
    other = withKeys(await open(), ['b', 'a'])
    dynamo.calls.length = 0
    dynamo.answered.length = 0
  })
  const request = (id: string, duplicateKey = 'key-1', openedAt = NOW) =>
    delivery({ id, duplicateKey, openedAt })

  it('counts in the items of both keys, still one round trip deep', async () => {
    const held = Promise.withResolvers<void>()
    dynamo.door = async () => {
      if (dynamo.calls.length === 4) held.resolve()
      await held.promise // none of them waits for another one
      return 'in'
    }
    assert.equal((await one.admit({ delivery: request('delivery-1'), limits: noLimits })).kind, 'opened')
    assert.deepEqual(dynamo.calls.toSorted(), [
      ...['UpdateItem number#a-number-1', 'UpdateItem number#b-number-1'],
      ...['UpdateItem user#a-user-1', 'UpdateItem user#b-user-1'],
    ])
  })

  it('is taken out of both after nothing was sent, so that the same request may run again', async () => {
    const first = request('delivery-1')
    await one.admit({ delivery: first, limits })
    await one.settle({ ...first, end: ended('failed') })
    assert.equal((await other.admit({ delivery: request('delivery-2'), limits })).kind, 'opened')
    await other.settle({ ...request('delivery-2'), end: accepted() })
    assert.equal((await one.admit({ delivery: request('delivery-3'), limits })).kind, 'duplicate')
    const sent = (await itemsOf(dynamo, table)).flatMap(({ sent }) =>
      Array.isArray(sent) ? [sent.length] : [],
    )
    assert.deepEqual(sent, [1, 1, 1, 1])
  })

  it('wins against the same request if each of the two came first under another key', async () => {
    const crossed = Promise.withResolvers<void>()
    const arrived = Promise.withResolvers<void>()
    let underB = 0
    dynamo.door = async call => {
      if (call === 'UpdateItem number#b-number-1') {
        underB += 1
        if (underB === 1) {
          arrived.resolve()
          await crossed.promise
        }
      }
      return 'in'
    }
    const winner = one.admit({ delivery: request('delivery-1'), limits: noLimits })
    await arrived.promise
    while (!dynamo.answered.includes('UpdateItem number#a-number-1')) await new Promise(setImmediate)
    const loser = other.admit({ delivery: request('delivery-2'), limits: noLimits })
    while (!dynamo.answered.includes('UpdateItem number#b-number-1')) await new Promise(setImmediate)
    crossed.resolve()
    const [first, second] = await Promise.all([winner, loser])
    assert.equal(first.kind, 'opened')
    assert.ok(second.kind === 'duplicate')
    assert.equal(second.first.id, 'delivery-1')
    assert.ok(dynamo.calls.filter(call => call === 'UpdateItem number#b-number-1').length > 2)
  })

  it('does not wait for a code that was counted long before', async () => {
    for (const id of ['1', '2', '3'])
      await one.admit({ delivery: request(id, id, NOW - 30_000 + Number(id)), limits })
    dynamo.calls.length = 0
    assert.equal((await other.admit({ delivery: request('4', '4'), limits })).kind, 'limited')
    const updates = dynamo.calls.filter(call => call.startsWith('UpdateItem number#'))
    assert.equal(updates.length, 2) // both refuse, and neither is undone
  })

  it('is never sent twice, nor beyond a limit, whatever calls are lost', async () => {
    const lost = fc.constantFrom<'in' | 'cut' | 'answer lost'>(
      'in',
      'in',
      'in',
      'in',
      'in',
      'cut',
      'answer lost',
    )
    const requests = fc.array(fc.record({ isOne: fc.boolean(), event: fc.nat(3) }), {
      minLength: 2,
      maxLength: 8,
    })
    let round = 0
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(lost), requests, async (fates, asked) => {
        round += 1
        const openedAt = NOW + round * DAY_MS
        dynamo.door = async call => (/ (number|user)#/.test(call) ? (fates.next().value ?? 'in') : 'in')
        const admissions = await Promise.allSettled(
          asked.map(({ isOne, event }, index) => {
            const store = isOne ? one : other
            return store.admit({
              delivery: request(`${round}-${index}`, `${round}-${event}`, openedAt),
              limits,
            })
          }),
        )
        const opened = asked.filter((_, index) => {
          const result = admissions[index]
          return result?.status === 'fulfilled' && result.value.kind === 'opened'
        })
        assert.ok(opened.length <= 3)
        assert.equal(new Set(opened.map(({ event }) => event)).size, opened.length)
      }),
      { numRuns: 25 },
    )
  })
})
