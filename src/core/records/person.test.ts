import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newGroup, newUser } from '../policy/credit/records.ts'
import type { Override } from '../policy/fraud-policy.ts'
import {
  changeAbout,
  isOwnRecord,
  isUnderWay,
  overridesAbout,
  recordWithout,
  UNDER_WAY_MS,
  valueWithout,
  wholePerson,
} from './person.ts'

const NOW = Date.UTC(2026, 5, 15, 12)
const ada = { numberDigests: ['n-ada'], userDigests: ['u-ada', 'l-ada'] }
const one = (numberDigest: string, userDigest?: string, loginDigest?: string) => ({
  numberDigest,
  userDigest,
  loginDigest,
})

describe('a person', () => {
  it('has the numbers and users of the deliveries that nobody else has', () => {
    const known = [
      one('n1', 'u-ada', 'l-ada'),
      one('shared', 'u-ada', 'l-ada'),
      one('shared', 'u-bob', 'l-bob'),
    ]
    const expected = { numberDigests: ['n1'], userDigests: ['l-ada', 'u-ada'] }
    const byLogin = wholePerson({ numberDigests: [], userDigests: ['l-ada'] }, known)
    assert.deepEqual([...byLogin.numberDigests], expected.numberDigests)
    assert.deepEqual([...byLogin.userDigests].sort(), expected.userDigests)
    const byNumber = wholePerson({ numberDigests: ['n1'], userDigests: [] }, known)
    assert.deepEqual(
      byNumber,
      { numberDigests: ['n1'], userDigests: [] },
      'the user has another number as well',
    )
    const alone = wholePerson({ numberDigests: ['n1'], userDigests: [] }, known.slice(0, 1))
    assert.deepEqual([...alone.userDigests].sort(), expected.userDigests)
    assert.deepEqual(wholePerson(ada, []), ada)
  })

  it('has the records of the fraud rule about a number or a user of it, and those alone', () => {
    for (const key of ['phone#n-ada', 'user#u-ada', 'user#l-ada', 'user#n-ada'] as const)
      assert.equal(isOwnRecord(key, ada), true, key)
    for (const key of [
      'phone#n-ada2',
      'phone#',
      'user#u-bob',
      'country#n-ada',
      'group#ip:n-ada',
      'org',
    ] as const)
      assert.equal(isOwnRecord(key, ada), false, key)
  })

  it('has the overrides about exactly one of its numbers or users, by the digest of either key', () => {
    const terms = { what: 'deny', at: NOW, until: NOW + 1, author: 'ana', because: 'x' } as const
    const own: readonly Override[] = [
      { ...terms, whom: { kind: 'number', digest: 'n-ada', lastDigits: '40' } },
      { ...terms, whom: { kind: 'number', digest: 'n-new', otherDigest: 'n-ada', lastDigits: '40' } },
      { ...terms, whom: { kind: 'user', digests: ['u-old', 'l-ada'] } },
    ]
    const others: readonly Override[] = [
      { ...terms, whom: { kind: 'number', digest: 'n-bob', lastDigits: '40' } },
      { ...terms, whom: { kind: 'user', digests: ['u-bob', 'n-ada'] } },
      { ...terms, whom: { kind: 'country', country: 'FR' } },
    ]
    assert.deepEqual(overridesAbout([...others, ...own], ada), own)
  })

  it('is under way for two minutes after the request', () => {
    const sending = (openedAt: number) => isUnderWay({ openedAt, end: { state: 'sending' } }, NOW)
    assert.equal(sending(NOW), true)
    assert.equal(sending(NOW + 1), true, 'the clock of another process may be ahead')
    assert.equal(sending(NOW - UNDER_WAY_MS + 1), true)
    assert.equal(sending(NOW - UNDER_WAY_MS), false)
    const end = { state: 'refused', at: NOW, code: 'FRAUD_BLOCK', detail: '', attempts: [] } as const
    assert.equal(isUnderWay({ openedAt: NOW, end }, NOW), false)
  })
})

describe('what is kept about others, without the person', () => {
  it('is the record without its numbers, and the same object if there is none', () => {
    const numbers = { 'n-ada': NOW, 'n-bob': NOW }
    assert.deepEqual(recordWithout({ isKnown: true, numbers }, ada), {
      isKnown: true,
      numbers: { 'n-bob': NOW },
    })
    const house = { ...newGroup, phones: ['n-bob', 'n-ada'] }
    assert.deepEqual(recordWithout(house, ada), { ...newGroup, phones: ['n-bob'] })
    for (const other of [newUser, newGroup, { ...newGroup, phones: [] }, { ...newGroup, phones: ['n-bob'] }])
      assert.equal(recordWithout(other, ada), other)
  })

  it('is an entry of the log with "erased" in the place of digests and last digits, at any depth', () => {
    const whom = (digest: string) => ({ kind: 'number', digest, lastDigits: '40' })
    assert.deepEqual(
      valueWithout(
        [{ name: 'deny number n-ada', before: [whom('n-ada'), whom('n-bob')], after: null }],
        ['n-ada'],
      ),
      [
        {
          name: 'deny number erased',
          before: [{ kind: 'number', digest: 'erased', lastDigits: 'erased' }, whom('n-bob')],
          after: null,
        },
      ],
    )
    assert.equal(valueWithout(7, ['n-ada']), 7)
  })
})

describe('what the log of changes says about a person', () => {
  it('is those differences of an entry that name it', () => {
    const entry = {
      what: 'fraud',
      differences: [
        { name: 'deny n-bob' },
        { name: 'mode', before: 'observe' },
        { name: 'x', after: ['l-ada'] },
      ],
    }
    assert.deepEqual(changeAbout(entry, ada)?.differences, [{ name: 'x', after: ['l-ada'] }])
    assert.equal(changeAbout(entry, { numberDigests: ['n-cid'], userDigests: [] }), undefined)
  })
})
