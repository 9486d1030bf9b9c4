import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { SCOPE, setUp, startTestOrg, takeDown } from '../../test/stand-ins/okta-test-org.ts'
import type { Breakage } from './management/break-setup.ts'

const TO = '+12025550123'

test('after a set-up with the SDK, a code is sent through the hook with a token of this client and scope, and the log shows it', async () => {
  await using org = await startTestOrg()
  const { clientId, hookId } = await setUp(org)
  const result = await org.okta.call({ to: TO })

  assert.equal(result.verdict.kind, 'delivered-by-hook', result.verdict.sentence)
  const [hookCall] = org.hookCalls
  const claims = decodeJwt(hookCall?.headers.authorization?.replace('Bearer ', '') ?? '')
  assert.equal(claims.cid, clientId)
  assert.deepEqual(claims.scp, [SCOPE])
  assert.equal(claims.aud, 'api://default')
  assert.equal(Number(claims.exp) - Number(claims.iat), 30 * 60)
  assert.equal(hookCall?.body.source, `${org.okta.url}/api/v1/inlineHooks/${hookId}`)
  const last = org.org.log().slice(-4)
  assert.deepEqual(
    last.map(({ eventType, outcome }) => [eventType, outcome]),
    [
      ['app.oauth2.as.token.grant.access_token', { result: 'SUCCESS' }],
      ['inline_hook.executed', { result: 'SUCCESS' }],
      ['inline_hook.response.processed', { result: 'SUCCESS' }],
      ['system.sms.send_phone_verification_message', { result: 'SUCCESS' }],
    ],
  )
  const [, , processed, sent] = last
  assert.deepEqual(processed?.debugContext, {
    debugData: { client: 'seen', inlineHookId: hookId, responseStatus: '200' },
  })
  assert.deepEqual(sent?.debugContext, {
    debugData: {
      provider: 'AWS',
      transactionId: 'm-1',
      transactionMetadata: 'd-1',
      is_sms_hook_failover: 'false',
      inlineHookId: hookId,
    },
  })
})

test('fifty concurrent codes share one token, and any change of the org makes Okta fetch another', async () => {
  await using org = await startTestOrg()
  const { scopeId } = await setUp(org)
  const calls = Array.from({ length: 50 }, () => org.okta.call({ to: TO }))
  for (const { verdict } of await Promise.all(calls)) assert.equal(verdict.kind, 'delivered-by-hook')
  assert.equal(org.okta.stats().tokenRequests, 1)
  const oAuth2Scope = { name: SCOPE, displayName: 'Send codes' }
  await org.client.authorizationServerApi.replaceOAuth2Scope({
    authServerId: 'default',
    scopeId,
    oAuth2Scope,
  })
  await org.okta.call({ to: TO })
  assert.equal(org.okta.stats().tokenRequests, 2)
})

test('a voice call, and each other purpose, has its own event', async () => {
  await using org = await startTestOrg()
  await setUp(org)
  await org.okta.call({ to: TO, channel: 'voice' })
  await org.okta.call({ to: TO, purpose: 'password-reset' })
  const types = org.org.log().map(({ eventType }) => String(eventType))
  assert.deepEqual(
    types.filter(type => type.startsWith('system.')),
    ['system.voice.send_phone_verification_call', 'system.sms.send_password_reset_message'],
  )
})

test('neither code nor whole number nor token is in the log', async () => {
  await using org = await startTestOrg()
  await setUp(org)
  await org.okta.call({ to: TO, code: '918273' })
  assert.doesNotMatch(JSON.stringify(org.org.log()), /918273|2025550123|eyJ/)
})

const BREAKAGES: readonly (readonly [string, Breakage, RegExp])[] = [
  ['hook key rotated', { kind: 'rotate-hook-key' }, /401 invalid_client, The client_assertion signature/],
  ['DPoP on', { kind: 'dpop', on: true }, /400 invalid_dpop_proof/],
  ['app off', { kind: 'deactivate', what: 'app' }, /401 invalid_client, Invalid value for 'client_id'/],
  ['policy off', { kind: 'deactivate', what: 'policy' }, /400 access_denied, Policy evaluation failed/],
  ['rule off', { kind: 'deactivate', what: 'rule' }, /400 access_denied/],
  ['policy gone', { kind: 'delete-policy' }, /400 access_denied/],
  ['scope not granted', { kind: 'ungrant-scope' }, /400 access_denied/],
  ['hook at an old address', { kind: 'edit-hook-url', url: 'http://127.0.0.1:1/mfa' }, /cannot be reached/],
]

