import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accountOf, numberOf, poolOf, rcsAgentOf, senderIdOf } from '../../../test/fixtures/account.ts'
import type { Candidate, Route } from '../../core/policy/route.ts'
import type { AccountIdentities } from './account-identities.ts'
import { checkIdentities } from './check-identities.ts'
import { type ProposedRoute, proposeRoutes } from './propose-routes.ts'

const HOME = 'us-east-1'

function propose(account: AccountIdentities | readonly AccountIdentities[], today: readonly Route[] = []) {
  return proposeRoutes({ home: HOME, regions: [account].flat() }, today)
}

/** `US sms new: +1…, 12345` */
function sentencesOf(routes: readonly ProposedRoute[]): readonly string[] {
  return routes.map(
    ({ country, channel, change, after }) =>
      `${country} ${channel} ${change}: ${identities(after).join(', ')}`,
  )
}

function identities(candidates: readonly Candidate[]): readonly string[] {
  return candidates.map(({ identity, region }) =>
    region === undefined ? identity : `${identity} in ${region}`,
  )
}

function route(country: Route['country'], ...ids: readonly string[]): Route {
  return { country, channel: 'sms', candidates: ids.map(identity => ({ identity })) }
}

const long = numberOf('+12065550101')
const registered = numberOf('+12065550102', { type: 'TEN_DLC' })
const tollFree = numberOf('+18665550100', { type: 'TOLL_FREE' })
const short = numberOf('12345', { type: 'SHORT_CODE', channels: ['sms'] })

