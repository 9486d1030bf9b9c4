import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createWorld, startProcess } from '../../../test/fixtures/delivering.ts'
import { otpRequest } from '../../../test/fixtures/planning.ts'
import { defaultFraudPolicy, type NewFraudPolicy, type Override } from '../policy/fraud-policy.ts'

const by = { author: 'a test', at: 0 }
const CALLER = 'https://example.okta.com'
const CANDIDATE = '+18665550100'
const MINUTE_MS = 60_000

/** A process of an org in which somebody has answered. */
async function setUp(fraud: Partial<NewFraudPolicy> = {}) {
  const world = await createWorld()
  const { clock, store } = world
  const hookline = startProcess(world)
  let events = 0
  const next = (changed: Parameters<typeof otpRequest>[0] = {}) => {
    events += 1
    const user = { id: `user-${events}`, login: undefined, firstName: undefined }
    return hookline.deliver(
      otpRequest({ eventId: `event-${events}`, expiresAt: undefined, user, ...changed }),
      CALLER,
    )
  }
  await next({ phoneNumber: '+447400123456' })
  const userDigests = [hookline.ports.digest('user-1')]
  await store.addAnswer({ callers: [CALLER], userDigests, channel: 'sms', at: clock.now() })
  await store.saveFraudPolicy({ ...defaultFraudPolicy, ...fraud }, by)
  clock.pass(MINUTE_MS)
  return {
    ...world,
    hookline,
    next,
    /** Enrolments of as many numbers of one block. */
    enrol: async (numbers: number, changed: Parameters<typeof otpRequest>[0] = {}) => {
      const results: string[] = []
      for (let number = 0; number < numbers; number += 1) {
        const phoneNumber = `+3368378${3440 + events}`
        const outcome = await next({ purpose: 'pre-enrollment', phoneNumber, ...changed })
        results.push(outcome.kind === 'accepted' ? 'sent' : outcome.code)
      }
      return results
    },
    last: async () => {
      const deliveries = await store.listDeliveries({ limit: 100 })
      return deliveries.at(-1) ?? assert.fail()
    },
  }
}
const sent = (count: number): readonly string[] => Array<string>(count).fill('sent')
const deny: Override = {
  ...{ what: 'deny', whom: { kind: 'country', country: 'FR' } },
  ...{ at: 0, until: Date.UTC(2100, 0, 1), author: 'lee', because: 'incident 7' },
}

describe('the fraud rule, enforced', () => {
  it('sends nothing more to a block without answers, and says why to the operator', async () => {
    const { carrier, enrol, hookline, last } = await setUp({ mode: 'enforce' })
    const before = carrier.delivered.length
    assert.deepEqual(await enrol(6), [...sent(5), 'FRAUD_BLOCK'])
    assert.equal(carrier.delivered.length, before + 5)
    const { end, credit } = await last()
    assert.ok(end.state === 'refused' && end.code === 'FRAUD_BLOCK')
    assert.match(end.detail, /^New numbers that begin with \+3368378\. 5 numbers got a code/)
    assert.deepEqual(
      [credit?.block, credit?.network, credit?.hold?.group],
      ['3368378', '198.51.100', 'p4:3368378'],
    )
    assert.equal(hookline.outcomesOf('admit').at(-1), 'held')
    assert.ok(!JSON.stringify([credit, hookline.events]).match(/33683783\d{3}/))
  })

  it('spends no credit for what the carrier refused', async () => {
    const { carrier, enrol } = await setUp({ mode: 'enforce' })
    carrier.set(CANDIDATE, 'refuses the candidate')
    assert.deepEqual(await enrol(9), Array<string>(9).fill('CARRIER_REFUSED'))
    carrier.set(CANDIDATE, 'accepts')
    assert.deepEqual(await enrol(6), [...sent(5), 'FRAUD_BLOCK'])
  })

  it('is for one org, if only that one enforces it', async () => {
    const { enrol } = await setUp({ modes: { [CALLER]: 'enforce', 'https://other.okta.com': 'off' } })
    assert.deepEqual(await enrol(6), [...sent(5), 'FRAUD_BLOCK'])
  })

  it('holds new numbers once a daily budget is spent, not phones that answered, with an alarm at half and at all', async () => {
    const budgets = {
      budgets: { eachCountry: { messages: 4 }, total: { dollars: 10 } },
      prices: { default: { sms: 0.05 } },
    }
    const { enrol, next, hookline, clock } = await setUp({ mode: 'enforce', budgets })
    assert.deepEqual(await enrol(6), [...sent(4), 'FRAUD_BUDGET', 'FRAUD_BUDGET'])
    assert.equal((await next({ phoneNumber: '+447400123456' })).kind, 'accepted')
    const alarms = hookline.events.filter(({ outcome }) => outcome === 'budget').map(({ detail }) => detail)
    assert.deepEqual(alarms, [
      'Half of the daily budget of FR (4 codes) is spent: 2 codes to new numbers, $0.10.',
      'The whole daily budget of FR (4 codes) is spent: 4 codes to new numbers, $0.20. Codes to new numbers are held until midnight UTC, in mode enforce.',
    ])
    clock.pass(24 * 60 * MINUTE_MS)
    assert.deepEqual(await enrol(1), ['sent'])
  })

  it('does not judge the previews of an administrator', async () => {
    const { enrol, last } = await setUp({ mode: 'enforce' })
    assert.deepEqual(await enrol(8, { preview: true }), sent(8))
    assert.equal((await last()).credit, undefined)
  })

  it('lets codes through while the store is away, but none that an operator denied', async () => {
    for (const [overrides, expected] of [
      [[], sent(7)],
      [[deny], Array<string>(7).fill('FRAUD_DENIED')],
    ] as const) {
      const world = await setUp({ mode: 'enforce', overrides })
      const away = startProcess(world, { admit: () => Promise.reject(new Error('away')) }, 'other')
      const results = []
      for (let number = 0; number < 7; number += 1) {
        const phoneNumber = `+3368378${3440 + number}`
        const user = { id: `other-${number}`, login: undefined, firstName: undefined }
        const request = otpRequest({ purpose: 'pre-enrollment', phoneNumber, user, eventId: `o-${number}` })
        const outcome = await away.deliver(request, CALLER)
        results.push(outcome.kind === 'accepted' ? 'sent' : outcome.code)
      }
      assert.deepEqual(results, expected)
    }
  })
})

