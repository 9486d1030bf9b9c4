import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { defaultLimits } from '../limits.ts'
import { afterAnswer } from './credit.ts'
import { type CreditTerms, decide, groupKeysToDecide } from './decide.ts'
import { afterNotSent } from './not-sent.ts'
import {
  type GroupKey,
  type GroupRecord,
  newGroup,
  newOrg,
  newPhone,
  type Records,
  type UserRecord,
} from './records.ts'
import {
  changedRecords,
  changeRecords,
  groupKeysAfter,
  groupKeysOf,
  type OwnRecords,
  type RecordKey,
  readRecords,
  type StoredRecord,
} from './records-by-key.ts'
import { creditRules } from './rules.ts'
import type { RequestedCode, SentCode } from './verdict.ts'

const START = Date.UTC(2026, 5, 15)
const MINUTE = 60_000

const step = fc.record({
  gapMs: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1_000, max: 5 * MINUTE }) },
    { weight: 1, arbitrary: fc.integer({ min: MINUTE, max: 3_000 * MINUTE }) },
  ),
  person: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 40 })),
  block: fc.constantFrom('3361234', '3361239', '58412777'),
  network: fc.constantFrom('203.0.113', '198.51.100', '192.0.2', undefined),
  purpose: fc.constantFrom('pre-enrollment', 'mfa-verification', 'mfa-verification', 'password-reset'),
  expected: fc.constantFrom(0, 0, 3),
  what: fc.constantFrom('answered', 'ignored', 'ignored', 'ignored', 'not sent'),
} as const)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** An org's records, of which each change reads all that its code may be about, or only what the rule names. */
function orgThat(readsAll: boolean) {
  const records = new Map<RecordKey, StoredRecord>()
  const sentTo = new Map<string, readonly number[]>()
  const change = <T extends { readonly records: Records }>(
    code: RequestedCode,
    named: (own: OwnRecords) => readonly GroupKey[],
    work: (before: Records) => T,
  ): T => {
    const all = (own: OwnRecords) => [...groupKeysOf(code), ...own.phone.countedIn]
    const table = { get: (key: RecordKey) => records.get(key), set: records.set.bind(records) }
    return changeRecords(table, code, readsAll ? all : named, work)
  }
  const take = ({ expected, what, person, ...each }: Step, id: number, now: number) => {
    const terms: CreditTerms = { mode: 'enforce', overrides: { expected } }
    const number = `number ${each.block} ${person}`
    const code = {
      ...each,
      id: `code ${id}`,
      number,
      user: `user ${person}`,
      country: each.block.slice(0, 2),
    }
    const history = { number: sentTo.get(number) ?? [], user: [], 'number-and-channel': [] }
    const decision = change(
      code,
      own => groupKeysToDecide(code, own, terms, now),
      before => decide(code, before, terms, { limits: defaultLimits, history }, now),
    )
    if (decision.kind !== 'send') return decision
    if (what !== 'not sent') sentTo.set(number, [...history.number, now])
    if (what === 'ignored') return decision
    const sent: SentCode = { ...code, at: now, purse: decision.purse }
    const times = { heardAt: now + 2_000, answeredAt: now + 1_000 }
    change(
      code,
      ({ phone }) => groupKeysAfter(sent, phone),
      before => ({
        records:
          what === 'answered' ? afterAnswer(sent, before, creditRules, times) : afterNotSent(sent, before),
      }),
    )
    return decision
  }
  return { records, take }
}

describe('the groups that the rule names', () => {
  it('are all that it reads and changes', () => {
    const kinds = new Set<string>()
    fc.assert(
      fc.property(fc.array(step, { minLength: 60, maxLength: 200, size: 'max' }), steps => {
        const [whole, named] = [orgThat(true), orgThat(false)]
        let now = START
        for (const [index, each] of steps.entries()) {
          now += each.gapMs
          const { records: _, ...expected } = whole.take(each, index, now)
          const { records: __, ...decision } = named.take(each, index, now)
          assert.deepEqual(decision, expected, `code ${index}`)
          kinds.add(expected.kind === 'held' ? expected.hold.reason : expected.kind)
        }
        assert.deepEqual(named.records, whole.records)
      }),
      { numRuns: 60, seed: 1 },
    )
    for (const kind of ['send', 'FRAUD_BLOCK', 'NUMBER_STRANGE_NETWORK', 'NUMBER_SILENT', 'NUMBER_UNPROVEN'])
      assert.ok(kinds.has(kind), `No request was decided like this: ${kind}. There were ${[...kinds].join()}`)
  })
})

describe('the records while the hash key is rotated', () => {
  const code: RequestedCode = {
    ...{ id: 'a', number: 'new number', user: 'new user', block: '3361234', country: 'FR' },
    ...{ network: '203.0.113', purpose: 'mfa-verification' },
    other: { number: 'old number', user: 'old user' },
  }
  const user = (numbers: UserRecord['numbers']): UserRecord => ({ isKnown: false, numbers })
  const house = (phones: readonly string[]): GroupRecord => ({ ...newGroup, phones })
  const readFrom = (stored: Readonly<Record<string, StoredRecord>>) => readRecords(code, key => stored[key])

  it('are those under the other key where there is none under the own one', () => {
    const old = { ...newPhone, answers: 3 }
    const own = { ...newPhone, answers: 1 }
    assert.equal(readFrom({ 'phone#old number': old }).phone.answers, 3)
    assert.equal(readFrom({ 'phone#old number': old, 'phone#new number': own }).phone.answers, 1)
    assert.equal(readFrom({ 'user#old user': { isKnown: true, numbers: {} } }).user.isKnown, true)
  })

  it('name the number by the own key alone, once, with the time of the later request', () => {
    const numbersOf = (numbers: UserRecord['numbers']) =>
      readFrom({ 'user#old user': user(numbers) }).user.numbers
    assert.deepEqual(numbersOf({ 'old number': 7, another: 5 }), { 'new number': 7, another: 5 })
    assert.deepEqual(numbersOf({ 'old number': 7, 'new number': 9 }), { 'new number': 9 })
    assert.deepEqual(numbersOf({ another: 5 }), { another: 5 })
    const phonesOf = (phones: readonly string[]) =>
      readFrom({ 'group#ip:203.0.113': house(phones) }).groups['ip:203.0.113']?.phones
    assert.deepEqual(phonesOf(['another', 'old number']), ['another', 'new number'])
    assert.deepEqual(phonesOf(['old number', 'new number']), ['new number'])
    assert.deepEqual(phonesOf(['another']), ['another'])
  })

  it('are stored under the own key by the next change, and what did not change is not', () => {
    const before = readFrom({ 'phone#old number': { ...newPhone, answers: 3 }, org: newOrg })
    const keys = (isStored: boolean) =>
      changedRecords(code, before, before, () => isStored).map(([key]) => key)
    assert.deepEqual(keys(false), ['phone#new number'])
    assert.deepEqual(keys(true), [])
    const groups = { ...before.groups, 'country:FR': newGroup } as const
    const changed = changedRecords(code, before, { ...before, groups }, () => true)
    assert.deepEqual(changed, [['group#country:FR', newGroup]])
  })
})
