import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { NOW } from '../../test/fixtures/planning.ts'
import type { StepEvent } from '../core/event.ts'
import { keepRetention } from './retention.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

describe('retention', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setInterval'] }))
  afterEach(() => mock.timers.reset())

  it('forgets deliveries after the days of the settings and parked receipts after four: now, and every hour', () => {
    let now = NOW
    const swept: { readonly deliveries: number; readonly parked: number }[] = []
    const removeExpired = async (before: (typeof swept)[number]) => void swept.push(before)
    const { stop } = keepRetention(
      { removeExpired },
      30,
      () => now,
      () => assert.fail('something was said'),
    )
    assert.deepEqual(swept, [{ deliveries: NOW - 30 * DAY_MS, parked: NOW - 4 * DAY_MS }])
    now += HOUR_MS
    mock.timers.tick(HOUR_MS)
    assert.deepEqual(swept[1], { deliveries: now - 30 * DAY_MS, parked: now - 4 * DAY_MS })
    stop()
    mock.timers.tick(10 * HOUR_MS)
    assert.equal(swept.length, 2)
  })

  it('says when the store does not let it, and goes on', async () => {
    const events: StepEvent[] = []
    let sweeps = 0
    const removeExpired = () => {
      sweeps += 1
      return Promise.reject(new Error('store: locked'))
    }
    const { stop } = keepRetention(
      { removeExpired },
      30,
      () => NOW,
      event => void events.push(event),
    )
    mock.timers.tick(HOUR_MS)
    await new Promise(setImmediate)
    stop()
    assert.equal(sweeps, 2)
    assert.deepEqual(events[0], {
      step: 'retention',
      outcome: 'store-unavailable',
      detail: 'Error: store: locked',
    })
  })
})
