import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createWorld, startProcess } from '../../../test/fixtures/delivering.ts'

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
