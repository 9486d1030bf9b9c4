import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BUDGET_MS, createWorld, onlyDelivery, startProcess } from '../../../test/fixtures/delivering.ts'
import type { CarrierBehaviour } from '../../../test/fixtures/fake-carrier.ts'
import { NOW, otpRequest } from '../../../test/fixtures/planning.ts'
import { STEP_ENDS, USEFUL_ATTEMPT_MS } from './deadline.ts'

const FIRST = '+18665550100'
const SECOND = 'MyCompany'
const THIRD = '+34911234567'

describe('fail-over', () => {
  for (const [behaviour, tried] of [
    ['accepts', [FIRST]],
    ['refuses the candidate', [FIRST, SECOND]],
    ['refuses the candidate for the country', [FIRST, SECOND]],
    ['refuses the account', [FIRST, SECOND]],
    ['cannot be reached', [FIRST, SECOND]],
    ['refuses the recipient', [FIRST]],
    ['refuses the message', [FIRST]],
    ['may have sent', [FIRST]],
    ['hangs', [FIRST]],
  ] as const) {
    it(`${tried.length > 1 ? 'continues' : 'ends'} when the first candidate ${behaviour}`, async () => {
      const world = await createWorld([FIRST, SECOND])
      world.carrier.set(FIRST, behaviour)
      await startProcess(world).deliver()
      assert.deepEqual(world.carrier.tried, tried)
      assert.ok(world.carrier.delivered.length <= 1, 'it was sent twice')
    })
  }

  for (const [last, kind, code] of [
    ['refuses the candidate', 'failed', 'CARRIER_REFUSED'],
    ['cannot be reached', 'failed', 'CARRIER_UNREACHABLE'],
    ['refuses the recipient', 'failed', 'RECIPIENT_OPTED_OUT'],
    ['may have sent', 'unknown', 'CARRIER_UNKNOWN'],
    ['hangs', 'unknown', 'CARRIER_UNKNOWN'],
  ] as const) {
    it(`ends as ${kind} (${code}) when the last candidate ${last}, and keeps every attempt`, async () => {
      const world = await createWorld([FIRST, SECOND])
      world.carrier.set(FIRST, 'refuses the candidate', 100)
      world.carrier.set(SECOND, last)
      const outcome = await startProcess(world).deliver()
      assert.equal(outcome.kind, kind)
      assert.equal('code' in outcome && outcome.code, code)
      const { end } = await onlyDelivery(world.store)
      assert.ok(end.state === kind)
      assert.deepEqual(
        end.attempts.map(({ identity, result }) => [identity, result]),
        [
          [FIRST, 'failure'],
          [SECOND, kind === 'failed' ? 'failure' : 'unknown'],
        ],
      )
      assert.equal(end.attempts[0]?.durationMs, 100)
    })
  }

  it('ends unknown when the time for sending is over, if the carrier hangs', async () => {
    const world = await createWorld([FIRST, SECOND])
    world.carrier.set(FIRST, 'hangs')
    assert.equal((await startProcess(world).deliver()).kind, 'unknown')
    assert.equal(world.clock.now() - NOW, BUDGET_MS * STEP_ENDS.send)
  })

  const sendMs = BUDGET_MS * STEP_ENDS.send
  for (const [leftMs, tried] of [
    [USEFUL_ATTEMPT_MS, [FIRST, SECOND]],
    [USEFUL_ATTEMPT_MS - 1, [FIRST]],
  ] as const) {
    it(`tries ${tried.length} with ${leftMs} ms left after the first`, async () => {
      const world = await createWorld([FIRST, SECOND])
      world.carrier.set(FIRST, 'refuses the candidate', sendMs - leftMs)
      const outcome = await startProcess(world).deliver()
      assert.deepEqual(world.carrier.tried, tried)
      assert.equal(outcome.kind, tried.length > 1 ? 'accepted' : 'failed')
    })
  }

  it('tries the first candidate however little time is left', async () => {
    const world = await createWorld([FIRST])
    const admit = async () => {
      world.clock.pass(sendMs - 10)
      return { kind: 'opened' } as const
    }
    assert.equal((await startProcess(world, { admit }).deliver()).kind, 'accepted')
  })

  it('tries none if no time is left, because Okta may have sent the code', async () => {
    const world = await createWorld([FIRST])
    const admit = async () => {
      world.clock.pass(sendMs)
      return { kind: 'opened' } as const
    }
    const outcome = await startProcess(world, { admit }).deliver()
    assert.ok(outcome.kind === 'failed' && outcome.code === 'CARRIER_UNREACHABLE')
    assert.deepEqual(world.carrier.tried, [])
  })

  it('tries each candidate at most once', async () => {
    const world = await createWorld([FIRST, SECOND, THIRD])
    for (const identity of [FIRST, SECOND, THIRD]) world.carrier.set(identity, 'refuses the candidate')
    await startProcess(world).deliver()
    assert.deepEqual(world.carrier.tried, [FIRST, SECOND, THIRD])
  })

  it('gives each candidate its own price and region', async () => {
    const world = await createWorld([
      { identity: FIRST },
      { identity: SECOND, region: 'eu-west-1', maxPricePerPart: 0.07 },
    ])
    world.carrier.set(FIRST, 'refuses the candidate')
    await startProcess(world).deliver()
    const candidate = world.carrier.delivered[0]?.candidate
    assert.deepEqual(
      [candidate?.identity, candidate?.region, candidate?.maxPrice],
      [SECOND, 'eu-west-1', 0.07],
    )
  })
})

