import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach, before, describe, test } from 'node:test'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import { timedId } from '../../src/adapters/node/timed-id.ts'
import { exitCodes } from '../../src/cli/terminal/problem.ts'
import { countDeliveries } from '../../src/core/records/stats.ts'
import { delivery } from '../contracts/stores.ts'
import { eventsBody, logEvent } from '../fixtures/okta-events.ts'
import { findLeaks, type Place } from '../support/leaks.ts'
import { usNumber } from '../support/numbers.ts'
import type { DeployedWorld } from '../world/deployed.ts'
import { runHookline } from '../world/run-hookline.ts'
import { startWorld } from '../world/world.ts'
import { codeIn, valueIn } from './answers.ts'
import { report } from './report.ts'

/** Every optional feature is on, so that every permission must be used. */
const PARAMETERS = {
  Protect: 'true',
  Notify: 'true',
  OktaEvents: 'true',
  MessageFeedback: 'true',
  Tracing: 'true',
  SecondRegion: 'eu-west-3',
  ReceiptsFromEventBridge: 'true',
  Firewall: 'block',
  ProvisionedConcurrency: '1',
  ProvisionedConcurrencyMax: '2',
  BudgetMs: '2500', // a slow machine must not fail this test
}

const IDENTITIES = {
  US: '+12065550100',
  ES: 'pool-tests0ES',
  DE: { sms: ['Hookline'] },
  GB: ['+447700900100', 'notify-0123456789abcdef'],
  FR: ['+33639980100', { identity: 'pool-tests0FR', region: 'eu-west-3' }],
  NL: [{ identity: '+3197010200100', region: 'eu-west-3' }],
  SE: { sms: [{ identity: 'Hookline', region: 'eu-west-3' }] },
  PL: [{ identity: 'notify-abcdef0123456789', region: 'eu-west-3' }],
  IT: { sms: ['rcs-tests0IT'] },
  BE: { sms: [{ identity: 'rcs-tests0BE', region: 'eu-west-3' }] },
}

let world: DeployedWorld
before(async () => {
  world = await startWorld({ hook: 'deployed', parameters: PARAMETERS, routes: IDENTITIES })
  // Answers have come for a day, so messages are sent with feedback.
  for (const hours of [25, 14, 3])
    await world.store.noteAnswers([world.okta.issuer], world.clock.now() - hours * 3_600_000)
})

test('the first call after a new deployment finds its template, and is spoken', async () => {
  const { verdict, answer } = await world.call({ to: '+34612345670', channel: 'voice', locale: 'es' })
  assert.equal(verdict.kind, 'delivered-by-hook', JSON.stringify(answer))
})

test('many requests at once are served by several processes', async () => {
  await Promise.all(Array.from({ length: 12 }, () => world.call()))
  assert.ok(world.functions.named('hook').processes() > 1)
})
after(() => world?.[Symbol.asyncDispose]())

const take = async () => {
  const messages = await world.messages()
  await world.callCarrier('DELETE', '/messages')
  return messages
}
const armFault = (rule: object): Promise<unknown> => world.callCarrier('POST', '/faults', rule)
afterEach(async () => {
  await world.callCarrier('DELETE', '/faults')
  await take()
})

