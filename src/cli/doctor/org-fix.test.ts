import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  APP,
  CLIENT_ID,
  HOOK,
  ORG,
  READING,
  settingsWith,
  URL_OF_HOOK,
} from '../../../test/fixtures/doctor-facts.ts'
import { choose } from '../../okta/setup/choose.ts'
import { writeMemo } from '../../okta/setup/marks.ts'
import type { Org, TelephonyHook } from '../../okta/setup/org.ts'
import { memoOf } from '../../okta/setup/target-hook.ts'
import { planOrgFix } from './org-fix.ts'

const MEMO = { replaces: undefined, turnedOn: ['phone'], ruleIn: undefined } as const
const OURS: TelephonyHook = { ...HOOK, memo: MEMO }
const WHOLE: Org = { ...ORG, hooks: [OURS] }
const [POLICY] = WHOLE.policies
assert.ok(POLICY)
const [RULE] = POLICY.rules
assert.ok(RULE)
const BY_HAND = { isOurs: false } as const
const ENDPOINT = { url: URL_OF_HOOK, status: 401, tookMs: [1], certificate: undefined }
const GOOD = { kind: 'read', reading: READING } as const

type Changed = Partial<Parameters<typeof planOrgFix>[2]> & {
  readonly url?: string | undefined
  readonly settings?: Parameters<typeof settingsWith>[0]
}

function plan(org: Partial<Org>, changed: Changed = {}) {
  const whole = { ...WHOLE, ...org }
  const [hook] = whole.hooks
  const { settings, endpoint, preview, url } = {
    settings: {},
    endpoint: ENDPOINT,
    preview: undefined,
    url: URL_OF_HOOK,
    ...changed,
  }
  return planOrgFix(settingsWith(settings).callers, { org: whole, hook, url }, { endpoint, preview })
}

function actions(...input: Parameters<typeof plan>): readonly (string | undefined)[] {
  return plan(...input).steps.map(({ action }) => action)
}

