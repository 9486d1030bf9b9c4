import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  all,
  known,
  refusalOf,
  type SetUp,
  setUp,
  startTestOrg,
  type TestOrg,
} from '../../test/stand-ins/okta-test-org.ts'

let org: TestOrg
let made: SetUp
before(async () => {
  org = await startTestOrg()
  made = await setUp(org)
})
after(() => org[Symbol.asyncDispose]())

test('the phone authenticator needs an active telephony hook', async () => {
  await using bare = await startTestOrg()
  const { authenticatorApi } = bare.client
  const authenticator = { key: 'phone_number', name: 'Phone' } as const
  const refusal = await refusalOf(authenticatorApi.createAuthenticator({ authenticator, activate: true }))
  assert.deepEqual([refusal.status, refusal.errorCode], [400, 'E0000264'])
  const off = await authenticatorApi.createAuthenticator({ authenticator })
  const authenticatorId = known(off.id)
  assert.equal(off.status, 'INACTIVE')
  assert.equal(
    (await refusalOf(authenticatorApi.activateAuthenticator({ authenticatorId }))).errorCode,
    'E0000264',
  )
  const method = authenticatorApi.activateAuthenticatorMethod({ authenticatorId, methodType: 'voice' })
  assert.equal((await refusalOf(method)).errorCode, 'E0000226')
})

test('the phone authenticator and its methods can be activated and deactivated, and it can be added only once', async () => {
  const { authenticatorApi } = org.client
  const authenticatorId = made.phoneId
  const again = authenticatorApi.createAuthenticator({
    authenticator: { key: 'phone_number', name: 'Phone' },
  })
  assert.equal((await refusalOf(again)).errorCode, 'E0000157')
  await authenticatorApi.deactivateAuthenticatorMethod({ authenticatorId, methodType: 'voice' })
  const methods = await all(await authenticatorApi.listAuthenticatorMethods({ authenticatorId }))
  assert.deepEqual(
    methods.map(({ type, status }) => [type, status]),
    [
      ['sms', 'ACTIVE'],
      ['voice', 'INACTIVE'],
    ],
  )
  assert.equal((await authenticatorApi.deactivateAuthenticator({ authenticatorId })).status, 'INACTIVE')
  assert.equal((await authenticatorApi.activateAuthenticator({ authenticatorId })).status, 'ACTIVE')
})

test('a rule is added to an authentication policy before the catch-all rule, and deleted', async () => {
  const { policyApi } = org.client
  const [policy] = await all(await policyApi.listPolicies({ type: 'ACCESS_POLICY' }))
  const policyId = known(policy?.id)
  const verificationMethod = { type: 'ASSURANCE', factorMode: '2FA', constraints: [] }
  const policyRule = {
    type: 'ACCESS_POLICY',
    name: 'By phone',
    actions: { appSignOn: { access: 'ALLOW', verificationMethod } },
  } as const
  const before = org.org.export()
  const rule = await policyApi.createPolicyRule({ policyId, policyRule: policyRule as never })
  const names = (await all(await policyApi.listPolicyRules({ policyId }))).map(one => one.name)
  assert.deepEqual(names, ['By phone', 'Catch-all Rule'])
  await policyApi.deletePolicyRule({ policyId, ruleId: known(rule.id) })
  assert.equal(org.org.export(), before)
})

test('the org, the administrator and the names of API tokens can be read, without secrets', async () => {
  const { orgSettingApi, userApi, apiTokenApi } = org.client
  assert.match(known((await orgSettingApi.getOrgSettings()).id), /^00o/)
  assert.equal((await orgSettingApi.getWellknownOrgMetadata()).pipeline, 'idx')
  assert.match(known((await userApi.getUser({ userId: 'me' })).id), /^00u/)
  const tokens = await all(await apiTokenApi.listApiTokens())
  assert.deepEqual(
    tokens.map(({ name }) => name),
    ['administrator'],
  )
  assert.ok(!JSON.stringify(tokens).includes(org.org.apiToken))
})
