import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import type { HookWorld, Message } from '../world/controls.ts'
import { startWorld } from '../world/world.ts'

/** The protection of the user and the bill, in the requests to the carrier. */
describe('a valid request', () => {
  let world: HookWorld
  before(async () => {
    world = await startWorld({
      hook: 'in-process',
      templates: new URL('../vectors/templates-of-tests.json', import.meta.url).pathname,
      settings: {
        HOOKLINE_MAX_PRICE_PER_PART: '0.04',
        HOOKLINE_MAX_PRICE_PER_MINUTE: '0.6',
        HOOKLINE_CONFIGURATION_SET: 'hookline-receipts',
        HOOKLINE_PROTECT_CONFIGURATION: 'protect-0123456789abcdef',
      },
    })
  })
  after(() => world?.[Symbol.asyncDispose]())
  afterEach(async () => {
    await world.takeFaultCount()
    await world.takeMessages()
  })

  /** The only message of an order, and the answer to Okta. */
  const deliver = async (order: CallOrder): Promise<Message & { readonly answer: Value }> => {
    const { answer, verdict } = await world.call(order)
    assert.equal(verdict.kind, 'delivered-by-hook', JSON.stringify(answer))
    const [message, ...more] = await world.takeMessages()
    assert.ok(message !== undefined && more.length === 0)
    return { ...message, answer: valueIn(answer) }
  }
  const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString()

  for (const channel of ['sms', 'voice']) {
    test(`${channel}: Okta's transactionId is the carrier's, its metadata the delivery ID in Context`, async () => {
      const { answer, messageId, context } = await deliver({ channel })
      assert.equal(answer.transactionId, messageId)
      assert.equal(context?.deliveryId, answer.transactionMetadata)
      assert.match(answer.transactionMetadata, /^[0-9a-f-]{36}$/)
      assert.equal(answer.provider, 'AWS End User Messaging')
    })

    test(`${channel}: configuration set and protect configuration are sent`, async () => {
      const message = await deliver({ channel })
      assert.equal(message.configurationSetName, 'hookline-receipts')
      assert.equal(message.protectConfigurationId, 'protect-0123456789abcdef')
    })

    test(`${channel}: the carrier gives up when the code expires, within AWS's limits`, async () => {
      // Allows a minute for a slow machine; only the upper limit is exact.
      const { timeToLive } = await deliver({ channel, otpExpires: inSeconds(600) })
      assert.ok(Number(timeToLive) > 540 && Number(timeToLive) <= 600, String(timeToLive))
      assert.equal((await deliver({ channel, otpExpires: inSeconds(-30) })).timeToLive, 5)
      assert.equal((await deliver({ channel, otpExpires: inSeconds(400 * 86_400) })).timeToLive, 259_200)
      assert.equal((await deliver({ channel, omit: ['data.messageProfile.otpExpires'] })).timeToLive, 300)
    })
  }

  test('a text may cost its price times its parts', async () => {
    const one = await deliver({ locale: 'en' })
    assert.deepEqual([one.parts, Number(one.maxPrice), one.messageType], [1, 0.04, 'TRANSACTIONAL'])
    const two = await deliver({ locale: 'es' })
    assert.deepEqual([two.parts, Number(two.maxPrice)], [2, 0.08])
  })

  test("a route's own prices override the settings'", async () => {
    const text = await deliver({ to: '+33612345678' })
    assert.deepEqual([text.from, Number(text.maxPrice)], ['pool-tests0FR', 0.03])
    const call = await deliver({ to: '+33612345678', channel: 'voice' })
    assert.deepEqual([call.from, Number(call.maxPricePerMinute)], ['+33639980100', 0.25])
  })

  test('a call is SSML with the digits one by one, more than once, at a price per minute', async () => {
    const call = await deliver({ channel: 'voice', locale: 'es_MX', code: '0472' })
    assert.deepEqual([call.bodyType, call.voiceId, call.language], ['SSML', 'MIA', 'es-MX'])
    const digits = '0<break time="250ms"/>4<break time="600ms"/>7<break time="250ms"/>2'
    assert.equal(call.body.split(digits).length - 1, 3)
    assert.match(call.body, /^<speak>.*<prosody rate="slow">.*<\/prosody>.*<\/speak>$/s)
    assert.deepEqual([Number(call.maxPricePerMinute), call.maxPrice], [0.6, undefined])
  })

  test("India's operators get their entity and template; others and calls do not", async () => {
    const india = await deliver({ to: '+919812345678', locale: 'hi' })
    assert.deepEqual(india.countryParameters, {
      IN_ENTITY_ID: '1101234567890123456',
      IN_TEMPLATE_ID: '1107123456789012345',
    })
    assert.equal((await deliver({ locale: 'hi' })).countryParameters, undefined)
    const call = await deliver({ to: '+919812345678', locale: 'hi', channel: 'voice' })
    assert.equal(call.countryParameters, undefined)
  })

  test('a sender ID sends texts, but never calls', async () => {
    assert.equal((await deliver({ to: '+4915112345678' })).from, 'Hookline')
    const { verdict } = await world.call({ to: '+4915112345678', channel: 'voice' })
    assert.equal(verdict.kind, 'okta-sends-itself')
    assert.deepEqual(await world.takeMessages(), [])
  })

  // Send* has no idempotency token: a request that is repeated without a check sends two texts.
  const failures: readonly (readonly [what: string, fault: object, taken: number])[] = [
    ['500 before the message is accepted', { kind: 'server-error', when: 'before' }, 0],
    ['500 after the message is accepted', { kind: 'server-error', when: 'after' }, 1],
    ['throttling', { kind: 'error', name: 'ThrottlingException' }, 0],
    ['an internal error', { kind: 'error', name: 'InternalServerException' }, 0],
    ['a connection cut before the message is accepted', { kind: 'reset', when: 'before' }, 0],
    ['a connection cut after the message is accepted', { kind: 'reset', when: 'after' }, 1],
    ['an answer that is not JSON', { kind: 'garbage-body' }, 1],
    ['an answer without a message ID', { kind: 'empty-answer' }, 1],
    ['no answer at all', { kind: 'hang', when: 'after' }, 1],
  ]
  for (const channel of ['sms', 'voice']) {
    for (const [what, fault, taken] of failures) {
      test(`${channel}: ${what} is one request to the carrier, and FAILED to Okta`, async () => {
        await world.armFault(fault)
        const { httpStatus, answer } = await world.call({ channel })
        assert.deepEqual([httpStatus, valueIn(answer).status], [200, 'FAILED'])
        assert.equal(await world.takeFaultCount(), 1)
        assert.equal((await world.takeMessages()).length, taken)
      })
    }
  }
})

type Value = Readonly<Record<'status' | 'provider' | 'transactionId' | 'transactionMetadata', string>>

function valueIn(answer: unknown): Value {
  const { commands } = answer as { readonly commands?: readonly { readonly value: readonly Value[] }[] }
  const value = commands?.[0]?.value[0]
  assert.ok(value, JSON.stringify(answer))
  return value
}
