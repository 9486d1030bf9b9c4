import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AccessDeniedExceptionReason,
  ConflictExceptionReason,
  SendTextMessageCommand,
  ServiceQuotaExceededExceptionReason,
  ValidationExceptionReason,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { failureOf, startBench, type TestBench } from '../../../test/stand-ins/carrier-bench.ts'

const TEXT = { DestinationPhoneNumber: '+14155550142', OriginationIdentity: 'ACME', MessageBody: 'Hello' }

test('answers with the error of the rule, as many times as the rule says', async () => {
  await using bench = await startBench()
  const reason = 'DESTINATION_PHONE_NUMBER_OPTED_OUT'
  await arm(bench, { kind: 'error', name: 'ConflictException', reason, message: 'They opted out', times: 2 })
  for (const _ of [1, 2]) {
    const error = await failureOf(sendText(bench))
    assert.deepEqual(
      [error.name, error.Reason, error.message, error.$metadata.httpStatusCode],
      ['ConflictException', reason, 'They opted out', 400],
    )
  }
  assert.ok((await sendText(bench)).MessageId)
  assert.equal(((await bench.call('/messages')).body as unknown[]).length, 1)
})

const ERRORS: readonly [rule: Record<string, unknown>, status: number][] = [
  [{ name: 'AccessDeniedException', reason: 'ACCOUNT_DISABLED' }, 400],
  [{ name: 'ResourceNotFoundException' }, 400],
  [{ name: 'ServiceQuotaExceededException', reason: 'DAILY_DESTINATION_CALL_LIMIT' }, 400],
  [{ name: 'ThrottlingException' }, 400],
  [{ name: 'ThrottlingException', status: 429 }, 429],
  [{ name: 'ValidationException', reason: 'PRICE_OVER_THRESHOLD' }, 400],
  [{ name: 'InternalServerException' }, 500],
  [{ name: 'ExpiredTokenException' }, 403],
  [{ name: 'ServiceUnavailableException' }, 503],
]

for (const [rule, status] of ERRORS) {
  test(`answers ${rule.name} with status ${status}`, async () => {
    await using bench = await startBench()
    await arm(bench, { kind: 'error', ...rule })
    const error = await failureOf(sendText(bench))
    assert.deepEqual(
      [error.name, error.Reason, error.$metadata.httpStatusCode],
      [rule.name, rule.reason, status],
    )
  })
}

for (const name of [
  'AccessDeniedException',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidSignatureException',
  'UnrecognizedClientException',
]) {
  test(`answers like AWS before the service itself: ${name}`, async () => {
    await using bench = await startBench()
    await arm(bench, { kind: 'error', name })
    const { body } = await bench.post('{"DestinationPhoneNumber":"+14155550142","MessageBody":"Hello"}')
    assert.equal((body as { __type: string }).__type, `com.amazon.coral.service#${name}`)
    assert.equal((await failureOf(sendText(bench))).name, name)
  })
}

const REASONS: readonly [name: string, reasons: Readonly<Record<string, string>>][] = [
  ['AccessDeniedException', AccessDeniedExceptionReason],
  ['ConflictException', ConflictExceptionReason],
  ['ServiceQuotaExceededException', ServiceQuotaExceededExceptionReason],
  ['ValidationException', ValidationExceptionReason],
]

for (const [name, reasons] of REASONS) {
  test(`answers ${name} with every reason it can have`, async () => {
    await using bench = await startBench()
    const expected = Object.values(reasons)
    await arm(
      bench,
      expected.map(reason => ({ kind: 'error', name, reason, times: 1 })),
    )
    const met: unknown[] = []
    for (const _ of expected) {
      const error = await failureOf(sendText(bench))
      assert.equal(error.name, name)
      met.push(error.Reason)
    }
    assert.deepEqual(met, expected)
  })
}

test('answers with unknown errors and reasons if the rule marks them as unlisted', async () => {
  await using bench = await startBench()
  await arm(bench, [
    { kind: 'error', name: 'TooNewException', status: 409, unlisted: true, times: 1 },
    { kind: 'error', name: 'ConflictException', reason: 'TOO_NEW', unlisted: true, times: 1 },
    { kind: 'error', name: 'ThrottlingException', reason: 'TOO_NEW', unlisted: true, times: 1 },
  ])
  const met: unknown[] = []
  for (const _ of [1, 2, 3]) {
    const { name, Reason, $metadata } = await failureOf(sendText(bench))
    met.push([name, Reason, $metadata.httpStatusCode])
  }
  assert.deepEqual(met, [
    ['TooNewException', undefined, 409],
    ['ConflictException', 'TOO_NEW', 400],
    ['ThrottlingException', 'TOO_NEW', 400],
  ])
})

function sendText(bench: TestBench) {
  return bench.client.send(new SendTextMessageCommand(TEXT))
}

async function arm(bench: TestBench, rules: unknown): Promise<void> {
  assert.equal((await bench.call('/faults', 'POST', rules)).status, 201)
}