describe('a code arrives', () => {
  const orders: readonly (readonly [order: CallOrder, from: string, words: RegExp])[] = [
    [{ to: '+12065550111', locale: 'en' }, '+12065550100', / code/],
    [{ to: '+34612345678', locale: 'es' }, 'pool-tests0ES', / su /],
    [{ to: '+4915112345678', locale: 'de' }, 'Hookline', /\d{6}/],
    [{ to: '+12065550112', channel: 'voice', locale: 'en' }, '+12065550100', /<speak>.*code/s],
    [{ to: '+34612345679', channel: 'voice', locale: 'es_MX' }, 'pool-tests0ES', /<speak>.*código/s],
    [{ to: '+31612345678', locale: 'en' }, '+3197010200100', /\d{6}/],
    [{ to: '+31612345679', channel: 'voice' }, '+3197010200100', /<speak>/],
    [{ to: '+46701234567', locale: 'en' }, 'Hookline', /\d{6}/],
    [{ to: '+393491234567', locale: 'en' }, 'rcs-tests0IT', /\d{6}/],
    [{ to: '+32470123456', locale: 'en' }, 'rcs-tests0BE', /\d{6}/],
  ]
  for (const [order, from, words] of orders) {
    const { to = '', channel = 'sms', locale = 'en' } = order
    test(`${channel} to ${to} in ${locale}, from ${from}`, async () => {
      const result = await world.call(order)
      assert.equal(result.verdict.kind, 'delivered-by-hook', JSON.stringify(result.answer))
      const [message, ...more] = await take()
      assert.deepEqual([message?.from, more.length], [from, 0])
      assert.match(message?.body ?? '', words)
      assert.equal(message?.configurationSetName, world.stack.outputs.ConfigurationSetName)
      assert.equal(message?.context?.deliveryId, valueIn(result).transactionMetadata)
    })
  }

  for (const [to, notifyId] of [
    ['+447400123456', 'notify-0123456789abcdef'],
    ['+48512345678', 'notify-abcdef0123456789'],
  ] as const) {
    for (const channel of ['sms', 'voice']) {
      test(`${channel} by AWS Notify to ${to}`, async () => {
        await armFault({ match: { from: '+447700900100' }, kind: 'error', name: 'ThrottlingException' })
        const result = await world.call({ to, channel, code: '4711223344' })
        assert.equal(result.verdict.kind, 'delivered-by-hook', JSON.stringify(result.answer))
        const [message] = await take()
        assert.match(String(message?.operation), /^SendNotify/)
        assert.equal(JSON.stringify(message).includes(notifyId), true)
      })
    }
  }

  test('from an identity of the second region, if the first is throttled', async () => {
    await armFault({ match: { from: '+33639980100' }, kind: 'error', name: 'ThrottlingException' })
    const { verdict } = await world.call({ to: '+33755512501' })
    assert.equal(verdict.kind, 'delivered-by-hook')
    assert.deepEqual(
      (await take()).map(({ from }) => from),
      ['pool-tests0FR'],
    )
  })
})

describe('each code is sent once', () => {
  test('a repeated event gets the first answer, and sends nothing', async () => {
    const order = { to: '+12065550120', code: '82937465', eventId: 'the same', user: { userId: '00utwice' } }
    const exactly = { ...order, otpExpires: '2099-01-01T00:00:00.000Z' }
    const first = await world.call(exactly)
    const second = await world.call(exactly)
    assert.deepEqual([second.httpStatus, valueIn(second)], [200, valueIn(first)])
    assert.equal((await take()).length, 1)
  })

  test('many copies at once, in several processes, are one message', async () => {
    const order = { to: '+12065550121', code: '87654321', eventId: 'at once', user: { userId: '00umany' } }
    const exactly = { ...order, otpExpires: '2099-01-01T00:00:00.000Z' }
    const results = await Promise.all(Array.from({ length: 8 }, () => world.call(exactly)))
    const ids = new Set(results.map(result => valueIn(result).transactionId))
    assert.deepEqual([ids.size, (await take()).length], [1, 1], JSON.stringify(results.map(codeIn)))
  })

  test('too many codes for a number are refused, and the refusal is answered as the parameter says', async () => {
    const to = usNumber(900)
    const codes: (string | undefined)[] = []
    for (let again = 0; again < 6; again += 1) codes.push(codeIn(await world.call({ to })))
    assert.deepEqual([codes.at(-1), (await take()).length], ['LIMIT_NUMBER', 5], codes.join())
  })
})

