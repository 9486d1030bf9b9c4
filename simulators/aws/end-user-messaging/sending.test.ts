import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  SendNotifyTextMessageCommand,
  SendNotifyVoiceMessageCommand,
  SendTextMessageCommand,
  SendVoiceMessageCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { failureOf, startBench } from '../../../test/stand-ins/carrier-bench.ts'

const NOW = new Date('2026-01-02T03:04:05.678Z')

test('accepts a text message and lists all its fields', async () => {
  await using bench = await startBench({ now: () => NOW })
  const { MessageId, $metadata } = await bench.client.send(
    new SendTextMessageCommand({
      DestinationPhoneNumber: '+14155550142',
      OriginationIdentity: '+12065550100',
      MessageBody: 'Your code is 123456',
      MessageType: 'TRANSACTIONAL',
      ConfigurationSetName: 'otp',
      ProtectConfigurationId: 'protect-1',
      MaxPrice: '0.05',
      TimeToLive: 300,
      Context: { deliveryId: 'd-1' },
      DestinationCountryParameters: { IN_ENTITY_ID: '1', IN_TEMPLATE_ID: '2' },
    }),
  )
  assert.match($metadata.requestId ?? '', /^[0-9a-f-]{36}$/)
  assert.deepEqual((await bench.call('/messages')).body, [
    {
      messageId: MessageId,
      receivedAt: '2026-01-02T03:04:05.678Z',
      channel: 'sms',
      operation: 'SendTextMessage',
      from: '+12065550100',
      to: '+14155550142',
      body: 'Your code is 123456',
      encoding: 'GSM-7',
      parts: 1,
      messageType: 'TRANSACTIONAL',
      configurationSetName: 'otp',
      protectConfigurationId: 'protect-1',
      maxPrice: '0.05',
      timeToLive: 300,
      context: { deliveryId: 'd-1' },
      countryParameters: { IN_ENTITY_ID: '1', IN_TEMPLATE_ID: '2' },
    },
  ])
})

test('accepts a voice message in SSML and lists it with its voice and language', async () => {
  await using bench = await startBench({ now: () => NOW })
  const { MessageId } = await bench.client.send(
    new SendVoiceMessageCommand({
      DestinationPhoneNumber: '+4915112345678',
      OriginationIdentity: 'pool-0123456789abcdef',
      MessageBody: '<speak>Ihr Code ist 1, 2, 3.</speak>',
      MessageBodyTextType: 'SSML',
      VoiceId: 'VICKI',
      MaxPricePerMinute: '.25',
    }),
  )
  assert.deepEqual((await bench.call(`/messages?messageId=${MessageId}`)).body, [
    {
      messageId: MessageId,
      receivedAt: '2026-01-02T03:04:05.678Z',
      channel: 'voice',
      operation: 'SendVoiceMessage',
      from: 'pool-0123456789abcdef',
      to: '+4915112345678',
      body: '<speak>Ihr Code ist 1, 2, 3.</speak>',
      bodyType: 'SSML',
      voiceId: 'VICKI',
      language: 'de-DE',
      maxPricePerMinute: '.25',
    },
  ])
})

test('fills in the template of AWS Notify and answers with the resulting text', async () => {
  await using bench = await startBench()
  const input = {
    NotifyConfigurationId: 'nc-1',
    DestinationPhoneNumber: '+14155550142',
    TemplateVariables: { code: '123456' },
  }
  const text = await bench.client.send(new SendNotifyTextMessageCommand(input))
  assert.equal(text.ResolvedMessageBody, 'Your verification code is 123456.')
  const call = await bench.client.send(
    new SendNotifyVoiceMessageCommand({ ...input, TemplateId: 'my-template' }),
  )
  assert.equal(call.TemplateId, 'my-template')
  assert.match(call.ResolvedMessageBody ?? '', /1, 2, 3, 4, 5, 6/)

  const missing = await failureOf(
    bench.client.send(new SendNotifyTextMessageCommand({ ...input, TemplateVariables: {} })),
  )
  assert.equal(missing.Reason, 'MISSING_PARAMETER')
  assert.equal((await messagesOf(bench)).length, 2)
})

test('answers a dry run with a message ID and sends nothing', async () => {
  await using bench = await startBench()
  const input = { DestinationPhoneNumber: '+14155550142', MessageBody: 'Hello', DryRun: true }
  assert.ok((await bench.client.send(new SendTextMessageCommand(input))).MessageId)
  assert.deepEqual(await messagesOf(bench), [])
})

