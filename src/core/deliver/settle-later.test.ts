import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { delivery } from '../../../test/contracts/stores.ts'
import type { Delivery } from '../records/delivery.ts'
import type { StepEvent } from './event.ts'
import { createSettleLater } from './settle-later.ts'

const asItIs = (id: string): Delivery => delivery({ id })

function setUp(max?: number) {
  const written: string[] = []
  const events: StepEvent[] = []
  const store = { isWell: true, rejects: '' }
  const later = createSettleLater(
    async ({ id }) => {
      if (!store.isWell || id === store.rejects) throw new Error('store: disk full')
      written.push(id)
    },
    event => void events.push(event),
    max,
  )
  const settle = (id: string) => later.settle(asItIs(id)).catch(() => undefined)
  return { ...later, written, store, settle, outcomes: () => events.map(({ outcome }) => outcome) }
}
const inTheMeantime = () => new Promise(setImmediate)

describe('a delivery that the store did not accept', () => {
  it('is still an error for the caller of settle', async () => {
    const { store, settle, waitingCount } = setUp()
    store.isWell = false
    await assert.rejects(
      createSettleLater(
        () => Promise.reject(new Error('full')),
        () => {},
      ).settle(asItIs('a')),
    )
    await settle('a')
    assert.equal(waitingCount(), 1)
  })

  it('is written with the next one that the store accepts', async () => {
    const { store, settle, written, outcomes, waitingCount } = setUp()
    store.isWell = false
    for (const id of ['a', 'b']) await settle(id)
    store.isWell = true
    await settle('c')
    await inTheMeantime()
    assert.deepEqual(written, ['c', 'a', 'b'])
    assert.deepEqual(outcomes(), ['written-later', 'written-later'])
    assert.equal(waitingCount(), 0)
  })

  it('is also written without another one', async () => {
    const { store, settle, written, writeKept, waitingCount } = setUp()
    store.isWell = false
    await settle('a')
    await writeKept()
    assert.equal(waitingCount(), 1)
    store.isWell = true
    await Promise.all([writeKept(), writeKept()])
    assert.deepEqual(written, ['a'])
  })

  it('does not block others if the store rejects only it, and is finally dropped and logged', async () => {
    const { store, settle, written, outcomes, waitingCount } = setUp()
    store.isWell = false
    for (const id of ['bad', 'good']) await settle(id)
    store.isWell = true
    store.rejects = 'bad'
    for (let round = 0; round < 12; round += 1) {
      await settle(`next-${round}`)
      await inTheMeantime()
    }
    assert.ok(written.includes('good'))
    assert.deepEqual([waitingCount(), outcomes().at(-1)], [0, 'dropped'])
  })

  it('is kept however long the store cannot be reached', async () => {
    const { store, settle, writeKept, written } = setUp()
    store.isWell = false
    await settle('a')
    for (let round = 0; round < 1_000; round += 1) await writeKept()
    store.isWell = true
    await writeKept()
    assert.deepEqual(written, ['a'])
  })

  it('is dropped and logged if there are too many newer ones', async () => {
    const { store, settle, written, writeKept, outcomes } = setUp(2)
    store.isWell = false
    for (const id of ['a', 'b', 'c']) await settle(id)
    assert.deepEqual(outcomes(), ['dropped'])
    store.isWell = true
    await writeKept()
    assert.deepEqual(written, ['b', 'c'])
  })
})
