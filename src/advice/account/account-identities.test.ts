import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accountOf, numberOf, poolOf, senderIdOf } from '../../../test/fixtures/account.ts'
import { findIdentity } from './account-identities.ts'

describe('an identity of a route, looked up in the account', () => {
  const number = numberOf('+12065550100')
  const short = numberOf('+12345', { type: 'SHORT_CODE' })
  const pool = poolOf('pool-a1', [number])
  const account = accountOf({
    numbers: [number, short],
    pools: [pool],
    senderIds: [senderIdOf('ACME', 'GB'), senderIdOf('ACME', 'DE'), senderIdOf('OTHER', 'DE')],
    notifyConfigurations: [
      { id: 'notify-a1', arn: 'arn:notify', status: 'ACTIVE', countries: [], channels: ['sms'] },
    ],
  })

  test('a number is found by its value, its ID and its ARN', () => {
    for (const identity of ['+12065550100', number.id, number.arn])
      assert.deepEqual(findIdentity(identity, account), { kind: 'number', number })
  })

  test('a short code is found with and without +', () => {
    assert.deepEqual(findIdentity('12345', account), { kind: 'number', number: short })
  })

  test('a pool and a notify configuration are found by ID and ARN', () => {
    for (const identity of [pool.id, pool.arn]) assert.equal(findIdentity(identity, account)?.kind, 'pool')
    for (const identity of ['notify-a1', 'arn:notify'])
      assert.equal(findIdentity(identity, account)?.kind, 'notify configuration')
  })

  test('a sender ID is found with each of its countries; by its ARN with one', () => {
    const all = findIdentity('ACME', account)
    assert.deepEqual(all?.kind === 'sender ID' && all.entries.map(({ country }) => country), ['GB', 'DE'])
    const one = findIdentity(senderIdOf('ACME', 'DE').arn, account)
    assert.deepEqual(one?.kind === 'sender ID' && one.entries.map(({ country }) => country), ['DE'])
  })

  test('what is only alike is not found', () => {
    for (const identity of ['+1206555010', 'acme', 'pool-a', 'phone-', ''])
      assert.equal(findIdentity(identity, account), undefined)
  })
})
