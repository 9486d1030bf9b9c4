import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accepted, delivery } from '../../../test/contracts/stores.ts'
import {
  APP,
  factsOf,
  HOOK,
  linesOf,
  ORG,
  settingsWith,
  TOKENS,
  URL_OF_HOOK,
} from '../../../test/fixtures/doctor-facts.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import { eventTypes } from '../../okta/events.ts'
import { eventLimitCheck, eventsCheck } from './checks/events.ts'
import { defaultCountryCheck } from './checks/store.ts'
import { examine } from './examine.ts'
import type { FactValues } from './facts.ts'
import { ourHook } from './read-okta.ts'

const OTHER = {
  ...HOOK,
  id: 'calother',
  name: 'Other',
  clientId: 'else',
  uri: 'https://other.example/secret',
}
const settings = settingsWith()

function org(changed: Partial<typeof ORG> = {}, hook: typeof HOOK | undefined = HOOK) {
  return { settings, org: { org: { ...ORG, ...changed }, hook, url: URL_OF_HOOK } }
}
function tokens(changed: Partial<typeof ORG>) {
  return { tokens: { ...TOKENS, org: { ...ORG, ...changed } } }
}

describe("checks of the org's hook", () => {
  test('find nothing in one that is correct', () => {
    assert.deepEqual(linesOf({ ...org(), tokens: TOKENS }), [])
  })

  test('tell apart no hook, an inactive one, and another active one', () => {
    const without = { settings, org: { org: { ...ORG, hooks: [] }, hook: undefined, url: URL_OF_HOOK } }
    assert.match(linesOf(without)[0] ?? '', /hook active: The org has no telephony hook/)
    const off = { ...HOOK, isActive: false }
    assert.match(
      linesOf(org({ hooks: [off] }, off))[0] ?? '',
      /hook active: .*"Hookline telephony" is inactive/,
    )
    const [another] = linesOf(org({ hooks: [off, OTHER] }, off))
    assert.match(another ?? '', /"Other", which calls other\.example\. "Hookline telephony" is inactive/)
    assert.doesNotMatch(another ?? '', /secret/)
    const onlyOther = { settings, org: { org: { ...ORG, hooks: [OTHER] }, hook: undefined, url: undefined } }
    assert.match(linesOf(onlyOther)[0] ?? '', /Hookline has no hook in this org/)
  })

  test('compare its address only if that of the deployment is known', () => {
    const moved = { ...HOOK, uri: 'https://old.example/mfa' }
    assert.match(linesOf(org({}, moved))[0] ?? '', /hook address: .* calls https:\/\/old\.example\/mfa, but/)
    assert.deepEqual(linesOf({ settings, org: { org: ORG, hook: moved, url: undefined } }), [])
  })

  test('compare its client, scope, token address and key with those of the deployment', () => {
    for (const [changed, says] of [
      [{ clientId: 'x' }, /client ID x, but the deployment expects 0oatest/],
      [{ scope: 'x' }, /scope x, but the deployment expects telephony\.send/],
      [{ tokenUrl: 'https://x/token' }, /token address https:\/\/x\/token/],
      [{ hookKeyId: 'HKY9' }, /key of the hook \(HKY9\) is not in the org/],
      [{ authenticatesBy: 'HTTP' }, /authenticates by HTTP, but the deployment accepts an access token/],
    ] as const) {
      const [first = '', ...others] = linesOf(org({}, { ...HOOK, ...changed }))
      assert.match(first, says)
      assert.deepEqual(others, [])
    }
  })

  test('accept the secret header of the deployment, in any case', () => {
    const secrets = 'a secret of tests that is longer than 32 characters'
    const header = settingsWith({
      HOOKLINE_OKTA_ISSUER: undefined,
      HOOKLINE_SECRET_HEADER: 'X-Hookline-Secret',
      HOOKLINE_SECRETS: secrets,
    })
    const by = (secretHeader: string) =>
      linesOf({ ...org({}, { ...HOOK, authenticatesBy: 'HTTP', secretHeader }), settings: header })
    assert.deepEqual(by('x-hookline-secret'), [])
    assert.match(
      by('X-Other')[0] ?? '',
      /sends its secret in X-Other, but the deployment expects it in X-Hook/,
    )
  })
})