for (const [name, breakage, reason] of BREAKAGES) {
  test(`${name}: the hook is not called, Okta sends the code, and the log says why`, async () => {
    await using org = await startTestOrg()
    await setUp(org)
    await org.okta.call({ to: TO })
    assert.equal(await org.org.breakSetup(breakage), undefined)
    const { verdict } = await org.okta.call({ to: TO })

    assert.equal(verdict.kind, 'okta-sends-itself')
    assert.match(verdict.sentence, reason)
    assert.equal(org.hookCalls.length, 1)
    const sent = org.org.log().at(-1)
    assert.equal(sent?.eventType, 'system.sms.send_phone_verification_message')
    assert.deepEqual(sent?.outcome, { result: 'SUCCESS', reason: verdict.sentence })
    assert.match(JSON.stringify(sent?.debugContext), /"is_sms_hook_failover":"true"/)
  })
}

test('a deleted scope is no longer configured', async () => {
  await using org = await startTestOrg()
  const { scopeId } = await setUp(org)
  await org.client.authorizationServerApi.deleteOAuth2Scope({ authServerId: 'default', scopeId })
  assert.match((await org.okta.call({ to: TO })).verdict.sentence, /400 invalid_scope, One or more scopes/)
})

test('another audience is in the token, and the hook must refuse it', async () => {
  await using org = await startTestOrg()
  await setUp(org)
  await org.org.breakSetup({ kind: 'change-audience', audience: 'api://other' })
  await org.okta.call({ to: TO })
  assert.equal(decodeJwt(org.hookCalls[0]?.headers.authorization?.slice(7) ?? '').aud, 'api://other')
  assert.equal(org.okta.audience, 'api://other')
})

test('without an active hook Okta sends the code, and that is no fail-over', async () => {
  await using org = await startTestOrg()
  await setUp(org)
  await org.org.breakSetup({ kind: 'deactivate', what: 'hook' })
  assert.match((await org.okta.call({ to: TO })).verdict.sentence, /no telephony hook is active/)
  assert.match(JSON.stringify(org.org.log().at(-1)), /"is_sms_hook_failover":"false"/)
})

test('with another hook active, that one is called, with its own secret', async () => {
  await using org = await startTestOrg()
  await setUp(org)
  await org.org.breakSetup({ kind: 'another-hook', url: org.hookUrl })
  await org.okta.call({ to: TO })
  assert.equal(org.hookCalls[0]?.headers.authorization, 'another secret')
})

test('with the authenticator or its method inactive, no user can request a code', async () => {
  await using org = await startTestOrg()
  await assert.rejects(org.okta.call({ to: TO }), /phone authenticator is not active/)
  await setUp(org)
  await org.org.breakSetup({ kind: 'deactivate', what: 'voice' })
  await assert.rejects(org.okta.call({ to: TO, channel: 'voice' }), /method voice/)
  await org.org.breakSetup({ kind: 'deactivate', what: 'authenticator' })
  await assert.rejects(org.okta.call({ to: TO }), /phone authenticator is not active/)
})

test('a clock that is ten minutes ahead is in tokens, requests, the log and the Date of answers', async () => {
  await using org = await startTestOrg()
  await setUp(org)
  const isAhead = (ms: number) => Math.abs(ms - Date.now() - 600_000) < 60_000
  org.org.setClockOffset(600_000)
  const { verdict, sent } = await org.okta.call({ to: TO })
  assert.equal(verdict.kind, 'delivered-by-hook', verdict.sentence)
  const { iat } = decodeJwt(org.hookCalls[0]?.headers.authorization?.slice(7) ?? '')
  assert.ok(isAhead(Number(iat) * 1000))
  assert.ok(isAhead(Date.parse(String(sent.eventTime))))
  assert.ok(isAhead(Date.parse(String(org.org.log().at(-1)?.published))))
  for (const path of ['/oauth2/default/v1/keys', '/api/v1/org']) {
    const { headers } = await fetch(`${org.okta.url}${path}`)
    assert.ok(isAhead(Date.parse(headers.get('date') ?? '')))
  }
})

test('the keys of the authorization server can be rotated', async () => {
  await using org = await startTestOrg()
  await setUp(org)
  const { activeKid } = await org.okta.rotateKeys({ drop: true })
  org.okta.setTokenFault({})
  await org.okta.call({ to: TO })
  const [header = ''] = org.hookCalls[0]?.headers.authorization?.slice(7).split('.') ?? []
  assert.equal(JSON.parse(Buffer.from(header, 'base64url').toString()).kid, activeKid)
})

test('the metadata of the issuer names the scopes that are published', async () => {
  await using org = await startTestOrg()
  await setUp(org)
  const response = await fetch(`${org.okta.issuer}/.well-known/oauth-authorization-server`)
  const { scopes_supported: scopes } = (await response.json()) as {
    readonly scopes_supported: readonly string[]
  }
  assert.deepEqual(scopes.slice(-2), ['device_sso', SCOPE])
})

test('after set-up and removal, the org is byte for byte as before', async () => {
  await using org = await startTestOrg()
  const before = org.org.export()
  const made = await setUp(org)
  const between = org.org.export()
  assert.notEqual(between, before)
  assert.doesNotMatch(between, /created|lastUpdated|"d":/)
  assert.ok(!between.includes(org.org.apiToken))
  await takeDown(org, made)
  assert.equal(org.org.export(), before)
})
