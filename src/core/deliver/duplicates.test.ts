import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createWorld, startProcess } from '../../../test/fixtures/delivering.ts'
import type { Outcome } from '../records/delivery.ts'
import { createRecentOutcomes } from './duplicates.ts'

describe('the same request at the same moment, while the store hangs', () => {
  it('waits while the first one settles, and gets its answer', async () => {
    const world = await createWorld()
    const hangs = () => new Promise<never>(() => {})
    const hookline = startProcess(world, { admit: hangs, settle: hangs })
    const [first, second] = await world.clock.until(Promise.all([hookline.begin(), hookline.begin()]))
    assert.equal(first?.kind, 'accepted')
    assert.deepEqual(second, first)
    assert.equal(world.carrier.delivered.length, 1)
  })
})

describe('the same request at the same moment in another process', () => {
  it('gets the answer that the first one got from the carrier at the last moment', async () => {
    const world = await createWorld()
    world.carrier.set('+18665550100', 'accepts', 1_795) // sending ends after 1,800 ms
    const [one, other] = [startProcess(world), startProcess(world, {}, 'other')]
    const [first, second] = await world.clock.until(Promise.all([one.begin(), other.begin()]))
    assert.equal(first?.kind, 'accepted')
    assert.deepEqual(second, first)
  })
})

const accepted: Outcome = { kind: 'accepted', deliveryId: 'd', messageId: 'm' }
const ended = (kind: 'failed' | 'refused' | 'unknown'): Outcome => ({
  kind,
  deliveryId: 'd',
  code: kind === 'unknown' ? 'CARRIER_UNKNOWN' : 'CARRIER_REFUSED',
  detail: '',
})
const settled = (): Promise<void> => new Promise(setImmediate)

describe('the recent outcomes', () => {
  it('contain a request as soon as it begins', () => {
    const recent = createRecentOutcomes()
    const outcome = new Promise<Outcome>(() => {})
    assert.equal(recent.find('key', 0), undefined)
    recent.remember('key', outcome, 0)
    assert.equal(recent.find('key', 0), outcome)
    assert.equal(recent.find('another', 0), undefined)
  })

  for (const outcome of [accepted, ended('unknown')]) {
    it(`keep a request that ended ${outcome.kind}`, async () => {
      const recent = createRecentOutcomes()
      recent.remember('key', Promise.resolve(outcome), 0)
      await settled()
      assert.deepEqual(await recent.find('key', 0), outcome)
    })
  }

  for (const [what, outcome] of [
    ['failed', async () => ended('failed')],
    ['was refused', async () => ended('refused')],
    ['was an internal error', () => Promise.reject(new Error('a fault of ours'))],
  ] as const) {
    it(`drop a request that ${what}: it may run again`, async () => {
      const recent = createRecentOutcomes()
      recent.remember('key', outcome(), 0)
      await settled()
      assert.equal(recent.find('key', 0), undefined)
    })
  }

  it('drop a request after ten minutes', () => {
    const recent = createRecentOutcomes()
    recent.remember('key', Promise.resolve(accepted), 1_000)
    assert.ok(recent.find('key', 600_999))
    assert.equal(recent.find('key', 601_000), undefined)
  })

  it('are not changed by an older run of the same request that fails late', async () => {
    const recent = createRecentOutcomes()
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    recent.remember('key', promise, 0)
    recent.remember('key', Promise.resolve(accepted), 600_000)
    resolve(ended('failed'))
    await settled()
    assert.deepEqual(await recent.find('key', 600_000), accepted)
  })

  it('are at most 20,000: the oldest is dropped first', () => {
    const recent = createRecentOutcomes()
    const outcome = Promise.resolve(accepted)
    for (let index = 0; index <= 20_000; index += 1) recent.remember(`key ${index}`, outcome, 0)
    assert.equal(recent.find('key 0', 0), undefined)
    assert.ok(recent.find('key 1', 0))
    assert.ok(recent.find('key 20000', 0))
  })
})
