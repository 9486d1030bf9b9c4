import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { SendTextMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { startBench, type TestBench } from '../../../test/stand-ins/carrier-bench.ts'
import { confirm, eventOf, isSigned, startReceiver } from '../../../test/stand-ins/carrier-receiver.ts'

const NOW = new Date('2026-01-02T03:04:05.678Z')
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:hookline-receipts'
const SENT = {
  DestinationPhoneNumber: '+14155550142',
  OriginationIdentity: '+12065550100',
  MessageBody: 'Hi',
}

test('asks for confirmation in an envelope signed as by SNS', async () => {
  await using receiver = await startReceiver()
  await using bench = await startBench({ now: () => NOW })
  const { status, body: answer } = await bench.call('/events', 'PUT', { url: receiver.url })
  assert.deepEqual([status, (answer as { subscription: string }).subscription], [200, 'confirmed'])

  const [{ body, headers } = assert.fail()] = await receiver.arrivals('SubscriptionConfirmation', 1)
  assert.deepEqual(Object.keys(body), [
    'Type',
    'MessageId',
    'Token',
    'TopicArn',
    'Message',
    'SubscribeURL',
    'Timestamp',
    'SignatureVersion',
    'Signature',
    'SigningCertURL',
  ])
  assert.deepEqual(
    [body.Type, body.TopicArn, body.Timestamp, body.SignatureVersion],
    ['SubscriptionConfirmation', TOPIC, NOW.toISOString(), '1'],
  )
  assert.match(body.Message ?? '', /^You have chosen to subscribe to the topic arn:.*\.\nTo confirm/)
  assert.equal(body.SubscribeURL, `${bench.standIn.url}/sns/confirm?token=${body.Token}`)
  assert.equal(headers['content-type'], 'text/plain; charset=UTF-8')
  assert.equal(headers['x-amz-sns-message-type'], 'SubscriptionConfirmation')
  assert.equal(headers['x-amz-sns-message-id'], body.MessageId)
  assert.equal(headers['x-amz-sns-topic-arn'], TOPIC)
  assert.equal(headers['x-amz-sns-subscription-arn'], undefined)
  assert.ok(await isSigned(body, 'RSA-SHA1', CONFIRMATION_FIELDS))
})

const CONFIRMATION_FIELDS = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
const NOTIFICATION_FIELDS = ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type']

for (const [signatureVersion, algorithm] of [
  ['1', 'RSA-SHA1'],
  ['2', 'RSA-SHA256'],
] as const) {
  test(`notifies in an envelope that is signed with version ${signatureVersion}`, async () => {
    await using receiver = await startReceiver()
    await using bench = await startBench({ now: () => NOW })
    await bench.call('/events', 'PUT', { url: receiver.url, signatureVersion, delayMs: 0 })
    const messageId = await send(bench)
    const [{ body, headers } = assert.fail()] = await receiver.arrivals('Notification', 3)
    assert.deepEqual(Object.keys(body), [
      'Type',
      'MessageId',
      'TopicArn',
      'Message',
      'Timestamp',
      'SignatureVersion',
      'Signature',
      'SigningCertURL',
      'UnsubscribeURL',
    ])
    assert.match(body.SigningCertURL ?? '', /^http:.*\/sns\/SimpleNotificationService-[0-9a-f]{32}\.pem$/)
    assert.equal(headers['content-type'], 'text/plain; charset=UTF-8')
    assert.equal(headers['x-amz-sns-message-type'], 'Notification')
    assert.equal(headers['x-amz-sns-message-id'], body.MessageId)
    assert.match(String(headers['x-amz-sns-subscription-arn']), new RegExp(`^${TOPIC}:[0-9a-f-]{36}$`))
    assert.equal(eventOf({ type: 'Notification', headers, body }).messageId, messageId)
    assert.ok(await isSigned(body, algorithm, NOTIFICATION_FIELDS))
    assert.ok(!(await isSigned({ ...body, Message: '{}' }, algorithm, NOTIFICATION_FIELDS)))
  })
}

test('serves one certificate, made for this run, under a unique name', async () => {
  await using receiver = await startReceiver()
  await using bench = await startBench()
  for (const _ of [1, 2]) await bench.call('/events', 'PUT', { url: receiver.url })
  const requests = await receiver.arrivals('SubscriptionConfirmation', 2)
  const [address = '', same] = requests.map(({ body }) => body.SigningCertURL)
  assert.equal(same, address)
  const served = await fetch(address)
  const certificate = new X509Certificate(await served.text())
  assert.match(certificate.subject, /CN=sns\.amazonaws\.com/)
  const other = address.replace(/[0-9a-f]{4}\.pem$/, 'xxxx.pem')
  assert.equal((await fetch(other)).status, 404)
})

test('sends nothing until it is confirmed, and answers the confirmation like ConfirmSubscription', async () => {
  await using receiver = await startReceiver(() => undefined)
  await using bench = await startBench()
  await bench.call('/events', 'PUT', { url: receiver.url, delayMs: 0, beforeAnswer: true })
  await send(bench)
  const before = await statusOf(bench)
  assert.deepEqual([before.subscription, before.emitted], ['pending', 0])
  assert.ok(before.dropped > 0)
  assert.equal((await bench.call('/sns/confirm?token=guessed')).status, 400)
  assert.equal((await statusOf(bench)).subscription, 'pending')

  const [{ body } = assert.fail()] = await receiver.arrivals('SubscriptionConfirmation', 1)
  const confirmed = await fetch(body.SubscribeURL ?? '')
  assert.equal(confirmed.status, 200)
  assert.match(
    await confirmed.text(),
    /<ConfirmSubscriptionResponse.*<SubscriptionArn>arn:aws:sns:.*<RequestId>/s,
  )
  await send(bench)
  await receiver.arrivals('Notification', 3)
})

test('ends a subscription by its UnsubscribeURL', async () => {
  await using receiver = await startReceiver()
  await using bench = await startBench()
  await bench.call('/events', 'PUT', { url: receiver.url, delayMs: 0, beforeAnswer: true })
  await send(bench)
  const [{ body } = assert.fail()] = await receiver.arrivals('Notification', 1)
  assert.match(await (await fetch(body.UnsubscribeURL ?? '')).text(), /<UnsubscribeResponse/)
  assert.equal((await statusOf(bench)).subscription, 'ended')
})

test('tries again when it is not acknowledged, with the same message', async () => {
  let refusals = 2
  await using receiver = await startReceiver(post => {
    if (post.type === 'Notification' && refusals-- > 0) return 503
    return confirm(post)
  })
  await using bench = await startBench()
  await bench.call('/events', 'PUT', { url: receiver.url, delayMs: 0 })
  await send(bench)
  const posts = await receiver.arrivals('Notification', 5)
  const [first, second, third, fourth] = posts.map(({ body }) => body)
  assert.deepEqual([second, third], [first, first])
  assert.notEqual(fourth?.MessageId, first?.MessageId)
})

test('gives up after three more tries', async () => {
  await using receiver = await startReceiver(post => (post.type === 'Notification' ? 500 : confirm(post)))
  await using bench = await startBench()
  await bench.call('/events', 'PUT', { url: receiver.url, delayMs: 0 })
  await send(bench)
  // The fifth post carries the next event.
  const posts = await receiver.arrivals('Notification', 5)
  assert.equal(new Set(posts.map(({ body }) => body.MessageId)).size, 2)
  const { emitted, acknowledged, failed } = await statusOf(bench)
  assert.deepEqual([emitted, acknowledged, failed], [2, 0, 1])
})

async function send(bench: TestBench): Promise<string | undefined> {
  return (await bench.client.send(new SendTextMessageCommand(SENT))).MessageId
}

type Status = { subscription: string } & Record<'emitted' | 'acknowledged' | 'failed' | 'dropped', number>

async function statusOf(bench: TestBench): Promise<Status> {
  return (await bench.call('/events')).body as Status
}
