import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accountOf, numberOf, senderIdOf } from '../../../test/fixtures/account.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import type { AttemptRecord, Delivery } from '../delivery.ts'
import type { Route } from '../route.ts'
import type { AccountIdentities } from './account-identities.ts'
import { type Checked, checkIdentities } from './check-identities.ts'

const US: Route = { country: 'US', channel: 'sms', rungs: [{ identity: '+12065550100' }] }
const FINE = accountOf({ numbers: [numberOf('+12065550100')] })

function check(changed: Partial<Checked> & { readonly account?: AccountIdentities } = {}) {
  const { account = FINE, ...rest } = changed
  return checkIdentities({
    routes: [US],
    accounts: new Map([[account.region, account]]),
    homeRegion: 'us-east-1',
    deliveries: [],
    now: NOW,
    ...rest,
  })
}

function names(findings: ReturnType<typeof check>): readonly string[] {
  return findings.map(({ severity, name }) => `${severity} ${name}`)
}

describe('the identities of the routes', () => {
  test('are all right', () => {
    assert.deepEqual(check(), [])
  })

  test('a finding names its place, what is so, and what to do', () => {
    const [finding] = check({ account: accountOf() })
    assert.deepEqual(finding, {
      name: 'missing',
      severity: 'error',
      sentence: 'The account has no phone number +12065550100 in us-east-1.',
      remedy:
        'Put another identity in its place (hookline identities import), or request one in AWS End User Messaging. If it is in another region, name that in the route ("region").',
      region: 'us-east-1',
      country: 'US',
      channel: 'sms',
      identity: '+12065550100',
    })
  })

  test('errors come before warnings', () => {
    const routes: readonly Route[] = [
      { ...US, country: 'GB' },
      { ...US, rungs: [{ identity: 'pool-gone' }] },
    ]
    assert.deepEqual(names(check({ routes })), ['error missing', 'warning wrong country'])
  })

  test('a rung is looked up in its own region', () => {
    const other = accountOf({ region: 'eu-west-1', senderIds: [senderIdOf('ACME', 'GB')] })
    const routes: readonly Route[] = [
      { country: 'GB', channel: 'sms', rungs: [{ identity: 'ACME', region: 'eu-west-1' }] },
    ]
    const accounts = new Map([FINE, other].map(account => [account.region, account]))
    assert.deepEqual(check({ routes, accounts }), [])
    const [here] = check({
      routes: [{ country: 'GB', channel: 'sms', rungs: [{ identity: 'ACME' }] }],
      accounts,
    })
    assert.match(here?.sentence ?? '', /^The account has no sender ID ACME in us-east-1\.$/)
  })

  test('an ARN of another region is told from one that is gone', () => {
    const identity = 'arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-a1'
    const [finding] = check({ routes: [{ ...US, rungs: [{ identity }] }] })
    assert.match(finding?.sentence ?? '', /is of eu-west-1, and its route sends in us-east-1/)
    assert.match(finding?.remedy ?? '', /"region": "eu-west-1"/)
  })

  test('what was not read is never called missing', () => {
    const routes: readonly Route[] = [{ ...US, rungs: [{ identity: 'notify-a1' }] }]
    assert.throws(
      () => check({ routes, account: accountOf({ notifyConfigurations: undefined }) }),
      /was not read/,
    )
    assert.throws(
      () => check({ routes: [{ ...US, rungs: [{ identity: '1234', region: 'eu-west-1' }] }] }),
      /eu-west-1/,
    )
  })
})

describe('the account itself', () => {
  test('the sandbox is a warning, where a route uses the region', () => {
    const account = { ...FINE, isInSandbox: true }
    assert.deepEqual(names(check({ account })), ['warning sandbox'])
    assert.deepEqual(check({ account, routes: [] }), [])
    assert.deepEqual(check({ account: { ...FINE, isInSandbox: undefined } }), [])
  })

  test('a spend limit of nothing is an error, for the channels in use', () => {
    const limits = [
      { channel: 'sms', limit: 0 },
      { channel: 'voice', limit: 0 },
    ] as const
    const found = check({ account: { ...FINE, spendLimits: limits } })
    assert.deepEqual([names(found), found[0]?.channel], [['error monthly limit'], 'sms'])
    assert.deepEqual(check({ account: { ...FINE, spendLimits: [{ channel: 'sms', limit: 1 }] } }), [])
  })
})

describe('the monthly limit, as far as our own deliveries tell', () => {
  const REACHED = 'ServiceQuotaExceededException MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT'
  const delivery = (
    openedAt: number,
    attempts: readonly Partial<AttemptRecord>[],
    channel = 'sms',
  ): Delivery =>
    ({
      openedAt,
      channel,
      end: {
        state: 'failed',
        attempts: attempts.map(attempt => ({ identity: '+12065550100', result: 'failure', ...attempt })),
      },
    }) as unknown as Delivery
  const refused = { detail: REACHED }
  const accepted = { result: 'accepted', detail: undefined } as const

  test('is reached when the last attempt of the month was refused for it', () => {
    const found = check({ deliveries: [delivery(NOW - 1000, [accepted]), delivery(NOW, [refused])] })
    assert.deepEqual(names(found), ['error monthly limit'])
  })

  test('is not when something was accepted since', () => {
    assert.deepEqual(check({ deliveries: [delivery(NOW - 1000, [refused]), delivery(NOW, [accepted])] }), [])
  })

  test('is not for another reason, channel, identity, or in another month', () => {
    const month = Date.UTC(2026, 2, 1)
    const now = month + 1000
    const others = [
      delivery(now, [{ detail: 'ThrottlingException' }]),
      delivery(now, [refused], 'voice'),
      delivery(now, [{ ...refused, identity: 'pool-a1' }]),
      delivery(month - 1, [refused]),
      { ...delivery(now, []), end: { state: 'sending' } } as const,
    ]
    assert.deepEqual(check({ deliveries: others, now }), [])
    assert.deepEqual(names(check({ deliveries: [delivery(month, [refused])], now })), ['error monthly limit'])
  })
})
