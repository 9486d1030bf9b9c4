import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery } from '../../../test/contracts/stores.ts'
import { findingsOf, linesOf } from '../../../test/fixtures/doctor-facts.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import { defaultFraudPolicy } from '../../core/policy/fraud-policy.ts'
import type { FollowedDelivery } from '../../core/records/delivery.ts'
import type { FactValues } from './facts.ts'

const DAY_MS = 86_400_000
const hold = {
  reason: 'FRAUD_BLOCK',
  group: 'p4:58412771',
  codes: 5,
  answers: 0,
  since: NOW - DAY_MS,
} as const

/** A code to a person of its own, a day ago. */
function code(person: number, { isHeld = false, isAnswered = true } = {}): FollowedDelivery {
  const openedAt = NOW - DAY_MS
  return {
    ...delivery({ id: `d${person}`, openedAt, numberDigest: `n${person}`, userDigest: `u${person}` }),
    credit: { block: '58412771', ...(isHeld && { hold }) },
    end: accepted(`m${person}`),
    progress: undefined,
    answered: isAnswered ? { at: openedAt + 9_000, afterMs: 9_000 } : undefined,
  }
}
const fact = (changed: Partial<FactValues['fraud']> = {}): { readonly fraud: FactValues['fraud'] } => ({
  fraud: {
    policy: defaultFraudPolicy,
    deliveries: [code(1), code(2), code(3, { isHeld: true }), code(4, { isHeld: true, isAnswered: false })],
    isWhole: true,
    judgedSince: NOW - 15 * DAY_MS,
    now: NOW,
    ...changed,
  },
})

describe('the checks of the fraud rule', () => {
  it('propose to enforce after 14 days in mode observe, with what it would have refused', () => {
    const [finding] = findingsOf(fact())
    assert.equal(
      finding?.cause,
      'The fraud rule has observed for 14 days and holds nothing. Enforced, it would have refused 2 of 4 people, 1 of whom entered a code later.',
    )
    assert.match(finding?.remedy ?? '', /hookline fraud mode enforce/)
    assert.match(linesOf(fact({ isWhole: false }))[0] ?? '', /\(newest deliveries only\)\.$/)
  })

  it('propose nothing before, in another mode, or without answers', () => {
    assert.deepEqual(linesOf(fact({ judgedSince: undefined })), [])
    assert.deepEqual(linesOf(fact({ judgedSince: NOW - 13 * DAY_MS })), [])
    for (const mode of ['off', 'enforce'] as const)
      assert.deepEqual(linesOf(fact({ policy: { ...defaultFraudPolicy, mode } })), [])
    const oneObserves = { ...defaultFraudPolicy, mode: 'enforce', modes: { acme: 'observe' } } as const
    assert.equal(linesOf(fact({ policy: oneObserves })).length, 1)
  })

  it('warn where no event comes: then the rule holds no new number', () => {
    const silent = (count: number) =>
      linesOf(
        fact({ deliveries: Array.from({ length: count }, (_, index) => code(index, { isAnswered: false })) }),
      )
    assert.deepEqual(silent(19), [])
    assert.deepEqual(silent(20), [
      'warning fraud answers: Of 20 codes in the last 14 days, none was reported as entered: the fraud rule cannot judge new numbers, and holds none.',
    ])
  })

  it('warn where Okta sent what the rule held', () => {
    const sent = (reason: string | undefined) => ({ at: NOW, channel: 'sms', reason }) as const
    const found = linesOf({
      failOvers: [
        sent('FRAUD_BLOCK: too few codes of this block'),
        sent('NUMBER_SILENT: left too many unanswered'),
        sent('NUMBER_LANDLINE: no texts'),
        sent(undefined),
      ],
    })
    assert.ok(
      found.includes(
        'warning fraud and Okta: Okta sent 2 codes that the fraud rule held, with its own provider.',
      ),
    )
    assert.deepEqual(
      linesOf({ failOvers: [sent('NUMBER_LANDLINE: no texts')] }).filter(line => line.includes('fraud')),
      [],
    )
  })
})