test("accepts a message to a failure number of AWS's simulator, and marks it as one that will fail", async () => {
  await using bench = await startBench()
  for (const to of ['+14254147755', '+14254147167', '+14155550142']) {
    const input = { DestinationPhoneNumber: to, MessageBody: 'Hello' }
    assert.ok((await bench.client.send(new SendTextMessageCommand(input))).MessageId)
  }
  const outcomes = (await messagesOf(bench)).map(message => message.simulatorOutcome)
  assert.deepEqual(outcomes, ['success', 'failure', undefined])
})

test('lists oldest first, the newest few on request, and nothing once cleared', async () => {
  await using bench = await startBench()
  for (const MessageBody of ['one', 'two', 'three']) {
    await bench.client.send(
      new SendTextMessageCommand({ DestinationPhoneNumber: '+14155550142', MessageBody }),
    )
  }
  const bodies = async (path: string) => (await messagesOf(bench, path)).map(message => message.body)
  assert.deepEqual(await bodies('/messages'), ['one', 'two', 'three'])
  assert.deepEqual(await bodies('/messages?limit=2'), ['two', 'three'])
  assert.deepEqual(await bodies('/messages?messageId=unknown'), [])
  assert.equal((await bench.call('/messages?limit=many')).status, 400)
  assert.equal((await bench.call('/messages', 'DELETE')).status, 204)
  assert.deepEqual(await bodies('/messages'), [])
})

test('streams arrivals and clearings as events', async () => {
  await using bench = await startBench()
  const stream = await fetch(`${bench.standIn.url}/messages/stream`)
  assert.equal(stream.headers.get('content-type'), 'text/event-stream')
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
  assert.ok(reader)
  let received = ''
  const until = async (pattern: RegExp) => {
    while (!pattern.test(received)) received += (await reader.read()).value ?? ''
  }
  await until(/retry: 1000\n\n/)
  const input = { DestinationPhoneNumber: '+14155550142', MessageBody: 'Line one\nLine two' }
  const { MessageId } = await bench.client.send(new SendTextMessageCommand(input))
  await until(/^data: \{"messageId".*\}\n\n/m)
  assert.match(received, new RegExp(`id: ${MessageId}\\ndata: .*Line one\\\\nLine two`))
  await bench.call('/messages', 'DELETE')
  await until(/event: cleared\n/)
})

type Listed = { readonly body: string; readonly simulatorOutcome?: string }

async function messagesOf(bench: Awaited<ReturnType<typeof startBench>>, path = '/messages') {
  return (await bench.call(path)).body as readonly Listed[]
}

test('uses RCS from an agent, and from a pool with an agent, with fallback to SMS', async () => {
  await using bench = await startBench()
  await bench.call('/account', 'PUT', {
    pools: [{ id: 'pool-a1' }],
    rcsAgents: [{ id: 'rcs-a1', pool: 'pool-a1' }],
  })
  const arn = (resource: string) => `arn:aws:sms-voice:us-east-1:123456789012:${resource}`
  for (const [OriginationIdentity, rcs] of [
    ['rcs-a1', 'only'],
    [arn('rcs-agent/rcs-a1'), 'only'],
    ['pool-a1', 'first'],
    [arn('pool/pool-a1'), 'first'],
    ['pool-b2', undefined],
    ['+12065550100', undefined],
  ] as const) {
    await bench.call('/messages', 'DELETE')
    await bench.client.send(
      new SendTextMessageCommand({
        DestinationPhoneNumber: '+14155550142',
        OriginationIdentity,
        MessageBody: 'Your code is 123456',
      }),
    )
    const [message] = (await bench.call('/messages')).body as readonly { rcs?: string }[]
    assert.equal(message?.rcs, rcs, OriginationIdentity)
  }
})

test('does not find a resource named by an ARN of another region', async () => {
  await using bench = await startBench()
  const text = { DestinationPhoneNumber: '+14155550142', MessageBody: 'Your code is 123456' }
  const arn = (resource: string) => `arn:aws:sms-voice:eu-west-1:123456789012:${resource}`
  for (const named of [
    { OriginationIdentity: arn('pool/pool-a1') },
    { OriginationIdentity: 'pool-a1', ConfigurationSetName: arn('configuration-set/codes') },
    { OriginationIdentity: 'pool-a1', ProtectConfigurationId: arn('protect-configuration/protect-1') },
  ]) {
    const { name } = await failureOf(bench.client.send(new SendTextMessageCommand({ ...text, ...named })))
    assert.equal(name, 'ResourceNotFoundException')
  }
  assert.deepEqual((await bench.call('/messages')).body, [])
})
