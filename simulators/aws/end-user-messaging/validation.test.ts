import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AccessDeniedExceptionReason,
  ConflictExceptionReason,
  SendTextMessageCommand,
  type SendTextMessageRequest,
  SendVoiceMessageCommand,
  type SendVoiceMessageRequest,
  ServiceQuotaExceededExceptionReason,
  ValidationExceptionReason,
  VoiceId,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { failureOf, startBench } from '../../../test/stand-ins/carrier-bench.ts'
import { REASONS } from './aws-error.ts'
import { VOICE_IDS } from './voices.ts'

const TEXT = { DestinationPhoneNumber: '+14155550142', OriginationIdentity: 'ACME', MessageBody: 'Hello' }
const CALL = { ...TEXT, OriginationIdentity: '+12065550100' }
const SPEAK = { MessageBodyTextType: 'SSML' } as const

type Change<Request> = { readonly [Name in keyof Request]?: unknown }
type Case<Request> = readonly [
  what: string,
  change: Change<Request>,
  field: keyof Request & string,
  reason?: string,
]

const BAD_TEXTS: readonly Case<SendTextMessageRequest>[] = [
  ['no destination', { DestinationPhoneNumber: undefined }, 'DestinationPhoneNumber', 'MISSING_PARAMETER'],
  ['a destination with spaces', { DestinationPhoneNumber: '+1 415 555' }, 'DestinationPhoneNumber'],
  ['a destination that starts with zero', { DestinationPhoneNumber: '0415555' }, 'DestinationPhoneNumber'],
  [
    'a destination with a line feed at its end',
    { DestinationPhoneNumber: '+14155550142\n' },
    'DestinationPhoneNumber',
  ],
  ['a destination of 20 digits', { DestinationPhoneNumber: '1'.repeat(20) }, 'DestinationPhoneNumber'],
  ['no body', { MessageBody: undefined }, 'MessageBody', 'MISSING_PARAMETER'],
  ['an empty body', { MessageBody: '' }, 'MessageBody'],
  ['a body of spaces', { MessageBody: ' \n ' }, 'MessageBody'],
  ['a body of 1601 characters', { MessageBody: 'a'.repeat(1601) }, 'MessageBody'],
  ['1531 GSM characters', { MessageBody: 'a'.repeat(1531) }, 'MessageBody', 'MAXIMUM_SIZE_EXCEEDED'],
  ['631 other characters', { MessageBody: 'ы'.repeat(631) }, 'MessageBody', 'MAXIMUM_SIZE_EXCEEDED'],
  ['an unknown message type', { MessageType: 'URGENT' }, 'MessageType'],
  ['an origination identity with spaces', { OriginationIdentity: 'AC ME' }, 'OriginationIdentity'],
  ['a price without a point', { MaxPrice: '5' }, 'MaxPrice'],
  ['a price of six decimals', { MaxPrice: '0.123456' }, 'MaxPrice'],
  ['a price of three digits', { MaxPrice: '100.0' }, 'MaxPrice'],
  ['a time to live below 5', { TimeToLive: 4 }, 'TimeToLive'],
  ['a time to live above 72 hours', { TimeToLive: 259_201 }, 'TimeToLive'],
  ['six context entries', { Context: { a: '1', b: '1', c: '1', d: '1', e: '1', f: '1' } }, 'Context'],
  ['a context key with a space', { Context: { 'a b': '1' } }, 'Context'],
  ['a context key of 101 characters', { Context: { ['k'.repeat(101)]: '1' } }, 'Context'],
  ['an empty context value', { Context: { a: '' } }, 'Context'],
  ['a context value of 801 characters', { Context: { a: 'v'.repeat(801) } }, 'Context'],
  ['a context value that ends with a space', { Context: { a: 'v ' } }, 'Context'],
  [
    'another country parameter',
    { DestinationCountryParameters: { US_ID: '1' } },
    'DestinationCountryParameters',
  ],
  ['a configuration set with a dot', { ConfigurationSetName: 'a.b' }, 'ConfigurationSetName'],
  ['a protect configuration with a dot', { ProtectConfigurationId: 'a.b' }, 'ProtectConfigurationId'],
]

for (const [what, change, field, reason = 'INVALID_PARAMETER'] of BAD_TEXTS) {
  test(`refuses a text with ${what}: ${reason}`, async () => {
    await using bench = await startBench()
    const input = { ...TEXT, ...change } as SendTextMessageRequest
    const error = await failureOf(bench.client.send(new SendTextMessageCommand(input)))
    assert.deepEqual(
      [error.name, error.$metadata.httpStatusCode, error.Reason, error.Fields?.map(({ Name }) => Name)],
      ['ValidationException', 400, reason, [field]],
    )
    assert.deepEqual((await bench.call('/messages')).body, [])
  })
}

