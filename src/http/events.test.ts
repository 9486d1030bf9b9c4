import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { accepted, delivery } from '../../test/contracts/stores.ts'
import { createFakeClock } from '../../test/fixtures/fake-clock.ts'
import { hookCall } from '../../test/fixtures/hook-call.ts'
import { activated, eventsBody, logEvent, sentByOkta } from '../../test/fixtures/okta-events.ts'
import { createMemoryStore } from '../adapters/memory/store.ts'
import type { StepEvent } from '../core/deliver/event.ts'
import type { Delivery } from '../core/records/delivery.ts'
import type { DeliveryStore } from '../core/records/delivery-store.ts'
import { Secret } from '../core/values/secret.ts'
import { createEvents, EVENTS_MAX_BYTES, type EventOrg } from './events.ts'
import type { Answered, MessageFeedback } from './message-feedback.ts'

const OPENED = Date.parse('2026-03-01T12:00:00Z')
const OLD = 'o'.repeat(32)
const NEW = 'n'.repeat(32)
const ACME = 'a'.repeat(32)
const ORGS: readonly EventOrg[] = [
  { org: undefined, callers: [delivery().caller], secrets: [new Secret(OLD), new Secret(NEW)] },
  { org: 'acme', callers: ['acme'], secrets: [new Secret(ACME)] },
]
const digest = (text: string): string => `digest of ${text}`
const USER = digest('00u1a2b3c4d5e6f7g8h9')

const SENT = { openedAt: OPENED, userDigest: USER, expiresAt: OPENED + 300_000, end: accepted() } as const

async function setUp({
  orgs = ORGS,
  addAnswer,
  feedback,
}: {
  orgs?: readonly EventOrg[]
  addAnswer?: DeliveryStore['addAnswer']
  feedback?: MessageFeedback
} = {}) {
  const clock = createFakeClock()
  const store = createMemoryStore(() => OPENED + 60_000)
  await store.settle(delivery({ ...SENT, id: 'd-1' }))
  await store.settle(delivery({ ...SENT, id: 'd-acme', caller: 'acme', duplicateKey: 'acme' }))
  const lines: StepEvent[] = []
  const events = createEvents({
    orgs,
    digests: text => [digest(text)],
    store: { ...store, addAnswer: addAnswer ?? store.addAnswer },
    feedback,
    clock: { ...clock, now: () => OPENED + 25_000 },
    record: line => void lines.push(line),
  })
  const call = async (
    method: string,
    headers: Readonly<Record<string, string>>,
    body: string | Readable = '',
  ) => clock.until(events({ ...hookCall(body, headers, undefined, EVENTS_MAX_BYTES), method }))
  return {
    store,
    lines,
    call,
    post: (body: unknown, secret: string | undefined = NEW) =>
      call(
        'POST',
        secret === undefined ? {} : { authorization: secret },
        typeof body === 'string' ? body : JSON.stringify(body),
      ),
    answeredAfter: async (id: string) => (await store.findDelivery(id))?.answered?.afterMs,
  }
}

describe("Okta's one-time verification", () => {
  const verify = async (challenge: string | undefined, orgs = ORGS) => {
    const { call } = await setUp({ orgs })
    return call('GET', challenge === undefined ? {} : { 'x-okta-verification-challenge': challenge })
  }

  it('is answered with the challenge, also without the secret', async () => {
    for (const challenge of ['Xj4LkmoBTfMnWL8f-_.~=', 'my "challenge" \\', 'x'.repeat(512)]) {
      assert.deepEqual(await verify(challenge), { httpStatus: 200, body: { verification: challenge } })
    }
  })

  it('refuses a challenge that is missing, too long, or not of printable characters', async () => {
    for (const challenge of [undefined, '', 'x'.repeat(513), 'caf\u00e9', 'a\tb']) {
      assert.deepEqual(await verify(challenge), { httpStatus: 400 })
    }
  })

  it('is not found without a secret in the settings, like every post', async () => {
    assert.equal((await verify('x', [])).httpStatus, 404)
    assert.equal((await (await setUp({ orgs: [] })).post(eventsBody(logEvent()))).httpStatus, 404)
  })
})