describe('the hook of this deployment', () => {
  test('is an active one of ours, else one at the address, never another one', () => {
    const off = { ...HOOK, id: 'off', isActive: false }
    assert.equal(ourHook({ hooks: [off, OTHER, HOOK] }, undefined, '0oatest')?.id, 'calour')
    assert.equal(ourHook({ hooks: [off, OTHER] }, URL_OF_HOOK, undefined)?.id, 'off')
    assert.equal(ourHook({ hooks: [OTHER] }, URL_OF_HOOK, '0oatest'), undefined)
    const hand = { ...HOOK, clientId: undefined, uri: 'https://x.example' }
    assert.equal(ourHook({ hooks: [hand] }, URL_OF_HOOK, undefined), undefined, 'undefined is not equal')
  })
})

describe('checks of the event hook', () => {
  const EVENT_HOOK = {
    id: 'who1',
    name: 'Hookline events',
    isActive: true,
    isVerified: true,
    uri: 'https://hook.example/v1/events/okta',
    eventTypes: [...eventTypes],
    isOurs: true,
    json: {},
  }
  const fact = (changed: Partial<typeof EVENT_HOOK>) =>
    linesOf({ eventHook: { hook: { ...EVENT_HOOK, ...changed }, url: EVENT_HOOK.uri, eventTypes: [] } })

  test('find nothing in one that is correct, and tell apart what keeps events away', () => {
    assert.deepEqual(fact({}), [])
    assert.match(fact({ isActive: false })[0] ?? '', /^warning event hook: .* is inactive: Okta sends it no/)
    assert.match(fact({ isVerified: false })[0] ?? '', /is not verified/)
    assert.match(fact({ uri: 'https://old.example/' })[0] ?? '', /calls https:\/\/hook\.example.* instead of/)
    assert.match(fact({ eventTypes: [] })[0] ?? '', /also sends user\.authentication\.auth_via_mfa/)
    const none = { hook: undefined, url: undefined, eventTypes: [] }
    assert.match(linesOf({ eventHook: none })[0] ?? '', /HOOKLINE_EVENT_SECRETS is set, but the org has no/)
  })

  const HOUR_MS = 3_600_000
  const sentAt = (openedAt: number, isAnswered: boolean) => ({
    ...delivery({ openedAt, end: accepted() }),
    progress: undefined,
    answered: isAnswered ? { at: openedAt + 1_000, afterMs: 1_000 } : undefined,
  })
  const judged = (log: object, deliveries: readonly ReturnType<typeof sentAt>[] = []) => {
    const eventLog = { answers: [], failures: [], eventsPerDay: 0, ...log }
    const policy = { deliveries, now: NOW } as unknown as FactValues['policy'] // they read nothing else
    const { findings } = examine([eventsCheck, eventLimitCheck], factsOf({ eventLog, policy }))
    return findings.map(({ severity, check, cause }) => `${severity} ${check}: ${cause}`)
  }

  test('say that Okta could not deliver events, or that they answer nothing', () => {
    const entered = [NOW - HOUR_MS, NOW - 2 * HOUR_MS]
    assert.deepEqual(judged({ answers: entered }, [sentAt(NOW - 2 * HOUR_MS - 9_000, true)]), [])
    assert.deepEqual(judged({ answers: entered }, []), [])
    assert.deepEqual(judged({ answers: [NOW - HOUR_MS] }, [sentAt(NOW - HOUR_MS, false)]), [], 'may be late')
    const [unanswered = ''] = judged({ answers: entered }, [sentAt(NOW - 2 * HOUR_MS - 9_000, false)])
    assert.match(
      unanswered,
      /^warning events: Okta's System Log shows 1 entered codes, but none of the 1 deliv/,
    )
    const failures = [
      { at: NOW, reason: 'it answered 401' },
      { at: NOW - 1, reason: undefined },
    ]
    assert.match(
      judged({ failures })[0] ?? '',
      /could not deliver events 2 times in the last 24 hours, last at 2026-03-01T12:00:00Z: it answered 401/,
    )
  })

  test("warn before Okta's limit of a day, and say when it is reached", () => {
    assert.deepEqual(judged({ eventsPerDay: 279_999 }), [])
    assert.match(judged({ eventsPerDay: 280_000 })[0] ?? '', /about 280,000 events a day\. Okta stops after/)
    assert.match(judged({ eventsPerDay: 400_000 })[0] ?? '', /codes that people enter after that are not rep/)
  })
})

