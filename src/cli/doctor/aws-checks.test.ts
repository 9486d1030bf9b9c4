import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accountOf, numberOf } from '../../../test/fixtures/account.ts'
import { linesOf } from '../../../test/fixtures/doctor-facts.ts'
import { allShippedTexts, NOW, planRules } from '../../../test/fixtures/planning.ts'
import { defaultFraudPolicy } from '../../core/policy/fraud-policy.ts'
import { defaultLimits } from '../../core/policy/limits.ts'
import type { StoredPolicy } from '../../core/policy/policy.ts'
import type { Route } from '../../core/policy/route.ts'
import { defaultRoutingPolicy } from '../../core/policy/routing-policy.ts'

const NUMBER = '+12065550100'
const US: readonly Route[] = [
  { country: 'US', channel: 'sms', candidates: [{ identity: NUMBER }] },
  { country: 'US', channel: 'voice', candidates: [{ identity: NUMBER }] },
]

function policy(changed: Partial<StoredPolicy> = {}) {
  const stored = {
    version: 7,
    templates: allShippedTexts,
    routes: US,
    limits: defaultLimits,
    fraud: defaultFraudPolicy,
    routing: defaultRoutingPolicy,
    ...changed,
  }
  return { policy: { policy: stored, rules: planRules, deliveries: [], where: 'The folder data', now: NOW } }
}

describe('checks of the account', () => {
  test('the sandbox is an error, and an unknown tier a warning', () => {
    const tier = (isInSandbox: boolean | undefined) =>
      linesOf({ tier: { region: 'us-east-1', isInSandbox } }).join()
    assert.equal(tier(false), '')
    assert.match(tier(true), /^error account tier: The account is in the sandbox in us-east-1/)
    assert.match(tier(undefined), /^warning account tier: AWS does not report/)
  })

  test('a spend limit of zero is an error, of one dollar a warning, and above that fine', () => {
    const limit = (dollars: number) =>
      linesOf({ spendLimits: [{ channel: 'voice', limit: dollars, max: 100 }] }).join()
    assert.match(limit(0), /^error spend limits: .*voice is \$0 .*nothing is sent\.$/)
    assert.match(limit(1), /^warning spend limits: .* \$1 \(at most \$100/)
    assert.equal(limit(1.01), '')
  })

  test('a region without AWS End User Messaging is an error', () => {
    const region = (hasMessaging: boolean) => linesOf({ region: { name: 'eu-west-9', hasMessaging } }).join()
    assert.match(region(false), /^error region: .*not available in eu-west-9/)
    assert.equal(region(true), '')
  })

  test('a configuration set must exist, with an enabled destination that gets events', () => {
    const on = { name: 'sns', isEnabled: true, events: ['TEXT_ALL'] }
    const set = (exists: boolean, destinations: readonly (typeof on)[]) =>
      linesOf({ configurationSet: { name: 'codes', exists, destinations } }).join()
    assert.equal(set(true, [on]), '')
    assert.match(set(false, []), /^error configuration set: AWS has no configuration set codes/)
    assert.match(set(true, []), /^warning .*has no event destination: it is not known/)
    assert.match(set(true, [{ ...on, isEnabled: false }]), /^warning .*no enabled event destination/)
    assert.match(set(true, [{ ...on, events: [] }]), /^warning/)
    assert.equal(set(true, [{ ...on, isEnabled: false }, on]), '')
  })

  test('a function that runs other code than was deployed is an error; a missing archive is a warning', () => {
    const code = (runs: string | undefined, put: string | undefined) =>
      linesOf({ functionCode: [{ name: 'hookline-hook', runs, put }] }).join()
    assert.equal(code('sum', 'sum'), '')
    assert.match(
      code('other', 'sum'),
      /^error code: The function hookline-hook runs other code \(SHA-256 other\)/,
    )
    assert.match(code(undefined, 'sum'), /^error code: The function hookline-hook no longer exists\.$/)
    assert.match(code('sum', undefined), /^warning code: The archive .* is no longer in the code bucket/)
  })

  test('ranges of Okta that the firewall does not have are a warning', () => {
    const missing = (...ranges: readonly string[]) => linesOf({ oktaAddresses: { missing: ranges } }).join()
    assert.equal(missing(), '')
    assert.match(
      missing('192.0.2.0/24'),
      /^warning okta addresses: Okta publishes a range .* 192\.0\.2\.0\/24/,
    )
    assert.match(missing('192.0.2.0/24', '198.51.100.0/24'), /publishes 2 ranges/)
  })

  test('a protect configuration that blocks what routes serve is an error, one that allows more a warning', () => {
    const none = {
      channel: 'sms',
      hasDefaultRoute: false,
      served: ['US'],
      block: [],
      allow: [],
      stillBlocked: [],
      watch: [],
    } as const
    const protect = (changed: object) =>
      linesOf({ protect: { id: 'protect-1', differences: [{ ...none, ...changed }] } })
    assert.deepEqual(protect({}), [])
    assert.match(protect({ allow: ['US'] }).join(), /^error protect: protect-1 blocks sms to US, which/)
    assert.match(
      protect({ block: ['KP'] }).join(),
      /^warning protect: protect-1 allows sms to 1 country that/,
    )
  })

  test('each problem of the identities is reported once, with its places; tier and limits are not repeated', () => {
    const account = accountOf({
      numbers: [numberOf(NUMBER, { channels: ['sms'] })],
      isInSandbox: true,
      spendLimits: [{ channel: 'sms', limit: 0 }],
    })
    const accounts = new Map([['us-east-1', account]])
    const checked = { routes: US, accounts, homeRegion: 'us-east-1', deliveries: [], now: NOW }
    assert.deepEqual(linesOf({ identities: checked }), [
      `error identities: US voice: ${NUMBER} cannot call; it can text.`,
    ])
    const gone = { ...checked, accounts: new Map([['us-east-1', accountOf()]]) }
    assert.deepEqual(linesOf({ identities: gone }), [
      `error identities: US sms, US voice: The account has no phone number ${NUMBER} in us-east-1.`,
    ])
  })
})

describe('checks of the policy', () => {
  test('find nothing with the shipped templates and a route', () => {
    assert.deepEqual(linesOf(policy()), [])
  })

  test('no templates is an error of the store, and of every language', () => {
    const lines = linesOf(policy({ templates: [] }))
    assert.match(lines[0] ?? '', /^error store: The folder data has no templates \(policy version 7\)/)
    assert.ok(lines.some(line => /^error templates: .* over voice: refused/.test(line)))
  })

  test('no routes, and a route that cannot send, are errors; a country that is only texted is a choice', () => {
    assert.match(linesOf(policy({ routes: [] })).join(), /^error routes: There are no routes/)
    const calls: Route = { country: 'GB', channel: 'voice', candidates: [{ identity: 'HOOKLINE' }] }
    assert.match(
      linesOf(policy({ routes: [calls] })).join(),
      /^error routes: GB over voice: the route has only/,
    )
    assert.deepEqual(linesOf(policy({ routes: US.slice(0, 1) })), [])
  })
})
