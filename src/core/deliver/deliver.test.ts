import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createWorld, onlyDelivery, startProcess } from '../../../test/fixtures/delivering.ts'
import { NOW, otpRequest } from '../../../test/fixtures/planning.ts'
import { keepPolicy } from './live-policy.ts'

describe('a request that the carrier accepts', () => {
  it('is accepted, sent once, and recorded', async () => {
    const world = await createWorld()
    const hookline = startProcess(world)
    const outcome = await hookline.deliver()
    assert.deepEqual(outcome, { kind: 'accepted', deliveryId: 'one-1', messageId: 'message-1' })
    const [sent, ...others] = world.carrier.delivered
    assert.equal(sent?.deliveryId, 'one-1')
    assert.match(sent?.message.body.reveal() ?? '', /493817/)
    assert.deepEqual(others, [])
    const { end, ...delivery } = await onlyDelivery(world.store)
    assert.deepEqual(end, {
      state: 'accepted',
      at: NOW,
      messageId: 'message-1',
      attempts: [{ identity: '+18665550100', result: 'accepted', detail: undefined, durationMs: 0 }],
    })
    assert.equal(delivery.country, 'ES')
    assert.equal(delivery.lastDigits, '40')
    assert.equal(delivery.openedAt, NOW)
  })

  it('tells the carrier to expect feedback only if answers of this caller come', async () => {
    const world = await createWorld()
    const HOUR_MS = 3_600_000
    for (const hours of [25, 14, 3]) await world.store.noteAnswers(['acme'], NOW - hours * HOUR_MS)
    const hookline = startProcess(world)
    await hookline.deliver(otpRequest({ eventId: 'event-1' }), 'acme')
    await hookline.deliver(otpRequest({ eventId: 'event-2' }), 'globex')
    assert.deepEqual(
      world.carrier.delivered.map(({ hasFeedback }) => hasFeedback),
      [true, false],
    )
  })

  it('records where the carrier expects feedback', async () => {
    const world = await createWorld()
    const send = async () => ({ kind: 'accepted', messageId: 'm-1', feedbackRegion: 'eu-west-1' }) as const
    await startProcess(world, { send }).deliver()
    const { end } = await onlyDelivery(world.store)
    assert.ok(end.state === 'accepted')
    assert.deepEqual([end.messageId, end.feedbackRegion], ['m-1', 'eu-west-1'])
  })

  it('logs each step once, in order, with one delivery ID', async () => {
    const hookline = startProcess(await createWorld())
    await hookline.deliver()
    assert.deepEqual(
      hookline.events.map(({ step, outcome, deliveryId }) => [step, outcome, deliveryId]),
      [
        ['plan', 'plan', 'one-1'],
        ['admit', 'opened', 'one-1'],
        ['send', 'accepted', 'one-1'],
        ['settle', 'accepted', 'one-1'],
      ],
    )
  })

  it('keeps neither code nor number nor text in its record or events', async () => {
    const world = await createWorld()
    const hookline = startProcess(world)
    await hookline.deliver()
    const written = JSON.stringify([await onlyDelivery(world.store), hookline.events])
    for (const secret of ['493817', '683783440', 'clouditude']) assert.ok(!written.includes(secret), secret)
  })
})

describe('a request that is refused by its plan', () => {
  it('is settled as refused, with the reason, and nothing is sent', async () => {
    const world = await createWorld()
    const outcome = await startProcess(world).deliver(otpRequest({ expiresAt: NOW - 61_000 }))
    assert.deepEqual(outcome, {
      kind: 'refused',
      deliveryId: 'one-1',
      code: 'CODE_EXPIRED',
      detail: 'Expired 61 s ago.',
    })
    assert.deepEqual(world.carrier.tried, [])
    const { end } = await onlyDelivery(world.store)
    assert.ok(end.state === 'refused' && end.code === 'CODE_EXPIRED')
  })

  it('is found by its number, with country and last digits', async () => {
    const world = await createWorld(['MyCompany']) // cannot call
    const hookline = startProcess(world)
    const outcome = await hookline.deliver(otpRequest({ channel: 'voice', phoneNumber: '+34 683 783 440' }))
    assert.ok(outcome.kind === 'refused' && outcome.code === 'NO_ROUTE')
    const numberDigest = hookline.ports.digest('+34683783440')
    const [found] = await world.store.listDeliveries({ limit: 10, numberDigests: [numberDigest] })
    assert.deepEqual([found?.country, found?.lastDigits], ['ES', '40'])
  })

  it('runs again if the same request arrives again: nothing was sent', async () => {
    const world = await createWorld(['MyCompany'])
    const hookline = startProcess(world)
    await hookline.deliver(otpRequest({ channel: 'voice' }))
    await world.store.saveRoutes(
      [{ country: '*', channel: 'voice', candidates: [{ identity: '+18665550100' }] }],
      { author: 'a test', at: 0 },
    )
    world.clock.pass(1_001)
    assert.equal((await hookline.deliver(otpRequest({ channel: 'voice' }))).kind, 'accepted')
  })
})

describe('a process without a policy', () => {
  for (const [what, readPolicy] of [
    ['fails', () => Promise.reject(new Error('disk full'))],
    ['hangs', () => new Promise<never>(() => {})],
  ] as const) {
    it(`refuses while its store ${what}, within the time for the policy`, async () => {
      const world = await createWorld()
      const policy = keepPolicy({ readPolicy }, world.clock.now, 1_000)
      const outcome = await startProcess(world, { policy }).deliver()
      assert.ok(outcome.kind === 'refused' && outcome.code === 'STORE_UNAVAILABLE')
      assert.deepEqual(world.carrier.tried, [])
      assert.ok(world.clock.now() - NOW <= 800)
    })
  }

  it('sends as soon as it has one, even if the same request arrives again', async () => {
    const world = await createWorld()
    let isBroken = true
    const readPolicy = (known?: number) =>
      isBroken ? Promise.reject(new Error('disk full')) : world.store.readPolicy(known)
    const policy = keepPolicy({ readPolicy }, world.clock.now, 1_000)
    const hookline = startProcess(world, { policy })
    assert.equal((await hookline.deliver()).kind, 'refused')
    isBroken = false
    assert.equal((await hookline.deliver()).kind, 'accepted')
  })
})

describe('a code that expires during the request', () => {
  it('is sent with the shortest time to live that AWS accepts, and not planned again', async () => {
    const world = await createWorld(['+18665550100', 'MyCompany'])
    world.carrier.set('+18665550100', 'refuses the candidate', 900)
    const outcome = await startProcess(world).deliver(otpRequest({ expiresAt: NOW + 500 }))
    assert.equal(outcome.kind, 'accepted')
    assert.equal(world.carrier.delivered[0]?.timeToLiveSeconds, 5)
  })

  it('is refused if it arrives again after it expired', async () => {
    const world = await createWorld()
    world.carrier.set('+18665550100', 'refuses the recipient')
    const hookline = startProcess(world)
    const request = otpRequest({ expiresAt: NOW + 500 })
    assert.equal((await hookline.deliver(request)).kind, 'failed')
    world.clock.pass(61_000)
    const again = await hookline.deliver(request)
    assert.ok(again.kind === 'refused' && again.code === 'CODE_EXPIRED')
  })
})
