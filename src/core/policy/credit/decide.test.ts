import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defaultLimits, type SendHistory } from '../limits.ts'
import { DAY_MS } from './counts.ts'
import { afterAnswer } from './credit.ts'
import { type CreditTerms, decide, groupKeysToDecide } from './decide.ts'
import { afterNotSent } from './not-sent.ts'
import { newOrg, type Records } from './records.ts'
import { changedRecords, type RecordKey, readRecords, type StoredRecord } from './records-by-key.ts'
import { creditRules } from './rules.ts'
import type { RequestedCode } from './verdict.ts'

const NOW = Date.UTC(2026, 5, 15, 12)
const none: SendHistory = { number: [], user: [], 'number-and-channel': [] }
const enforce: CreditTerms = { mode: 'enforce', overrides: { expected: 0 } }
const observe: CreditTerms = { mode: 'observe', overrides: { expected: 0 } }

/** A store of one org, whose answers are heard. */
function store() {
  const records = new Map<RecordKey, StoredRecord>()
  const read = (code: RequestedCode): Records => readRecords(code, key => records.get(key))
  const keep = (code: RequestedCode, after: Records): void => {
    for (const [key, record] of changedRecords(code, read(code), after, () => true))
      records.set(key, JSON.parse(JSON.stringify(record)) as StoredRecord)
  }
  const request = (code: RequestedCode, terms = enforce, at = NOW, history = none) => {
    const decision = decide(code, read(code), terms, { limits: defaultLimits, history }, at)
    keep(code, decision.records)
    return decision
  }
  const answered = (code: RequestedCode, at = NOW): void => {
    const decision = request(code, enforce, at)
    assert.ok(decision.kind === 'send')
    const sent = { ...code, at, purse: decision.purse }
    const times = { heardAt: at + 20_000, answeredAt: at + 15_000 }
    keep(code, afterAnswer(sent, read(code), creditRules, times))
  }
  answered(code('known', { purpose: 'mfa-verification', block: '1415555', country: 'US' }), NOW - DAY_MS)
  return { request, answered, read, keep, records }
}

function votesIn({ org, country }: Records): readonly string[] {
  return [...org.votes, ...country.votes].map(({ id }) => id)
}

function code(number: string, changed: Partial<RequestedCode> = {}): RequestedCode {
  return {
    id: `code-to-${number}`,
    number,
    block: '336123',
    user: `user-of-${number}`,
    purpose: 'pre-enrollment',
    country: 'FR',
    network: '203.0.113',
    ...changed,
  }
}

describe('a decision', () => {
  it('says that the rule is blind, once answers came and do not come any more', () => {
    const { request, records, read } = store()
    const late = { at: NOW - 60_000, delayMs: 1_800_000 }
    const first = code('1')
    assert.equal(request(first).isBlind, undefined)
    records.set('org', { ...read(first).org, delays: [late, late, late] })
    assert.equal(request(code('2')).isBlind, true)
    records.set('org', { ...read(first).org, answerHeardAt: undefined } as never)
    assert.equal(request(code('3')).isBlind, undefined)
  })

  it('to hold is made before the limits, and only observed in mode observe, with the same records', () => {
    const results = [enforce, observe].map(terms => {
      const { request, records } = store()
      for (let number = 0; number < 5; number += 1) request(code(`n${number}`))
      const decision = request(code('one-more'), terms)
      return { decision, records: Object.fromEntries(records) }
    })
    const [enforced, observed] = results
    assert.ok(enforced?.decision.kind === 'held' && observed?.decision.kind === 'send')
    assert.equal(enforced.decision.hold.reason, 'FRAUD_BLOCK')
    assert.deepEqual(observed.decision.hold, enforced.decision.hold)
    assert.deepEqual(observed.records, enforced.records)
  })

  it('not to send because of a limit spends no credit', () => {
    const { request, records } = store()
    const before = JSON.stringify([...records])
    const full = { ...none, user: Array<number>(5).fill(NOW) }
    assert.equal(request(code('n1'), enforce, NOW, full).kind, 'limited')
    assert.equal(JSON.stringify([...records]), before)
  })

  it('keeps the last two codes of each limit for networks where the phone answered', () => {
    const { request, answered } = store()
    answered(code('n1'), NOW - DAY_MS)
    const signIn = { purpose: 'mfa-verification' } as const
    const three = { ...none, number: Array<number>(3).fill(NOW - 500_000) }
    const strange = request(code('n1', { ...signIn, network: '198.51.100' }), enforce, NOW, three)
    assert.ok(strange.kind === 'limited' && strange.limit.kept === 2)
    assert.equal(request(code('n1', signIn), enforce, NOW, three).kind, 'send')
    // A phone that has no such network is not limited by it.
    assert.equal(request(code('n2', { ...signIn, network: '198.51.100' }), enforce, NOW, three).kind, 'send')
    // After a month the network is not known any more.
    const later = NOW + 30 * DAY_MS
    const late = { ...none, number: Array<number>(3).fill(later - 500_000) }
    assert.equal(request(code('n1', { ...signIn, network: '198.51.100' }), enforce, later, late).kind, 'send')
  })
})

