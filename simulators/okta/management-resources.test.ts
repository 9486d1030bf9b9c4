import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  all,
  appWith,
  known,
  policyFor,
  refusalOf,
  ruleFor,
  SCOPE,
  type SetUp,
  setUp,
  startTestOrg,
  type TestOrg,
} from '../../test/stand-ins/okta-test-org.ts'

const authServerId = 'default'
let org: TestOrg
let made: SetUp
before(async () => {
  org = await startTestOrg()
  made = await setUp(org)
})
after(() => org[Symbol.asyncDispose]())

test('a new org has a default server without policies, no apps, keys, hooks, and no phone authenticator', async () => {
  await using fresh = await startTestOrg()
  const { client } = fresh
  const servers = await all(await client.authorizationServerApi.listAuthorizationServers())
  assert.deepEqual(
    servers.map(({ id, name, audiences, issuer }) => ({ id, name, audiences, issuer })),
    [{ id: 'default', name: 'default', audiences: ['api://default'], issuer: fresh.okta.issuer }],
  )
  assert.deepEqual(
    await all(await client.authorizationServerApi.listAuthorizationServerPolicies({ authServerId })),
    [],
  )
  assert.deepEqual(await all(await client.applicationApi.listApplications()), [])
  assert.deepEqual(await all(await client.hookKeyApi.listHookKeys()), [])
  assert.deepEqual(await all(await client.inlineHookApi.listInlineHooks()), [])
  const keys = (await all(await client.authenticatorApi.listAuthenticators())).map(({ key }) => key)
  assert.deepEqual(keys, ['okta_email', 'okta_password', 'okta_verify'])
})

test('a hook key has a public key that Okta itself would refuse, and its `isUsed` is a string', async () => {
  const { hookKeyApi } = org.client
  const key = await hookKeyApi.createHookKey({ keyRequest: { name: 'another' } })
  assert.match(known(key.id), /^HKY/)
  assert.equal(known(key._embedded).alg, 'RSA')
  assert.equal(known(key._embedded).use, null)
  assert.equal(known(key._embedded).kid, key.keyId)
  assert.equal((await hookKeyApi.getPublicKey({ keyId: known(key.keyId) })).n, known(key._embedded).n)
  const listed = await all(await hookKeyApi.listHookKeys())
  assert.deepEqual(
    listed.map(one => [one.name, String(one.isUsed)]),
    [
      ['Hookline', 'true'],
      ['another', 'false'],
    ],
  )
  const renamed = await hookKeyApi.replaceHookKey({
    hookKeyId: known(key.id),
    keyRequest: { name: 'renamed' },
  })
  assert.equal(renamed.name, 'renamed')
  await hookKeyApi.deleteHookKey({ hookKeyId: known(key.id) })
  assert.equal((await refusalOf(hookKeyApi.getHookKey({ hookKeyId: known(key.id) }))).errorCode, 'E0000007')
})

test('a hook key in use cannot be deleted, and names are unique', async () => {
  const { hookKeyApi } = org.client
  assert.equal((await refusalOf(hookKeyApi.deleteHookKey({ hookKeyId: made.keyId }))).status, 403)
  const twin = await refusalOf(hookKeyApi.createHookKey({ keyRequest: { name: 'Hookline' } }))
  assert.equal(twin.errorCode, 'E0000001')
  assert.equal(twin.errorSummary, 'Api validation failed: name')
})