describe('the fraud rule, by default', () => {
  it('sends what it would hold, and records why', async () => {
    const { enrol, last, hookline } = await setUp()
    assert.deepEqual(await enrol(6), sent(6))
    const { end, credit } = await last()
    assert.equal(end.state, 'accepted')
    assert.equal(credit?.hold?.reason, 'FRAUD_BLOCK')
    const detail = hookline.events.findLast(({ step }) => step === 'admit')?.detail
    assert.match(detail ?? '', /^Sent although held: FRAUD_BLOCK: /)
  })

  it('holds what an operator denied', async () => {
    const { enrol } = await setUp({ overrides: [deny] })
    assert.deepEqual(await enrol(1), ['FRAUD_DENIED'])
  })
})

describe('the log of the fraud rule', () => {
  for (const mode of ['enforce', 'observe'] as const)
    it(`says once that an episode begins, and counts what a group holds, in mode ${mode}`, async () => {
      const { enrol, hookline, clock } = await setUp({ mode })
      await enrol(6)
      clock.pass(1_000)
      await enrol(2)
      const began = hookline.events.filter(({ step }) => step === 'fraud')
      assert.deepEqual(
        began.map(({ outcome }) => outcome),
        ['began'],
      )
      assert.match(
        began[0]?.detail ?? '',
        /^FRAUD_BLOCK: New numbers that begin with \+3368378\. .* hookline fraud allow /,
      )
      const held = hookline.events.filter(({ heldAs }) => heldAs !== undefined)
      assert.deepEqual(
        held.map(({ outcome, heldAs, heldGroup }) => [outcome, heldAs, heldGroup]),
        Array(3).fill([
          mode === 'enforce' ? 'held' : 'opened',
          'FRAUD_BLOCK',
          'new numbers that begin with +3368378',
        ]),
      )
    })

  it('does not count what an operator denied as an episode', async () => {
    const { enrol, hookline } = await setUp({ mode: 'enforce', overrides: [deny] })
    await enrol(2)
    assert.deepEqual(
      hookline.events.filter(({ step, heldAs }) => step === 'fraud' || heldAs !== undefined),
      [],
    )
  })
})

describe('the fraud rule, off', () => {
  it('keeps nothing', async () => {
    const { enrol, last } = await setUp({ mode: 'off' })
    assert.deepEqual(await enrol(8), sent(8))
    assert.equal((await last()).credit, undefined)
  })
})