describe('a code on a known network', () => {
  const signIn = code('n1', { purpose: 'mfa-verification', id: 'sign-in' })

  it('reads no group, and neither does one of an org that has never heard an answer', () => {
    const { answered, read } = store()
    answered(code('n1'), NOW - 2 * DAY_MS)
    const groupsOf = (changed: Partial<Records>, of = signIn) =>
      groupKeysToDecide(of, { ...read(of), ...changed }, enforce, NOW)
    const strange = { ...signIn, network: '198.51.100' }
    assert.deepEqual(groupsOf({}), [])
    assert.notDeepEqual(groupsOf({}, strange), [])
    assert.deepEqual(groupsOf({ org: newOrg }, strange), [])
  })

  it('is a vote of a phone that answers three of four; its answer counts for the org and for the country', () => {
    for (const [record, isVote] of [
      [[2, 1], true],
      [[3, 1], false],
    ] as const) {
      const { answered, read, keep, records, request } = store()
      answered(code('n1'), NOW - 2 * DAY_MS)
      records.set('phone#n1', { ...read(signIn).phone, record, votedAt: undefined } as never)
      request(signIn)
      const own = votesIn(read(signIn)).filter(id => id === 'sign-in')
      assert.equal(own.length, isVote ? 2 : 0, String(record))
      const times = { heardAt: NOW + 20_000, answeredAt: NOW + 15_000 }
      keep(signIn, afterAnswer({ ...signIn, at: NOW, purse: 'sign-in' }, read(signIn), creditRules, times))
      const { org, country } = read(signIn)
      assert.ok([...org.votes, ...country.votes].every(({ isAnswered }) => isAnswered))
    }
  })
})

describe('a code that provably was not sent', () => {
  it('leaves the records as if it had not been requested, for a new number', () => {
    const { request, read, keep } = store()
    const before = read(code('n1'))
    const decision = request(code('n1'))
    assert.ok(decision.kind === 'send')
    keep(code('n1'), afterNotSent({ ...code('n1'), at: NOW, purse: decision.purse }, read(code('n1'))))
    const { phone, country, org, groups } = read(code('n1'))
    assert.deepEqual([phone, org.votes], [before.phone, before.org.votes])
    // The pool of phones that fell silent counts the answer of another one.
    const sums = Object.entries(groups)
      .filter(([key]) => !key.startsWith('silent'))
      .map(([, { days, halfHours }]) => [days, halfHours].flatMap(Object.values))
    assert.deepEqual([...new Set(sums.flat(2))], [0])
    assert.deepEqual([Object.values(country.newNumbers), Object.values(org.enrolments)], [[0], [[0, 0]]])
  })

  it('is no silence of a phone, and no vote', () => {
    const { request, read, keep, answered } = store()
    answered(code('n1'), NOW - 2 * DAY_MS)
    const signIn = code('n1', { purpose: 'mfa-verification', id: 'sign-in' })
    const before = read(signIn)
    const decision = request(signIn)
    assert.ok(decision.kind === 'send' && decision.purse === 'sign-in')
    assert.deepEqual(votesIn(read(signIn)), ['sign-in', 'sign-in'])
    keep(signIn, afterNotSent({ ...signIn, at: NOW, purse: 'sign-in' }, read(signIn)))
    const after = read(signIn)
    assert.deepEqual(votesIn(after), [])
    const { purses, ...rest } = after.phone
    const { purses: _, ...restBefore } = before.phone
    assert.deepEqual(rest, restBefore)
    assert.equal(purses['sign-in']?.inARow, 0)
  })
})
