import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Secret } from '../../src/core/values/secret.ts'
import type { OktaApi } from '../../src/okta/setup/okta-api.ts'
import { readLog, redactLog } from './redact-log.ts'
import { redactHeaders } from './redact-names.ts'

const NOBODY = {
  requestIds: [new Secret('reqOfCall')],
  others: [new Secret('reqOfBefore')],
  isFollowed: false,
}

function event(id: string, eventType: string, debugData: unknown, more: object = {}): object {
  return {
    eventType,
    actor: { displayName: 'Zebulon Quackenbush', alternateId: 'zeb@example.org' },
    transaction: { id },
    outcome: { result: 'SUCCESS', reason: 'Zebulon' },
    debugContext: { debugData },
    ...more,
  }
}

describe('the System Log, redacted', () => {
  test('shows types, results, names of fields, and the fields of a fail-over', () => {
    const log = [
      event('reqOfBefore', 'system.sms.send_phone_verification_message', { is_sms_hook_failover: 'true' }),
      event('reqOfCall', 'inline_hook.response.processed', { code: 'OBSERVED', responseStatus: '200' }),
      event('reqOfCall', 'system.voice.send_phone_verification_call', {
        is_call_hook_failover: true,
        provider: 'acme',
      }),
    ]
    assert.deepEqual(redactLog(log, NOBODY), [
      {
        type: 'inline_hook.response.processed',
        result: 'SUCCESS',
        debugFields: ['code', 'responseStatus'],
        failOvers: [],
        copies: ['debugContext.debugData.code'],
        isOfCall: true,
      },
      {
        type: 'system.voice.send_phone_verification_call',
        result: 'SUCCESS',
        debugFields: ['is_call_hook_failover', 'provider'],
        failOvers: [{ path: 'debugContext.debugData.is_call_hook_failover', value: 'true', isTrue: true }],
        copies: [],
        isOfCall: true,
      },
    ])
  })

  test('finds the flag and the copy wherever Okta puts them', () => {
    const [found] = redactLog(
      [
        event('reqOfCall', 'inline_hook.response.processed', {
          debugContext: '{"code":"OBSERVED"}',
          nested: { is_sms_hook_failover: 'FALSE' },
        }),
      ],
      NOBODY,
    )
    assert.deepEqual(found?.failOvers, [
      { path: 'debugContext.debugData.nested.is_sms_hook_failover', value: 'text false', isTrue: false },
    ])
    assert.deepEqual(found?.copies, ['debugContext.debugData.debugContext'])
  })

  test('takes events of the time where none has the ID of the call, and says so', () => {
    const log = [event('reqOfBefore', 'inline_hook.executed', {}), event('else', 'inline_hook.executed', {})]
    assert.deepEqual(
      redactLog(log, NOBODY).map(({ isOfCall }) => isOfCall),
      [false],
    )
  })

  test('holds nothing of a person, whatever an event is', () => {
    const strange = [
      event('reqOfCall', 'Zebulon', { '+12065550142': 'Zebulon', is_sms_hook_failover: 'Zebulon' }),
      event('reqOfCall', 'zebulon@example.org', 'Zebulon', { outcome: { result: 'Zebulon' } }),
      { eventType: 740815, transaction: { id: 'reqOfCall' }, debugContext: ['Zebulon'] },
      'Zebulon',
      null,
    ]
    const redacted = JSON.stringify(redactLog(strange, NOBODY))
    for (const value of ['Zebulon', 'zeb', 'Quackenbush', '2065550142', '740815', 'reqOfCall'])
      assert.equal(redacted.includes(value), false, `${value}: ${redacted}`)
  })

  test('is asked for with an end, and with the IDs of the calls', async () => {
    const asked: string[] = []
    const never = () => assert.fail('nothing but lists is read')
    const list = async (path: string) => [asked.push(path)]
    const api = { orgUrl: '', list, get: never, post: never, exchange: never, put: never, remove: never }
    await readLog(api, { ...NOBODY, since: 0, until: 1_000 })
    const query = new URL(asked[0] ?? '', 'https://example.okta.com').searchParams
    assert.equal(query.get('until'), '1970-01-01T00:00:01.000Z')
    assert.match(query.get('filter') ?? '', / or transaction\.id eq "reqOfCall"$/)
  })
})

test('headers are known ones, Okta’s own, and a number of others', () => {
  assert.deepEqual(
    redactHeaders(['Content-Type', 'authorization', 'x-okta-request-id', 'x-acme-secret', 'x-zeb']),
    ['(2 of other names)', 'authorization', 'content-type', 'x-okta-request-id'],
  )

  test('of a step that is followed are of all types, and asked for without a filter', async () => {
    const log = [
      { eventType: 'system.sms.send_okta_push_verify_message', transaction: { id: 'reqOfCall' } },
      { eventType: 'user.account.reset_password', transaction: { id: 'reqOfElse' } },
      { eventType: 'user.authentication.auth_via_mfa', transaction: { id: 'reqOfBefore' } },
    ]
    const types = (isFollowed: boolean) => redactLog(log, { ...NOBODY, isFollowed }).map(({ type }) => type)
    assert.deepEqual(types(false), ['system.sms.send_okta_push_verify_message'])
    assert.deepEqual(types(true), ['system.sms.send_okta_push_verify_message', 'user.account.reset_password'])
    const asked: URLSearchParams[] = []
    const api = {
      list: async (path: string) => {
        asked.push(new URL(path, 'https://example.okta.com').searchParams)
        return []
      },
    } as unknown as OktaApi
    for (const isFollowed of [false, true]) await readLog(api, { ...NOBODY, since: 0, until: 1, isFollowed })
    assert.deepEqual(
      asked.map(query => query.has('filter')),
      [true, false],
    )
  })
})
