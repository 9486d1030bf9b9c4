import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SendTextMessageCommand, SendVoiceMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { startBench } from '../../../test/stand-ins/carrier-bench.ts'
import { startReceiver } from '../../../test/stand-ins/carrier-receiver.ts'

const TEXT = {
  DestinationPhoneNumber: '+14155550142',
  OriginationIdentity: '+12065550100',
  MessageBody: 'Hi',
}

test('counts the events it sent, drops the rest on request, and sends none for a dry run', async () => {
  await using receiver = await startReceiver()
  await using bench = await startBench()
  const setting = { url: receiver.url, form: 'eventbridge', delayMs: 600_000, beforeAnswer: true } as const
  await bench.call('/events', 'PUT', setting)
  await bench.client.send(new SendTextMessageCommand({ ...TEXT, DryRun: true }))
  await bench.client.send(new SendVoiceMessageCommand(TEXT))
  const { body } = await bench.call('/events')
  const { setting: reported, ...counts } = body as { setting: Record<string, unknown> }
  assert.deepEqual([reported.url, reported.form], [receiver.url, 'eventbridge'])
  assert.deepEqual(counts, { queued: 3, emitted: 1, acknowledged: 1, failed: 0, dropped: 0 })
  assert.equal((await bench.call('/events', 'DELETE')).status, 204)
  assert.deepEqual((await bench.call('/events')).body, {
    setting: null,
    ...{ queued: 0, emitted: 0, acknowledged: 0, failed: 0, dropped: 0 },
  })
})

test('can be set at the start, even before anyone listens', async () => {
  await using bench = await startBench({ events: { url: 'http://127.0.0.1:9/receipts', topicArn: ARN } })
  const { setting } = (await bench.call('/events')).body as { setting: unknown }
  assert.deepEqual(setting, {
    url: 'http://127.0.0.1:9/receipts',
    form: 'sns',
    topicArn: ARN,
    signatureVersion: '1',
    delayMs: [50, 400],
    duplicates: 0,
    disorder: 0,
    outcome: 'by-number',
    beforeAnswer: false,
  })
  await assert.rejects(
    startBench({ events: { url: 'receipts' } }),
    /^Error: events: url is "receipts"; expected/,
  )
})

const ARN = 'arn:aws:sns:eu-west-2:111122223333:otp'

test('closes at once with events in progress', async () => {
  await using receiver = await startReceiver(() => new Promise(() => {}))
  const bench = await startBench()
  await bench.call('/events', 'PUT', { url: receiver.url, form: 'eventbridge', delayMs: 0 })
  for (let text = 0; text < 100; text += 1) await bench.client.send(new SendTextMessageCommand(TEXT))
  await receiver.arrivals('event', 64)
  const start = performance.now()
  await bench[Symbol.asyncDispose]()
  assert.ok(performance.now() - start < 10_000, 'not after the 15 seconds that an endpoint has')
  assert.equal(receiver.posts.length, 64)
})

const UNFIT: readonly [setting: unknown, message: RegExp][] = [
  [[], /the setting is \[\]; expected an object/],
  [{}, /url is missing; expected an http or https URL of this machine/],
  [{ url: 'http://example.com/' }, /url is "http:\/\/example.com\/"; expected/],
  [{ form: 'sqs' }, /form is "sqs"; expected one of sns, eventbridge/],
  [{ topicArn: 'receipts' }, /topicArn is "receipts"; expected the ARN of an SNS topic/],
  [{ signatureVersion: 2 }, /signatureVersion is 2; expected one of 1, 2/],
  [{ delayMs: [5, 1] }, /delayMs is 1; expected a whole number from 5/],
  [{ duplicates: 2 }, /duplicates is 2; expected a number from 0 to 1/],
  [{ outcome: 'lost' }, /outcome is "lost"; expected one of by-number, delivered, undelivered, none/],
  [{ beforeAnswer: 'yes' }, /beforeAnswer is "yes"; expected true or false/],
  [{ delay: 5 }, /the setting has "delay"; allowed are url, form/],
]

test('refuses an invalid setting, and says why', async () => {
  await using bench = await startBench()
  for (const [unfit, message] of UNFIT) {
    const isPart = Object.keys(unfit as object).length > 0 && !('url' in (unfit as object))
    const setting = isPart ? { url: 'http://localhost/', ...(unfit as object) } : unfit
    const { status, body } = await bench.call('/events', 'PUT', setting)
    assert.equal(status, 400)
    assert.match((body as { message: string }).message, message)
  }
  assert.equal((await bench.call('/events', 'POST', {})).status, 405)
  assert.equal(((await bench.call('/events')).body as { setting: unknown }).setting, null)
})
