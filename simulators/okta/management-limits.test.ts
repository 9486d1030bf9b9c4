import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hookAt } from '../../test/stand-ins/okta-test-org.ts'
import { hookKeyRoutes, newHookKey } from './management/hook-keys.ts'
import { inlineHookRoutes } from './management/inline-hooks.ts'
import { newOrgState } from './management/new-org.ts'
import { newborn, type OrgState } from './management/org-state.ts'
import type { Json, Route } from './management/route.ts'

const URL_OF_ORG = 'https://example.okta.com'

test('an org has 50 hook keys at most', async () => {
  const org = newOrgState(URL_OF_ORG, undefined)
  const key = await newHookKey(org, 'key')
  const create = () => post(hookKeyRoutes(org), '/api/v1/hook-keys', { name: 'one more' })
  for (let number = 0; number < 49; number++) {
    org.hookKeys.set(`HKY${number}`, { ...key, id: `HKY${number}`, name: `key ${number}` })
  }
  assert.equal((await create()).status, 200)
  const { status, body } = await post(hookKeyRoutes(org), '/api/v1/hook-keys', { name: 'too many' })
  assert.equal(status, 400)
  assert.match(JSON.stringify(body), /at most 50/)
})

test('an org has 50 inline hooks at most, active or not', async () => {
  const org = newOrgState(URL_OF_ORG, undefined)
  org.hookKeys.set('HKY1', await newHookKey(org, 'key'))
  for (let number = 0; number < 49; number++) addInactiveHook(org)
  const config = { clientId: '0oa1', hookKeyId: 'HKY1', tokenUrl: `${URL_OF_ORG}/oauth2/default/v1/token` }
  const hook = hookAt('https://example.com/mfa', config)
  const create = () => post(inlineHookRoutes(org, neverExecuted), '/api/v1/inlineHooks', hook)
  assert.equal((await create()).status, 200)
  const { status, body } = await create()
  assert.equal(status, 400)
  assert.match(JSON.stringify(body), /at most 50/)
})

async function post(routes: readonly Route[], path: string, body: Json) {
  const route = routes.find(one => one.method === 'POST' && one.path === path)
  assert.ok(route)
  return route.handle({
    params: {},
    query: new URLSearchParams(),
    requestId: 'req1',
    url: new URL(path, URL_OF_ORG),
    body,
  })
}

function addInactiveHook(org: OrgState): void {
  const dated = newborn(org, 'cal')
  const type = 'com.okta.telephony.provider'
  org.inlineHooks.set(dated.id, {
    ...dated,
    name: 'old',
    type,
    version: '1.0.0',
    status: 'INACTIVE',
    channel: {},
  })
}

async function neverExecuted(): Promise<never> {
  throw new Error('Nothing is executed here.')
}
