import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accountOf, numberOf, poolOf, senderIdOf } from '../../../test/fixtures/account.ts'
import type { AccountIdentities, AccountNumber, AccountPool, AccountSenderId } from './account-identities.ts'
import { findIdentity } from './account-identities.ts'
import type { Use } from './account-texts.ts'
import { judgeIdentity } from './judge-identity.ts'

/** `error inactive`, and so on. */
function flawsOf(identity: string, account: AccountIdentities, use: Partial<Use> = {}): readonly string[] {
  const found = findIdentity(identity, account)
  assert.ok(found, `${identity} is in the account`)
  return judgeIdentity(found, { country: 'US', channel: 'sms', ...use }, account).map(
    ({ severity, name }) => `${severity} ${name}`,
  )
}

describe('a number', () => {
  const cases: readonly (readonly [
    what: string,
    number: Partial<AccountNumber>,
    use: Partial<Use>,
    flaws: readonly string[],
  ])[] = [
    ['that is active and able', {}, {}, []],
    ['for calls, active and able', {}, { channel: 'voice' }, []],
    ['that is pending, without a registration', { status: 'PENDING' }, {}, ['error inactive']],
    [
      'that is pending, with a registration',
      { status: 'PENDING', registrationId: 'registration-1' },
      {},
      ['error pending registration'],
    ],
    [
      'that is being moved',
      { status: 'ASSOCIATING', registrationId: 'registration-1' },
      {},
      ['error inactive'],
    ],
    ['that was released', { status: 'DELETED' }, {}, ['error missing']],
    ['with a status that AWS may add', { status: 'RESTING' }, {}, ['error inactive']],
    ['that cannot call', { channels: ['sms'] }, { channel: 'voice' }, ['error no capability']],
    ['that cannot text', { channels: ['voice'] }, {}, ['error no capability']],
    ['that can neither', { channels: [] }, {}, ['error no capability']],
    ['for promotions', { messageType: 'PROMOTIONAL' }, {}, ['error not transactional']],
    ['for promotions, called from', { messageType: 'PROMOTIONAL' }, { channel: 'voice' }, []],
    ['of the simulator', { type: 'SIMULATOR' }, {}, ['error simulator']],
    ['of another country', {}, { country: 'GB' }, ['warning wrong country']],
    ['of another country that sends abroad', { sendsAbroad: true }, { country: 'GB' }, []],
    ['of another country, for calls', {}, { country: 'GB', channel: 'voice' }, []],
    ['as the default route', {}, { country: '*' }, ['warning wrong country']],
    ['as the default route, sending abroad', { sendsAbroad: true }, { country: '*' }, []],
    [
      'with several flaws',
      { status: 'PENDING', channels: ['voice'], messageType: 'PROMOTIONAL' },
      {},
      ['error inactive', 'error no capability', 'error not transactional'],
    ],
  ]
  for (const [what, changed, use, flaws] of cases) {
    test(`${what}: ${flaws.join(', ') || 'right'}`, () => {
      const account = accountOf({ numbers: [numberOf('+12065550100', changed)] })
      assert.deepEqual(flawsOf('+12065550100', account, use), flaws)
    })
  }
})

