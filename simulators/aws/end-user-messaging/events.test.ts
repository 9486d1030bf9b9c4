import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SendTextMessageCommand, SendVoiceMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { startBench, type TestBench } from '../../../test/stand-ins/carrier-bench.ts'
import { eventOf, startReceiver, type TestReceiver } from '../../../test/stand-ins/carrier-receiver.ts'
import { seededRandom } from './seeded-random.ts'

const NOW = new Date('2026-01-02T03:04:05.678Z')
const TEXT = {
  DestinationPhoneNumber: '+14155550142',
  OriginationIdentity: '+12065550100',
  MessageBody: 'Hi',
}
const FAILING = '+14254147167'

test('sends the events of a text, in the order in which they happened', async () => {
  await using receiver = await startReceiver()
  await using bench = await startBench({ now: () => NOW, random: () => 0 })
  await bench.call('/events', 'PUT', { url: receiver.url, delayMs: 2 })
  const MessageId = await send(bench, { Context: { deliveryId: 'd-1' }, ProtectConfigurationId: 'protect-1' })
  const events = (await receiver.arrivals('Notification', 3)).map(eventOf)
  assert.deepEqual(
    events.map(({ eventType, messageStatus, isFinal }) => [eventType, messageStatus, isFinal]),
    [
      ['TEXT_QUEUED', 'QUEUED', false],
      ['TEXT_SENT', 'SENT', false],
      ['TEXT_SUCCESSFUL', 'SUCCESSFUL', true],
    ],
  )
  assert.deepEqual(events[2], {
    eventType: 'TEXT_SUCCESSFUL',
    eventVersion: '1.0',
    eventTimestamp: NOW.getTime() + 6,
    isFinal: true,
    originationPhoneNumber: '+12065550100',
    destinationPhoneNumber: '+14155550142',
    isInternationalSend: false,
    isoCountryCode: 'US',
    mcc: '310',
    mnc: '260',
    carrierName: 'T-Mobile USA, Inc.',
    messageId: MessageId,
    messageRequestTimestamp: NOW.getTime(),
    messageEncoding: 'GSM',
    messageType: 'TRANSACTIONAL',
    messageStatus: 'SUCCESSFUL',
    messageStatusDescription: 'Message has been accepted by phone carrier',
    context: { deliveryId: 'd-1' },
    totalMessageParts: 1,
    totalMessagePrice: 0.00581,
    totalCarrierFee: 0.00302,
    protectConfiguration: { protectConfigurationId: 'protect-1', protectStatus: 'ALLOW' },
  })
})

test('sends the events of a call, with the few fields that are published', async () => {
  await using receiver = await startReceiver()
  await using bench = await startBench({ now: () => NOW })
  await bench.call('/events', 'PUT', { url: receiver.url, delayMs: 1 })
  const input = { ...TEXT, Context: { deliveryId: 'd-1' } }
  const { MessageId } = await bench.client.send(new SendVoiceMessageCommand(input))
  const events = (await receiver.arrivals('Notification', 4)).map(eventOf)
  assert.deepEqual(
    events.map(event => event.eventType),
    ['VOICE_INITIATED', 'VOICE_RINGING', 'VOICE_ANSWERED', 'VOICE_COMPLETED'],
  )
  assert.deepEqual(events[3], {
    eventType: 'VOICE_COMPLETED',
    eventVersion: '1.0',
    eventTimestamp: NOW.getTime() + 4,
    isFinal: true,
    isoCountryCode: 'US',
    messageId: MessageId,
    messageRequestTimestamp: NOW.getTime(),
    messageStatus: 'COMPLETED',
    context: { deliveryId: 'd-1' },
  })
})

test('sends events over EventBridge without destination and context', async () => {
  await using receiver = await startReceiver()
  await using bench = await startBench({ now: () => NOW })
  await bench.call('/events', 'PUT', { url: receiver.url, form: 'eventbridge', delayMs: 0 })
  const MessageId = await send(bench, { Context: { deliveryId: 'd-1' } })
  await bench.client.send(new SendVoiceMessageCommand(TEXT))
  const posts = await receiver.arrivals('event', 7)
  const { id, detail, ...envelope } = posts.find(post => eventOf(post).messageId === MessageId)?.body ?? {}
  assert.match(id ?? '', /^[0-9a-f-]{36}$/)
  assert.deepEqual(envelope, {
    version: '0',
    'detail-type': 'Text Message Delivery Status Updated',
    source: 'aws.sms-voice',
    account: '123456789012',
    time: '2026-01-02T03:04:05Z',
    region: 'us-east-1',
    resources: [],
  })
  const { destinationPhoneNumber, context, isoCountryCode } = detail as unknown as Record<string, unknown>
  assert.deepEqual([destinationPhoneNumber, context, isoCountryCode], [undefined, undefined, 'US'])
  const types = new Set(posts.map(({ body }) => body['detail-type']))
  assert.ok(types.has('Voice Message Delivery Status Updated'))
})

