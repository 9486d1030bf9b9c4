import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ownTelephonyOf } from './own-telephony.ts'

const event = (
  result: string,
  debugData: Readonly<Record<string, unknown>>,
  eventType = 'system.sms.send_x',
) => ({
  eventType,
  outcome: { result },
  debugContext: { debugData },
})
const FAIL_OVER = { is_sms_hook_failover: 'true' }

describe('whether Okta has its own telephony, according to its System Log', () => {
  for (const [what, log, expected] of [
    ['nothing is logged', [], 'unknown'],
    [
      'the hook sent',
      [event('SUCCESS', { is_sms_hook_failover: 'false', provider: 'AWS End User Messaging' })],
      'unknown',
    ],
    ['Okta took over and sent', [event('SUCCESS', FAIL_OVER)], 'sends'],
    [
      'Okta took over a call',
      [event('SUCCESS', { is_call_hook_failover: true }, 'system.voice.send_x')],
      'sends',
    ],
    ['Okta sent before there was a hook', [event('SUCCESS', { provider: 'okta' })], 'sends'],
    ['Okta could not take over', [event('FAILURE', FAIL_OVER)], 'none'],
    ['it could once and once not', [event('FAILURE', FAIL_OVER), event('SUCCESS', FAIL_OVER)], 'sends'],
    ['events have another shape', [null, 1, {}, { eventType: 'x', debugContext: null }], 'unknown'],
    ['the answer is no list', { errorCode: 'E0000006' }, 'unknown'],
  ] as const) {
    it(`is ${expected} if ${what}`, () => assert.equal(ownTelephonyOf(log), expected))
  }
})
