import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PutMessageFeedbackCommand, SendTextMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { failureOf, startBench, type TestBench } from '../../../test/stand-ins/carrier-bench.ts'

const TEXT = {
  DestinationPhoneNumber: '+12065550123',
  OriginationIdentity: '+12065550100',
  MessageBody: 'Hi',
}
const send = async ({ client }: TestBench, MessageFeedbackEnabled?: boolean, DryRun?: boolean) => {
  const sent = await client.send(
    new SendTextMessageCommand({
      ...TEXT,
      ...(MessageFeedbackEnabled !== undefined && { MessageFeedbackEnabled }),
      ...(DryRun !== undefined && { DryRun }),
    }),
  )
  return sent.MessageId ?? assert.fail()
}
const put = (MessageId: string, MessageFeedbackStatus: 'RECEIVED' | 'FAILED' = 'RECEIVED') =>
  new PutMessageFeedbackCommand({ MessageId, MessageFeedbackStatus })
const statuses = async ({ call }: TestBench) =>
  ((await call('/feedback')).body as readonly { status: string }[]).map(({ status }) => status)

describe('message feedback', () => {
  test('is RECEIVED or FAILED once that was reported, also after an hour', async () => {
    let now = 0
    await using bench = await startBench({ now: () => new Date(now) })
    const [one, other] = [await send(bench, true), await send(bench, true)]
    assert.deepEqual(await statuses(bench), ['PENDING', 'PENDING'])
    const answer = await bench.client.send(put(one))
    assert.deepEqual([answer.MessageId, answer.MessageFeedbackStatus], [one, 'RECEIVED'])
    await bench.client.send(put(other, 'FAILED'))
    now = 7_200_000
    assert.deepEqual(await statuses(bench), ['RECEIVED', 'FAILED'])
    await bench.client.send(put(other))
    assert.deepEqual(await statuses(bench), ['RECEIVED', 'RECEIVED'])
  })

  test('is FAILED after an hour of silence', async () => {
    let now = 0
    await using bench = await startBench({ now: () => new Date(now) })
    await send(bench, true)
    now = 3_599_999
    assert.deepEqual(await statuses(bench), ['PENDING'])
    now = 3_600_000
    assert.deepEqual(await statuses(bench), ['FAILED'])
  })

  test('exists only for messages that were sent with it, in their region', async () => {
    await using bench = await startBench()
    const without = [await send(bench), await send(bench, false), await send(bench, true, true), 'unknown']
    for (const id of without) {
      const { name } = await failureOf(bench.client.send(put(id)))
      assert.equal(name, 'ResourceNotFoundException')
    }
    const body = JSON.stringify({ MessageId: await send(bench, true), MessageFeedbackStatus: 'RECEIVED' })
    const signedIn = (region: string) => ({
      'x-amz-target': 'PinpointSMSVoiceV2.PutMessageFeedback',
      authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/${region}/sms-voice/aws4_request, SignedHeaders=host, Signature=0`,
    })
    assert.equal((await bench.post(body, signedIn('eu-west-1'))).status, 400)
    assert.equal((await bench.post(body, signedIn('us-east-1'))).status, 200)
  })

  test('is checked as the service model says', async () => {
    await using bench = await startBench()
    for (const input of [
      {},
      { MessageId: 'a' },
      { MessageFeedbackStatus: 'RECEIVED' },
      { MessageId: 'a', MessageFeedbackStatus: 'received' },
      { MessageId: 'a b', MessageFeedbackStatus: 'RECEIVED' },
      { MessageId: 'a'.repeat(65), MessageFeedbackStatus: 'RECEIVED' },
    ]) {
      const command = new PutMessageFeedbackCommand(input as never)
      assert.equal((await failureOf(bench.client.send(command))).name, 'ValidationException')
    }
  })

  test('can fail on demand, and is then not changed', async () => {
    await using bench = await startBench()
    const match = { operation: 'PutMessageFeedback' }
    await bench.call('/faults', 'POST', { match, kind: 'error', name: 'ThrottlingException', times: 1 })
    const id = await send(bench, true)
    assert.equal((await failureOf(bench.client.send(put(id)))).name, 'ThrottlingException')
    assert.deepEqual(await statuses(bench), ['PENDING'])
    assert.equal((await bench.call('/feedback', 'DELETE')).status, 405)
  })
})
