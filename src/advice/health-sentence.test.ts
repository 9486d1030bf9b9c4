import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery, ended } from '../../test/contracts/stores.ts'
import { countDeliveries } from '../core/records/stats.ts'
import { describeHealth, percent } from './health-sentence.ts'

const figures = (sent: number, answered: number, notSent: number) =>
  countDeliveries(
    Array.from({ length: sent + notSent }, (_, index) => ({
      ...delivery({ end: index < sent ? accepted() : ended('failed') }),
      progress: undefined,
      answered: index < answered ? { at: 15_000, afterMs: 14_000 } : undefined,
    })),
  ).total

describe('the sentence of health', () => {
  for (const [sent, answered, notSent, level, sentence] of [
    [0, 0, 0, 'none', 'No code was asked for today.'],
    [1, 0, 0, 'good', 'The one code today went out; whether they were entered is not known.'],
    [1204, 1132, 0, 'good', 'All 1,204 codes today went out; 94 % were answered, half of them within 14 s.'],
    [
      94,
      80,
      6,
      'warn',
      '94 of 100 codes today went out, 6 did not; 85 % were answered, half of them within 14 s.',
    ],
    [
      79,
      70,
      21,
      'bad',
      '79 of 100 codes today went out, 21 did not; 89 % were answered, half of them within 14 s.',
    ],
    [100, 40, 0, 'warn', 'All 100 codes today went out; 40 % were answered, half of them within 14 s.'],
    [
      3,
      1,
      2,
      'good',
      '3 of 5 codes today went out, 2 did not; 33 % were answered, half of them within 14 s.',
    ],
  ] as const) {
    it(`of ${sent} sent, ${answered} answered and ${notSent} not sent is ${level}`, () => {
      assert.deepEqual(describeHealth(figures(sent, answered, notSent), 'today'), { level, sentence })
    })
  }

  it('says 100 % of all only', () => {
    assert.deepEqual([percent(999, 1000), percent(1000, 1000), percent(0, 0)], ['99 %', '100 %', ''])
  })
})
