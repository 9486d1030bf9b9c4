import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import type { StepEvent } from '../../core/deliver/event.ts'
import { keepRetention, retention } from './retention.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

describe('retention', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setInterval'] }))
  afterEach(() => mock.timers.reset())

  it('keeps deliveries for the days of the settings, their receipts for four days, other receipts for an hour, and changes for 400 days', () => {
    assert.deepEqual(retention({ retentionDays: 30 }), {
      deliveriesMs: 30 * DAY_MS,
      receiptsMs: 4 * DAY_MS,
      strayReceiptsMs: HOUR_MS,
      changesMs: 400 * DAY_MS,
    })
  })

  it('removes older records now and every hour, until it is stopped', () => {
    let sweeps = 0
    const removeExpired = async (): Promise<void> => {
      sweeps += 1
    }
    const { stop } = keepRetention({ removeExpired }, () => assert.fail('something was said'))
    assert.equal(sweeps, 1)
    mock.timers.tick(HOUR_MS)
    assert.equal(sweeps, 2)
    stop()
    mock.timers.tick(10 * HOUR_MS)
    assert.equal(sweeps, 2)
  })

  it('logs a failure of the store, and continues', async () => {
    const events: StepEvent[] = []
    let sweeps = 0
    const removeExpired = () => {
      sweeps += 1
      return Promise.reject(new Error('store: locked'))
    }
    const { stop } = keepRetention({ removeExpired }, event => void events.push(event))
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