describe('checks of access tokens', () => {
  test('name what is wrong with the service app', () => {
    for (const [changed, says] of [
      [{ isActive: false }, /is not active/],
      [{ needsDpop: true }, /requires DPoP/],
      [{ authMethod: 'client_secret_basic' }, /authenticates by client_secret_basic/],
      [{ grantTypes: ['authorization_code'] }, /does not have the grant type client_credentials/],
      [{ kids: ['other'] }, /signs with the key "a name" \(kid-1\), which is not among/],
    ] as const) {
      const [first = '', ...others] = linesOf(tokens({ apps: [{ ...APP, ...changed }] }))
      assert.match(first, says)
      assert.deepEqual(others, [])
    }
    assert.match(linesOf(tokens({ apps: [] }))[0] ?? '', /no service app with the client ID 0oatest/)
  })

  test('tell apart a missing scope, policy and rule, and one that is off', () => {
    const [policy] = ORG.policies
    assert.ok(policy)
    const [rule] = policy.rules
    assert.ok(rule)
    assert.match(linesOf(tokens({ scopes: [] }))[0] ?? '', /has no scope telephony\.send/)
    for (const [policies, says] of [
      [[], /No access policy of .* includes the client/],
      [[{ ...policy, clients: ['else'] }], /No access policy/],
      [[{ ...policy, isActive: false }], /The access policy "a name" .* is off/],
      [[{ ...policy, rules: [] }], /No active rule of the access policy/],
      [[{ ...policy, rules: [{ ...rule, isActive: false }] }], /No active rule/],
      [[{ ...policy, rules: [{ ...rule, scopes: ['else'] }] }], /No active rule/],
    ] as const)
      assert.match(linesOf(tokens({ policies }))[0] ?? '', says)
    const forAll = { ...policy, clients: ['ALL_CLIENTS'], rules: [{ ...rule, scopes: ['*'] }] }
    assert.deepEqual(linesOf(tokens({ policies: [forAll] })), [])
  })

  test('compare the token that the deployment verified with the settings', () => {
    const { issuer, audience, clientId, scope } = TOKENS
    const seen = { issuer, audience, clientId, scopes: ['openid', scope] }
    const linesWith = (changed: object) => linesOf({ tokens: TOKENS, claims: { ...seen, ...changed } })
    assert.deepEqual(linesWith({}), [])
    for (const [changed, says] of [
      [{ issuer: 'https://x' }, /issuer https:\/\/x, but the settings here say https:\/\/example/],
      [{ audience: 'api://x' }, /audience api:\/\/x, but the settings here say api:\/\/default/],
      [{ clientId: '0oax' }, /client ID 0oax, but the settings here say 0oatest/],
      [{ scopes: ['openid', 'x'] }, /scope openid x, but the settings here say telephony\.send/],
    ] as const) {
      const lines = linesWith(changed)
      assert.equal(lines.length, 1)
      assert.match(lines[0] ?? '', says)
    }
  })

  test('compare audience and issuer with the settings', () => {
    const { server } = ORG
    assert.ok(server)
    for (const [changed, says] of [
      [{ audience: 'api://x' }, /audience api:\/\/x, but the settings say api:\/\/default/],
      [{ issuer: 'https://x' }, /issuer https:\/\/x, but the settings say/],
      [{ isActive: false }, /"default" is not active/],
    ] as const) {
      const lines = linesOf(tokens({ server: { ...server, ...changed } }))
      assert.equal(lines.length, 1)
      assert.match(lines[0] ?? '', says)
    }
    assert.match(linesOf(tokens({ server: undefined }))[0] ?? '', /no authorization server for the issuer/)
  })
})

