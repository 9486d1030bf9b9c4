import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { difference } from './difference.ts'
import type { Org, TelephonyHook } from './org.ts'
import type { TargetState } from './target.ts'

const URL = 'https://hook.example.com/mfa'
const OURS = { isOurs: true, isActive: true, json: {} }

const rule = {
  ...OURS,
  id: '0pr1',
  name: 'r',
  grantTypes: ['client_credentials'],
  scopes: ['telephony.send'],
}
const hook: TelephonyHook = {
  id: 'cal1',
  name: 'Hookline telephony',
  isActive: true,
  uri: URL,
  authenticatesBy: 'OAUTH private_key_jwt',
  clientId: '0oa1',
  hookKeyId: 'HKY1',
  tokenUrl: 'https://example.okta.com/oauth2/default/v1/token',
  scope: 'telephony.send',
  secretHeader: undefined,
  memo: { replaces: undefined, turnedOn: [], ruleIn: undefined },
  json: {},
}
const app = {
  ...OURS,
  id: '0oa1',
  name: 'Hookline telephony hook',
  clientId: '0oa1',
  authMethod: 'private_key_jwt',
  needsDpop: false,
  grantTypes: ['client_credentials'],
  kids: ['kid1'],
}
const policy = { ...OURS, id: '00p1', name: 'p', clients: ['0oa1'], rules: [rule] }
/** An org in which all is done. */
const whole = {
  url: 'https://example.okta.com',
  hookKeys: [{ id: 'HKY1', name: 'Hookline hook key', kid: 'kid1', isOurs: true }],
  apps: [app],
  server: {
    id: 'default',
    name: 'default',
    issuer: 'https://example.okta.com/oauth2/default',
    audience: 'api://default',
    isActive: true,
  },
  scopes: [{ id: 'scp1', name: 'telephony.send', isOurs: true }],
  policies: [policy],
  hooks: [hook],
  usedElsewhere: [],
  phone: {
    id: 'aut1',
    name: 'Phone',
    allowedFor: 'any',
    settings: {},
    isActive: true,
    sms: true,
    voice: true,
  },
  signOnPolicies: [],
} satisfies Org
const empty: Org = {
  ...whole,
  hookKeys: [],
  apps: [],
  scopes: [],
  policies: [],
  hooks: [],
  phone: undefined,
}
const target: TargetState = {
  method: { kind: 'token', scope: 'telephony.send' },
  isPreparing: true,
  hook: { url: URL, replace: undefined, policyRule: undefined },
  adopt: undefined,
  appClientId: undefined,
}