describe('the health of candidates', () => {
  /** Requests of different users, one after the other, a second apart. */
  async function rounds(count: number, behaviour: CarrierBehaviour, identities = [FIRST, SECOND]) {
    const world = await createWorld(identities)
    const hookline = startProcess(world)
    await world.store.saveLimits({ mode: 'observe', windows: [] }, { author: 'a test', at: 0 })
    world.carrier.set(FIRST, behaviour)
    let requests = 0
    const next = () => {
      requests += 1
      world.clock.pass(1_000)
      world.carrier.tried.length = 0
      return hookline.deliver(otpRequest({ eventId: `event-${requests}` }))
    }
    for (let round = 0; round < count; round += 1) await next()
    return { ...world, next }
  }

  it('tries a candidate that failed five times in a row last', async () => {
    const { carrier, next } = await rounds(5, 'refuses the candidate')
    await next()
    assert.deepEqual(carrier.tried, [SECOND])
    carrier.set(SECOND, 'cannot be reached')
    carrier.set(FIRST, 'accepts')
    assert.equal((await next()).kind, 'accepted')
    assert.deepEqual(carrier.tried, [SECOND, FIRST])
  })

  for (const behaviour of ['refuses the recipient', 'refuses the message'] as const) {
    it(`does not count against a candidate that AWS ${behaviour}`, async () => {
      const { carrier, next } = await rounds(10, behaviour)
      await next()
      assert.deepEqual(carrier.tried, [FIRST])
    })
  }

  it('probes a broken candidate with one request after 30 seconds, and trusts it again', async () => {
    const { carrier, clock, next } = await rounds(5, 'refuses the candidate')
    carrier.set(FIRST, 'accepts')
    clock.pass(30_000)
    await next()
    assert.deepEqual(carrier.tried, [FIRST])
    await next()
    assert.deepEqual(carrier.tried, [FIRST])
  })

  it('tries a broken candidate if there is no other', async () => {
    const { carrier, next } = await rounds(20, 'refuses the candidate', [FIRST])
    assert.equal((await next()).kind, 'failed')
    assert.deepEqual(carrier.tried, [FIRST])
    carrier.set(FIRST, 'accepts')
    assert.equal((await next()).kind, 'accepted')
  })

  it('uses the next candidate while one is at its pace, and then returns to it', async () => {
    const local = '+12065550100' // 10DLC: one part a second
    const world = await createWorld([local, FIRST])
    const hookline = startProcess(world)
    for (const eventId of ['a', 'b']) await hookline.deliver(otpRequest({ eventId }))
    assert.deepEqual(world.carrier.tried, [local, FIRST])
    world.clock.pass(1_000)
    await hookline.deliver(otpRequest({ eventId: 'c' }))
    assert.deepEqual(world.carrier.tried, [local, FIRST, local])
  })

  it('tries a candidate at its pace when the others have failed', async () => {
    const local = '+12065550100' // 10DLC: one part a second
    const world = await createWorld([local, FIRST])
    const hookline = startProcess(world)
    await hookline.deliver(otpRequest({ eventId: 'a' }))
    world.carrier.set(FIRST, 'refuses the candidate')
    assert.equal((await hookline.deliver(otpRequest({ eventId: 'b' }))).kind, 'accepted')
    assert.deepEqual(world.carrier.tried, [local, FIRST, local])
  })

  it('is checked at each attempt: of two requests planned at once, one uses the other candidate', async () => {
    const local = '+12065550100'
    const world = await createWorld([local, FIRST])
    const bothPlanned = Promise.withResolvers<void>()
    let planned = 0
    const admit = async () => {
      planned += 1
      if (planned === 2) bothPlanned.resolve()
      await bothPlanned.promise
      return { kind: 'opened' } as const
    }
    const { begin } = startProcess(world, { admit })
    await world.clock.until(Promise.all(['a', 'b'].map(eventId => begin(otpRequest({ eventId })))))
    assert.deepEqual(world.carrier.tried.toSorted(), [local, FIRST].toSorted())
  })

  it('logs the state of the candidate, and the subject of the failure', async () => {
    const world = await createWorld([FIRST])
    world.carrier.set(FIRST, 'refuses the candidate for the country')
    const hookline = startProcess(world)
    await hookline.deliver()
    const { estimate, about, country, channel } =
      hookline.events.find(({ step }) => step === 'send') ?? assert.fail()
    assert.deepEqual([estimate, about, country, channel], ['ready', 'identity and country', 'ES', 'sms'])
  })
})