describe('the check of the phone authenticator', () => {
  const phone = (changed: object | undefined) =>
    linesOf(
      org({
        phone: changed && {
          id: 'aut1',
          name: 'Phone',
          allowedFor: 'any',
          settings: {},
          isActive: true,
          sms: true,
          voice: true,
          ...changed,
        },
      }),
    )

  test('reports an error if it or both methods are missing, and a warning if one is', () => {
    assert.match(phone(undefined)[0] ?? '', /^error .*has no phone authenticator/)
    assert.match(phone({ isActive: false })[0] ?? '', /^error .* is off: users cannot/)
    assert.deepEqual(
      phone({ sms: false, voice: false }).map(line => line.split(' ')[0]),
      ['error', 'error'],
    )
    assert.match(phone({ voice: false }).join(), /^warning .*The voice method .* get a call\.$/)
  })
})

describe('the check of the blocked answer', () => {
  const found = (answer: string, ownTelephony: 'sends' | 'none' | 'unknown') =>
    linesOf({ settings: settingsWith({ HOOKLINE_BLOCKED_ANSWER: answer }), ownTelephony })

  test('warns if Okta sends what was blocked', () => {
    for (const answer of ['error', 'failed'])
      assert.match(found(answer, 'sends')[0] ?? '', /^warning blocked answer: .*gets its code from Okta/)
    assert.deepEqual(found('silent', 'sends'), [])
  })

  test('warns if no code is sent and the user does not see it', () => {
    assert.match(found('silent', 'none')[0] ?? '', /^warning blocked answer: .*waits for a code/)
    assert.deepEqual(found('error', 'none'), [])
  })

  test('reports nothing if the log shows nothing', () => {
    for (const answer of ['silent', 'error', 'failed']) assert.deepEqual(found(answer, 'unknown'), [])
  })
})

describe('the check of the default country', () => {
  const policy = (defaultCountry: 'US' | undefined, codes: readonly string[]) =>
    ({
      policy: {
        rules: { defaultCountry },
        deliveries: codes.map(code => ({ end: { state: 'refused', code } })),
        policy: {
          routes: [{ country: '*', channel: 'sms', candidates: [{ identity: '+18665550100' }] }],
          templates: [{}],
        },
      },
    }) as unknown as Parameters<typeof defaultCountryCheck.judge>[0]

  test('warns of ambiguous numbers, and names the setting that resolves them', () => {
    const [fault, ...others] = defaultCountryCheck.judge(policy(undefined, ['NUMBER_AMBIGUOUS', 'NO_ROUTE']))
    assert.match(
      fault?.cause ?? '',
      /^Of the newest 2 deliveries, 1 was refused as NUMBER_AMBIGUOUS without a default/,
    )
    assert.match(fault?.remedy ?? defaultCountryCheck.remedy, /HOOKLINE_DEFAULT_COUNTRY/)
    assert.deepEqual(others, [])
    assert.match(defaultCountryCheck.judge(policy('US', ['NUMBER_AMBIGUOUS']))[0]?.remedy ?? '', /E\.164/)
    assert.deepEqual(defaultCountryCheck.judge(policy('US', ['NO_ROUTE'])), [])
  })

  test('says with --verbose how numbers without + are read', () => {
    assert.match(
      defaultCountryCheck.detail?.(policy(undefined, [])) ?? '',
      /HOOKLINE_DEFAULT_COUNTRY is not set: .*eleven digits/,
    )
    assert.match(defaultCountryCheck.detail?.(policy('US', [])) ?? '', /are read as numbers of US/)
  })
})
