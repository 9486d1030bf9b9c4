import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { conclude, type Evidence } from './conclude.ts'
import type { LogEvent } from './redact-log.ts'

const eventOf = (isTrue?: boolean): LogEvent => ({
  type: 'system.sms.send_phone_verification_message',
  result: 'SUCCESS',
  debugFields: [],
  failOvers: isTrue === undefined ? [] : [{ path: 'is_sms_hook_failover', value: String(isTrue), isTrue }],
  copies: [],
  isOfCall: true,
})
const evidence = (changed: Partial<Evidence>): Evidence => ({
  answers: ['PENDING'],
  repeated: 0,
  isLate: false,
  hasCode: true,
  codes: 0,
  log: [eventOf(false)],
  ...changed,
})
const verdictOf = (changed: Partial<Evidence>): string => conclude(evidence(changed)).split(' (')[0] ?? ''

describe('the answer of a step', () => {
  test('is the fact on which phone and System Log agree', () => {
    assert.equal(
      conclude(evidence({})),
      'Neither Okta nor the hook sent a code (one call; the hook answered PENDING; codes arrived: 0, sent by the hook: 0; System Log: fail-over false).',
    )
    assert.equal(verdictOf({ codes: 1, log: [eventOf(true)] }), OKTAS_OWN)
    assert.equal(
      verdictOf({ answers: ['SUCCESSFUL'], codes: 1 }),
      'Okta relied on the hook, and sent no code itself',
    )
    assert.equal(verdictOf({ answers: ['SUCCESSFUL'], codes: 2, log: [eventOf(true)] }), OKTAS_OWN)
  })

  test('is from one of them if the other has none', () => {
    assert.equal(verdictOf({ codes: undefined, log: [eventOf(), eventOf(true)] }), OKTAS_OWN)
    assert.equal(verdictOf({ codes: 1, log: [eventOf()] }), OKTAS_OWN)
    assert.match(conclude(evidence({ codes: 1, log: [] })), /the System Log has no event of it\)\.$/)
    assert.match(conclude(evidence({ codes: 1, log: undefined })), /the System Log could not be read\)\.$/)
  })

  test('is open if they differ, if both have none, and if Okta did not call', () => {
    assert.equal(verdictOf({ codes: 1 }), 'Not settled: the phone and the System Log say different things')
    assert.equal(
      verdictOf({ codes: undefined, log: [] }),
      'Not settled: nothing says whether Okta sent a code itself',
    )
    assert.equal(verdictOf({ answers: [], log: [] }), 'Not settled: Okta did not call the hook')
  })

  test('states how often Okta called, and whether it repeated a request', () => {
    const twice = { answers: ['FAILED', undefined], isLate: true } as const
    assert.match(
      conclude(evidence({ ...twice, repeated: 1 })),
      /\(2 calls, 1 with an eventId of before; the hook answered FAILED and nothing yet after Okta's three seconds;/,
    )
    assert.match(conclude(evidence(twice)), /\(2 calls, each with an eventId of its own;/)
  })
})

const OKTAS_OWN = 'Okta sent a code with its own provider'