const BAD_CALLS: readonly Case<SendVoiceMessageRequest>[] = [
  ['no origination identity', { OriginationIdentity: undefined }, 'OriginationIdentity', 'MISSING_PARAMETER'],
  ['a sender ID', { OriginationIdentity: 'ACME' }, 'OriginationIdentity', 'SENDER_ID_NOT_SUPPORTED'],
  [
    'the ARN of a sender ID',
    { OriginationIdentity: 'arn:aws:sms-voice:us-east-1:111122223333:sender-id/ACME/GB' },
    'OriginationIdentity',
    'SENDER_ID_NOT_SUPPORTED',
  ],
  ['3001 characters of plain text', { MessageBody: 'a'.repeat(3001) }, 'MessageBody'],
  ['6001 characters of SSML', { MessageBody: `<speak>${'a'.repeat(5986)}</speak>`, ...SPEAK }, 'MessageBody'],
  ['SSML that is not well formed', { MessageBody: '<speak>Salt & pepper</speak>', ...SPEAK }, 'MessageBody'],
  ['SSML without its root', { MessageBody: 'Hello', ...SPEAK }, 'MessageBody'],
  ['an unknown kind of body', { MessageBodyTextType: 'HTML' }, 'MessageBodyTextType'],
  ['an unknown voice', { VoiceId: 'HAL' }, 'VoiceId'],
  ['a price without a point', { MaxPricePerMinute: '1' }, 'MaxPricePerMinute'],
]

for (const [what, change, field, reason = 'INVALID_PARAMETER'] of BAD_CALLS) {
  test(`refuses a call with ${what}: ${reason}`, async () => {
    await using bench = await startBench()
    const input = { ...CALL, ...change } as SendVoiceMessageRequest
    const error = await failureOf(bench.client.send(new SendVoiceMessageCommand(input)))
    assert.deepEqual(
      [error.name, error.Reason, error.Fields?.map(({ Name }) => Name)],
      ['ValidationException', reason, [field]],
    )
  })
}

test('accepts values at the limits', async () => {
  await using bench = await startBench()
  const texts = [
    { MessageBody: 'a'.repeat(1530), MaxPrice: '.0', TimeToLive: 5 },
    { MessageBody: 'ы'.repeat(630), MaxPrice: '99.99999', TimeToLive: 259_200 },
    { Context: { ['k'.repeat(100)]: 'v'.repeat(800), b: 'two words', c: '3', d: '4', e: '5' } },
    { OriginationIdentity: undefined },
  ]
  for (const change of texts) await bench.client.send(new SendTextMessageCommand({ ...TEXT, ...change }))
  const calls = [
    { MessageBody: 'a'.repeat(3000) },
    { MessageBody: `<speak>${'a'.repeat(5985)}</speak>`, ...SPEAK },
    { OriginationIdentity: 'phone-0123456789abcdef' },
    { OriginationIdentity: 'arn:aws:sms-voice:us-east-1:111122223333:pool/pool-0123' },
  ]
  for (const change of calls) await bench.client.send(new SendVoiceMessageCommand({ ...CALL, ...change }))
})

test('names all the invalid fields, and repeats none of their values', async () => {
  await using bench = await startBench()
  const input = { DestinationPhoneNumber: 'nobody', MessageBody: ' ', TimeToLive: 1 }
  const error = await failureOf(bench.client.send(new SendTextMessageCommand(input)))
  const names = error.Fields?.map(({ Name }) => Name)
  assert.deepEqual(names, ['DestinationPhoneNumber', 'MessageBody', 'TimeToLive'])
  assert.match(error.message, /^3 validation errors detected: Value at 'destinationPhoneNumber' failed/)
  assert.doesNotMatch(error.message, /nobody/)
})

test('answers like AWS to requests that are unsigned, unknown or not JSON', async () => {
  await using bench = await startBench()
  const body = JSON.stringify(TEXT)
  const wrongService = 'AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/sns/aws4_request'
  const cases: readonly [body: string, headers: Record<string, string>, status: number, type: string][] = [
    [body, { authorization: '' }, 403, 'MissingAuthenticationTokenException'],
    [body, { authorization: 'Bearer token' }, 403, 'MissingAuthenticationTokenException'],
    [body, { authorization: wrongService }, 403, 'InvalidSignatureException'],
    [body, { 'x-amz-target': 'PinpointSMSVoiceV2.SendPigeon' }, 400, 'UnknownOperationException'],
    [body, { 'x-amz-target': 'PinpointSMSVoiceV2.toString' }, 400, 'UnknownOperationException'],
    [body, { 'x-amz-target': '' }, 400, 'UnknownOperationException'],
    ['{', {}, 400, 'SerializationException'],
    ['[]', {}, 400, 'SerializationException'],
    [JSON.stringify({ ...TEXT, TimeToLive: '60' }), {}, 400, 'SerializationException'],
    [JSON.stringify({ ...TEXT, Context: { a: 1 } }), {}, 400, 'SerializationException'],
    ['x'.repeat(300_000), {}, 413, 'RequestEntityTooLargeException'],
  ]
  for (const [body, headers, status, type] of cases) {
    const answer = await bench.post(body, headers)
    assert.deepEqual(
      [answer.status, (answer.body as { __type: string }).__type],
      [status, `com.amazon.coral.service#${type}`],
    )
  }
})

test("knows every voice and every reason of AWS's service model", () => {
  assert.deepEqual([...VOICE_IDS].sort(), Object.keys(VoiceId).sort())
  assert.deepEqual(REASONS, {
    AccessDeniedException: Object.keys(AccessDeniedExceptionReason),
    ConflictException: Object.keys(ConflictExceptionReason),
    ServiceQuotaExceededException: Object.keys(ServiceQuotaExceededExceptionReason),
    ValidationException: Object.keys(ValidationExceptionReason),
  })
})
