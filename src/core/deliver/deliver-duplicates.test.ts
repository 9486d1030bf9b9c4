import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  BUDGET_MS,
  createWorld,
  type DeliveryWorld,
  onlyDelivery,
  startProcess,
} from '../../../test/fixtures/delivering.ts'
import { NOW, otpRequest } from '../../../test/fixtures/planning.ts'
import type { OwnEnd } from '../records/delivery.ts'
import { OWN_PREVIEW } from '../records/delivery.ts'
import { STEP_ENDS } from './deadline.ts'

const CANDIDATE = '+18665550100'

describe('the same request again, in the same process', () => {
  it('waits for the first one in progress, and gets the same answer', async () => {
    const world = await createWorld()
    world.carrier.set(CANDIDATE, 'accepts', 300)
    const hookline = startProcess(world)
    const first = hookline.begin()
    const duplicates = [hookline.begin(), hookline.begin()]
    const outcomes = await world.clock.until(Promise.all([first, ...duplicates]))
    assert.equal(outcomes[0]?.kind, 'accepted')
    assert.deepEqual(new Set(outcomes.map(outcome => JSON.stringify(outcome))).size, 1)
    assert.equal(world.carrier.delivered.length, 1)
    assert.deepEqual(hookline.outcomesOf('admit'), ['opened', 'duplicate', 'duplicate'])
  })

  it('waits no longer than its own deadline', async () => {
    const world = await createWorld()
    world.carrier.set(CANDIDATE, 'hangs')
    const hookline = startProcess(world)
    const first = hookline.begin()
    await world.clock.until(world.clock.pause(1_000)) // the first ends 800 ms before the second must
    const second = await world.clock.until(hookline.begin())
    assert.deepEqual(second, await first)
    assert.equal(second.kind, 'unknown')
    assert.equal(world.clock.now() - NOW, BUDGET_MS * STEP_ENDS.send)
  })

  for (const [behaviour, kind] of [
    ['accepts', 'accepted'],
    ['may have sent', 'unknown'],
  ] as const) {
    it(`gets the first answer again after it was ${kind}, and nothing is sent`, async () => {
      const world = await createWorld()
      world.carrier.set(CANDIDATE, behaviour)
      const hookline = startProcess(world)
      const first = await hookline.deliver()
      world.clock.pass(60_000)
      assert.equal(first.kind, kind)
      assert.deepEqual(await hookline.deliver(), first)
      assert.deepEqual(world.carrier.tried, [CANDIDATE])
      await onlyDelivery(world.store)
    })
  }

  it('runs again after it failed: provably nothing was sent', async () => {
    const world = await createWorld()
    world.carrier.set(CANDIDATE, 'cannot be reached')
    const hookline = startProcess(world)
    assert.equal((await hookline.deliver()).kind, 'failed')
    world.carrier.set(CANDIDATE, 'accepts')
    assert.deepEqual(await hookline.deliver(), {
      kind: 'accepted',
      deliveryId: 'one-2',
      messageId: 'message-1',
    })
  })

  it('runs again after a limit that refused it no longer does', async () => {
    const world = await createWorld()
    const hookline = startProcess(world)
    await world.store.saveLimits(
      {
        mode: 'enforce',
        windows: [{ scope: 'number', windowSeconds: 60, max: 1 }],
      },
      { author: 'a test', at: 0 },
    )
    await hookline.deliver(otpRequest({ eventId: 'first' }))
    assert.equal((await hookline.deliver()).kind, 'refused')
    world.clock.pass(60_000)
    assert.equal((await hookline.deliver()).kind, 'accepted')
  })
})

/** Admitted by another process, which then did this and no more. */
async function leftBehind(world: DeliveryWorld, end: OwnEnd, openedAt = NOW): Promise<void> {
  const captured = startProcess(
    world,
    {
      admit: async ({ delivery }) => {
        await world.store.settle({ ...delivery, openedAt, end })
        return { kind: 'limited', limit: { scope: 'user', windowSeconds: 1, max: 1 } }
      },
      settle: async () => undefined,
    },
    'dead',
  )
  await captured.deliver()
}

