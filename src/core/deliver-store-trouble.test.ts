import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BUDGET_MS, createWorld, onlyDelivery, startProcess } from '../../test/fixtures/delivering.ts'
import { NOW, otpRequest } from '../../test/fixtures/planning.ts'
import { STEP_ENDS } from './deadline.ts'
import { keepPolicy } from './live-policy.ts'
import type { Ports } from './ports.ts'

const broken = (): Promise<never> => Promise.reject(new Error('store: disk I/O error'))
const hanging = (): Promise<never> => new Promise(() => {})

describe('a store that cannot admit', () => {
  for (const [what, admit, untilMs] of [
    ['fails', broken, 0],
    ['hangs', hanging, BUDGET_MS * STEP_ENDS.admit],
  ] as const) {
    it(`does not stop a login when it ${what}: the code is sent, and the trouble is said`, async () => {
      const world = await createWorld()
      const hookline = startProcess(world, { admit })
      assert.equal((await hookline.deliver()).kind, 'accepted')
      assert.equal(world.carrier.delivered.length, 1)
      assert.equal(world.clock.now() - NOW, untilMs)
      assert.deepEqual(hookline.said('admit'), ['store-unavailable'])
    })

    it(`has the whole record all the same when it ${what}, once it settles`, async () => {
      const world = await createWorld()
      await startProcess(world, { admit }).deliver()
      const delivery = await onlyDelivery(world.store)
      assert.equal(delivery.end.state, 'accepted')
      assert.equal(delivery.country, 'ES')
    })

    it(`sends the same request only once when it ${what}: this process remembers`, async () => {
      const world = await createWorld()
      const hookline = startProcess(world, { admit })
      const outcome = await hookline.deliver()
      assert.deepEqual(await hookline.deliver(), outcome)
      assert.equal(world.carrier.delivered.length, 1)
    })
  }

  for (const late of [
    { kind: 'opened' },
    { kind: 'limited', limit: { scope: 'user', windowSeconds: 60, max: 1 } },
  ] as const) {
    it(`and says "${late.kind}" too late is not listened to: the code is out already`, async () => {
      const world = await createWorld()
      const admit: Ports['admit'] = async () => {
        await world.clock.pause(BUDGET_MS)
        return late
      }
      const hookline = startProcess(world, { admit })
      assert.equal((await hookline.deliver()).kind, 'accepted')
      world.clock.pass(BUDGET_MS)
      assert.equal(world.carrier.delivered.length, 1)
      assert.deepEqual(hookline.said('admit'), ['store-unavailable'])
    })
  }

  it('and fails with something that is no error is heard too', async () => {
    const world = await createWorld()
    const hookline = startProcess(world, { admit: () => Promise.reject('out of reach') })
    assert.equal((await hookline.deliver()).kind, 'accepted')
    assert.equal(hookline.events.find(({ step }) => step === 'admit')?.detail, 'out of reach')
  })
})

describe('a store that cannot settle', () => {
  for (const [what, settle, untilMs] of [
    ['fails', broken, 0],
    ['hangs', hanging, BUDGET_MS * STEP_ENDS.settle],
  ] as const) {
    it(`does not hold the answer when it ${what}, and the trouble is said`, async () => {
      const world = await createWorld()
      const hookline = startProcess(world, { settle })
      assert.deepEqual(await hookline.deliver(), {
        kind: 'accepted',
        deliveryId: 'one-1',
        messageId: 'message-1',
      })
      assert.equal(world.clock.now() - NOW, untilMs)
      assert.deepEqual(hookline.said('settle'), ['store-unavailable'])
    })

    it(`does not hold a refusal either when it ${what}`, async () => {
      const world = await createWorld()
      const outcome = await startProcess(world, { settle }).deliver(otpRequest({ expiresAt: NOW - 100_000 }))
      assert.ok(outcome.kind === 'refused' && outcome.code === 'CODE_EXPIRED')
    })
  }
})

describe('everything that hangs at once', () => {
  it('still ends inside the budget', async () => {
    const world = await createWorld()
    world.carrier.set('+18665550100', 'hangs')
    const outcome = await startProcess(world, { admit: hanging, settle: hanging, find: hanging }).deliver()
    assert.ok(outcome.kind === 'unknown' && outcome.code === 'CARRIER_UNKNOWN')
    assert.ok(world.clock.now() - NOW < BUDGET_MS)
  })
})

describe('a policy that is kept', () => {
  it('serves on while the store hangs', async () => {
    const world = await createWorld()
    let isHanging = false
    const readPolicy = (known?: number) => (isHanging ? hanging() : world.store.readPolicy(known))
    const hookline = startProcess(world, { policy: keepPolicy({ readPolicy }, world.clock.now, 1_000) })
    await hookline.deliver()
    isHanging = true
    world.clock.pass(5_000)
    assert.equal((await hookline.deliver(otpRequest({ eventId: 'another' }))).kind, 'accepted')
  })
})
