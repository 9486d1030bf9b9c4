import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { untilAborted } from '../../core/deliver/deadline.ts'
import { systemClock } from './system-clock.ts'

describe('a time limit', () => {
  it('creates a timer only while there are listeners', async t => {
    const made = t.mock.method(globalThis, 'setTimeout').mock
    const stopped = t.mock.method(globalThis, 'clearTimeout').mock
    const limit = systemClock.timeLimit(60_000)
    assert.deepEqual([limit.aborted, made.callCount()], [false, 0])
    assert.equal(await untilAborted(Promise.resolve(7), limit), 7)
    await assert.rejects(untilAborted(Promise.reject(new Error('no')), limit), /^Error: no$/)
    const timers = made.calls.map(({ result }) => result as NodeJS.Timeout)
    assert.deepEqual(
      stopped.calls.map(call => call.arguments[0]),
      timers,
    )
    assert.deepEqual(
      timers.map(timer => timer.hasRef()),
      [false, false],
    )
  })

  it('calls each listener once when the time is over, and then reports it', t => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const limit = systemClock.timeLimit(60_000)
    const called: string[] = []
    const gone = (): void => void called.push('gone')
    limit.addEventListener('abort', () => called.push('one'), { once: true })
    limit.addEventListener('abort', gone, { once: true })
    limit.addEventListener('abort', () => called.push('two'), { once: true })
    limit.removeEventListener('abort', gone)
    t.mock.timers.tick(59_000)
    assert.deepEqual([called, limit.aborted], [[], false])
    t.mock.timers.tick(120_000)
    assert.deepEqual([called.sort(), limit.aborted], [['one', 'two'], true])
    assert.match(String(limit.reason), /The time is over/)
  })

  it('ends by the clock, even if its timer has not run', t => {
    let now = 1_000
    t.mock.method(performance, 'now', () => now)
    const limit = systemClock.timeLimit(500)
    now += 499
    assert.equal(limit.aborted, false)
    now += 1
    assert.equal(limit.aborted, true)
  })

  it('of zero does not end in the current turn', t => {
    t.mock.method(performance, 'now', () => 1_000)
    assert.equal(systemClock.timeLimit(0).aborted, false)
  })
})
