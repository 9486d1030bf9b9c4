import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addTo, DAY_MS, sumOf } from './counts.ts'
import { areFallingSilent, bookAnswer, bookCode, earnedOf, overdraft } from './groups.ts'
import { isKnownNetwork } from './phone.ts'
import {
  type GroupKey,
  type GroupRecord,
  newCountry,
  newGroup,
  newOrg,
  newPhone,
  type OrgRecord,
  type Records,
} from './records.ts'
import { creditRules, type SpendingKind } from './rules.ts'

const NOW = Date.UTC(2026, 5, 15, 12)
const HOUR = 3_600_000

function group(codes: number, answers: number, at = NOW): GroupRecord {
  let result = newGroup
  for (let code = 0; code < codes; code += 1) result = bookCode(result, at)
  for (let answer = 0; answer < answers; answer += 1) result = bookAnswer(result, at)
  return result
}
const isHeld = (kind: SpendingKind, record: GroupRecord, earned = 0.5, now = NOW): boolean =>
  Object.values(overdraft(kind, record, { country: earned, others: earned }, creditRules, now)).some(
    value => value >= 0,
  )

describe('the credit of a group', () => {
  it('is spent by codes without an answer, and grows by half a code with each answer', () => {
    assert.equal(isHeld('p4', group(4, 0)), false)
    assert.equal(isHeld('p4', group(5, 0)), true)
    assert.equal(isHeld('p4', group(9, 3)), false)
    assert.equal(isHeld('p4', group(10, 3)), true) // 7 without an answer, 5 + 1.5
  })

  it('has room for chance from ten answers on', () => {
    const answered = 16 // earns 8, and 4 for chance
    const old = NOW - DAY_MS
    assert.equal(isHeld('country', group(answered + 23, answered, old)), false)
    assert.equal(isHeld('country', group(answered + 24, answered, old)), true)
  })

  it('has that room at exactly ten answers, and none before', () => {
    const old = NOW - DAY_MS
    assert.equal(isHeld('p4', group(9 + 5 + 4, 9, old)), false) // 4.5 earned
    assert.equal(isHeld('p4', group(9 + 5 + 5, 9, old)), true)
    assert.equal(isHeld('p4', group(10 + 5 + 8, 10, old)), false) // 5 earned, and 3.2 for chance
    assert.equal(isHeld('p4', group(10 + 5 + 9, 10, old)), true)
  })

  it('is stricter for a country over two days', () => {
    const days = (today: number, before: number): GroupRecord => {
      const at = Math.floor(NOW / DAY_MS) * DAY_MS
      const both = [group(today, 20, at), group(before, 100, NOW - 5 * DAY_MS)]
      return { days: Object.assign({}, ...both.map(({ days }) => days)), halfHours: {} }
    }
    // Twenty answers earn five in two days, and there is room for 4.5 of chance: 32 + 9.5.
    const isOver = (record: GroupRecord): boolean =>
      overdraft('country', record, { country: 0.25, others: 0.5 }, creditRules, NOW).slow >= 0
    assert.equal(isOver(days(20 + 41, 100)), false)
    assert.equal(isOver(days(20 + 42, 100)), true)
  })

  it('is stricter over three hours, but for blocks', () => {
    assert.equal(isHeld('country', group(6, 0)), false)
    assert.equal(isHeld('country', group(7, 0)), true)
    assert.equal(isHeld('country', group(11, 0, NOW - 4 * HOUR)), false)
    assert.equal(isHeld('country', group(12, 0, NOW - 4 * HOUR)), true)
  })

  it('forgets codes after fourteen days', () => {
    assert.equal(isHeld('p4', group(5, 0, NOW - 13 * DAY_MS)), true)
    assert.equal(isHeld('p4', group(5, 0, NOW - 14 * DAY_MS)), false)
  })
})

