import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judgeAllowedFor, judgeEnrolment, judgeProviders, judgeSignOn } from './judge-phone-use.ts'
import type { OktaApi } from './okta-api.ts'
import { acceptsPhone, readPhoneUse } from './phone-use.ts'

describe('a sign-on rule', () => {
  const rule = (verificationMethod: object, more: object = {}) => ({
    status: 'ACTIVE',
    actions: { appSignOn: { access: 'ALLOW', verificationMethod } },
    ...more,
  })
  const assurance = (constraints: readonly object[], factorMode = '2FA') =>
    rule({ type: 'ASSURANCE', factorMode, constraints })
  const phone = [{ key: 'phone_number', method: 'sms' }]

  test('accepts a code by phone if no constraint excludes it', () => {
    for (const one of [
      assurance([]),
      assurance([], '1FA'),
      rule({ type: 'ASSURANCE', factorMode: '2FA' }),
      rule({ type: 'ASSURANCE', factorMode: '2FA', constraints: null }),
      assurance([{ knowledge: { types: ['password'] } }]),
      assurance([{ possession: { required: true, authenticationMethods: phone } }]),
      assurance([{ possession: { required: true, userPresence: 'REQUIRED', deviceBound: 'OPTIONAL' } }]),
      assurance([{ possession: { phishingResistant: 'REQUIRED' } }, { possession: { methods: ['SMS'] } }]),
      assurance([{ possession: { types: ['phone'] } }]),
      rule({
        type: 'AUTH_METHOD_CHAIN',
        chains: [
          { authenticationMethods: [{ key: 'okta_password' }], next: [{ authenticationMethods: phone }] },
        ],
      }),
    ]) {
      assert.equal(acceptsPhone(one), 'yes', JSON.stringify(one))
    }
  })

  test('does not if each constraint requires more, or the rule is off or denies', () => {
    for (const one of [
      assurance([{ possession: { phishingResistant: 'REQUIRED' } }]),
      assurance([
        { possession: { deviceBound: 'REQUIRED' } },
        { possession: { userVerification: 'REQUIRED' } },
      ]),
      assurance([{ possession: { authenticationMethods: [{ key: 'okta_verify' }] } }]),
      assurance([{ possession: { excludedAuthenticationMethods: [{ key: 'phone_number' }] } }]),
      assurance([{ possession: { methods: ['WEBAUTHN'] } }]),
      assurance([{ possession: { types: ['APP'] } }]),
      assurance([{ knowledge: { types: ['password'] } }], '1FA'),
      rule({ type: 'AUTH_METHOD_CHAIN', chains: [{ authenticationMethods: [{ key: 'okta_verify' }] }] }),
      rule({ type: 'ID_PROOFING' }),
      { ...assurance([]), status: 'INACTIVE' },
      { status: 'ACTIVE', actions: { appSignOn: { access: 'DENY' } } },
    ]) {
      assert.equal(acceptsPhone(one), 'no', JSON.stringify(one))
    }
  })

  test('of an unknown kind is not judged', () => {
    for (const one of [undefined, {}, 'rule', rule({ type: 'SOMETHING_NEW' })]) {
      assert.equal(acceptsPhone(one), 'unknown')
    }
  })
})

describe('what prevents codes by phone', () => {
  test('is the allowed use of the authenticator', () => {
    assert.deepEqual(
      ['any', 'sso', 'recovery', 'none', 'another'].map(use => judgeAllowedFor(use).map(one => one.severity)),
      [[], ['warning'], ['error'], ['error'], ['error']],
    )
  })

  test('is an enrolment policy without a phone: an error if no other policy allows one', () => {
    const policy = (name: string, letsEnrolPhone: boolean) => ({ name, letsEnrolPhone })
    assert.deepEqual(judgeEnrolment([policy('a', true)]), [])
    const [some] = judgeEnrolment([policy('a', true), policy('b', false)])
    assert.match(`${some?.severity} ${some?.cause}`, /^warning .*: "b"\.$/)
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(name => policy(name, false))
    assert.match(judgeEnrolment(many)[0]?.cause ?? '', /^No enrolment policy .*"e" and 2 more\.$/)
  })

  test('is a sign-on rule without it; a second provider is reported', () => {
    assert.deepEqual(judgeSignOn({ accepts: 'yes', policies: 3 }), [])
    assert.equal(judgeSignOn({ accepts: 'no', policies: 3 })[0]?.severity, 'error')
    assert.equal(judgeSignOn({ accepts: 'unknown', policies: 3 })[0]?.severity, 'warning')
    assert.deepEqual(judgeProviders([]), [])
    assert.match(judgeProviders([{ name: 'TWILIO', isPrimary: true }])[0]?.cause ?? '', /TWILIO \(primary\)/)
  })
})

describe('the use of the phone', () => {
  const lists: Readonly<Record<string, readonly unknown[]>> = {
    '/api/v1/policies?type=MFA_ENROLL': [
      {
        name: 'of Identity Engine',
        settings: { authenticators: [{ key: 'phone_number', enroll: { self: 'OPTIONAL' } }] },
      },
      {
        name: 'of Classic',
        settings: { type: 'FACTORS', factors: { okta_call: { enroll: { self: 'REQUIRED' } } } },
      },
      {
        name: 'not allowed',
        settings: { authenticators: [{ key: 'phone_number', enroll: { self: 'NOT_ALLOWED' } }] },
      },
      {
        name: 'not listed',
        settings: { authenticators: [{ key: 'okta_email', enroll: { self: 'REQUIRED' } }] },
      },
      { name: 'without settings', settings: null },
      { name: 'off', status: 'INACTIVE', settings: {} },
      'no policy',
    ],
    '/api/v1/policies?type=ACCESS_POLICY': [
      { id: 'p1', status: 'ACTIVE' },
      { id: 'p2', status: 'ACTIVE' },
    ],
    '/api/v1/policies/p1/rules': [{ status: 'ACTIVE', actions: { appSignOn: { access: 'DENY' } } }],
    '/api/v1/policies/p2/rules': [{ actions: { appSignOn: { verificationMethod: { type: 'ASSURANCE' } } } }],
    '/api/v1/telephony-providers': [
      { providerName: 'TWILIO', enabled: true, isPrimaryProvider: true },
      { providerName: 'TELESIGN', enabled: false },
    ],
  }
  const api = { list: async (path: string) => lists[path] ?? assert.fail(path) } as OktaApi

  test('is read from active policies and providers', async () => {
    const use = await readPhoneUse(async (_scope, read) => ({ kind: 'read', value: await read(api) }))
    assert.ok(use.enrolment.kind === 'read')
    assert.deepEqual(
      use.enrolment.value.map(({ name, letsEnrolPhone }) => `${name}: ${letsEnrolPhone}`),
      [
        'of Identity Engine: true',
        'of Classic: true',
        'not allowed: false',
        'not listed: false',
        'without settings: false',
      ],
    )
    assert.deepEqual(use.signOn, { kind: 'read', value: { accepts: 'yes', policies: 2 } })
    assert.deepEqual(use.providers, { kind: 'read', value: [{ name: 'TWILIO', isPrimary: true }] })
  })

  test('reads each part with the scope of that part only', async () => {
    const scopes: string[] = []
    await readPhoneUse(async scope => {
      scopes.push(scope)
      return { kind: 'skipped', why: '' }
    })
    assert.deepEqual(scopes, [
      'okta.policies.read',
      'okta.policies.read',
      'okta.customTelephonyProvider.read',
    ])
  })
})
