import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Client, DefaultRequestExecutor } from '@okta/okta-sdk-nodejs'
import { all, refusalOf, sdkClient, setUp, startTestOrg } from '../../test/stand-ins/okta-test-org.ts'
import { startOkta } from './server.ts'

test("without a valid token every request is refused, in Okta's format", async () => {
  await using org = await startTestOrg({ apiToken: 'a token of mine' })
  const refusal = await refusalOf(sdkClient(org.okta, 'another').hookKeyApi.createHookKey({ keyRequest: {} }))
  assert.deepEqual([refusal.status, refusal.errorCode], [401, 'E0000011'])
  assert.equal(refusal.errorLink, 'E0000011')
  assert.match(String(refusal.errorId), /^oae/)
  assert.deepEqual(refusal.errorCauses, [])
  const { id } = await sdkClient(org.okta, 'a token of mine').orgSettingApi.getOrgSettings()
  assert.match(String(id), /^00o/)
})

test('a service app gets tokens for its granted scopes, and may do only what they allow', async () => {
  await using org = await startTestOrg({ serviceApp: true })
  const { serviceApp } = org.org
  assert.ok(serviceApp)
  const asApp = (scopes: readonly string[]) =>
    new Client({
      orgUrl: org.okta.url,
      authorizationMode: 'PrivateKey',
      clientId: serviceApp.clientId,
      scopes: [...scopes],
      privateKey: JSON.stringify(serviceApp.privateKey),
      cacheMiddleware: null,
      requestExecutor: new DefaultRequestExecutor({ maxRetries: 0, requestTimeout: 0 }),
    })
  const manager = asApp(serviceApp.scopes)
  const key = await manager.hookKeyApi.createHookKey({ keyRequest: { name: 'by an app' } })
  assert.match(String(key.id), /^HKY/)
  const reader = asApp(['okta.logs.read'])
  assert.ok(
    Array.isArray(await all(await reader.systemLogApi.listLogEvents({ until: new Date().toISOString() }))),
  )
  const forbidden = await refusalOf(reader.hookKeyApi.createHookKey({ keyRequest: { name: 'no' } }))
  assert.deepEqual([forbidden.status, forbidden.errorCode], [403, 'E0000006'])
  const unknownClient = await refusalOf(asApp(['okta.users.manage']).orgSettingApi.getOrgSettings())
  assert.equal(unknownClient.status, 401)
})

test('every answer counts down the rate limit, and beyond it the answer is 429', async () => {
  await using org = await startTestOrg({ requestsMax: 2 })
  const answers = []
  for (const path of ['/api/v1/org', '/api/v1/nothing', '/api/v1/org']) {
    const { status, headers } = await get(org.okta.url, path, org.org.apiToken)
    const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map(name =>
      headers.get(`x-rate-limit-${name}`),
    )
    answers.push([status, limit, remaining])
    assert.ok(Number(reset) * 1000 > Date.now())
  }
  assert.deepEqual(answers, [
    [200, '2', '1'],
    [404, '2', '0'],
    [429, '2', '0'],
  ])
})

test('the SDK waits after a rate limit', async () => {
  await using org = await startTestOrg()
  const keys = (client = org.client) =>
    client.hookKeyApi.createHookKey({ keyRequest: { name: `${Math.random()}` } })
  org.org.setFault({ kind: 'rate-limit', after: 1, times: 1 })
  await keys()
  const refusal = await refusalOf(keys())
  assert.deepEqual([refusal.status, refusal.errorCode], [429, 'E0000047'])
  await keys()
  org.org.setFault({ kind: 'rate-limit' })
  await keys(sdkClient(org.okta, org.org.apiToken, 1))
  assert.equal((await all(await org.client.hookKeyApi.listHookKeys())).length, 3)
})

test('an `error` fault does nothing, and a `cut` fault does the request without an answer', async () => {
  await using org = await startTestOrg()
  const create = (name: string) => org.client.hookKeyApi.createHookKey({ keyRequest: { name } })
  const names = async () => (await all(await org.client.hookKeyApi.listHookKeys())).map(({ name }) => name)
  org.org.setFault({ kind: 'error' })
  const refusal = await refusalOf(create('never'))
  assert.deepEqual([refusal.status, refusal.errorCode], [500, 'E0000009'])
  assert.deepEqual(await names(), [])
  org.org.setFault({ kind: 'cut' })
  await assert.rejects(create('done'))
  assert.deepEqual(await names(), ['done'])
  org.org.setFault({ kind: 'slow', ms: 10 })
  await create('slow')
  assert.deepEqual(await names(), ['done', 'slow'])
})

