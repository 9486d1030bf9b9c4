import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { failOversOf, readFailOvers } from './fail-overs.ts'

const AT = '2026-03-01T12:00:00.000Z'

function event(eventType: string, debugData: object, more: object = {}) {
  return { eventType, published: AT, transaction: { id: 'req1' }, debugContext: { debugData }, ...more }
}
const FAILED_OVER = event('system.sms.send_phone_verification_message', { is_sms_hook_failover: 'true' })

describe('fail-overs in the System Log', () => {
  test("are codes with Okta's flag, of either channel, as text or boolean", () => {
    const sent = event('system.sms.send_phone_verification_message', { is_sms_hook_failover: 'false' })
    const call = event('system.voice.send_phone_verification_call', { is_call_hook_failover: true })
    assert.deepEqual(failOversOf([sent, FAILED_OVER, call, {}, 'no event']), [
      { at: Date.parse(AT), channel: 'sms', reason: undefined },
      { at: Date.parse(AT), channel: 'voice', reason: undefined },
    ])
  })

  test("have the reason from the call of the same transaction: ours before Okta's", () => {
    const executed = event('inline_hook.executed', {}, { outcome: { reason: 'timeout' } })
    const processed = event('inline_hook.response.processed', { code: 'NO_ROUTE', meaning: 'No route.' })
    const other = event(
      'inline_hook.executed',
      {},
      { outcome: { reason: 'else' }, transaction: { id: 'req2' } },
    )
    const reason = (...log: readonly object[]) => failOversOf([...log, FAILED_OVER])[0]?.reason
    assert.equal(reason(executed, other), 'timeout')
    assert.equal(reason(processed, executed), 'NO_ROUTE: No route.')
    assert.equal(reason(executed, processed), 'NO_ROUTE: No route.')
    assert.equal(reason(other), undefined)
  })

  test("are also recognised without Okta's flag, by a provider that is not the hook's", () => {
    const by = (debugData: object) => event('system.sms.send_factor_verify_message', debugData)
    const found = failOversOf([
      by({ smsProvider: 'TELESIGN' }),
      event('system.voice.send_mfa_challenge_call', { provider: 'okta' }, { outcome: { reason: 'timeout' } }),
      by({ provider: 'AWS End User Messaging', smsProvider: 'TELESIGN' }),
      by({ provider: 'TWILIO', is_sms_hook_failover: 'false' }),
      by({ provider: '' }),
      by({ provider: 7 }),
      by({}),
      event('inline_hook.response.processed', { provider: 'TELESIGN' }, { transaction: { id: 'req9' } }),
    ])
    assert.deepEqual(
      found.map(({ channel, reason }) => `${channel}: ${reason}`),
      ['sms: The System Log names the provider TELESIGN.', 'voice: timeout'],
    )
  })

  test('are requested with an end, so that there is a last page', async () => {
    const asked: string[] = []
    const list = async (path: string) => [asked.push(path)]
    const never = () => assert.fail('nothing but lists is read')
    const api = { orgUrl: '', list, get: never, post: never, exchange: never, put: never, remove: never }
    await readFailOvers(api, { since: 0, until: Date.parse(AT) })
    const query = new URL(asked[0] ?? '', 'https://example.okta.com').searchParams
    assert.equal(query.get('until'), AT)
    assert.match(query.get('filter') ?? '', /^eventType sw "system\.sms\.send_" or eventType sw/)
  })
})
