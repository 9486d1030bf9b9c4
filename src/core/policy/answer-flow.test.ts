import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AnswerFlows, flowsWith, isFeedbackOn } from './answer-flow.ts'

const HOUR_MS = 3_600_000
const hours = (...all: readonly number[]): AnswerFlows | undefined =>
  all.reduce<AnswerFlows | undefined>(
    (flows, hour) => flowsWith(flows, ['acme'], hour * HOUR_MS) ?? flows,
    undefined,
  )
const isOnAt = (flows: AnswerFlows | undefined, hour: number, caller = 'acme'): boolean =>
  isFeedbackOn(flows, caller, hour * HOUR_MS)

describe('message feedback', () => {
  it('is on once answers have come for a day', () => {
    const flows = hours(0, 12, 23)
    assert.deepEqual([isOnAt(flows, 24 - 1e-6), isOnAt(flows, 24)], [false, true])
  })

  it('is off until then, and without any answer', () => {
    assert.deepEqual(
      [isOnAt(undefined, 24), isOnAt(hours(0), 1), isOnAt(hours(0), 24)],
      [false, false, false],
    )
  })

  it('is off again when no answer has come for twelve hours', () => {
    const flows = hours(0, 12, 24)
    assert.deepEqual([isOnAt(flows, 36), isOnAt(flows, 36 + 1e-6)], [true, false])
  })

  it('takes a day again after a longer gap, and not after twelve hours', () => {
    const long = hours(0, 12, 24 + 1e-6)
    assert.deepEqual([isOnAt(long, 25), isOnAt(hours(0, 12, 24), 25)], [false, true])
    assert.deepEqual(long?.acme?.since, (24 + 1e-6) * HOUR_MS)
  })

  it('depends on the answers of the same caller only', () => {
    const flows = hours(0, 12, 24)
    for (const caller of ['globex', '__proto__', 'constructor'])
      assert.equal(isOnAt(flows, 25, caller), false)
  })
})

describe('an answer', () => {
  it('is noted once an hour for each caller', () => {
    const flows = flowsWith(undefined, ['acme', 'secret header'], 0)
    assert.deepEqual(flows, { acme: { since: 0, lastAt: 0 }, 'secret header': { since: 0, lastAt: 0 } })
    assert.equal(flowsWith(flows, ['acme'], HOUR_MS - 1), undefined)
    assert.deepEqual(flowsWith(flows, ['acme'], HOUR_MS), { ...flows, acme: { since: 0, lastAt: HOUR_MS } })
    assert.equal(flowsWith(flows, [], HOUR_MS), undefined)
  })

  it('before the last one, by a clock that was set back, changes nothing', () => {
    assert.equal(flowsWith(hours(5), ['acme'], 0), undefined)
  })
})
