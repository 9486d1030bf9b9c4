import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import {
  delivered,
  hookAt,
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
  org = await startTestOrg({ limitMs: 1000 })
  made = await setUp(org)
})
after(() => org[Symbol.asyncDispose]())
beforeEach(() => org.answerWith(delivered))

const payload = {
  eventType: 'com.okta.telephony.provider',
  requestType: 'com.okta.user.telephony.mfa-verification',
  source: 'https://example.okta.com/api/v1/inlineHooks/cal1',
  data: {
    context: { request: { url: { value: '/x/generatePreview' } } },
    userProfile: { login: 'a@example.com' },
    messageProfile: { phoneNumber: '9876543210', otpCode: '11111', deliveryChannel: 'SMS', locale: 'en' },
  },
}

test('a hook is returned as it was created, and can be updated in part and in whole', async () => {
  const { inlineHookApi } = org.client
  const inlineHookId = made.hookId
  const hook: Record<string, unknown> = { ...(await inlineHookApi.getInlineHook({ inlineHookId })) }
  const { name, status, type, channel } = hook
  assert.deepEqual([name, status, type], ['Hookline', 'ACTIVE', 'com.okta.telephony.provider'])
  const { config } = channel as { readonly config: Record<string, unknown> }
  assert.equal(config.hookKeyId, made.keyId)
  assert.equal(config.uri, org.hookUrl)
  assert.equal(config.clientId, made.clientId)

  const rest = { clientId: made.clientId, hookKeyId: made.keyId, tokenUrl: `${org.okta.issuer}/v1/token` }
  const { type: _type, ...replacement } = hookAt('https://example.com/mfa', rest)
  await inlineHookApi.replaceInlineHook({ inlineHookId, inlineHook: replacement })
  assert.equal(org.okta.hookUrl(), 'https://example.com/mfa')
  const { type: _again, ...update } = hookAt(org.hookUrl, rest)
  await inlineHookApi.updateInlineHook({ inlineHookId, inlineHook: update })
  assert.equal(org.okta.hookUrl(), org.hookUrl)
})

test('a second telephony hook is refused while one is active, and an active one cannot be deleted', async () => {
  const { inlineHookApi } = org.client
  const inlineHook = {
    ...hookAt(org.hookUrl, {}),
    name: 'Second',
    channel: { type: 'HTTP', version: '1.0.0', config: { uri: org.hookUrl, authScheme } },
  } as const
  const refusal = await refusalOf(inlineHookApi.createInlineHook({ inlineHook }))
  assert.equal(refusal.errorCode, 'E0000001')
  assert.match(String(refusal.message), /only one/)
  const active = await refusalOf(inlineHookApi.deleteInlineHook({ inlineHookId: made.hookId }))
  assert.deepEqual([active.status, active.errorCode], [403, 'E0000107'])

  await inlineHookApi.deactivateInlineHook({ inlineHookId: made.hookId })
  const second = await inlineHookApi.createInlineHook({ inlineHook })
  assert.ok(!JSON.stringify(second).includes('s3cret'))
  const back = inlineHookApi.activateInlineHook({ inlineHookId: made.hookId })
  assert.match(String((await refusalOf(back)).message), /only one/)
  await org.okta.call({ to: '+12025550123' })
  assert.equal(org.hookCalls.at(-1)?.headers['x-secret'], 's3cret')

  const inlineHookId = known(second.id)
  await inlineHookApi.deactivateInlineHook({ inlineHookId })
  await inlineHookApi.deleteInlineHook({ inlineHookId })
  await inlineHookApi.activateInlineHook({ inlineHookId: made.hookId })
  assert.equal((await refusalOf(inlineHookApi.getInlineHook({ inlineHookId }))).status, 404)
})

const authScheme = { type: 'HEADER', key: 'X-Secret', value: 's3cret' }

for (const [what, config, field] of [
  ['with an address without https', { uri: 'http://example.com/mfa' }, 'channel.config.uri'],
  ['without a client', { clientId: '' }, 'channel.config.clientId'],
  ['with an invalid key', { hookKeyId: 'HKYnone' }, 'channel.config.hookKeyId'],
] as const) {
  test(`a hook ${what} is refused`, async () => {
    const { clientId, keyId: hookKeyId } = made
    const all = { clientId, hookKeyId, tokenUrl: `${org.okta.issuer}/v1/token`, ...config }
    const inlineHook = hookAt(org.hookUrl, all)
    const refusal = await refusalOf(org.client.inlineHookApi.createInlineHook({ inlineHook }))
    assert.equal(refusal.errorSummary, `Api validation failed: ${field}`)
  })
}

