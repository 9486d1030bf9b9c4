import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type EventReceiver, startEventReceiver } from '../../test/stand-ins/event-receiver.ts'
import { known, refusalOf, setUp, startTestOrg, type TestOrg } from '../../test/stand-ins/okta-test-org.ts'
import { eventSender } from './event-sender.ts'
import { logEvent } from './log-event.ts'
import { startOkta } from './server.ts'

const SECRET = 'a secret of event hooks, longer than 32'
const SIGN_IN = 'user.authentication.auth_via_mfa'
const ENROLMENT = 'user.mfa.factor.activate'
const TO = '+12025550123'

let org: TestOrg
let receiver: EventReceiver
let eventHookId: string
before(async () => {
  org = await startTestOrg()
  await setUp(org)
  receiver = await startEventReceiver()
  eventHookId = known((await org.client.eventHookApi.createEventHook({ eventHook: hookAt(receiver.url) })).id)
  await org.client.eventHookApi.verifyEventHook({ eventHookId })
})
after(async () => {
  await org[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
})
beforeEach(() => org.okta.setEventDelivery({ when: 'prompt' }))

describe('/api/v1/eventHooks', () => {
  test('an event hook is returned as it was created, without its secret', async () => {
    const hook = await org.client.eventHookApi.getEventHook({ eventHookId })
    assert.deepEqual(
      [hook.name, hook.status, hook.verificationStatus, hook.events.items, hook.description],
      ['Hookline events', 'ACTIVE', 'VERIFIED', [SIGN_IN, ENROLMENT], 'Made by hand.'],
    )
    const { config } = hook.channel
    assert.deepEqual(
      [config.uri, config.authScheme?.key, config.authScheme?.value],
      [receiver.url, 'Authorization', undefined],
    )
    assert.ok(!org.org.export().includes(SECRET))
  })

  test('a new one is unverified; a replacement must be verified again; only an inactive one can be deleted', async () => {
    const { eventHookApi } = org.client
    const eventHook = { ...hookAt(receiver.url), name: 'Second' }
    const made = await eventHookApi.createEventHook({ eventHook })
    assert.equal(made.verificationStatus, 'UNVERIFIED')
    const one = { eventHookId: known(made.id) }
    assert.equal((await eventHookApi.verifyEventHook(one)).verificationStatus, 'VERIFIED')
    const replaced = await eventHookApi.replaceEventHook({ ...one, eventHook })
    assert.equal(replaced.verificationStatus, 'UNVERIFIED')
    const { status, errorCode } = await refusalOf(eventHookApi.deleteEventHook(one))
    assert.deepEqual([status, errorCode], [403, 'E0000107'])
    assert.equal((await eventHookApi.deactivateEventHook(one)).status, 'INACTIVE')
    await eventHookApi.deleteEventHook(one)
    assert.equal((await refusalOf(eventHookApi.getEventHook(one))).status, 404)
  })

  for (const [problem, changes, says] of [
    [
      'a type that event hooks may not get',
      { items: ['system.sms.send_factor_verify_message'] },
      /not eligible/,
    ],
    ['a type that does not exist', { items: ['user.sms.answered'] }, /no event type/],
    ['no type', { items: [] }, /events\.items/],
    ['a filter, as in an org without filters', { filter: { type: 'EXPRESSION_LANGUAGE' } }, /not enabled/],
  ] as const) {
    test(`${problem} is refused`, async () => {
      const eventHook = hookAt(receiver.url)
      const refused = await refusalOf(
        org.client.eventHookApi.createEventHook({
          eventHook: { ...eventHook, name: 'Wrong', events: { ...eventHook.events, ...changes } as never },
        }),
      )
      assert.deepEqual([refused.status, refused.errorCode], [400, 'E0000001'])
      assert.match(JSON.stringify(refused.errorCauses), says)
    })
  }

  test('a 26th active one is refused, and so is a second one of the same name', async () => {
    await using full = await startTestOrg()
    const create = (name: string) =>
      full.client.eventHookApi.createEventHook({ eventHook: { ...hookAt(receiver.url), name } })
    await create('1')
    assert.match(JSON.stringify((await refusalOf(create('1'))).errorCauses), /already exists/)
    for (let count = 2; count <= 25; count++) await create(String(count))
    assert.match(JSON.stringify((await refusalOf(create('26'))).errorCauses), /at most 25/)
  })

  test('verification sends a challenge, with the secret or without it, and asks once more after an error', async () => {
    const start = receiver.heard.length
    for (const verification of ['with-secret', 'without-secret'] as const) {
      org.org.setBehaviours({ verification })
      receiver.answerNext(500)
      await org.client.eventHookApi.verifyEventHook({ eventHookId })
    }
    org.org.setBehaviours({ verification: 'with-secret' })
    assert.deepEqual(
      receiver.heard.slice(start).map(({ method, headers }) => [method, headers.authorization]),
      [SECRET, SECRET, undefined, undefined].map(secret => ['GET', secret]),
    )
    receiver.answerNext(404, 404)
    const refused = await refusalOf(org.client.eventHookApi.verifyEventHook({ eventHookId }))
    assert.deepEqual([refused.status, refused.errorCode], [400, 'E0000001'])
    assert.match(JSON.stringify(refused.errorCauses), /answered 404/)
  })
})

describe('events of users', () => {
  test('a code that is entered in time is an event, which the System Log shows too', async () => {
    const { sent } = await request({ code: '123456' })
    const events = await during(() => assert.equal(enter('123456').isAccepted, true))
    const [event] = events
    assert.deepEqual([events.length, event?.eventType, event?.outcome.result], [1, SIGN_IN, 'SUCCESS'])
    assert.equal(event?.debugContext.debugData.factor, 'SMS_FACTOR')
    assert.equal(event?.debugContext.debugData.eventHookIds, eventHookId)
    assert.equal(
      event?.actor.id,
      (sent as { data: { userProfile: { userId: string } } }).data.userProfile.userId,
    )
    assert.deepEqual(
      org.org.log().find(({ uuid }) => uuid === event?.uuid),
      event,
    )
    const { headers, body } = receiver.heard.at(-1) ?? {}
    assert.equal(headers?.authorization, SECRET)
    assert.deepEqual(
      [body.eventType, body.eventTypeVersion, body.cloudEventsVersion, body.contentType],
      ['com.okta.event_hook', '1.0', '0.1', 'application/json'],
    )
    assert.equal(body.source, `${org.okta.url}/api/v1/eventHooks/${eventHookId}`)
  })

  test('a wrong, used, expired or superseded code is refused; a wrong one is an event of its own', async () => {
    assert.match(enter('1', '+12025550199').sentence, /No code was requested/)
    await request({ code: '111111' })
    const [failed, ...others] = await during(() => assert.equal(enter('222222').isAccepted, false))
    assert.deepEqual(
      [failed?.outcome.result, failed?.outcome.reason, others.length],
      ['FAILURE', 'INVALID_CREDENTIALS', 0],
    )
    await request({ code: '333333' })
    assert.equal(enter('111111').isAccepted, false)
    assert.equal(enter('333333').isAccepted, true)
    assert.match(enter('333333').sentence, /already used/)
    await request({ code: '444444', otpExpires: new Date(Date.now() - 1).toISOString() })
    assert.match(enter('444444').sentence, /expired/)
    await org.okta.eventsSettled()
  })

  test('one enrolment is an event for each method of the phone; a recovery names no phone', async () => {
    await request({ code: '123456', purpose: 'pre-enrollment' })
    const enrolled = await during(() => enter('123456'))
    assert.deepEqual(
      enrolled.map(({ eventType, outcome }) => [eventType, outcome.reason]),
      ['SMS_FACTOR', 'CALL_FACTOR'].map(factor => [ENROLMENT, `User set up ${factor} factor`]),
    )
    await request({ code: '654321', purpose: 'password-reset' })
    assert.deepEqual(await during(() => enter('654321')), [])
    assert.equal(org.org.log().at(-1)?.eventType, 'user.account.reset_password')
  })

  test('the factor has the name, and stands in the place, that the org is set to; other factors are events too', async () => {
    const names: unknown[] = []
    for (const factor of ['constant', 'type', 'reason'] as const) {
      org.org.setBehaviours({ factor })
      await request({ code: '123456', channel: 'voice' })
      const [event] = await during(() => enter('123456'))
      names.push(event?.debugContext.debugData.factor ?? event?.outcome.reason)
    }
    org.org.setBehaviours({ factor: 'constant' })
    const [push] = await during(() => org.okta.signIn('OKTA_VERIFY_PUSH'))
    names.push(push?.debugContext.debugData.factor)
    assert.deepEqual(names, ['CALL_FACTOR', 'call', 'CALL_FACTOR', 'OKTA_VERIFY_PUSH'])
  })

  test('only an active and verified hook gets events', async () => {
    const { eventHookApi } = org.client
    await eventHookApi.deactivateEventHook({ eventHookId })
    assert.deepEqual(await during(() => org.okta.signIn('SMS_FACTOR')), [])
    await eventHookApi.activateEventHook({ eventHookId })
    await eventHookApi.replaceEventHook({ eventHookId, eventHook: hookAt(receiver.url) })
    assert.deepEqual(await during(() => org.okta.signIn('SMS_FACTOR')), [])
    await eventHookApi.verifyEventHook({ eventHookId })
    assert.equal((await during(() => org.okta.signIn('SMS_FACTOR'))).length, 1)
  })
})

describe('delivery of events', () => {
  test('a 5xx is tried once more, a 4xx and a redirect are not; a failure is logged', async () => {
    for (const [answers, attempts, isDelivered] of [
      [[500], 2, true],
      [[503, 500], 2, false],
      [[401], 1, false],
      [[302], 1, false],
      [[202], 1, true],
    ] as const) {
      receiver.answerNext(...answers)
      await during(() => org.okta.signIn('SMS_FACTOR'))
      const post = org.okta.eventPosts().at(-1)
      assert.deepEqual([post?.attempts, post?.isDelivered], [attempts, isDelivered], answers.join())
      assert.equal(org.org.log().at(-1)?.eventType === 'event_hook.delivery', !isDelivered)
    }
  })

  test('a silence is tried once more, and logged if that is silent as well', async () => {
    // Short, and yet long enough for an answer on a busy machine.
    await using hasty = await startTestOrg({ limitMs: 1_000 })
    await setUp(hasty)
    const { eventHookApi } = hasty.client
    const made = await eventHookApi.createEventHook({ eventHook: hookAt(receiver.url) })
    await eventHookApi.verifyEventHook({ eventHookId: known(made.id) })
    for (const [answers, isDelivered] of [
      [['hang'], true],
      [['hang', 'hang'], false],
    ] as const) {
      receiver.answerNext(...answers)
      hasty.okta.signIn('SMS_FACTOR')
      await hasty.okta.eventsSettled()
      const post = hasty.okta.eventPosts().at(-1)
      assert.deepEqual([post?.attempts, post?.isDelivered], [2, isDelivered], answers.join())
      assert.equal(hasty.org.log().at(-1)?.eventType === 'event_hook.delivery', !isDelivered)
    }
  })

  test('events come late, twice, in another order, together or apart, or not at all: on command', async () => {
    const signIns = () => ['SMS_FACTOR', 'CALL_FACTOR', 'OKTA_VERIFY_PUSH'].map(org.okta.signIn)
    const seen = async (delivery: Parameters<typeof org.okta.setEventDelivery>[0]) => {
      org.okta.setEventDelivery(delivery)
      const posts = org.okta.eventPosts().length
      const events = await during(signIns)
      const released = await during(() => org.okta.releaseEvents())
      const all = [...events, ...released].map(({ debugContext }) => String(debugContext.debugData.factor)[0])
      return `${all.join('')} in ${org.okta.eventPosts().length - posts}, ${events.length} at once`
    }
    assert.equal(await seen({ when: 'prompt' }), 'SCO in 1, 3 at once')
    assert.equal(await seen({ when: 'prompt', isApart: true }), 'SCO in 3, 3 at once')
    assert.equal(await seen({ when: 'held' }), 'SCO in 1, 0 at once')
    assert.equal(await seen({ when: 'held', isReversed: true, copies: 2 }), 'OCSOCS in 2, 0 at once')
    assert.equal(await seen({ when: 'late', ms: 1 }), 'SCO in 1, 3 at once')
    assert.equal(await seen({ when: 'lost' }), ' in 0, 0 at once')
  })

  test('a copy is another post of the same events', async () => {
    org.okta.setEventDelivery({ when: 'prompt', copies: 2 })
    await during(() => org.okta.signIn('SMS_FACTOR'))
    const [first, second] = org.okta.eventPosts().slice(-2)
    assert.deepEqual(first?.uuids, second?.uuids)
    assert.notEqual(first?.eventId, second?.eventId)
  })

  test('after the events of a day there is silence, and a warning before; a new day begins with its first event', async () => {
    const sent: string[] = []
    let nowMs = Date.parse('2026-03-01T08:00:00Z')
    let warnings = 0
    const sender = eventSender({
      orgUrl: 'https://example.okta.com',
      poster: {
        post: async ({ body }) => {
          sent.push(...JSON.parse(body).data.events.map(({ uuid }: { uuid: string }) => uuid))
          return { kind: 'answered', httpStatus: 204, body: Buffer.alloc(0) }
        },
        get: () => assert.fail('there is nothing to verify'),
        close: () => {},
      },
      limitMs: 1_000,
      now: () => new Date(nowMs),
      endpointOf: () => ({ url: 'https://example.com', headers: {} }),
      onFailed: () => assert.fail('nothing fails'),
      onNearLimit: () => {
        warnings += 1
      },
      eventsMax: 10,
      signal: new AbortController().signal,
    })
    const send = async (count: number): Promise<readonly number[]> => {
      for (let one = 0; one < count; one++) sender.send('who1', logEvent(SIGN_IN, {}, new Date(nowMs)))
      await sender.settled()
      return [sent.length, warnings]
    }
    assert.deepEqual(await send(6), [6, 0])
    assert.deepEqual(await send(1), [7, 1])
    assert.deepEqual(await send(5), [10, 1])
    nowMs += 86_400_000 - 1
    assert.deepEqual(await send(1), [10, 1])
    nowMs += 1
    assert.deepEqual(await send(1), [11, 1])
  })
})

test('without an org, an endpoint is verified and then gets the events of users', async () => {
  await using parts = new AsyncDisposableStack()
  const okta = parts.adopt(await startOkta({ port: 0, hookUrl: org.hookUrl }), one => one.close())
  const owner = parts.use(await startEventReceiver())
  owner.answerNext(404, 404)
  const endpoint = { url: owner.url, headers: { Authorization: SECRET } }
  assert.match((await okta.setEventHook(endpoint)) ?? '', /not verified: it answered 404/)
  assert.equal(await okta.setEventHook(endpoint), undefined)
  await okta.call({ to: TO, code: '123456', purpose: 'password-reset' })
  assert.equal(okta.enterCode({ code: '123456' }).isAccepted, true)
  await okta.call({ to: TO, code: '123457' })
  assert.equal(okta.enterCode({ to: TO, code: '123457' }).isAccepted, true)
  await okta.eventsSettled()
  assert.deepEqual(
    owner.events().map(({ eventType }) => eventType),
    [SIGN_IN],
  )
})

function hookAt(uri: string) {
  return {
    name: 'Hookline events',
    description: 'Made by hand.',
    events: { type: 'EVENT_TYPE' as const, items: [SIGN_IN, ENROLMENT] },
    channel: {
      type: 'HTTP' as const,
      version: '1.0.0',
      config: { uri, authScheme: { type: 'HEADER' as const, key: 'Authorization', value: SECRET } },
    },
  }
}

function request(order: object) {
  return org.okta.call({ to: TO, ...order })
}

function enter(code: string, to = TO) {
  return org.okta.enterCode({ code, to })
}

/** The events that arrive because of this. */
async function during(act: () => unknown) {
  await org.okta.eventsSettled()
  const start = receiver.events().length
  await act()
  await org.okta.eventsSettled()
  return receiver.events().slice(start)
}
