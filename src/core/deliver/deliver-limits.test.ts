import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createWorld, startProcess } from '../../../test/fixtures/delivering.ts'
import { otpRequest } from '../../../test/fixtures/planning.ts'
import type { Limits } from '../policy/limits.ts'

const CANDIDATE = '+18665550100'

async function setUp(limits: Limits) {
  const world = await createWorld()
  await world.store.saveLimits(limits, { author: 'a test', at: 0 })
  const hookline = startProcess(world)
  let events = 0
  return {
    ...world,
    hookline,
    /** Another code for the same user and number, unless told otherwise. */
    next: (changed: Parameters<typeof otpRequest>[0] = {}) => {
      events += 1
      return hookline.deliver(otpRequest({ eventId: `event-${events}`, expiresAt: undefined, ...changed }))
    },
  }
}

const oneUserTwo = { mode: 'enforce', windows: [{ scope: 'user', windowSeconds: 600, max: 2 }] } as const

describe('a limit', () => {
  it('refuses the code that exceeds it, sends nothing, and is named to the operator', async () => {
    const { carrier, next, hookline, store } = await setUp(oneUserTwo)
    await next()
    await next()
    const third = await next()
    assert.deepEqual(third, {
      kind: 'refused',
      deliveryId: 'one-3',
      code: 'LIMIT_USER',
      detail: '2 per 600 s for one user',
    })
    assert.equal(carrier.delivered.length, 2)
    assert.deepEqual(hookline.outcomesOf('admit'), ['opened', 'opened', 'limited'])
    const [, , refused] = await store.listDeliveries({ limit: 10 })
    assert.ok(refused?.end.state === 'refused' && refused.end.code === 'LIMIT_USER')
  })

  it('allows codes again once the window is over', async () => {
    const { clock, next } = await setUp(oneUserTwo)
    await next()
    clock.pass(1_000)
    await next()
    clock.pass(599_000)
    assert.equal((await next()).kind, 'accepted') // the first is 600 s old
    assert.equal((await next()).kind, 'refused')
  })

  for (const [scope, code, sameWith, freeWith] of [
    [
      'user',
      'LIMIT_USER',
      { phoneNumber: '+33755512501' },
      { user: { id: 'x', login: 'another', firstName: undefined } },
    ],
    [
      'number',
      'LIMIT_NUMBER',
      { channel: 'voice', user: { id: 'x', login: 'another', firstName: undefined } },
      { phoneNumber: '+33755512501' },
    ],
    [
      'number-and-channel',
      'LIMIT_NUMBER_AND_CHANNEL',
      { user: { id: 'x', login: 'another', firstName: undefined } },
      { channel: 'voice' },
    ],
  ] as const) {
    it(`of ${scope} counts only codes of the same one`, async () => {
      const { next } = await setUp({ mode: 'enforce', windows: [{ scope, windowSeconds: 600, max: 1 }] })
      await next()
      const same = await next(sameWith)
      assert.ok(same.kind === 'refused' && same.code === code)
      assert.equal((await next(freeWith)).kind, 'accepted')
    })
  }

  it('does not count codes that were provably not sent', async () => {
    const { carrier, next } = await setUp(oneUserTwo)
    carrier.set(CANDIDATE, 'refuses the candidate')
    for (let round = 0; round < 5; round += 1) assert.equal((await next()).kind, 'failed')
    carrier.set(CANDIDATE, 'accepts')
    assert.equal((await next()).kind, 'accepted')
  })

  it('counts codes that may have been sent', async () => {
    const { carrier, next } = await setUp(oneUserTwo)
    carrier.set(CANDIDATE, 'may have sent')
    await next()
    await next()
    assert.equal((await next()).kind, 'refused')
  })

  it('does not refuse a duplicate, which gets the first answer', async () => {
    const { next } = await setUp({
      mode: 'enforce',
      windows: [{ scope: 'user', windowSeconds: 600, max: 1 }],
    })
    const first = await next({ eventId: 'same' })
    assert.deepEqual(await next({ eventId: 'same' }), first)
  })

  it('does not count requests without a user by user', async () => {
    const { next } = await setUp(oneUserTwo)
    const user = { id: undefined, login: undefined, firstName: undefined }
    for (let round = 0; round < 4; round += 1) assert.equal((await next({ user })).kind, 'accepted')
  })

  it('that is only observed refuses nothing, and is logged', async () => {
    const { carrier, next, hookline } = await setUp({ ...oneUserTwo, mode: 'observe' })
    for (let round = 0; round < 3; round += 1) assert.equal((await next()).kind, 'accepted')
    assert.equal(carrier.delivered.length, 3)
    const details = hookline.events.filter(({ step }) => step === 'admit').map(({ detail }) => detail)
    assert.deepEqual(details, [undefined, undefined, 'Observed, not enforced: 2 per 600 s for one user'])
  })

  it('of AWS (five calls to a recipient a day) is applied before a call; texts continue', async () => {
    const { carrier, clock, next } = await setUp({ mode: 'enforce', windows: [] })
    for (let round = 0; round < 5; round += 1) {
      clock.pass(60_000)
      assert.equal((await next({ channel: 'voice' })).kind, 'accepted')
    }
    const sixth = await next({ channel: 'voice' })
    assert.ok(sixth.kind === 'refused' && sixth.code === 'RECIPIENT_CALLED_TOO_OFTEN')
    assert.equal((await next()).kind, 'accepted')
    assert.equal(carrier.delivered.length, 6)
  })

  it('applies within a second after it was changed', async () => {
    const { clock, next, store } = await setUp(oneUserTwo)
    await next()
    await store.saveLimits(
      { mode: 'enforce', windows: [{ scope: 'user', windowSeconds: 600, max: 1 }] },
      { author: 'a test', at: 0 },
    )
    clock.pass(1_000)
    assert.equal((await next()).kind, 'refused')
  })
})
