import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createFakeClock } from '../../test/fixtures/fake-clock.ts'
import type { StepEvent } from '../core/deliver/event.ts'
import { type Answered, createMessageFeedback, type MessageFeedbackParts } from './message-feedback.ts'

const HOUR_MS = 3_600_000
const never = new AbortController().signal

function answered(changed: Partial<Answered> = {}): Answered {
  const feedback = { messageId: 'm-1', region: 'us-east-1' }
  return { kind: 'answered', deliveryId: 'd-1', afterMs: 5_000, isFirst: true, at: 0, feedback, ...changed }
}
const silent: Answered = { kind: 'answered', deliveryId: 'd-2', afterMs: 5_000, isFirst: true, at: 0 }

function setUp(parts: Partial<MessageFeedbackParts> = {}) {
  const reported: object[] = []
  const noted: [readonly string[], number][] = []
  const lines: StepEvent[] = []
  const clock = { now: 1_000 }
  const feedback = createMessageFeedback({
    report: async awaited => void reported.push(awaited),
    store: { noteAnswers: async (callers, at) => void noted.push([callers, at]) },
    now: () => clock.now,
    record: line => void lines.push(line),
    ...parts,
  })
  return { reported, noted, lines, clock, feedback }
}

describe('feedback about a code that was entered', () => {
  it('is reported where the carrier awaits it, and only there', async () => {
    const { feedback, reported, lines } = setUp()
    await feedback([answered(), silent], ['acme'], never)
    assert.deepEqual(reported, [{ messageId: 'm-1', region: 'us-east-1' }])
    assert.deepEqual(lines, [{ step: 'feedback', outcome: 'reported', deliveryId: 'd-1' }])
  })

  it('that the carrier does not take is logged, and changes nothing else', async () => {
    const { feedback, lines, noted } = setUp({ report: () => Promise.reject(new Error('no such message')) })
    await feedback([answered()], ['acme'], never)
    assert.deepEqual(lines, [
      { step: 'feedback', outcome: 'not-reported', deliveryId: 'd-1', detail: 'no such message' },
    ])
    assert.equal(noted.length, 1)
  })

  it('does not outlast the time of the post, whatever hangs', async () => {
    const clock = createFakeClock()
    const hangs = (): Promise<never> => new Promise(() => undefined)
    const { feedback, lines } = setUp({ report: hangs, store: { noteAnswers: hangs } })
    await clock.until(feedback([answered()], ['acme'], clock.abortAfter(1_000)))
    assert.deepEqual(
      lines.map(({ outcome }) => outcome),
      ['not-reported', 'store-unavailable'],
    )
  })
})

describe('that answers come', () => {
  it('is recorded at most once an hour for each caller', async () => {
    const { feedback, noted, clock } = setUp()
    const come = async (at: number, callers: readonly string[]): Promise<void> => {
      clock.now = at
      await feedback([{ ...silent, at }], callers, never)
    }
    await come(2 * HOUR_MS, ['acme'])
    await come(3 * HOUR_MS - 1, ['acme'])
    await come(3 * HOUR_MS - 1, ['globex'])
    await come(3 * HOUR_MS, ['acme'])
    assert.deepEqual(noted, [
      [['acme'], 2 * HOUR_MS],
      [['globex'], 3 * HOUR_MS - 1],
      [['acme'], 3 * HOUR_MS],
    ])
  })

  it('is recorded by the next answer, if the store was out of reach', async () => {
    let calls = 0
    const noteAnswers = async (): Promise<void> => {
      calls += 1
      if (calls === 1) throw new Error('store: away')
    }
    const { feedback, lines } = setUp({ store: { noteAnswers } })
    for (const _ of [1, 2, 3]) await feedback([silent], ['acme'], never)
    assert.equal(calls, 2)
    assert.deepEqual(lines, [{ step: 'feedback', outcome: 'store-unavailable', detail: 'store: away' }])
  })

  it('is not recorded of answers that come later than AWS waits, or of none', async () => {
    const { feedback, noted, clock } = setUp()
    clock.now = HOUR_MS - 5_000 // an hour after the request
    await feedback([silent], ['acme'], never)
    await feedback([], ['acme'], never)
    assert.deepEqual(noted, [])
    clock.now -= 1
    await feedback([silent], ['acme'], never)
    assert.equal(noted.length, 1)
  })
})
