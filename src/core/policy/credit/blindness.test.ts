import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isBlind } from './blindness.ts'
import { newCountry, newOrg, type OrgRecord, type Vote } from './records.ts'

const NOW = Date.UTC(2026, 5, 15, 12)
const MINUTE = 60_000

/** The first `answered` of as many votes as there are countries, an hour old. */
const votes = (countries: readonly string[], answered: number): readonly Vote[] =>
  countries.map((country, index) => {
    const at = NOW - 60 * MINUTE + index
    return { id: `vote-${index}`, at, country, isAnswered: index < answered, isDelivered: false }
  })
const heard = (changed: Partial<OrgRecord>): OrgRecord => ({
  ...newOrg,
  answerHeardAt: NOW - MINUTE,
  ...changed,
})

describe('the fraud rule without answers', () => {
  it('is blind until it hears the first one', () => {
    assert.equal(isBlind(newOrg, newCountry, NOW), true)
    assert.equal(isBlind(heard({}), newCountry, NOW), false)
  })

  it('is blind when fewer than half of eight phones answer, from at least two countries', () => {
    const both = ['FR', 'FR', 'FR', 'FR', 'DE', 'DE', 'DE', 'DE']
    assert.equal(isBlind(heard({ votes: votes(both, 4) }), newCountry, NOW), false)
    assert.equal(isBlind(heard({ votes: votes(both, 3) }), newCountry, NOW), true)
    assert.equal(isBlind(heard({ votes: votes(both.slice(1), 0) }), newCountry, NOW), false)
    const one = Array.from({ length: 12 }, () => 'FR')
    assert.equal(isBlind(heard({ votes: votes(one, 0) }), newCountry, NOW), false)
  })

  it('is blind in a country when fewer than half of five phones answer, unless half of the texts arrived', () => {
    const country = (answered: number, delivered: number) => ({
      ...newCountry,
      votes: votes(['FR', 'FR', 'FR', 'FR', 'FR', 'FR'], answered).map((vote, index) => ({
        ...vote,
        isDelivered: index < delivered,
      })),
    })
    assert.equal(isBlind(heard({}), country(3, 0), NOW), false)
    assert.equal(isBlind(heard({}), country(2, 0), NOW), true)
    assert.equal(isBlind(heard({}), country(2, 2), NOW), true)
    assert.equal(isBlind(heard({}), country(2, 3), NOW), false)
  })

  it('is blind when four phones got codes since the last answer, and fewer say nothing', () => {
    const silent = (count: number) =>
      heard({
        answerHeardAt: NOW - 90 * MINUTE,
        votes: votes(
          Array.from({ length: count }, () => 'FR'),
          0,
        ),
      })
    assert.equal(isBlind(silent(3), newCountry, NOW), false)
    assert.equal(isBlind(silent(4), newCountry, NOW), true)
  })

  it('is blind when the median answer of the last hour came late', () => {
    const late = (delayMs: number, at = NOW - MINUTE) =>
      heard({ delays: [1_000, delayMs, 900_000].map(each => ({ at, delayMs: each })) })
    assert.equal(isBlind(late(20 * MINUTE), newCountry, NOW), true)
    assert.equal(isBlind(late(1_000), newCountry, NOW), false)
    assert.equal(isBlind(late(20 * MINUTE, NOW - 60 * MINUTE), newCountry, NOW), false)
  })
})