test('an app keeps its fields, and is found by name, by filter and page by page', async () => {
  const { applicationApi } = org.client
  const jwk = known((await org.client.hookKeyApi.getPublicKey({ keyId: await kidOf(org) })).n)
  const ids: string[] = []
  for (const label of ['Other 1', 'Other 2', 'Other 3']) {
    const key = { kty: 'RSA', kid: label, n: jwk, e: 'AQAB', use: 'sig', alg: 'RS256' }
    const app = await applicationApi.createApplication({ application: { ...appWith([key]), label } })
    ids.push(known(app.id))
  }
  const [id = ''] = ids
  const app: unknown = await applicationApi.getApplication({ appId: id })
  const { label, status, settings, credentials } = app as Record<
    string,
    Record<string, Record<string, unknown>>
  >
  assert.deepEqual([label, status], ['Other 1', 'ACTIVE'])
  assert.equal(credentials?.oauthClient?.client_id, id)
  assert.equal(settings?.oauthClient?.dpop_bound_access_tokens, false)
  assert.deepEqual(settings?.oauthClient?.grant_types, ['client_credentials'])
  assert.match(JSON.stringify(settings?.oauthClient?.jwks), /"kid":"Other 1"/)

  const listed = await all(await applicationApi.listApplications({ limit: 1 }))
  assert.deepEqual(
    listed.map(one => one.label),
    ['Hookline', 'Other 1', 'Other 2', 'Other 3'],
  )
  assert.equal((await all(await applicationApi.listApplications({ q: 'other' }))).length, 3)
  await applicationApi.deactivateApplication({ appId: id })
  const off = await all(await applicationApi.listApplications({ filter: 'status eq "INACTIVE"' }))
  assert.deepEqual(
    off.map(one => one.id),
    [id],
  )
  assert.equal((await refusalOf(listBroken(org))).errorCode, 'E0000031')

  const replaced = await applicationApi.replaceApplication({
    appId: id,
    application: {
      ...appWith([{ kty: 'RSA', kid: 'a', n: jwk, e: 'AQAB' }], { dpop_bound_access_tokens: true }),
      label: 'X',
    },
  })
  assert.equal(replaced.label, 'X')
  assert.equal(replaced.status, 'INACTIVE')
  await applicationApi.deleteApplication({ appId: id })
})

test('an active app cannot be deleted', async () => {
  const refusal = await refusalOf(org.client.applicationApi.deleteApplication({ appId: made.appId }))
  assert.deepEqual([refusal.status, refusal.errorCode], [403, 'E0000056'])
})

for (const [what, application, field] of [
  ['without keys', appWith([]), 'settings.oauthClient.jwks'],
  [
    'with a hook key as Okta returns it',
    appWith([{ kty: 'RSA', kid: 'a', n: 'n', e: 'e', alg: 'RSA', use: null }]),
    'jwks',
  ],
  ['with a private key', appWith([{ kty: 'RSA', kid: 'a', n: 'n', e: 'e', d: 'd' }]), 'public'],
  ['without a label', { ...appWith([{ kty: 'RSA', kid: 'a', n: 'n', e: 'e' }]), label: '' }, 'label'],
  [
    'with a grant of users',
    appWith([{ kty: 'RSA', kid: 'a', n: 'n', e: 'e' }], { grant_types: ['password'] }),
    'grant_types',
  ],
] as const) {
  test(`an app ${what} is refused`, async () => {
    const refusal = await refusalOf(org.client.applicationApi.createApplication({ application }))
    assert.equal(refusal.errorCode, 'E0000001')
    assert.ok(String(refusal.message).includes(field), String(refusal.message))
  })
}

