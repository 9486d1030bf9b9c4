import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSteadyClock } from './clock.ts'

const HOUR_MS = 3_600_000

function setUp() {
  let wall = 1_700_000_000_000
  let passed = 5_000
  const steps: number[] = []
  const steadyNow = createSteadyClock({ now: () => wall, monotonic: () => passed }, ms => void steps.push(ms))
  const startedAt = steadyNow()
  return {
    steps,
    age: () => steadyNow() - startedAt,
    pass: (ms: number) => {
      wall += ms
      passed += ms
    },
    /** Somebody sets the clock; or, forward, a function was frozen. */
    set: (ms: number) => {
      wall += ms
    },
  }
}

describe('the steady clock', () => {
  it('advances with time', () => {
    const { age, pass, steps } = setUp()
    for (let round = 1; round <= 100; round += 1) {
      pass(7)
      assert.equal(age(), round * 7)
    }
    assert.deepEqual(steps, [])
  })

  it('continues when the clock is set back, and reports that', () => {
    const { age, pass, set, steps } = setUp()
    set(-HOUR_MS)
    assert.equal(age(), 0)
    pass(60_000)
    assert.equal(age(), 60_000)
    assert.deepEqual(steps, [-HOUR_MS])
  })

  it('continues while a function is frozen, also after the clock was set back', () => {
    const { age, pass, set } = setUp()
    set(600_000)
    assert.equal(age(), 600_000)
    set(-HOUR_MS)
    pass(1_000)
    assert.equal(age(), 601_000)
    set(300_000)
    assert.equal(age(), 901_000)
  })

  it('does not run faster if one clock has a coarser resolution', () => {
    let passed = 0
    const steadyNow = createSteadyClock({ now: () => Math.floor(passed / 16) * 16, monotonic: () => passed })
    const startedAt = steadyNow()
    for (; passed < 100_000; passed += 1) steadyNow()
    assert.ok(steadyNow() - startedAt <= 100_016)
  })

  it('does not report gradual corrections by a time server', () => {
    const { age, pass, set, steps } = setUp()
    for (const ms of [1, -2, 500, -500, 999]) {
      set(ms)
      pass(10)
      age()
    }
    assert.deepEqual(steps, [])
    assert.ok(age() >= 50)
  })
})
