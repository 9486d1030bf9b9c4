import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accountOf, numberOf, poolOf, rcsAgentOf, senderIdOf } from '../../../test/fixtures/account.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import type { Route } from '../../core/policy/route.ts'
import type { AttemptRecord, Delivery } from '../../core/records/delivery.ts'
import type { AccountIdentities } from './account-identities.ts'
import { type Checked, checkIdentities, regionsOf } from './check-identities.ts'

const US: Route = { country: 'US', channel: 'sms', candidates: [{ identity: '+12065550100' }] }
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
        'Replace it with another identity (hookline routes import), or request one in AWS End User Messaging. If it is in another region, add that to the route ("region").',
      region: 'us-east-1',
      country: 'US',
      channel: 'sms',
      identity: '+12065550100',
    })
  })

  test('errors come before warnings', () => {
    const routes: readonly Route[] = [
      { ...US, country: 'GB' },
      { ...US, candidates: [{ identity: 'pool-gone' }] },
    ]
    assert.deepEqual(names(check({ routes })), ['error missing', 'warning wrong country'])
  })

  test('a candidate is looked up in its own region', () => {
    const other = accountOf({ region: 'eu-west-1', senderIds: [senderIdOf('ACME', 'GB')] })
    const routes: readonly Route[] = [
      { country: 'GB', channel: 'sms', candidates: [{ identity: 'ACME', region: 'eu-west-1' }] },
    ]
    const accounts = new Map([FINE, other].map(account => [account.region, account]))
    assert.deepEqual(check({ routes, accounts }), [])
    const [here] = check({
      routes: [{ country: 'GB', channel: 'sms', candidates: [{ identity: 'ACME' }] }],
      accounts,
    })
    assert.match(here?.sentence ?? '', /^The account has no sender ID ACME in us-east-1\.$/)
  })

  test('an ARN is looked for in its own region', () => {
    const identity = 'arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-a1'
    const routes: readonly Route[] = [{ ...US, candidates: [{ identity }] }]
    assert.deepEqual(regionsOf(routes, 'us-east-1'), ['us-east-1', 'eu-west-1'])
    const accounts = new Map(['us-east-1', 'eu-west-1'].map(region => [region, accountOf({ region })]))
    const [finding] = checkIdentities({ routes, accounts, homeRegion: 'us-east-1', deliveries: [], now: NOW })
    assert.match(finding?.sentence ?? '', /has no pool arn.* in eu-west-1/)
  })

  test("an ARN of another partition is not looked for: home's credentials are of no use there", () => {
    const identity = 'arn:aws-cn:sms-voice:cn-north-1:123456789012:pool/pool-a1'
    const routes: readonly Route[] = [{ ...US, candidates: [{ identity }] }]
    assert.deepEqual(regionsOf(routes, 'us-east-1'), ['us-east-1'])
    const [finding] = check({ routes })
    assert.deepEqual([finding?.name, finding?.severity], ['wrong region', 'error'])
    assert.match(finding?.sentence ?? '', /cannot be used from us-east-1: cn-north-1 is in partition aws-cn/)
  })

  test('what was not read is never called missing', () => {
    const routes: readonly Route[] = [{ ...US, candidates: [{ identity: 'notify-a1' }] }]
    assert.throws(
      () => check({ routes, account: accountOf({ notifyConfigurations: undefined }) }),
      /were not read/,
    )
    assert.throws(
      () => check({ routes: [{ ...US, candidates: [{ identity: '1234', region: 'eu-west-1' }] }] }),
      /eu-west-1/,
    )
  })
})

describe('an RCS agent of the routes', () => {
  const agent = rcsAgentOf('rcs-a1', ['US'])
  const routes: readonly Route[] = [{ ...US, candidates: [{ identity: 'rcs-a1' }] }]
  const checked = (changed: Partial<AccountIdentities>) => check({ routes, account: accountOf(changed) })

  test('is right by its ID and by its ARN, but for phones without RCS', () => {
    for (const identity of [agent.id, agent.arn]) {
      const found = check({
        routes: [{ ...US, candidates: [{ identity }] }],
        account: accountOf({ rcsAgents: [agent] }),
      })
      assert.deepEqual(names(found), ['warning no fall-back'])
    }
  })

  test('is missing, not active, not launched there, or unable to call', () => {
    assert.deepEqual(names(checked({})), ['error missing'])
    const withStatus = (status: string) => names(checked({ rcsAgents: [{ ...agent, status }] }))
    assert.deepEqual(withStatus('TESTING'), ['error inactive', 'warning no fall-back'])
    assert.deepEqual(withStatus('PARTIAL'), ['warning no fall-back'])
    const elsewhere = checked({ rcsAgents: [rcsAgentOf('rcs-a1', ['CA'])] })
    assert.deepEqual(names(elsewhere), ['error wrong country', 'warning no fall-back'])
    const calls = check({
      routes: [{ ...US, channel: 'voice', candidates: [{ identity: 'rcs-a1' }] }],
      account: accountOf({ rcsAgents: [agent] }),
    })
    assert.deepEqual(names(calls), ['error no capability'])
  })

  test('is not called missing where AWS does not let us read agents', () => {
    const [finding] = checked({ rcsAgents: undefined })
    assert.deepEqual([finding?.name, finding?.severity], ['missing', 'warning'])
    assert.match(finding?.remedy ?? '', /sms-voice:DescribeRcsAgents/)
  })

  test('in a pool falls back to the numbers of the same country, and a pool without any is warned of', () => {
    const number = numberOf('+12065550100')
    const member = { id: agent.id, arn: agent.arn, country: undefined, channels: ['sms'] } as const
    const inPool = (numbers: readonly (typeof number)[], countries: readonly string[]) => {
      const pool = poolOf('pool-a1', numbers)
      return names(
        check({
          routes: [{ ...US, candidates: [{ identity: 'pool-a1' }] }],
          account: accountOf({
            numbers,
            rcsAgents: [{ ...agent, countries }],
            pools: [{ ...pool, members: [...pool.members, member] }],
          }),
        }),
      )
    }
    assert.deepEqual(inPool([number], ['US']), [])
    assert.deepEqual(inPool([], ['US']), ['warning no fall-back'])
    assert.deepEqual(inPool([number], ['CA']), [])
    assert.deepEqual(inPool([{ ...number, country: 'GB' }], ['US']), ['warning no fall-back'])
    assert.deepEqual(inPool([], ['CA']), ['error wrong country'])
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
