import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHookRequest } from '../hook-request.ts'
import { describeReading, isGood, previewRequest, readAnswer } from './preview.ts'

const world = { now: Date.parse('2026-05-04T03:02:01.007Z'), newEventId: () => 'abcdefghijklmnopqrstuv' }

test('a preview is a request that the hook reads, and knows as a preview', () => {
  const order = {
    to: '+14254147755',
    channel: 'voice call',
    purpose: 'password-reset',
    locale: 'pt-BR',
  } as const
  const read = readHookRequest(previewRequest('https://example.okta.com', 'cal1', order, world))
  assert.ok(!('kind' in read))
  assert.equal(read.preview, true)
  assert.equal(read.channel, 'voice')
  assert.equal(read.purpose, 'password-reset')
  assert.equal(read.phoneNumber.reveal(), '+14254147755')
})

test('an answer is read for its status, its error and our own words', () => {
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