describe('what --fix would do to an org', () => {
  test('is only the check if everything is correct', () => {
    assert.deepEqual(actions({}), ['check hook'])
  })

  const fixed: readonly (readonly [string, Partial<Org>, readonly string[]])[] = [
    ['DPoP on', { apps: [{ ...APP, needsDpop: true }] }, ['change app']],
    ['the scope gone', { scopes: [] }, ['create scope']],
    ['the policy gone', { policies: [] }, ['create policy', 'create rule']],
    ['the policy off', { policies: [{ ...POLICY, isActive: false }] }, ['change policy']],
    ['the rule gone', { policies: [{ ...POLICY, rules: [] }] }, ['create rule']],
    [
      'the scope not granted',
      { policies: [{ ...POLICY, rules: [{ ...RULE, scopes: [] }] }] },
      ['change rule'],
    ],
    ['the hook gone', { hooks: [] }, ['create hook']],
    ['the hook off', { hooks: [{ ...OURS, isActive: false }] }, ['turn on hook']],
    ['an old address', { hooks: [{ ...OURS, uri: 'https://old.example/' }] }, ['change hook']],
    ['another key', { hooks: [{ ...OURS, hookKeyId: 'HKY9' }] }, ['change hook']],
  ]
  for (const [what, changed, expected] of fixed) {
    test(`${what}: what Hookline created is fixed, then Okta calls the hook`, () => {
      assert.deepEqual(actions(changed), [...expected, 'check hook'])
    })
  }

  test('a deleted client is created again with the client ID of the deployment', () => {
    const { target, steps } = plan({ apps: [] })
    assert.deepEqual(
      steps.map(({ action }) => action),
      ['create app', 'change policy', 'change hook', 'check hook'],
    )
    assert.equal(target.appClientId, CLIENT_ID)
  })

  const byHand: readonly (readonly [string, Partial<Org>, RegExp])[] = [
    ['an app with DPoP on', { apps: [{ ...APP, ...BY_HAND, needsDpop: true }] }, /The service app "a name"/],
    [
      'a policy without the rule',
      { policies: [{ ...POLICY, ...BY_HAND, rules: [] }] },
      /The rule "Hookline client credentials" must be created/,
    ],
    ['a hook that is off', { hooks: [{ ...HOOK, isActive: false }] }, /The telephony hook ".+" .* turned on/],
    ['a hook with another key', { hooks: [{ ...HOOK, hookKeyId: 'HKY9' }] }, /The telephony hook/],
  ]
  for (const [what, changed, says] of byHand) {
    test(`made by hand, ${what} is not changed, and nothing else is changed either`, () => {
      assert.throws(() => plan({ ...changed, scopes: [] }), says)
    })
  }

  test('an app that was made by hand without a hook key does not lead to a second one', () => {
    const apps = [{ ...APP, ...BY_HAND, kids: ['else'] }]
    assert.throws(() => plan({ apps }), /service app 0oatest was made by hand, and is not changed/)
  })

  test('what was made by hand and is correct is used', () => {
    const policies = [{ ...POLICY, ...BY_HAND, rules: [{ ...RULE, ...BY_HAND }] }]
    const app = { ...APP, ...BY_HAND }
    assert.deepEqual(actions({ apps: [app], policies, scopes: [] }), ['create scope', 'check hook'])
  })

  test('another active hook is never turned off', () => {
    const other = { ...HOOK, id: 'calother', name: 'Other', clientId: 'x', uri: 'https://other.example/' }
    assert.throws(
      () => plan({ hooks: [{ ...OURS, isActive: false }, other] }),
      /^Error: Another telephony hook is active, "Other" \(calother\), and is not turned off\. To replace it: hookline okta setup --replace calother\.$/,
    )
  })

  test('a hook that was made by hand at another address does not lead to a second one', () => {
    const old = { ...HOOK, isActive: false, uri: 'https://old.example/' }
    assert.throws(() => plan({ hooks: [old] }), /To see what it would do: hookline okta setup/)
  })

  test('the phone authenticator stays off, and is not recorded as turned on', () => {
    const phone = {
      id: 'aut1',
      name: 'Phone',
      allowedFor: 'any',
      settings: {},
      isActive: true,
      sms: false,
      voice: false,
    }
    const old = { ...OURS, uri: 'https://old.example/' }
    const { target, steps } = plan({ phone, hooks: [old] })
    assert.deepEqual(
      steps.map(({ action }) => action),
      ['change hook', 'check hook'],
    )
    assert.ok(target.hook)
    const org = { ...WHOLE, phone, hooks: [old] }
    assert.equal(writeMemo(memoOf(org, choose(org, target), target, target.hook)), writeMemo(MEMO))
  })

  test('a hook that works at its present address is not moved', () => {
    const hooks = [{ ...OURS, uri: 'https://old.example/' }]
    assert.throws(() => plan({ hooks }, { preview: GOOD }), /works at its present address.*okta setup --url/)
  })

  test('a secret header is fixed as the deployment has it; its secret is not read yet', () => {
    const header = {
      HOOKLINE_OKTA_ISSUER: undefined,
      HOOKLINE_OKTA_AUDIENCE: undefined,
      HOOKLINE_OKTA_CLIENT_ID: undefined,
      HOOKLINE_OKTA_SCOPE: undefined,
      HOOKLINE_SECRET_HEADER: 'X-Hookline-Secret',
      HOOKLINE_SECRETS: 'a-secret-of-tests-that-is-longer-than-32-characters',
    }
    const hook = { ...OURS, authenticatesBy: 'HTTP', secretHeader: 'X-Other' }
    const { target, steps } = plan({ hooks: [hook] }, { settings: header })
    assert.deepEqual(target.method, { kind: 'secret-header', name: 'X-Hookline-Secret', secret: undefined })
    assert.deepEqual(
      steps.map(({ action }) => action),
      ['change hook', 'check hook'],
    )
  })

  test('what would make the check of the hook fail must be fixed first', () => {
    const { server } = WHOLE
    assert.ok(server)
    const first: readonly (readonly [Partial<Org>, Changed, RegExp])[] = [
      [{}, { url: undefined }, /needs the hook's address: --url, or --stack/],
      [{}, { endpoint: { ...ENDPOINT, status: 502 } }, /endpoint must be fixed first/],
      [{}, { endpoint: undefined }, /endpoint must be fixed first/],
      [{ server: undefined }, {}, /must be made equal first/],
      [{ server: { ...server, audience: 'api://x' } }, {}, /must be made equal first/],
      [
        { apps: [{ ...APP, clientId: '0oax' }] },
        {},
        /has the client ID 0oax, but the deployment expects 0oatest/,
      ],
    ]
    for (const [org, changed, says] of first) assert.throws(() => plan(org, changed), says)
  })
})