describe('the same request again, in another process', () => {
  it('waits until the first one ends, and gets the same answer', async () => {
    const world = await createWorld()
    world.carrier.set(CANDIDATE, 'accepts', 700)
    const [one, other] = [startProcess(world), startProcess(world, {}, 'other')]
    const first = one.begin()
    await world.clock.until(world.clock.pause(100))
    const outcomes = await world.clock.until(Promise.all([first, other.begin()]))
    assert.equal(outcomes[0]?.kind, 'accepted')
    assert.deepEqual(outcomes[1], outcomes[0])
    assert.deepEqual(world.carrier.tried, [CANDIDATE])
    assert.deepEqual(other.outcomesOf('admit'), ['duplicate'])
  })

  it('gets the failure of the first one that it waited for', async () => {
    const world = await createWorld()
    world.carrier.set(CANDIDATE, 'refuses the recipient', 700)
    const [one, other] = [startProcess(world), startProcess(world, {}, 'other')]
    const outcomes = await world.clock.until(Promise.all([one.begin(), other.begin()]))
    assert.deepEqual(outcomes[1], outcomes[0])
    assert.ok(outcomes[1]?.kind === 'failed' && outcomes[1].code === 'RECIPIENT_OPTED_OUT')
  })

  it('is answered as unknown at its own deadline if the first one never ends', async () => {
    const world = await createWorld()
    await leftBehind(world, { state: 'sending' })
    const outcome = await startProcess(world).deliver()
    assert.equal(outcome.kind, 'unknown')
    assert.ok(outcome.kind === 'unknown' && outcome.code === 'DUPLICATE_UNSETTLED')
    assert.equal(outcome.deliveryId, 'dead-1')
    assert.deepEqual(world.carrier.tried, [])
    const endedAfterMs = world.clock.now() - NOW
    assert.ok(endedAfterMs >= 1_780 && endedAfterMs <= BUDGET_MS * STEP_ENDS.settle, String(endedAfterMs))
  })

  it('is answered as unknown at once if the first one is so old that its process must have died', async () => {
    const world = await createWorld()
    await leftBehind(world, { state: 'sending' }, NOW - 10_000)
    const outcome = await startProcess(world).deliver()
    assert.ok(outcome.kind === 'unknown' && outcome.code === 'DUPLICATE_UNSETTLED')
    assert.equal(world.clock.now(), NOW)
    assert.deepEqual(world.carrier.tried, [])
  })

  it('ends on time if the store can no longer report how the first one ended', async () => {
    for (const find of [() => new Promise<never>(() => {}), () => Promise.reject(new Error('gone'))]) {
      const world = await createWorld()
      await leftBehind(world, { state: 'sending' })
      const outcome = await startProcess(world, { find }).deliver()
      assert.equal(outcome.kind, 'unknown')
      assert.ok(world.clock.now() - NOW <= BUDGET_MS * STEP_ENDS.settle)
    }
  })

  it('ends on time if the record of the first one was deleted in the meantime', async () => {
    const world = await createWorld()
    await leftBehind(world, { state: 'sending' })
    assert.equal((await startProcess(world, { find: async () => undefined }).deliver()).kind, 'unknown')
  })

  for (const [behaviour, kind] of [
    ['accepts', 'accepted'],
    ['may have sent', 'unknown'],
  ] as const) {
    it(`gets the identical answer after the first was ${kind}, and nothing is sent`, async () => {
      const world = await createWorld()
      world.carrier.set(CANDIDATE, behaviour)
      const first = await startProcess(world).deliver()
      world.clock.pass(60_000)
      const second = await startProcess(world, {}, 'other').deliver()
      assert.equal(second.kind, kind)
      assert.deepEqual(second, first)
      assert.deepEqual(world.carrier.tried, [CANDIDATE])
    })
  }

  it('runs again as a new delivery after the first failed', async () => {
    const world = await createWorld()
    world.carrier.set(CANDIDATE, 'refuses the candidate')
    await startProcess(world).deliver()
    world.carrier.set(CANDIDATE, 'accepts')
    const second = await startProcess(world, {}, 'other').deliver()
    assert.deepEqual(second, { kind: 'accepted', deliveryId: 'other-1', messageId: 'message-1' })
  })
})

describe("a preview by Hookline's commands", () => {
  it('is sent once, even if Okta tries it again', async () => {
    const world = await createWorld()
    const hookline = startProcess(world)
    const request = otpRequest({ preview: true, eventId: `${OWN_PREVIEW}abcdefghijklmn` })
    const first = await hookline.deliver(request)
    assert.deepEqual(await hookline.deliver(request), first)
    assert.equal(world.carrier.delivered.length, 1)
  })
})

describe('a request that is never a duplicate', () => {
  const sentTwice = async (first: ReturnType<typeof otpRequest>, second = first) => {
    const world = await createWorld()
    const hookline = startProcess(world)
    const outcomes = [await hookline.deliver(first), await hookline.deliver(second)]
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['accepted', 'accepted'],
    )
    assert.equal(world.carrier.delivered.length, 2)
  }

  it('has no eventId', () => sentTwice(otpRequest({ eventId: undefined })))
  it('is a preview of the console', () => sentTwice(otpRequest({ preview: true })))
  it('is a resend that the user requested: a new eventId, even with the same code', () =>
    sentTwice(otpRequest(), otpRequest({ eventId: 'a new one' })))

  for (const [what, changed] of [
    ['another code', { code: '112233' }],
    ['another number', { phoneNumber: '+33755512501' }],
    ['another channel', { channel: 'voice' }],
  ] as const) {
    it(`has ${what} with the same eventId`, () => sentTwice(otpRequest(), otpRequest(changed)))
  }

  it('is from another caller', async () => {
    const world = await createWorld()
    const hookline = startProcess(world)
    assert.equal((await hookline.deliver(otpRequest(), 'https://one.okta.com')).deliveryId, 'one-1')
    assert.equal((await hookline.deliver(otpRequest(), 'https://two.okta.com')).deliveryId, 'one-2')
  })
})

describe('the number of a request', () => {
  it('is the same in every spelling', async () => {
    const world = await createWorld()
    const hookline = startProcess(world)
    const first = await hookline.deliver(otpRequest({ phoneNumber: '+34683783440' }))
    assert.deepEqual(await hookline.deliver(otpRequest({ phoneNumber: '+34 683-783-440' })), first)
  })
})