test('scopes, policies and rules are returned as they were created, changed, and deleted', async () => {
  const servers = org.client.authorizationServerApi
  const { policyId, ruleId, scopeId, clientId } = made
  const scope = await servers.getOAuth2Scope({ authServerId, scopeId })
  assert.deepEqual([scope.name, scope.consent, scope.metadataPublish], [SCOPE, 'IMPLICIT', 'ALL_CLIENTS'])
  const found = await all(await servers.listOAuth2Scopes({ authServerId, filter: `name eq "${SCOPE}"` }))
  assert.deepEqual(
    found.map(one => one.id),
    [scopeId],
  )
  const policy = await servers.getAuthorizationServerPolicy({ authServerId, policyId })
  assert.deepEqual([policy.priority, policy.status], [1, 'ACTIVE'])
  assert.deepEqual(policy.conditions?.clients?.include, [clientId])
  const rule = await servers.getAuthorizationServerPolicyRule({ authServerId, policyId, ruleId })
  assert.deepEqual(rule.conditions?.scopes?.include, [SCOPE])
  assert.equal(rule.actions?.token?.accessTokenLifetimeMinutes, 30)

  const first = await servers.createAuthorizationServerPolicy({
    authServerId,
    policy: { ...policyFor('ALL_CLIENTS'), name: 'First', priority: 1 },
  })
  const order = async () =>
    (await all(await servers.listAuthorizationServerPolicies({ authServerId }))).map(one => one.name)
  assert.deepEqual(await order(), ['First', 'Hookline'])
  await servers.deleteAuthorizationServerPolicy({ authServerId, policyId: known(first.id) })
  assert.equal((await servers.getAuthorizationServerPolicy({ authServerId, policyId })).priority, 1)

  await servers.deactivateAuthorizationServerPolicyRule({ authServerId, policyId, ruleId })
  const off = await servers.getAuthorizationServerPolicyRule({ authServerId, policyId, ruleId })
  assert.equal(off.status, 'INACTIVE')
  const policyRule = { ...ruleFor('*'), actions: { token: { accessTokenLifetimeMinutes: 60 } } }
  const on = await servers.replaceAuthorizationServerPolicyRule({
    authServerId,
    policyId,
    ruleId,
    policyRule,
  })
  assert.deepEqual([on.status, on.conditions?.scopes?.include], ['ACTIVE', ['*']])
})

test('an invalid scope, policy or rule is refused with the name of the field', async () => {
  const servers = org.client.authorizationServerApi
  const { policyId, clientId } = made
  const rule = (changes: object) =>
    servers.createAuthorizationServerPolicyRule({
      authServerId,
      policyId,
      policyRule: { ...ruleFor(SCOPE), name: 'Other', ...changes },
    })
  const policy = (changes: object) =>
    servers.createAuthorizationServerPolicy({
      authServerId,
      policy: { ...policyFor(clientId), name: 'Other', ...changes },
    })
  const scope = (name: string) => servers.createOAuth2Scope({ authServerId, oAuth2Scope: { name } })
  for (const [attempt, field] of [
    [scope(SCOPE), 'name'],
    [scope('two words'), 'name'],
    [policy({ name: 'Hookline' }), 'name'],
    [policy({ description: '' }), 'description'],
    [policy({ conditions: { clients: { include: ['0oaUnknown'] } } }), 'conditions.clients.include'],
    [rule({ name: 'Hookline' }), 'name'],
    [
      rule({ actions: { token: { accessTokenLifetimeMinutes: 4 } } }),
      'actions.token.accessTokenLifetimeMinutes',
    ],
    [rule(ruleFor('unknown')), 'name'],
    [rule({ ...ruleFor('unknown'), name: 'Other' }), 'conditions.scopes.include'],
  ] as const) {
    const refusal = await refusalOf(attempt)
    assert.deepEqual([refusal.status, refusal.errorCode], [400, 'E0000001'])
    assert.equal(refusal.errorSummary, `Api validation failed: ${field}`)
  }
})

test('the audience of the server can be replaced', async () => {
  const servers = org.client.authorizationServerApi
  const authorizationServer = { name: 'default', description: 'changed', audiences: ['api://changed'] }
  const replaced = await servers.replaceAuthorizationServer({ authServerId, authorizationServer })
  assert.deepEqual(replaced.audiences, ['api://changed'])
  assert.equal(
    (await refusalOf(servers.getAuthorizationServer({ authServerId: 'other' }))).errorCode,
    'E0000007',
  )
})

async function kidOf({ client }: TestOrg): Promise<string> {
  const [key] = await all(await client.hookKeyApi.listHookKeys())
  return known(key?.keyId)
}

async function listBroken({ client }: TestOrg): Promise<unknown> {
  return all(await client.applicationApi.listApplications({ filter: 'status equals' }))
}
