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
import { STEP_ENDS } from './deadline.ts'
import { keepPolicy } from './live-policy.ts'
import type { Ports } from './ports.ts'

const broken = (): Promise<never> => Promise.reject(new Error('store: disk I/O error'))
const hanging = (): Promise<never> => new Promise(() => {})
const OPENED = { kind: 'opened' } as const

describe('a store that cannot admit', () => {
  for (const [what, admit, untilMs] of [
    ['fails', broken, 0],
    ['hangs', hanging, BUDGET_MS * STEP_ENDS.admit],
  ] as const) {
    it(`does not stop a sign-in when it ${what}: the code is sent, and the error is logged`, async () => {
      const world = await createWorld()
      const hookline = startProcess(world, { admit })
      assert.equal((await hookline.deliver()).kind, 'accepted')
      assert.equal(world.carrier.delivered.length, 1)
      assert.equal(world.clock.now() - NOW, untilMs)
      assert.deepEqual(hookline.outcomesOf('admit'), ['store-unavailable'])
    })

    it(`still has the complete record when it ${what}, once it settles`, async () => {
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
    it(`and answers "${late.kind}" too late is ignored: the code is already sent`, async () => {
      const world = await createWorld()
      const admit: Ports['admit'] = async () => {
        await world.clock.pause(BUDGET_MS)
        return late
      }
      const hookline = startProcess(world, { admit })
      assert.equal((await hookline.deliver()).kind, 'accepted')
      world.clock.pass(BUDGET_MS)
      assert.equal(world.carrier.delivered.length, 1)
      assert.deepEqual(hookline.outcomesOf('admit'), ['store-unavailable'])
    })
  }

  it('and fails with a value that is not an error is logged too', async () => {
    const world = await createWorld()
    const hookline = startProcess(world, { admit: () => Promise.reject('out of reach') })
    assert.equal((await hookline.deliver()).kind, 'accepted')
    assert.equal(hookline.events.find(({ step }) => step === 'admit')?.detail, 'out of reach')
  })
})

/** Thirty codes to one number, each for another user; how many the carrier got. */
async function pump(world: DeliveryWorld, changed: Partial<Ports>, codes = 30) {
  const hookline = startProcess(world, changed)
  const all = Array.from({ length: codes }, (_, index) =>
    hookline.begin(
      otpRequest({
        eventId: `event-${index}`,
        user: { id: `user-${index}`, login: undefined, firstName: undefined },
      }),
    ),
  )
  const outcomes = await world.clock.until(Promise.all(all))
  const refused = outcomes.filter(one => one.kind === 'refused' && one.code === 'LIMIT_NUMBER')
  return { sent: world.carrier.delivered.length, refused: refused.length, hookline }
}

describe('thirty codes to one number', () => {
  const notFound = async () => undefined
  for (const [what, ports] of [
    ['the store fails', { admit: broken, settle: broken, find: broken }],
    ['the store hangs', { admit: hanging, settle: hanging, find: hanging }],
    [
      'the store takes nothing down and says yes',
      { admit: async () => OPENED, settle: async () => undefined },
    ],
    ['the store forgets everything', { admit: async () => OPENED, find: notFound }],
  ] as const satisfies readonly (readonly [string, Partial<Ports>])[]) {
    it(`are limited as usual while ${what}`, async () => {
      const { sent, refused } = await pump(await createWorld(), ports)
      assert.deepEqual([sent, refused], [5, 25])
    })
  }

  it('are limited as usual if the store fails in between', async () => {
    const world = await createWorld()
    let admitted = 0
    const admit: Ports['admit'] = opening => {
      admitted += 1
      return admitted > 3 ? broken() : world.store.admit(opening)
    }
    assert.equal((await pump(world, { admit })).sent, 5)
  })

  it('are logged with the unreachable store, and that this process counts', async () => {
    const { hookline } = await pump(await createWorld(), { admit: broken }, 6)
    const outcomesOf = hookline.events.filter(({ step }) => step === 'admit')
    assert.deepEqual(outcomesOf.at(-1)?.outcome, 'limited')
    assert.equal(outcomesOf.at(-1)?.detail, 'Counted by this process: 5 per 600 s for one number')
    assert.equal(outcomesOf.filter(({ outcome }) => outcome === 'store-unavailable').length, 6)
  })

  it('are recorded by the store afterwards, if they were sent', async () => {
    const world = await createWorld()
    await pump(world, { admit: broken })
    assert.equal(
      (await pump(world, {}, 3)).sent,
      5,
      'another process of the same store lets nothing more out',
    )
  })

  for (const [what, stepMs, more] of [
    ['back by an hour', -3_600_000, 0],
    ['forward by five minutes', 300_000, 0],
    ['forward by twenty minutes, which is longer than the window', 1_200_000, 5],
  ] as const) {
    for (const [how, ports] of [
      ['the store answers', {}],
      ['the store is gone', { admit: broken, settle: broken }],
    ] as const) {
      it(`allow ${more} more if the clock is set ${what}, while ${how}`, async () => {
        const world = await createWorld()
        const hookline = startProcess(world, ports)
        const next = (eventId: string) => hookline.deliver(otpRequest({ eventId, expiresAt: undefined }))
        for (let code = 0; code < 10; code += 1) await next(`before-${code}`)
        assert.equal(world.carrier.delivered.length, 5)
        world.clock.set(stepMs)
        for (let code = 0; code < 10; code += 1) await next(`after-${code}`)
        assert.equal(world.carrier.delivered.length, 5 + more)
      })
    }
  }
})

describe('a clock that is set during a request', () => {
  for (const stepMs of [-3_600_000, 3_600_000]) {
    it(`by ${stepMs} ms does not change its time`, async () => {
      const world = await createWorld()
      world.carrier.set('+18665550100', 'hangs')
      const hookline = startProcess(world)
      const outcome = hookline.begin(otpRequest({ expiresAt: undefined }))
      world.clock.set(stepMs)
      const startedAt = world.clock.monotonic()
      assert.equal((await world.clock.until(outcome)).kind, 'unknown')
      assert.equal(world.clock.monotonic() - startedAt, BUDGET_MS * STEP_ENDS.send)
    })

    it(`by ${stepMs} ms hides no edit, which is used a second later`, async () => {
      const world = await createWorld()
      const hookline = startProcess(world)
      await hookline.deliver(otpRequest({ expiresAt: undefined }))
      world.clock.set(stepMs)
      await world.store.saveLimits(
        {
          mode: 'enforce',
          windows: [{ scope: 'user', windowSeconds: 86_400, max: 1 }],
        },
        { author: 'a test', at: 0 },
      )
      world.clock.pass(1_000)
      const second = await hookline.deliver(otpRequest({ eventId: 'another', expiresAt: undefined }))
      assert.equal(second.kind, 'refused')
    })
  }
})

describe('a store that cannot settle', () => {
  for (const [what, settle, untilMs] of [
    ['fails', broken, 0],
    ['hangs', hanging, BUDGET_MS * STEP_ENDS.settle],
  ] as const) {
    it(`does not delay the answer when it ${what}, and the error is logged`, async () => {
      const world = await createWorld()
      const hookline = startProcess(world, { settle })
      assert.deepEqual(await hookline.deliver(), {
        kind: 'accepted',
        deliveryId: 'one-1',
        messageId: 'message-1',
      })
      assert.equal(world.clock.now() - NOW, untilMs)
      assert.deepEqual(hookline.outcomesOf('settle'), ['store-unavailable'])
    })

    it(`does not delay a refusal either when it ${what}`, async () => {
      const world = await createWorld()
      const outcome = await startProcess(world, { settle }).deliver(otpRequest({ expiresAt: NOW - 100_000 }))
      assert.ok(outcome.kind === 'refused' && outcome.code === 'CODE_EXPIRED')
    })
  }
})

describe('everything that hangs at once', () => {
  it('still ends within the budget', async () => {
    const world = await createWorld()
    world.carrier.set('+18665550100', 'hangs')
    const outcome = await startProcess(world, { admit: hanging, settle: hanging, find: hanging }).deliver()
    assert.ok(outcome.kind === 'unknown' && outcome.code === 'CARRIER_UNKNOWN')
    assert.ok(world.clock.now() - NOW < BUDGET_MS)
  })
})

describe('a cached policy', () => {
  it('stays in use while the store hangs', async () => {
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
