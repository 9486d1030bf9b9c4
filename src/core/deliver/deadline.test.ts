import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createFakeClock } from '../../../test/fixtures/fake-clock.ts'
import { NOW } from '../../../test/fixtures/planning.ts'
import { createDeadline, STEP_ENDS, type TimedStep, untilAborted } from './deadline.ts'

const steps = Object.keys(STEP_ENDS) as TimedStep[]
const budgets = fc.integer({ min: 500, max: 2_500 })

describe('the shares of the budget', () => {
  it('end one after the other, the last with the budget', () => {
    const ends = Object.values(STEP_ENDS)
    assert.ok(ends.every((end, index) => end > (ends[index - 1] ?? 0)))
    assert.equal(ends.at(-1), 1)
  })

  it('add up to the budget, whatever it is', () => {
    fc.assert(
      fc.property(budgets, budgetMs => {
        const deadline = createDeadline(0, budgetMs, createFakeClock(NOW))
        const ends = steps.map(deadline.leftMs)
        const shares = ends.map((end, index) => end - (ends[index - 1] ?? 0))
        assert.ok(shares.every(share => share > 0))
        assert.equal(
          shares.reduce((sum, share) => sum + share, 0),
          budgetMs,
        )
      }),
    )
  })

  it('share the remaining time of a request that arrived long ago, are never negative, and decrease over time', () => {
    fc.assert(
      fc.property(budgets, fc.integer({ min: 0, max: 100_000 }), (budgetMs, ageMs) => {
        const clock = createFakeClock(NOW)
        const deadline = createDeadline(ageMs, budgetMs, clock)
        for (const step of steps) {
          const before = deadline.leftMs(step)
          assert.equal(before, Math.floor(Math.max(0, budgetMs - ageMs) * STEP_ENDS[step]))
        }
        clock.pass(budgetMs)
        assert.ok(steps.every(step => deadline.leftMs(step) === 0))
      }),
    )
  })
})

describe('the signal of a step', () => {
  it("aborts when the step's time is over and not before, however late it is created", () => {
    const clock = createFakeClock(NOW)
    const deadline = createDeadline(0, 2_000, clock)
    const early = deadline.signal('send')
    clock.pass(1_000)
    const late = deadline.signal('send')
    clock.pass(799)
    assert.deepEqual([early.aborted, late.aborted], [false, false])
    clock.pass(1)
    assert.deepEqual([early.aborted, late.aborted], [true, true])
  })
})

describe('waiting until aborted', { timeout: 10_000 }, () => {
  it('returns the result or the error of the promise', async () => {
    const { signal } = new AbortController()
    assert.equal(await untilAborted(Promise.resolve(7), signal), 7)
    await assert.rejects(untilAborted(Promise.reject(new Error('no')), signal), /^Error: no$/)
  })

  it('ends with the reason of the signal, whatever the promise does', async () => {
    const controller = new AbortController()
    const waiting = untilAborted(new Promise(() => undefined), controller.signal)
    controller.abort(new Error('too late'))
    await assert.rejects(waiting, /too late/)
  })

  it('ends at once if the signal has already aborted', async () => {
    await assert.rejects(
      untilAborted(Promise.resolve(7), AbortSignal.abort(new Error('too late'))),
      /too late/,
    )
  })

  it('ignores a later error', async () => {
    const { promise, reject } = Promise.withResolvers<never>()
    const waiting = untilAborted(promise, AbortSignal.abort(new Error('too late')))
    reject(new Error('nobody hears this')) // an unhandled rejection would fail this test
    await assert.rejects(waiting, /too late/)
    await new Promise(setImmediate)
  })

  it('leaves no listener on the signal', async () => {
    const { signal } = new AbortController()
    await untilAborted(Promise.resolve(), signal)
    await untilAborted(Promise.reject(new Error('no')), signal).catch(() => undefined)
    await new Promise(setImmediate)
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  })
})