test('the log can be filtered, paged and read in reverse order', async () => {
  await using org = await startTestOrg()
  await setUp(org)
  for (let call = 0; call < 3; call++) await org.okta.call({ to: '+12025550123' })
  await org.org.breakSetup({ kind: 'deactivate', what: 'policy' })
  await org.okta.call({ to: '+12025550123', channel: 'voice' })
  const { systemLogApi } = org.client
  const until = () => new Date(Date.now() + 1000).toISOString()
  const typesOf = async (filter: string, more: object = {}) =>
    (await all(await systemLogApi.listLogEvents({ until: until(), filter, ...more }))).map(
      one => one.eventType,
    )
  const voice = 'system.voice.send_phone_verification_call'

  assert.equal((await typesOf('eventType sw "system."', { limit: 1 })).length, 4)
  assert.deepEqual(await typesOf('debugContext.debugData.is_call_hook_failover eq "true"'), [voice])
  assert.deepEqual(await typesOf('(eventType eq "x" or eventType sw "system.voice") and outcome.reason pr'), [
    voice,
  ])
  const newest = await typesOf('eventType sw "system."', { sortOrder: 'DESCENDING', limit: 2 })
  assert.equal(newest[0], voice)
  assert.deepEqual(await typesOf('eventType pr', { since: until() }), [])
  const broken = typesOf('eventType eq')
  assert.equal((await refusalOf(broken)).errorCode, 'E0000031')
})

test('a log query without an end always has a next page, for polling', async () => {
  await using org = await startTestOrg()
  const first = await get(org.okta.url, '/api/v1/logs', org.org.apiToken)
  assert.match(first.headers.get('link') ?? '', /rel="next"/)
  const ended = await get(org.okta.url, `/api/v1/logs?until=${new Date().toISOString()}`, org.org.apiToken)
  assert.doesNotMatch(ended.headers.get('link') ?? '', /rel="next"/)
})

test('a body that is not JSON, an unknown address and an unknown ID are refused as by Okta', async () => {
  await using org = await startTestOrg()
  const send = async (method: string, path: string, body?: string) => {
    const init = { method, headers: { Authorization: `SSWS ${org.org.apiToken}` }, ...(body && { body }) }
    const response = await fetch(`${org.okta.url}${path}`, init)
    const { errorCode } = (await response.json()) as { readonly errorCode: string }
    return [response.status, errorCode]
  }
  assert.deepEqual(await send('POST', '/api/v1/hook-keys', '{'), [400, 'E0000003'])
  assert.deepEqual(await send('GET', '/api/v1/nothing'), [404, 'E0000008'])
  assert.deepEqual(await send('GET', '/api/v1/apps/0oa'), [404, 'E0000007'])
  assert.deepEqual(await send('GET', '/api/v1/apps?after=gone'), [400, 'E0000029'])
})

test('without an org there is no management API', async () => {
  const okta = await startOkta({ port: 0 })
  try {
    assert.equal((await fetch(`${okta.url}/api/v1/org`)).status, 404)
    assert.equal((await fetch(`${okta.url}/org/credentials`)).status, 404)
    assert.equal(okta.org, undefined)
  } finally {
    await okta.close()
  }
})

test('the program starts an empty org, and its control API returns the credentials and changes the org', async () => {
  const program = start({ OKTA_API_TOKEN: 'given' }, '--port', '0', '--org', 'empty', '--service-app')
  const [{ ready }] = await once(program, 'message')
  const ask = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${ready}${path}`, { method, ...(body && { body: JSON.stringify(body) }) })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const { body: credentials } = await ask('GET', '/org/credentials')
  assert.equal(credentials.apiToken, 'given')
  assert.match(JSON.stringify(credentials.serviceApp), /"clientId":"0oa/)
  const { body: exported } = await ask('GET', '/org/export')
  assert.equal((exported.apps as readonly unknown[]).length, 1)
  assert.equal((await ask('PUT', '/org/clock', { offsetSeconds: 600 })).status, 200)
  assert.equal((await ask('PUT', '/org/clock', { offsetSeconds: 'ten' })).status, 400)
  assert.equal((await ask('POST', '/org/break', { kind: 'delete-policy' })).status, 409)
  assert.equal((await ask('POST', '/org/break', { kind: 'sideways' })).status, 400)
  assert.equal((await ask('POST', '/faults/management', { kind: 'error' })).status, 200)
  assert.equal((await get(ready, '/api/v1/org', 'given')).status, 500)
  assert.equal((await ask('POST', '/faults/management', { kind: 'error', after: -1 })).status, 400)
  assert.equal((await ask('POST', '/caller/calls', { to: '+12025550123' })).status, 409)
  assert.equal((await ask('PUT', '/caller/hook', { url: 'http://127.0.0.1:1/' })).status, 409)
  program.disconnect()
  assert.deepEqual(await once(program, 'exit'), [0, null])
})

function start(env: Readonly<Record<string, string>>, ...args: readonly string[]): ChildProcess {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url))
  return fork(program, args, { silent: true, execArgv: [], env: { ...process.env, ...env } })
}

function get(url: string, path: string, token: string): Promise<Response> {
  return fetch(`${url}${path}`, { headers: { Authorization: `SSWS ${token}` } })
}