describe('proposed routes', () => {
  test('the best comes first: short code, registered, long code, toll-free; calls from what can call', () => {
    const { routes, leftOut } = propose(accountOf({ numbers: [tollFree, long, short, registered] }))
    assert.deepEqual(sentencesOf(routes), [
      'US sms new: 12345, +12065550102, +12065550101, +18665550100',
      'US voice new: +12065550102, +12065550101, +18665550100',
    ])
    assert.deepEqual(leftOut, [])
  })

  test('a registered long code comes before one that is not; equals by their number', () => {
    const numbers = [
      numberOf('+447700900103', { country: 'GB', channels: ['sms'] }),
      numberOf('+447700900102', { country: 'GB', channels: ['sms'] }),
      numberOf('+447700900104', { country: 'GB', channels: ['sms'], registrationId: 'registration-1' }),
    ]
    assert.deepEqual(sentencesOf(propose(accountOf({ numbers })).routes), [
      'GB sms new: +447700900104, +447700900102, +447700900103',
    ])
  })

  test('an RCS agent is used through a pool that has numbers too, and never alone', () => {
    const agent = rcsAgentOf('rcs-a1', ['US', 'CA'])
    const member = { id: agent.id, arn: agent.arn, country: undefined, channels: ['sms'] } as const
    const pool = poolOf('pool-a1', [registered])
    const numbers = [registered]
    const together = { numbers, rcsAgents: [agent], pools: [{ ...pool, members: [...pool.members, member] }] }
    const { routes, leftOut } = propose(accountOf(together))
    assert.deepEqual(sentencesOf(routes), [
      'US sms new: pool-a1, +12065550102',
      'US voice new: pool-a1, +12065550102',
    ])
    assert.deepEqual(leftOut, [])
    for (const pools of [[], [{ ...pool, members: [member] }]]) {
      const alone = propose(accountOf({ rcsAgents: [agent], pools }))
      assert.deepEqual(alone.routes, [])
      assert.deepEqual(
        alone.leftOut.map(({ identity }) => identity),
        [...pools.map(({ id }) => id), 'rcs-a1'],
      )
      for (const { why } of alone.leftOut) assert.match(why, /reaches only phones with RCS/)
    }
  })

  test('an RCS agent of a route stays in it', () => {
    const agent = rcsAgentOf('rcs-a1', ['US'])
    const account = accountOf({ rcsAgents: [agent], numbers: [long] })
    const { routes } = propose(account, [route('US', agent.arn)])
    assert.equal(routes[0]?.missing.length, 0)
    assert.ok(routes[0]?.after.some(({ identity }) => identity === agent.arn))
  })

  test('a pool goes right before the best of its members, and says why', () => {
    const account = accountOf({
      numbers: [tollFree, registered, short],
      pools: [poolOf('pool-a1', [tollFree, registered])],
      senderIds: [senderIdOf('ACME', 'GB')],
    })
    const { routes } = propose(account)
    assert.deepEqual(sentencesOf(routes), [
      'GB sms new: ACME',
      'US sms new: 12345, pool-a1, +12065550102, +18665550100',
      'US voice new: pool-a1, +12065550102, +18665550100',
    ])
    assert.match(routes[1]?.notes.join() ?? '', /^A pool comes before its own members, because AWS picks one/)
    assert.deepEqual(routes[0]?.notes, [])
  })

  test('a pool serves the countries and channels of its members, and no other', () => {
    const gb = numberOf('+447700900100', { country: 'GB', channels: ['sms'] })
    const idle = numberOf('+33639980100', { country: 'FR', status: 'PENDING' })
    const account = accountOf({ numbers: [gb, idle], pools: [poolOf('pool-a1', [gb, idle])] })
    assert.deepEqual(sentencesOf(propose(account).routes), ['GB sms new: pool-a1, +447700900100'])
  })

  test('what cannot send is left out, with the reason', () => {
    const { routes, leftOut } = propose(
      accountOf({
        numbers: [
          numberOf('+12065550103', { status: 'PENDING', registrationId: 'registration-1' }),
          numberOf('+12065550104', { channels: [] }),
          numberOf('+12065550105', { type: 'SIMULATOR' }),
          numberOf('+99912345678', { country: 'XX' }),
          numberOf('+447700900100', { country: 'GB', messageType: 'PROMOTIONAL' }),
        ],
        pools: [poolOf('pool-empty', [])],
        senderIds: [senderIdOf('ACME', 'US')],
      }),
    )
    assert.deepEqual(sentencesOf(routes), ['GB voice new: +447700900100'])
    const reasons = new Map(leftOut.map(({ identity, why }) => [identity, why]))
    assert.match(reasons.get('+12065550103') ?? '', /^The registration of .* is pending/)
    assert.equal(reasons.get('+12065550104'), '+12065550104 can neither text nor call.')
    assert.match(reasons.get('+12065550105') ?? '', /simulator number/)
    assert.match(reasons.get('+99912345678') ?? '', /does not know the country/)
    assert.match(reasons.get('+447700900100') ?? '', /not for transactional/)
    assert.match(reasons.get('pool-empty') ?? '', /no member that can text or call/)
    assert.match(reasons.get('ACME') ?? '', /US does not support sender IDs/)
  })

  test("the deployment's region comes first and is not named; others are", () => {
    const abroad = accountOf({ region: 'eu-west-1', numbers: [{ ...short, arn: 'arn:other' }] })
    assert.deepEqual(sentencesOf(propose([abroad, accountOf({ numbers: [tollFree] })]).routes), [
      'US sms new: +18665550100, 12345 in eu-west-1',
      'US voice new: +18665550100',
    ])
  })

  test("another account's identity goes by its ARN", () => {
    const shared = numberOf('+12065550100', { isShared: true })
    assert.deepEqual(propose(accountOf({ numbers: [shared] })).routes[0]?.after, [{ identity: shared.arn }])
  })

  test('a pace that AWS grants is kept for texts', () => {
    const fast = numberOf('+12065550100', { textsPerSecond: 25 })
    const [sms, voice] = propose(accountOf({ numbers: [fast] })).routes
    assert.deepEqual(sms?.after, [{ identity: '+12065550100', partsPerSecond: 25 }])
    assert.deepEqual(voice?.after, [{ identity: '+12065550100' }])
    const mad = numberOf('+12065550100', { textsPerSecond: 0 })
    assert.deepEqual(propose(accountOf({ numbers: [mad] })).routes[0]?.after, [{ identity: '+12065550100' }])
  })
})