test('lets a simulator number fail, and shows the final event on the message', async () => {
  await using receiver = await startReceiver()
  await using bench = await startBench({ random: () => 0 })
  await set(bench, receiver, { delayMs: 0 })
  const messageId = await send(bench, {
    DestinationPhoneNumber: FAILING,
    OriginationIdentity: 'pool-0123456789abcdef',
  })
  const last = eventOf((await receiver.arrivals('event', 3))[2] ?? assert.fail())
  assert.deepEqual([last.eventType, last.isFinal], ['TEXT_UNREACHABLE', true])
  assert.equal('originationPhoneNumber' in last, false)
  const [message] = (await bench.call(`/messages?messageId=${messageId}`)).body as { finalEvent: string }[]
  assert.equal(message?.finalEvent, 'TEXT_UNREACHABLE')
})

test('ends every message with the outcome of the setting, or with none', async () => {
  await using receiver = await startReceiver()
  await using bench = await startBench({ random: () => 0 })
  await set(bench, receiver, { delayMs: 0, outcome: 'undelivered' })
  await bench.client.send(new SendVoiceMessageCommand(TEXT))
  await receiver.arrivals('event', 2)
  await set(bench, receiver, { delayMs: 0, outcome: 'delivered' })
  await send(bench, { DestinationPhoneNumber: FAILING })
  await receiver.arrivals('event', 5)
  await set(bench, receiver, { delayMs: 0, outcome: 'none' })
  await send(bench)
  await receiver.arrivals('event', 7)
  assert.deepEqual(typesIn(receiver), [
    ...['VOICE_INITIATED', 'VOICE_BUSY'],
    ...['TEXT_QUEUED', 'TEXT_SENT', 'TEXT_SUCCESSFUL'],
    ...['TEXT_QUEUED', 'TEXT_SENT'],
  ])
})

test('repeats an event unchanged', async () => {
  await using receiver = await startReceiver()
  await using bench = await startBench()
  await set(bench, receiver, { delayMs: 0, duplicates: 1, outcome: 'delivered' })
  await bench.client.send(new SendVoiceMessageCommand(TEXT))
  const posts = await receiver.arrivals('event', 8)
  for (const [index, { body }] of posts.entries()) {
    if (index % 2 === 1) assert.deepEqual(body, posts[index - 1]?.body)
  }
  assert.equal(new Set(posts.map(({ body }) => body.id)).size, 4)
})

test('sends events out of order, the same for the same seed', async () => {
  const orders = async () => {
    await using receiver = await startReceiver()
    await using bench = await startBench({ random: seededRandom(3) })
    await set(bench, receiver, { delayMs: 0, disorder: 1 })
    for (let call = 1; call <= 8; call += 1) {
      await bench.client.send(new SendVoiceMessageCommand(TEXT))
      await receiver.arrivals('event', call * 4)
    }
    return typesIn(receiver)
  }
  const first = await orders()
  const finals = first.flatMap((type, index) => (type === 'VOICE_COMPLETED' ? [index % 4] : []))
  assert.equal(finals.length, 8)
  assert.ok(finals.some(place => place === 0))
  assert.deepEqual(await orders(), first)
})

test('can send an event before the send call is answered', async () => {
  await using receiver = await startReceiver()
  await using bench = await startBench()
  await set(bench, receiver, { delayMs: 600_000, beforeAnswer: true })
  const messageId = await send(bench)
  assert.deepEqual(
    receiver.posts.map(post => eventOf(post).messageId),
    [messageId],
  )
})

async function set(bench: TestBench, { url }: TestReceiver, setting: Record<string, unknown>): Promise<void> {
  const { status } = await bench.call('/events', 'PUT', { url, form: 'eventbridge', ...setting })
  assert.equal(status, 200)
}

async function send(bench: TestBench, more: Record<string, unknown> = {}): Promise<string | undefined> {
  return (await bench.client.send(new SendTextMessageCommand({ ...TEXT, ...more }))).MessageId
}

function typesIn({ posts }: TestReceiver): readonly unknown[] {
  return posts.map(post => eventOf(post).eventType)
}
