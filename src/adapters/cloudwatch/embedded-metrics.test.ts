import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StepEvent } from '../../core/deliver/event.ts'
import { embeddedMetrics } from './embedded-metrics.ts'

/** Name, value and unit of each metric, as CloudWatch would read them from the line. */
function read(event: StepEvent): readonly (readonly [string, unknown, string])[] {
  const line = (embeddedMetrics(event, 5) ?? {}) as Record<string, unknown>
  if (line._aws === undefined) return []
  const { Timestamp, CloudWatchMetrics } = line._aws as {
    Timestamp: number
    CloudWatchMetrics: [
      { Namespace: string; Dimensions: string[][]; Metrics: { Name: string; Unit: string }[] },
    ]
  }
  const [{ Namespace, Dimensions, Metrics }] = CloudWatchMetrics
  assert.deepEqual([Timestamp, Namespace, Dimensions], [5, 'Hookline', [[]]])
  return Metrics.map(({ Name, Unit }) => [Name, line[Name], Unit])
}

const answer = (kind: string): StepEvent => ({ step: 'hook-response', outcome: 'x', kind, durationMs: 120 })
const ANSWERED = [['Answers', 1, 'Count']] as const

describe('the embedded metrics of a step', () => {
  it('count an answer, and name its trouble; API Gateway measures its time without charge', () => {
    assert.deepEqual(read(answer('accepted')), ANSWERED)
    for (const [kind, name] of [
      ['failed', 'Failed'],
      ['unknown', 'Unknown'],
      ['refused', 'Refused'],
    ] as const)
      assert.deepEqual(read(answer(kind)), [...ANSWERED, [name, 1, 'Count']])
  })

  it('count and time the codes that people entered, and events that were not joined', () => {
    const event = { step: 'event', type: 'user.mfa.factor.activate', delayMs: 4_000 } as const
    const delay = ['EventDelayMs', 4_000, 'Milliseconds']
    assert.deepEqual(read({ ...event, outcome: 'answered', afterMs: 12_000 }), [
      ['CodeAnsweredMs', 12_000, 'Milliseconds'],
      delay,
    ])
    assert.deepEqual(read({ ...event, outcome: 'not-joined' }), [['EventsNotJoined', 1, 'Count'], delay])
    assert.deepEqual(read({ step: 'event', outcome: 'not-stored' }), [['EventsNotStored', 1, 'Count']])
    for (const outcome of ['ignored', 'repeated', 'denied']) assert.deepEqual(read({ ...event, outcome }), [])
  })

  it('count codes that a group holds, codes that were held wrongly, and decisions of a blind rule', () => {
    const admit = { step: 'admit', outcome: 'opened', heldAs: 'FRAUD_COUNTRY' } as const
    assert.deepEqual(read({ ...admit, heldGroup: 'new numbers in VE' }), [['HeldByGroup', 1, 'Count']])
    assert.deepEqual(read({ ...admit, heldAs: 'NUMBER_SILENT' }), [])
    assert.deepEqual(read({ step: 'admit', outcome: 'opened', isBlind: true }), [
      ['FraudRuleBlind', 1, 'Count'],
    ])
    assert.deepEqual(read({ step: 'fraud', outcome: 'budget' }), [['BudgetSpent', 1, 'Count']])
    assert.deepEqual(read({ step: 'fraud', outcome: 'held-wrongly' }), [['HeldWrongly', 1, 'Count']])
    assert.deepEqual(read({ step: 'fraud', outcome: 'began' }), [])
  })

  it('count feedback that did not reach AWS', () => {
    assert.deepEqual(read({ step: 'feedback', outcome: 'reported' }), [])
    for (const outcome of ['not-reported', 'store-unavailable'])
      assert.deepEqual(read({ step: 'feedback', outcome }), [['FeedbackTrouble', 1, 'Count']])
  })

  it('also count by org if the orgs have names, but not claims of unauthenticated callers', () => {
    const dimensionsOf = (event: StepEvent): unknown =>
      (embeddedMetrics(event, 5) as { _aws: { CloudWatchMetrics: [{ Dimensions: unknown }] } })._aws
        .CloudWatchMetrics[0].Dimensions
    assert.deepEqual(dimensionsOf({ ...answer('accepted'), org: 'acme' }), [[], ['org']])
    assert.deepEqual(dimensionsOf(answer('accepted')), [[]])
    assert.deepEqual(dimensionsOf({ step: 'caller', outcome: 'TOKEN_SCOPE', org: 'acme' }), [[]])
  })

  it('count every attempt after the first as a fail-over', () => {
    const send = { step: 'send', outcome: 'accepted', durationMs: 9 } as const
    assert.deepEqual(read({ ...send, attempt: 1 }), [])
    assert.deepEqual(read({ ...send, attempt: 2 }), [['FailOvers', 1, 'Count']])
  })

  it('count internal errors, unauthenticated callers, and requests that went on without the store', () => {
    assert.deepEqual(read({ step: 'internal-error', outcome: 'INTERNAL_ERROR' }), [
      ['InternalErrors', 1, 'Count'],
    ])
    assert.deepEqual(read({ step: 'caller', outcome: 'TOKEN_EXPIRED' }), [
      ['UnauthenticatedCallers', 1, 'Count'],
    ])
    for (const step of ['admit', 'settle'] as const)
      assert.deepEqual(read({ step, outcome: 'store-unavailable' }), [['StoreTrouble', 1, 'Count']])
  })

  it('do not exist if there is nothing to count', () => {
    for (const event of [
      { step: 'plan', outcome: 'plan' },
      { step: 'admit', outcome: 'opened' },
      { step: 'receipt', outcome: 'kept' },
    ] as const)
      assert.equal(embeddedMetrics(event, 5), undefined)
  })
})