describe('what an answer earns', () => {
  const org = (share: number, days: readonly number[], codes = 20): OrgRecord => ({
    ...newOrg,
    enrolments: Object.fromEntries(
      days.map(day => [Math.floor(NOW / DAY_MS) - day, [codes, Math.round(codes * (1 - share))] as const]),
    ),
  })
  const earned = (record: OrgRecord) => earnedOf(record, creditRules, NOW)
  const MOST = { country: 1, others: 1 }

  it('is one until thirty enrolments are known', () => {
    assert.deepEqual(earned(newOrg), MOST)
    assert.deepEqual(earned(org(0.1, [3])), MOST)
    assert.deepEqual(earned(org(0, [3, 4], 14)), MOST)
    assert.deepEqual(earned(org(0, [3, 4, 5], 10)), { country: 0.25, others: 0.5 })
  })

  it('follows the share of people who give up, between a half (of a country a quarter) and one', () => {
    assert.deepEqual(earned(org(0.1, [3, 4, 5])), { country: 0.25, others: 0.5 })
    const third = earned(org(0.3, [3, 4, 5]))
    assert.ok(Math.abs(third.country - 1.6 * (6 / 14)) < 1e-9 && third.others === third.country)
    assert.deepEqual(earned(org(0.6, [3, 4, 5])), MOST)
  })

  it('is the median of days with fifteen enrolments, and the sum of all days where there is one such day at most', () => {
    const quiet = org(0, [6, 7], 15)
    const withDays = (...others: readonly OrgRecord[]): OrgRecord => ({
      ...quiet,
      enrolments: Object.assign({}, quiet.enrolments, ...others.map(({ enrolments }) => enrolments)),
    })
    assert.deepEqual(earned(withDays(org(0.9, [3], 15))), { country: 0.25, others: 0.5 })
    assert.deepEqual(earned(org(0.5, [3, 4, 5], 14)), MOST)
  })

  it('is not taught by today, yesterday, or days from before two weeks', () => {
    assert.deepEqual(earned(org(0, [0, 1, 15, 16])), MOST)
    const quiet = org(0.1, [3, 4, 5, 6, 7])
    const attacked = { ...quiet, enrolments: { ...quiet.enrolments, ...org(0.9, [2, 8]).enrolments } }
    assert.equal(earned(attacked).others, 0.5)
  })
})

describe('a network where a phone answered', () => {
  it('is known for thirty days', () => {
    const phone = { ...newPhone, answeredFrom: { '203.0.113': NOW } }
    const isKnown = (network: string | undefined, at: number): boolean =>
      isKnownNetwork(phone, network, creditRules, at)
    assert.equal(isKnown('203.0.113', NOW + 30 * DAY_MS - 1), true)
    assert.equal(isKnown('203.0.113', NOW + 30 * DAY_MS), false)
    assert.equal(isKnown('203.0.114', NOW), false)
    assert.equal(isKnown(undefined, NOW), false)
  })
})

describe('phones that fall silent', () => {
  const areSilent = (key: GroupKey, silent: number, lately: number, proven: number): boolean => {
    let record: GroupRecord = newGroup
    for (let phone = 0; phone < silent; phone += 1) record = bookCode(record, NOW)
    for (let phone = 0; phone < lately; phone += 1) record = bookAnswer(record, NOW)
    const groups = { [key]: record } as Records['groups']
    return areFallingSilent(key, { groups, country: { ...newCountry, proven } }, NOW)
  }

  it('are five, and a fifth of those with the prefix that answered first in two weeks', () => {
    assert.deepEqual(
      [areSilent('silent-p6:336123', 4, 4, 900), areSilent('silent-p6:336123', 5, 25, 900)],
      [false, true],
    )
    assert.equal(areSilent('silent-p6:336123', 5, 26, 900), false)
  })

  it('are in a country a fifth of all that ever answered: a few owners who are attacked are not its phones', () => {
    assert.equal(areSilent('silent-country:FR', 19, 20, 100), false)
    assert.equal(areSilent('silent-country:FR', 20, 20, 100), true)
  })
})

describe('counts', () => {
  it('drop old buckets as new ones come, and book answers where their codes were', () => {
    let counts = addTo({}, 'code', { at: NOW, bucketMs: DAY_MS, kept: 14 })
    counts = addTo(counts, 'code', { at: NOW + 13 * DAY_MS, bucketMs: DAY_MS, kept: 14 })
    counts = addTo(counts, 'answer', { at: NOW, bucketMs: DAY_MS, kept: 14 })
    assert.deepEqual(sumOf(counts, NOW + 13 * DAY_MS, DAY_MS, 14), [2, 1])
    assert.deepEqual(sumOf(counts, NOW + 14 * DAY_MS, DAY_MS, 14), [1, 0])
    const later = addTo(counts, 'code', { at: NOW + 14 * DAY_MS, bucketMs: DAY_MS, kept: 14 })
    assert.equal(Object.keys(later).length, 2)
  })
})