describe('a code that must not be sent is not sent', () => {
  test('a blocked number gets an answer of success, and no message', async () => {
    const result = await world.call({ to: '+881612345678' })
    const { kind } = result.verdict
    assert.deepEqual([kind, codeIn(result), await take()], ['delivered-by-hook', undefined, []])
  })

  const refused: readonly (readonly [order: CallOrder, code: string])[] = [
    [{ to: '+819012345678' }, 'NO_ROUTE'],
    [{ channel: 'pigeon' }, 'CHANNEL_UNKNOWN'],
    [{ code: 'twelve' }, 'CODE_NOT_DIGITS'],
    [{ otpExpires: '2020-01-01T00:00:00.000Z' }, 'CODE_EXPIRED'],
  ]
  for (const [order, code] of refused) {
    test(`${code} for ${JSON.stringify(order)}`, async () => {
      const result = await world.call(order)
      assert.deepEqual([result.httpStatus, codeIn(result), await take()], [200, code, []])
    })
  }
})

describe('when the carrier fails', () => {
  const faults: readonly (readonly [fault: object, code: string, taken: number])[] = [
    [{ kind: 'server-error', when: 'after' }, 'CARRIER_UNKNOWN', 1],
    [{ kind: 'reset', when: 'after' }, 'CARRIER_UNKNOWN', 1],
    [{ kind: 'hang', when: 'after' }, 'CARRIER_UNKNOWN', 1],
    [{ kind: 'garbage-body' }, 'CARRIER_UNKNOWN', 1],
    [{ kind: 'error', name: 'ThrottlingException' }, 'CARRIER_REFUSED', 0],
    [
      { kind: 'error', name: 'ConflictException', reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' },
      'RECIPIENT_OPTED_OUT',
      0,
    ],
  ]
  for (const [fault, code, taken] of faults) {
    test(`${JSON.stringify(fault)} is one request, and ${code}`, async () => {
      await armFault(fault)
      const result = await world.call({
        to: `+3461234${1000 + faults.findIndex(([one]) => one === fault)}`,
      })
      assert.deepEqual([result.httpStatus, codeIn(result)], [200, code])
      assert.equal((await take()).length, taken)
      const rules = (await world.callCarrier('GET', '/faults')) as readonly { readonly used: number }[]
      assert.equal(rules[0]?.used, 1)
    })
  }
})

test('a function that was frozen for long sends once, over a new connection', async () => {
  const first = await world.call({ to: '+12065550130' })
  assert.equal(first.verdict.kind, 'delivered-by-hook')
  await take()
  for (const lambda of world.functions.all) lambda.freeze()
  world.front.dropConnections()
  world.clock.skip(30_000)
  const second = await world.call({ to: '+12065550131' })
  assert.equal(second.verdict.kind, 'delivered-by-hook', JSON.stringify(second.answer))
  assert.equal((await take()).length, 1)
})

describe('receipts', () => {
  for (const channel of ['sms', 'voice']) {
    test(`${channel}: the result of a message is stored with its delivery`, async () => {
      const { url } = world.events
      await world.callCarrier('PUT', '/events', { url, delayMs: 0, beforeAnswer: channel === 'sms' })
      const result = await world.call({ to: channel === 'sms' ? '+12065550140' : '+34612345680', channel })
      const { transactionMetadata: id } = valueIn(result)
      await world.allDelivered()
      const found = await world.store.findDelivery(id)
      assert.equal(found?.progress?.stage, 'delivered', JSON.stringify(found))
    })
  }

  test('a receipt that cannot be stored is tried three times, and waits in the dead-letter queue', async () => {
    const lambda = world.functions.named('receipts')
    const before = lambda.invocations()
    const event = { Records: [{}] } // the function cannot read it
    await world.invokeAsync(lambda.arn, event)
    assert.equal(lambda.invocations() - before, 3)
    const [letter] = world.deadLetters()
    assert.deepEqual([letter?.queue, letter?.event], ['DeadLetters', event])
  })
})

describe("Okta's event hook", () => {
  const address = () => new URL('events/okta', world.hookUrl).href
  const secretOf = (output: string, name: string): string =>
    JSON.parse(world.secrets.get(world.stack.outputs[output])?.text ?? '{}')[name]
  const secret = () => secretOf('EventSecretArn', 'HOOKLINE_EVENT_SECRETS')
  const post = (body: object, authorization = secret()) =>
    fetch(address(), { method: 'POST', body: JSON.stringify(body), headers: { authorization } })
  const invocations = () => world.functions.named('events').invocations()

  test('is verified without a secret, at the address of the output', async () => {
    assert.equal(new URL(world.stack.outputs.EventsUrl ?? '').pathname, new URL(address()).pathname)
    const headers = { 'x-okta-verification-challenge': 'Xj4LkmoBTfMnWL8f' }
    const response = await fetch(address(), { headers })
    assert.deepEqual([response.status, await response.json()], [200, { verification: 'Xj4LkmoBTfMnWL8f' }])
  })

  test('says which code was entered, also if it says so twice, without a call of the hook', async () => {
    const { transactionMetadata: id } = valueIn(await world.call({ to: '+12065550141' }))
    const [{ sent } = assert.fail('no call')] = world.okta.calls().slice(-1)
    const { userProfile } = sent.data as { readonly userProfile: { readonly userId: string } }
    const hookCalls = () => world.calls().filter(({ function: name }) => name === 'hook').length
    const before = hookCalls()
    const actor = { id: userProfile.userId, type: 'User', alternateId: 'ana@example.com' }
    const published = new Date(world.clock.now()).toISOString()
    for (const body of [
      eventsBody(logEvent({ actor, published })),
      eventsBody(logEvent({ actor, published })),
    ])
      assert.equal((await post(body)).status, 204)
    const found = await world.store.findDelivery(id)
    assert.equal(found?.answered?.at, Date.parse(published))
    const outcomes = world.functions
      .named('events')
      .logs()
      .flatMap(line => /"outcome":"(\w[\w-]*)"/.exec(line)?.[1] ?? [])
    assert.deepEqual(outcomes, ['verified', 'answered', 'reported', 'repeated'])
    assert.equal(hookCalls(), before)
  })

  test('tells AWS that the code was entered, in the region that sent it', async () => {
    for (const [to, region] of [
      ['+12065550143', 'us-east-1'],
      ['+31612345670', 'eu-west-3'],
    ] as const) {
      const { transactionMetadata: id } = valueIn(await world.call({ to }))
      const [{ sent } = assert.fail('no call')] = world.okta.calls().slice(-1)
      const { userProfile } = sent.data as { readonly userProfile: { readonly userId: string } }
      const actor = { id: userProfile.userId, type: 'User', alternateId: 'ana@example.com' }
      const published = new Date(world.clock.now()).toISOString()
      const end = (await world.store.findDelivery(id))?.end
      assert.ok(end?.state === 'accepted')
      assert.equal((await post(eventsBody(logEvent({ actor, published })))).status, 204)
      const records = (await world.callCarrier('GET', '/feedback')) as readonly { messageId: string }[]
      assert.deepEqual(
        records.filter(({ messageId }) => messageId === end.messageId),
        [{ messageId: end.messageId, region, status: 'RECEIVED' }],
      )
    }
    const flows = (await world.store.readPolicy())?.answerFlows ?? {}
    assert.ok(Object.values(flows).some(({ since, lastAt }) => lastAt - since > 24 * 3_600_000))
  })

  test('says so also of a code whose function died before it wrote the end', async () => {
    const { transactionMetadata: id } = valueIn(await world.call({ to: '+12065550142' }))
    const ended = await world.store.findDelivery(id)
    assert.ok(ended)
    const [{ sent } = assert.fail('no call')] = world.okta.calls().slice(-1)
    const { userProfile } = sent.data as { readonly userProfile: { readonly userId: string } }
    const openedAt = ended.openedAt + 1
    const end = { state: 'sending' } as const
    const died = { ...ended, id: randomUUID(), openedAt, duplicateKey: undefined, end }
    const limits = { mode: 'enforce', windows: [] } as const
    assert.deepEqual(await world.store.admit({ delivery: died, limits }), { kind: 'opened' })
    const actor = { id: userProfile.userId, type: 'User', alternateId: 'ana@example.com' }
    const published = new Date(world.clock.now()).toISOString()
    assert.equal((await post(eventsBody(logEvent({ actor, published })))).status, 204)
    const found = await world.store.findDelivery(died.id)
    assert.deepEqual([found?.end.state, found?.answered?.at], ['sending', Date.parse(published)])
  })

  test('is refused with another secret, by the function, and without any by the firewall', async () => {
    const before = invocations()
    const body = eventsBody(logEvent())
    assert.equal((await post(body, 'x'.repeat(64))).status, 401)
    assert.equal((await post(body, secretOf('HashKeySecretArn', 'HOOKLINE_HASH_KEY'))).status, 401)
    assert.equal(invocations() - before, 2)
    assert.equal((await post(body, 'short')).status, 401)
    assert.equal((await fetch(address(), { method: 'POST', body: '{}' })).status, 401)
    assert.equal((await fetch(address())).status, 401)
    assert.equal((await post({ ...body, pad: 'x'.repeat(300_000) })).status, 401)
    assert.equal(invocations() - before, 2)
    assert.equal((await post({ ...body, pad: 'x'.repeat(263_000) })).status, 413)
  })
})

test('hookline deliveries lists what the deployment did, from its table', async () => {
  const { verdict } = await world.call({ to: '+34612345690', channel: 'voice', locale: 'es' })
  assert.equal(verdict.kind, 'delivered-by-hook')
  const { code, stdout, stderr } = await runHookline(['deliveries', '--limit', '1'], {
    env: world.env,
  })
  assert.deepEqual([code, stderr], [0, ''])
  assert.match(stdout, /voice +ES +…90 +mfa-verification +(?:accepted|delivered)/)
})

describe('figures', () => {
  const all = async () => {
    const to = Math.ceil(world.clock.now() / 60_000 + 1) * 60_000
    return (await world.store.readStats({ from: to - 7 * 86_400_000, to })) ?? assert.fail('no figures')
  }
  const delivered = async () => (await all()).stats.total.delivered

  test('are none before the first minute', async () => {
    const { code, stdout, stderr } = await runHookline(['stats'], { env: world.env })
    assert.deepEqual([code, stdout], [exitCodes.settings, ''])
    assert.match(stderr, /No figures have been counted in this table/)
  })

  test('are those of all deliveries after a minute, and hookline stats shows them', async () => {
    await world.minute()
    const { stats } = await all()
    assert.deepEqual(stats, countDeliveries(await world.store.listDeliveries({ limit: 1_000 })))
    assert.ok(stats.total.answered >= 3)
    const { stdout, stderr } = await runHookline(['stats', '--since', 'day', '--json'], { env: world.env })
    assert.equal(stderr, '')
    const { asked, sent } = JSON.parse(stdout) // of this machine's clock, before the tests moved theirs on
    assert.ok(asked >= sent && sent > 10, stdout)
  })

  test('of one org are shown alone, and an unknown one gets the names of those that exist', async () => {
    const only = await runHookline(['stats', '--org', world.okta.issuer], { env: world.env })
    assert.deepEqual([only.code, only.stderr], [0, ''])
    const unknown = await runHookline(['stats', '--org', 'initech'], { env: world.env })
    assert.equal(unknown.code, exitCodes.usage)
    assert.ok(unknown.stderr.includes(world.okta.issuer), unknown.stderr)
  })

  test('follow receipts that come hours later, twice, and whether they name their delivery or not', async () => {
    await world.callCarrier('DELETE', '/events')
    const late = []
    for (const [to, isNamed] of [
      ['+12065550151', true],
      ['+12065550152', false],
    ] as const) {
      const { transactionMetadata: deliveryId } = valueIn(await world.call({ to }))
      const end = (await world.store.findDelivery(deliveryId))?.end
      assert.ok(end?.state === 'accepted')
      const context = isNamed ? { context: { deliveryId } } : {}
      late.push({ eventType: 'TEXT_DELIVERED', isFinal: true, messageId: end.messageId, ...context })
    }
    world.clock.skip(3 * 3_600_000)
    await world.minute()
    const before = await delivered()
    const { arn } = world.functions.named('receipts')
    for (const event of [...late, ...late]) {
      const Message = JSON.stringify({ ...event, eventTimestamp: world.clock.now() })
      await world.invokeAsync(arn, { Records: [{ Sns: { Message } }] })
    }
    assert.equal(await delivered(), before)
    await world.minute()
    assert.equal(await delivered(), before + 2)
    assert.deepEqual((await all()).stats, countDeliveries(await world.store.listDeliveries({ limit: 1_000 })))
  })

  test('show that codes from an identity are not entered, and move a tenth of its route', async () => {
    const { routing } = (await world.store.readPolicy()) ?? assert.fail()
    await world.store.saveRoutingPolicy({ ...routing, mode: 'follow' }, { author: 'a test', at: 0 })
    const now = world.clock.now()
    const samples = Array.from({ length: 220 }, (_, index) => ({
      ...{ phone: `p${index}`, at: now - index * 1_000, isGood: index % 4 === 0 },
      candidate: index % 4 === 0 ? 'pool-tests0FR' : '+33639980100',
    }))
    await world.figureStore.keepRouteSamples(new Map([['FR/sms', samples]]))
    await world.store.settle(
      delivery({
        ...{ id: timedId(now), openedAt: now, country: 'FR', expiresAt: undefined },
        credit: { block: '3361234', network: '192.0.2', purse: 'sign-in', hold: undefined },
        end: {
          ...{ state: 'accepted', at: now, messageId: 'm-of-a-sample' },
          attempts: [{ identity: '+33639980100', result: 'accepted', detail: undefined, durationMs: 1 }],
        },
      }),
    )
    world.clock.skip(300_000)
    await world.minute()
    const { shares } = (await world.store.readPolicy())?.routing ?? assert.fail()
    assert.deepEqual(shares['FR/sms']?.tenths, { '+33639980100': 8, 'pool-tests0FR': 2 })
  })
})

test('no log, record or answer contains a code, a number, a user or a secret', async () => {
  const calls = world.okta.calls()
  const profiles = calls.map(({ sent }) => (sent.data as { messageProfile: Profile }).messageProfile)
  const values = profiles.flatMap(({ otpCode, phoneNumber }) => [otpCode, phoneNumber.replace('+', '')])
  const people = calls.map(
    ({ sent }) => (sent.data as { userProfile: { userId: string } }).userProfile.userId,
  )
  const eventSecret = Object.values(
    JSON.parse(world.secrets.get(world.stack.outputs.EventSecretArn)?.text ?? '{}'),
  )
  const all = [
    ...values.filter(value => /^\d{8,}$/.test(value)),
    // Of Okta's events: who entered a code, and the secret that says which org it was.
    ...people.filter(id => id.length >= 8),
    'ana@example.com',
    ...eventSecret.map(String),
  ]
  const secrets = [...new Set(all)].map(value => ({ name: value, value }))
  const places: Readonly<Record<string, unknown>> = {
    logs: world.logs(),
    table: await world.items(),
    answers: calls.map(({ answer, raw }) => answer ?? raw),
  }
  const written = Object.entries(places).map(([name, content]): Place => {
    const text = JSON.stringify(content)
    assert.ok(text.length > 1_000, `${name}: ${text}`)
    return { name, bytes: Buffer.from(text) }
  })
  assert.ok(secrets.length > 50)
  assert.deepEqual(findLeaks(secrets, written), [])
})

type Profile = { readonly otpCode: string; readonly phoneNumber: string }

test('every call to AWS was allowed, and every permission was used', t => {
  const { calls, functions, neverCalled, lost } = world
  const memory = functions.all.map(({ name, memory }) => [name.replace('hookline-', ''), memory()] as const)
  t.diagnostic(`\n${report(calls(), Object.fromEntries(memory))}`)
  assert.deepEqual(
    calls().filter(({ granted }) => !granted),
    [],
  )
  assert.deepEqual(lost(), [])
  assert.deepEqual(neverCalled(), [])
  for (const [name, { peakMb, limitMb }] of memory) {
    assert.ok(peakMb > 0 && peakMb < limitMb * 0.9, `${name}: ${peakMb} of ${limitMb} MB`)
  }
})