describe('the difference', () => {
  test('in an empty org, everything is created in the order of its dependencies', () => {
    assert.deepEqual(actions(empty), [
      'create hook key',
      'create app',
      'create scope',
      'create policy',
      'create rule',
      'create hook',
      'check hook',
      'turn on phone',
      'turn on sms',
      'turn on voice',
    ])
  })

  test('if everything exists, only the check is left', () => {
    assert.deepEqual(actions(whole), ['check hook'])
  })

  const missing: readonly (readonly [string, Partial<Org>, readonly string[]])[] = [
    // The app has a public key whose private half is gone: it gets the new one, and the hook too.
    ['hook key', { hookKeys: [] }, ['create hook key', 'change app', 'change hook']],
    ['app', { apps: [] }, ['create app', 'change policy', 'change hook']],
    ['scope', { scopes: [] }, ['create scope']],
    ['policy', { policies: [] }, ['create policy', 'create rule']],
    ['rule', { policies: [{ ...policy, rules: [] }] }, ['create rule']],
    ['hook', { hooks: [] }, ['create hook']],
    ['phone', { phone: { ...whole.phone, isActive: false } }, ['change hook', 'turn on phone']],
    ['sms', { phone: { ...whole.phone, sms: false } }, ['change hook', 'turn on sms']],
    ['voice', { phone: { ...whole.phone, voice: false } }, ['change hook', 'turn on voice']],
  ]
  for (const [what, changed, expected] of missing) {
    test(`if only the ${what} is missing, it is created, and what depends on it is changed`, () => {
      const done = actions({ ...whole, ...changed })
      assert.deepEqual(
        done.filter(action => action !== 'check hook'),
        expected,
      )
    })
  }

  const wrong: readonly (readonly [string, Partial<Org>, RegExp])[] = [
    ['DPoP on', { apps: [{ ...app, needsDpop: true }] }, /changed service app: DPoP is turned off/],
    ['the app off', { apps: [{ ...app, isActive: false }] }, /changed service app: is turned on/],
    [
      'a secret instead of a key',
      { apps: [{ ...app, authMethod: 'client_secret_basic' }] },
      /authenticates with its key/,
    ],
    ['the policy off', { policies: [{ ...policy, isActive: false }] }, /changed access policy: is turned on/],
    [
      'the policy for another client',
      { policies: [{ ...policy, clients: ['0oa9'] }] },
      /applies to this client/,
    ],
    [
      'the rule off',
      { policies: [{ ...policy, rules: [{ ...rule, isActive: false }] }] },
      /changed rule: grants/,
    ],
    [
      'the rule for another scope',
      { policies: [{ ...policy, rules: [{ ...rule, scopes: ['x'] }] }] },
      /changed rule: grants telephony\.send/,
    ],
    ['the hook off', { hooks: [{ ...hook, isActive: false }] }, /turned on telephony hook: It is inactive/],
    [
      'an old address',
      { hooks: [{ ...hook, uri: 'https://old.example.com/' }] },
      /calls https:\/\/hook\..* instead of/,
    ],
    ['another client', { hooks: [{ ...hook, clientId: '0oa9' }] }, /uses the client of the service app/],
    ['another key', { hooks: [{ ...hook, hookKeyId: 'HKY9' }] }, /uses the hook key/],
    [
      'another token address',
      { hooks: [{ ...hook, tokenUrl: 'https://x.example.com/' }] },
      /gets tokens from/,
    ],
    ['another scope', { hooks: [{ ...hook, scope: 'x' }] }, /requests the scope telephony\.send/],
    [
      'a secret header',
      { hooks: [{ ...hook, authenticatesBy: 'HTTP' }] },
      /authenticates with an access token/,
    ],
  ]
  for (const [what, changed, expected] of wrong) {
    test(`${what}: the plan names it and changes it`, () => {
      assert.match(lines({ ...whole, ...changed }), expected)
    })
  }

  test('a policy for all clients that grants any scope is sufficient', () => {
    const open = {
      ...policy,
      isOurs: false,
      clients: ['ALL_CLIENTS'],
      rules: [{ ...rule, isOurs: false, scopes: ['*'] }],
    }
    assert.deepEqual(actions({ ...whole, policies: [open] }), ['check hook'])
    assert.match(lines({ ...whole, policies: [open] }), /adopted access policy/)
  })

  test("a policy for other clients is never changed, and neither is another's rule", () => {
    const others = {
      ...policy,
      id: '00p9',
      isOurs: false,
      clients: ['0oa9'],
      rules: [{ ...rule, isOurs: false }],
    }
    const done = actions({ ...whole, policies: [others] })
    assert.deepEqual(done, ['create policy', 'create rule', 'check hook'])
  })

  test('another active hook blocks the plan until it is named; then it is turned off first', () => {
    const other = { ...hook, id: 'cal9', name: 'Other', uri: 'https://other.example.com/', memo: undefined }
    const org = { ...whole, hooks: [other] }
    assert.match(blocks(org), /"Other" \(cal9\), which calls https:\/\/other\.example\.com\/.*--replace cal9/)
    for (const replace of ['cal9', 'Other']) {
      const done = actions(org, { ...target, hook: { url: URL, replace, policyRule: undefined } })
      assert.deepEqual(done, ['turn off other hook', 'create hook', 'check hook'])
    }
    // Interrupted after the first: the same command continues.
    const off = { ...whole, hooks: [{ ...other, isActive: false }] }
    const again = actions(off, { ...target, hook: { url: URL, replace: 'cal9', policyRule: undefined } })
    assert.deepEqual(again, ['create hook', 'check hook'])
  })

  test('an inactive hook made by hand blocks nothing', () => {
    const other = {
      ...hook,
      id: 'cal9',
      name: 'Other',
      uri: 'https://o.example.com/',
      memo: undefined,
      isActive: false,
    }
    assert.deepEqual(actions({ ...whole, hooks: [hook, other] }), ['check hook'])
  })

  test('activate alone requires what prepare creates, and creates none of it', () => {
    const found = blocks({ ...whole, scopes: [] }, { ...target, isPreparing: false })
    assert.match(found, /not prepared: scope \(must be created\).*hookline okta prepare/)
  })

  test('without a custom authorization server it suggests the secret header', () => {
    assert.match(blocks({ ...empty, server: undefined }), /API Access Management.*--secret-header/)
    const server = { ...whole.server, isActive: false }
    assert.match(blocks({ ...empty, server }), /inactive and issues no tokens/)
  })

  test('with a secret header, nothing for tokens is required or created', () => {
    const method = { kind: 'secret-header', name: 'X-Hookline-Secret', secret: undefined } as const
    const done = actions({ ...empty, server: undefined }, { ...target, method })
    assert.equal(done[0], 'create hook')
    const same = { ...hook, authenticatesBy: 'HTTP', secretHeader: 'x-hookline-secret' }
    assert.deepEqual(actions({ ...whole, hooks: [same] }, { ...target, method }), ['check hook'])
  })
})

function stepsOf(org: Org, asked: TargetState = target) {
  const found = difference(org, asked)
  return found.kind === 'steps' ? found.steps : assert.fail(JSON.stringify(found.blocks))
}

function actions(org: Org, asked?: TargetState): readonly string[] {
  return stepsOf(org, asked).flatMap(({ action }) => (action === undefined ? [] : [action]))
}

function lines(org: Org): string {
  return stepsOf(org)
    .map(({ mark, what, sentence }) => `${mark} ${what}: ${sentence}`)
    .join('\n')
}

function blocks(org: Org, asked: TargetState = target): string {
  const found = difference(org, asked)
  return found.kind === 'blocked'
    ? found.blocks.map(({ sentence }) => sentence).join('\n')
    : assert.fail('no block')
}