test('execute calls the hook with exactly this body and a token, and returns the commands of its answer', async () => {
  const answer: unknown = await execute(org, made.hookId)
  assert.deepEqual(answer, { commands: delivered.commands })
  const hookCall = org.hookCalls.at(-1)
  assert.deepEqual({ ...hookCall?.body, eventId: undefined }, { ...payload, eventId: undefined })
  assert.match(hookCall?.headers.authorization ?? '', /^Bearer eyJ/)
  const types = org.org.log().map(({ eventType }) => eventType)
  assert.deepEqual(types.slice(-2), ['inline_hook.executed', 'inline_hook.response.processed'])
})

test('execute reports the problem: an error, a broken answer, no token, no listener', async () => {
  org.answerWith({ error: { errorSummary: 'Not now' } })
  const refused = await refusalOf(execute(org, made.hookId))
  assert.equal(refused.errorCode, 'E0000135')
  assert.match(String(refused.message), /Not now/)
  org.answerWith({ commands: [] })
  assert.equal((await refusalOf(execute(org, made.hookId))).errorCode, 'E0000135')

  await org.org.breakSetup({ kind: 'deactivate', what: 'policy' })
  const noToken = await refusalOf(execute(org, made.hookId))
  assert.equal(noToken.errorCode, 'E0000134')
  assert.match(String(noToken.message), /Policy evaluation failed/)
  await org.client.authorizationServerApi.activateAuthorizationServerPolicy({
    authServerId: 'default',
    policyId: made.policyId,
  })

  const { hookUrl } = org
  org.okta.setHookUrl('http://127.0.0.1:1/mfa')
  assert.match(String((await refusalOf(execute(org, made.hookId))).message), /ECONNREFUSED/)
  org.okta.setHookUrl(hookUrl)
  org.answerWith(delivered)
  assert.deepEqual(await execute(org, made.hookId), { commands: delivered.commands })
})

test('execute returns the whole answer, its commands, or nothing if the answer has more than commands', async () => {
  org.org.setBehaviours({ execute: 'all' })
  assert.deepEqual(await execute(org, made.hookId), delivered)
  org.org.setBehaviours({ execute: 'strict' })
  const refused = await refusalOf(execute(org, made.hookId))
  assert.equal(refused.errorCode, 'E0000135')
  assert.match(String(refused.message), /"debugContext"/)
  const { commands } = delivered
  org.answerWith({ commands })
  assert.deepEqual(await execute(org, made.hookId), { commands })
  org.answerWith({ commands: [{ ...commands[0], value: [{ ...commands[0]?.value[0], cost: 1 }] }] })
  assert.match(String((await refusalOf(execute(org, made.hookId))).message), /"cost"/)
  org.answerWith(delivered)
  org.org.setBehaviours({ execute: 'commands' })
})

test('execute tries again once after an error of the hook, with the same body', async () => {
  const before = org.hookCalls.length
  org.answerWith('not JSON', 500)
  assert.equal((await refusalOf(execute(org, made.hookId))).errorCode, 'E0000135')
  const [first, second, third] = org.hookCalls.slice(before)
  assert.deepEqual(second?.body, first?.body)
  assert.equal(third, undefined)
  org.answerWith(delivered)
  await execute(org, made.hookId)
  assert.equal(org.hookCalls.length, before + 3)
})

test('an answer of FAILED keeps the contract, so execute returns it', async () => {
  const failed = { commands: [{ type: 'com.okta.telephony.action', value: [{ status: 'FAILED' }] }] }
  org.answerWith(failed)
  assert.deepEqual(await execute(org, made.hookId), failed)
})

test('a token request that takes too long is reported as no response', async () => {
  org.okta.setTokenFault({ delayMs: 60_000 })
  assert.equal((await refusalOf(execute(org, made.hookId))).errorCode, 'E0000137')
  org.okta.setTokenFault({})
})

function execute({ client }: TestOrg, inlineHookId: string): Promise<unknown> {
  return client.inlineHookApi.executeInlineHook({ inlineHookId, payloadData: payload as never })
}