describe('codes that Okta sent itself', () => {
  const linesAfter = async (changed: Partial<Delivery>) => {
    const { store, post, lines } = await setUp()
    const second = { id: 'd-2', openedAt: OPENED + 1, duplicateKey: 'two' }
    await store.settle(delivery({ ...SENT, ...second, ...changed }))
    assert.equal((await post(eventsBody(sentByOkta()))).httpStatus, 204)
    return lines.map(({ outcome, reason, deliveryId }) => [outcome, reason, deliveryId])
  }

  it('are reported with the reason where Hookline had refused them', async () => {
    const end = { state: 'refused', at: OPENED, code: 'LIMIT_USER', detail: '', attempts: [] } as const
    assert.deepEqual(await linesAfter({ end }), [['okta-sent-refused', 'LIMIT_USER', 'd-2']])
  })

  it('are only logged where sending failed, or where the code was never requested here', async () => {
    const end = { state: 'failed', at: OPENED, code: 'CARRIER_REFUSED', detail: '', attempts: [] } as const
    assert.deepEqual(await linesAfter({ end }), [['okta-sent', undefined, undefined]])
    const { post, lines } = await setUp()
    await post(eventsBody(sentByOkta({ actor: { id: '00uother', type: 'User' } })))
    assert.deepEqual(
      lines.map(({ outcome }) => outcome),
      ['okta-sent'],
    )
  })
})

describe('codes that the fraud rule held', () => {
  const hold = { reason: 'FRAUD_BLOCK', group: 'p4:58412771', codes: 5, answers: 0, since: OPENED } as const
  const refused = { state: 'refused', at: OPENED, code: 'FRAUD_BLOCK', detail: '', attempts: [] } as const
  const linesAfter = async (changed: Partial<Parameters<typeof delivery>[0]>) => {
    const { store, post, lines } = await setUp()
    const credit = { block: '58412771', hold }
    await store.settle(
      delivery({ ...SENT, id: 'd-2', openedAt: OPENED + 1, duplicateKey: 'two', credit, ...changed }),
    )
    for (const _ of [1, 2]) await post(eventsBody(logEvent()))
    return lines.filter(({ step }) => step === 'fraud').map(({ outcome, reason }) => [outcome, reason])
  }

  it('are reported once if the person entered the code, which mode observe sent', async () => {
    assert.deepEqual(await linesAfter({}), [['held-wrongly', 'FRAUD_BLOCK']])
  })

  it('are reported if the person entered a code that Okta sent itself', async () => {
    const each = ['held-wrongly', 'FRAUD_BLOCK']
    const credit = { block: '58412771', network: '203.0.113', hold }
    assert.deepEqual(await linesAfter({ end: refused, credit }), [each, each])
  })

  it('are not reported if an operator allowed them', async () => {
    const by = { author: 'lee', because: 'test phones', at: 0, until: OPENED * 2 }
    const override = { what: 'allow', whom: { kind: 'country', country: 'ES' }, ...by } as const
    assert.deepEqual(await linesAfter({ credit: { block: '58412771', hold: { ...hold, override } } }), [])
  })
})

