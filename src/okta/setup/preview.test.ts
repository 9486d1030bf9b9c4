import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusal } from '../../core/values/reasons.ts'
import { readHookRequest } from '../hook-request.ts'
import { answerOutcome } from '../hook-response.ts'
import {
  claimsIn,
  describeCaller,
  describeContext,
  describeReading,
  isGood,
  previewRequest,
  readAnswer,
} from './preview.ts'

const world = {
  now: Date.parse('2026-05-04T03:02:01.007Z'),
  newEventId: () => 'abcdefghijklmnopqrstuv',
  requestId: 'req1',
}

test('a preview is a request that the hook recognises as a preview', () => {
  const order = {
    to: '+14254147755',
    channel: 'voice call',
    purpose: 'password-reset',
    locale: 'pt-BR',
  } as const
  const read = readHookRequest(previewRequest('https://example.okta.com', 'cal1', order, world))
  assert.ok(!isRefusal(read))
  assert.equal(read.preview, true)
  assert.equal(read.channel, 'voice')
  assert.equal(read.purpose, 'password-reset')
  assert.equal(read.phoneNumber.reveal(), '+14254147755')
})

test("an answer is read for its status, its error and Hookline's fields", () => {
  const value = [{ status: 'SUCCESSFUL', provider: 'p', transactionId: 't' }]
  assert.ok(isGood(readAnswer({ commands: [{ type: 'com.okta.telephony.action', value }] })))
  const failed = { commands: [{ value: [{ status: 'FAILED' }] }], debugContext: { code: 'X', meaning: 'Y.' } }
  assert.equal(describeReading(readAnswer(failed)), 'FAILED; X: Y.')
  const error = { error: { errorSummary: 's', errorCauses: [{ errorSummary: 'why', reason: 'R' }] } }
  assert.equal(describeReading(readAnswer(error)), 'no status; R: why')
  for (const nothing of [
    undefined,
    null,
    {},
    [],
    { commands: 'x' },
    { commands: [{ value: [{ status: 'PENDING' }] }] },
  ])
    assert.ok(!isGood(readAnswer(nothing)))
})

test("a preview's answer names the caller and the token's claims, and is read back", () => {
  const claims = {
    issuer: 'https://example.okta.com/oauth2/default',
    audience: 'api://default',
    clientId: '0oa1',
    scopes: ['telephony.send', 'other'],
    expires: 1_772_370_000,
  }
  const byToken = { kind: 'caller', name: 'acme', org: 'acme', claims, validUntil: 1 } as const
  const refused = { kind: 'refused', code: 'NUMBER_AMBIGUOUS', detail: '', deliveryId: 'd1' } as const
  const rules = { overLimit: 'error', blocked: 'error', unknown: 'failed' } as const
  const reading = readAnswer(answerOutcome(refused, rules, byToken).body)
  const { expires: _, ...seen } = claims
  assert.deepEqual(claimsIn(reading), seen)
  assert.equal(
    describeCaller(reading),
    'The hook authenticated Okta as acme by access token: issuer https://example.okta.com/oauth2/default, audience api://default, client 0oa1, scopes telephony.send other.',
  )
  assert.match(describeContext(reading), /^deliveryId: d1; code: NUMBER_AMBIGUOUS; meaning: [^;]+$/)

  const bySecret = { ...byToken, claims: undefined }
  const ofSecret = readAnswer(answerOutcome(refused, rules, bySecret).body)
  assert.equal(claimsIn(ofSecret), undefined)
  assert.equal(describeCaller(ofSecret), 'The hook authenticated Okta as acme by secret header.')
  assert.equal(describeCaller(readAnswer(answerOutcome(refused, rules).body)), undefined)
})