describe('a pool', () => {
  const us = numberOf('+12065550100')
  const idle = numberOf('+12065550101', { status: 'PENDING' })
  const gb = numberOf('+447700900100', { country: 'GB', channels: ['sms'] })
  const cases: readonly (readonly [
    what: string,
    members: readonly AccountNumber[],
    pool: Partial<AccountPool>,
    use: Partial<Use>,
    flaws: readonly string[],
  ])[] = [
    ['with an able member', [us, gb], {}, {}, []],
    ['that is being made', [us], { status: 'CREATING' }, {}, ['error inactive']],
    ['for promotions', [us], { messageType: 'PROMOTIONAL' }, {}, ['error not transactional']],
    ['without members', [], {}, {}, ['error no capability']],
    ['whose members cannot call', [gb], {}, { channel: 'voice', country: 'GB' }, ['error no capability']],
    ['with one of two members active', [us, idle], {}, {}, ['warning inactive']],
    ['with no active member', [idle], {}, {}, ['error inactive']],
    ['without a member of the country', [gb], {}, {}, ['warning wrong country']],
    ['without one, with shared routes', [gb], { hasSharedRoutes: true }, {}, ['warning wrong country']],
    [
      'with one that sends abroad',
      [numberOf('+447700900101', { country: 'GB', sendsAbroad: true })],
      {},
      {},
      [],
    ],
    ['of another country, for calls', [us], {}, { country: 'GB', channel: 'voice' }, []],
    [
      'of another country, for calls, with no active member',
      [idle],
      {},
      { country: 'GB', channel: 'voice' },
      ['error inactive'],
    ],
    ['as the default route', [us], {}, { country: '*' }, []],
    [
      'of sender IDs of another country',
      [],
      { members: [{ id: 'ACME', arn: 'arn:acme', country: 'GB', channels: ['sms'] }] },
      {},
      ['error wrong country'],
    ],
    [
      'with a member that another account owns',
      [],
      { members: [{ id: 'phone-x', arn: 'arn:x', country: 'US', channels: ['sms'] }] },
      {},
      [],
    ],
  ]
  for (const [what, members, changed, use, flaws] of cases) {
    test(`${what}: ${flaws.join(', ') || 'right'}`, () => {
      const account = accountOf({ numbers: members, pools: [poolOf('pool-a1', members, changed)] })
      assert.deepEqual(flawsOf('pool-a1', account, use), flaws)
    })
  }
})

describe('a sender ID', () => {
  const cases: readonly (readonly [
    what: string,
    entries: readonly AccountSenderId[],
    use: Partial<Use>,
    flaws: readonly string[],
  ])[] = [
    ['of the country', [senderIdOf('ACME', 'GB')], { country: 'GB' }, []],
    ['of another', [senderIdOf('ACME', 'DE')], { country: 'GB' }, ['error wrong country']],
    ['of both', [senderIdOf('ACME', 'DE'), senderIdOf('ACME', 'GB')], { country: 'GB' }, []],
    ['where there are none', [senderIdOf('ACME', 'US')], { country: 'US' }, ['error wrong country']],
    ['for calls', [senderIdOf('ACME', 'GB')], { country: 'GB', channel: 'voice' }, ['error no capability']],
    ['as the default route', [senderIdOf('ACME', 'GB')], { country: '*' }, ['warning wrong country']],
    [
      'for promotions only',
      [senderIdOf('ACME', 'GB', { messageTypes: ['PROMOTIONAL'] })],
      { country: 'GB' },
      ['error not transactional'],
    ],
    [
      'whose registration is under way',
      [senderIdOf('ACME', 'GB', { isRegistered: false, registrationId: 'registration-1' })],
      { country: 'GB' },
      ['error pending registration'],
    ],
    [
      'without a registration, where none is asked for',
      [senderIdOf('ACME', 'GB', { isRegistered: false })],
      { country: 'GB' },
      [],
    ],
    [
      'without a registration, in Singapore',
      [senderIdOf('ACME', 'SG', { isRegistered: false })],
      { country: 'SG' },
      ['warning pending registration'],
    ],
  ]
  for (const [what, senderIds, use, flaws] of cases) {
    test(`${what}: ${flaws.join(', ') || 'right'}`, () => {
      assert.deepEqual(flawsOf('ACME', accountOf({ senderIds }), use), flaws)
    })
  }
})

describe('a notify configuration', () => {
  const account = (changed: object) =>
    accountOf({
      notifyConfigurations: [
        {
          id: 'notify-a1',
          arn: 'arn:a1',
          status: 'ACTIVE',
          countries: ['US'],
          channels: ['sms'],
          ...changed,
        },
      ],
    })

  test('is right where it is enabled, and in every country when it names none', () => {
    assert.deepEqual(flawsOf('notify-a1', account({})), [])
    assert.deepEqual(flawsOf('notify-a1', account({ countries: [] }), { country: 'GB' }), [])
    assert.deepEqual(flawsOf('notify-a1', account({}), { country: '*' }), [])
  })

  test('is of no use when rejected, for another channel, or elsewhere', () => {
    assert.deepEqual(flawsOf('notify-a1', account({ status: 'REJECTED' })), ['error inactive'])
    assert.deepEqual(flawsOf('notify-a1', account({}), { channel: 'voice' }), ['error no capability'])
    assert.deepEqual(flawsOf('notify-a1', account({}), { country: 'GB' }), ['error wrong country'])
  })
})