describe('events of Okta', () => {
  it('are stored before they are acknowledged', async () => {
    const { post, answeredAfter, lines } = await setUp()
    const answer = await post(eventsBody(logEvent({ eventType: 'user.session.start' }), logEvent()))
    assert.deepEqual(answer, { httpStatus: 204 })
    assert.equal(await answeredAfter('d-1'), 20_000)
    const type = 'user.authentication.auth_via_mfa'
    assert.deepEqual(lines, [
      {
        step: 'event',
        outcome: 'answered',
        type,
        delayMs: 5_000,
        org: undefined,
        channel: 'sms',
        deliveryId: 'd-1',
        afterMs: 20_000,
      },
      { step: 'event', outcome: 'ignored', type: 'other', delayMs: 5_000, org: undefined },
    ])
  })

  it('go on to message feedback once: first answers only, also if others could not be stored', async () => {
    const given: [readonly Answered[], readonly string[]][] = []
    const feedback: MessageFeedback = async (answered, callers) => void given.push([answered, callers])
    const { post } = await setUp({ feedback })
    await post(eventsBody(logEvent(), logEvent({ eventType: 'user.session.start' }), logEvent()))
    await post(eventsBody(logEvent()))
    const ids = given.map(([answered, callers]) => [answered.map(one => one.deliveryId), callers])
    assert.deepEqual(ids, [
      [['d-1'], [delivery().caller]],
      [[], [delivery().caller]],
    ])
    given.length = 0
    let calls = 0
    const addAnswer: DeliveryStore['addAnswer'] = async () => {
      calls += 1
      if (calls === 2) throw new Error('store: away')
      return { kind: 'answered', deliveryId: 'd-1', afterMs: 20_000, isFirst: true }
    }
    const half = await setUp({ feedback, addAnswer })
    assert.equal((await half.post(eventsBody(logEvent(), logEvent()))).httpStatus, 503)
    assert.deepEqual(
      given[0]?.[0].map(one => one.deliveryId),
      ['d-1'],
    )
  })

  it('are accepted with the current secret and with the previous one', async () => {
    for (const secret of [OLD, NEW])
      assert.equal((await (await setUp()).post(eventsBody(logEvent()), secret)).httpStatus, 204)
  })

  it('answer only deliveries of the org whose secret they have', async () => {
    const { post, answeredAfter } = await setUp()
    await post(eventsBody(logEvent()), ACME)
    assert.deepEqual([await answeredAfter('d-1'), await answeredAfter('d-acme')], [undefined, 20_000])
  })

  for (const secret of [
    '',
    'x',
    `${NEW} ${NEW}`,
    `Bearer ${NEW}`,
    NEW.toUpperCase(),
    `${OLD},${NEW}`,
    undefined,
  ]) {
    it(`are refused with the secret "${secret}", before anything is read`, async () => {
      const { call, lines, answeredAfter } = await setUp({
        addAnswer: () => assert.fail('nothing is stored'),
      })
      const body = new Readable({ read: () => assert.fail('nothing is read') })
      const headers: Record<string, string> = secret === undefined ? {} : { authorization: secret }
      assert.deepEqual(await call('POST', headers, body), { httpStatus: 401 })
      assert.deepEqual(
        lines.map(({ outcome }) => outcome),
        ['denied'],
      )
      assert.equal(await answeredAfter('d-1'), undefined)
    })
  }

  it('count once when they are sent again, in the same post or in another', async () => {
    const { post, lines } = await setUp()
    await post(eventsBody(logEvent(), logEvent()))
    await post(eventsBody(logEvent()))
    await post(eventsBody(activated()))
    assert.deepEqual(
      lines.map(({ outcome }) => outcome),
      ['answered', 'repeated', 'repeated', 'repeated'],
    )
  })

  it('are counted with a reason if they cannot be joined', async () => {
    const { post, lines } = await setUp()
    const other = { id: '00uother', type: 'User', alternateId: 'x@example.com' }
    const answer = await post(
      eventsBody(logEvent({ actor: other }), activated({ eventType: 'user.mfa.factor.update' })),
    )
    assert.equal(answer.httpStatus, 204)
    assert.deepEqual(
      lines.map(({ outcome, reason }) => [outcome, reason]),
      [
        ['not-joined', 'no-code'],
        ['not-joined', 'replaced-enrolment'],
      ],
    )
  })

  for (const [what, body, status] of [
    ['not JSON', 'events', 400],
    ['not an object', '[]', 400],
    ['without events', '{"data":{}}', 400],
    ['too large', JSON.stringify(eventsBody(logEvent({ pad: 'x'.repeat(EVENTS_MAX_BYTES) }))), 413],
    ['a list of more events than Okta sends', `{"data":{"events":[${'{},'.repeat(1_000)}{}]}}`, 413],
  ] as const) {
    it(`are refused with ${status} if the body is ${what}`, async () => {
      const { post, lines } = await setUp({ addAnswer: () => assert.fail('nothing is stored') })
      assert.equal((await post(body)).httpStatus, status)
      assert.deepEqual(
        lines.map(({ outcome }) => outcome),
        ['malformed'],
      )
    })
  }

  it('are all read from a post of the greatest size', async () => {
    const { post, lines } = await setUp()
    const one = logEvent({ eventType: 'user.session.start' })
    const count = Math.floor((EVENTS_MAX_BYTES - 1_000) / (JSON.stringify(one).length + 1))
    assert.equal((await post(eventsBody(...Array.from({ length: count }, () => one)))).httpStatus, 204)
    assert.equal(lines.length, count)
    assert.ok(count > 100)
  })

  it('are sent again if one of them could not be stored, and each counts once', async () => {
    const store = createMemoryStore(() => OPENED + 60_000)
    await store.settle(
      delivery({ id: 'd-1', openedAt: OPENED, userDigest: USER, expiresAt: undefined, end: accepted() }),
    )
    let failures = 1
    const { post, lines } = await setUp({
      addAnswer: async answer => {
        if (answer.channel === 'voice' && failures-- > 0) throw new Error('store: unavailable')
        return store.addAnswer(answer)
      },
    })
    const body = eventsBody(
      logEvent(),
      logEvent({ debugContext: { debugData: { factor: 'CALL_FACTOR' } } }),
      logEvent({ eventType: 'user.session.start' }),
    )
    assert.deepEqual(await post(body), { httpStatus: 503 })
    assert.equal((await post(body)).httpStatus, 204)
    const outcomes = lines.map(({ outcome }) => outcome).toSorted()
    assert.deepEqual(outcomes, ['answered', 'ignored', 'not-joined', 'not-stored', 'repeated'])
  })

  it('are refused with 503 if the store does not answer within a second', async () => {
    const { post } = await setUp({ addAnswer: () => new Promise(() => undefined) })
    assert.equal((await post(eventsBody(logEvent()))).httpStatus, 503)
  })
})