describe("beside today's routes", () => {
  const account = accountOf({
    numbers: [
      { ...short, channels: ['sms'] },
      { ...tollFree, channels: ['sms'] },
    ],
  })

  test('a route with all of it is the same, in any order and spelling', () => {
    const today = route('US', tollFree.arn, '12345')
    const { routes } = propose(account, [today])
    assert.deepEqual(sentencesOf(routes), [`US sms same: ${tollFree.arn}, 12345`])
    assert.equal(routes[0]?.after, today.candidates)
  })

  test('what is new takes its place; the rest keeps its order and its parameters', () => {
    const today: Route = {
      ...route('US'),
      candidates: [{ identity: '+18665550100', maxPricePerPart: 0.1 }, { identity: 'pool-gone' }],
    }
    const [changed] = propose(account, [today]).routes
    assert.equal(changed?.change, 'changed')
    assert.deepEqual(changed?.after, [{ identity: '12345' }, ...today.candidates])
    assert.deepEqual(changed?.missing, ['pool-gone'])
  })

  test('what works goes before what is gone', () => {
    const only = accountOf({ numbers: [{ ...tollFree, channels: ['sms'] }] })
    assert.deepEqual(sentencesOf(propose(only, [route('US', 'pool-gone')]).routes), [
      'US sms changed: +18665550100, pool-gone',
    ])
  })

  test('a route of which nothing is in the account is gone, and kept', () => {
    const [gone] = propose(accountOf(), [route('FR', '+33639980100')]).routes
    assert.deepEqual(
      [gone?.change, identities(gone?.after ?? []), gone?.missing],
      ['gone', ['+33639980100'], ['+33639980100']],
    )
  })

  test('one that is only idle is not gone', () => {
    const idle = accountOf({ numbers: [numberOf('+33639980100', { country: 'FR', status: 'PENDING' })] })
    assert.deepEqual(sentencesOf(propose(idle, [route('FR', '+33639980100')]).routes), [
      'FR sms same: +33639980100',
    ])
  })

  test("a pool of today's stands for its members", () => {
    const pooled = accountOf({ numbers: [long], pools: [poolOf('pool-a1', [long])] })
    assert.deepEqual(sentencesOf(propose(pooled, [route('US', 'pool-a1')]).routes)[0], 'US sms same: pool-a1')
    assert.deepEqual(
      sentencesOf(propose(pooled, [route('US', '+12065550101')]).routes)[0],
      'US sms changed: pool-a1, +12065550101',
    )
  })

  test('the default route is never guessed, and comes last', () => {
    const { routes } = propose(account, [route('*', '+18665550100'), route('GB', '+18665550100')])
    assert.deepEqual(sentencesOf(routes), [
      'GB sms same: +18665550100',
      'US sms new: 12345, +18665550100',
      '* sms same: +18665550100',
    ])
    assert.match(routes[1]?.notes.join() ?? '', /US sms was served by the default route until now/)
    assert.equal(propose(account, [route('*', 'pool-gone')]).routes.at(-1)?.change, 'gone')
  })

  test('what was not read is neither missing nor gone', () => {
    const today: Route = {
      ...route('GB', 'notify-a1'),
      candidates: [{ identity: 'notify-a1' }, { identity: 'ACME', region: 'eu-west-1' }],
    }
    const [proposed] = propose(accountOf({ notifyConfigurations: undefined }), [today]).routes
    assert.deepEqual([proposed?.change, proposed?.missing], ['same', []])
  })

  test('applied once, everything is the same, nothing of today is lost, and no error is found', () => {
    const gb = numberOf('+447700900100', { country: 'GB' })
    const regions = [
      accountOf({
        numbers: [short, long, registered, tollFree, gb, numberOf('+12065550109', { status: 'PENDING' })],
        pools: [poolOf('pool-a1', [gb, long]), poolOf('pool-b2', [tollFree])],
        senderIds: [senderIdOf('ACME', 'GB'), senderIdOf('ACME', 'US')],
      }),
      accountOf({ region: 'eu-west-1', senderIds: [senderIdOf('ACME', 'DE')] }),
    ]
    const starts: readonly (readonly Route[])[] = [
      [],
      [route('US', '+12065550101', '12345')],
      [route('US', 'pool-b2'), route('GB', 'ACME', 'pool-a1')],
      [route('*', 'pool-a1'), route('DE', '+12065550102')],
    ]
    for (const today of starts) {
      const first = propose(regions, today).routes
      for (const { before, after } of first)
        for (const candidate of before) assert.ok(after.includes(candidate))
      const applied = first.map(({ country, channel, after: candidates }) => ({
        country,
        channel,
        candidates,
      }))
      const second = propose(regions, applied).routes
      assert.deepEqual([...new Set(second.map(({ change }) => change))], ['same'])
      const accounts = new Map(regions.map(account => [account.region, account]))
      const findings = checkIdentities({
        routes: applied,
        accounts,
        homeRegion: HOME,
        deliveries: [],
        now: 0,
      })
      assert.deepEqual(
        findings.filter(({ severity }) => severity === 'error'),
        [],
      )
    }
  })
})
