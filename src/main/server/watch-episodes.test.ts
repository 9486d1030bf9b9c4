import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { delivery } from '../../../test/contracts/stores.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import { createLook } from './watch-episodes.ts'

const MINUTE = 60_000
const START = Date.UTC(2026, 0, 5)
const hold = { reason: 'FRAUD_BLOCK', group: 'p4:58412771', codes: 5, answers: 0, since: START } as const

describe('a server that watches the episodes of the fraud rule', () => {
  it('logs the end of each once, two hours after its last code, with its counts', async () => {
    let now = START
    const store = createMemoryStore(() => now)
    const events: StepEvent[] = []
    const look = createLook({ store, now: () => now, record: event => void events.push(event) })
    for (const index of [0, 1, 2])
      await store.settle(
        delivery({
          ...{ id: `d${index}`, openedAt: START + index * MINUTE, numberDigest: `n${index}`, caller: 'acme' },
          ...{ credit: { block: '58412771', hold }, country: 'VE' },
          end: { state: 'refused', at: START, code: 'FRAUD_BLOCK', detail: '', attempts: [] },
        }),
      )
    for (let minute = 10; minute <= 240; minute += 10) {
      now = START + minute * MINUTE
      await look()
      assert.equal(events.length, minute < 130 ? 0 : 1, `after ${minute} minutes`)
    }
    assert.deepEqual(events, [
      {
        step: 'fraud',
        outcome: 'ended',
        org: 'acme',
        detail:
          'FRAUD_BLOCK: new numbers that begin with +58412771, from 2026-01-05 00:00 to 2026-01-05 00:02 UTC. 3 codes not sent, 0 sent although held, to 3 phones, of which 0 answered later. Not spent: unknown.',
      },
    ])
  })

  it('goes on after the store was away, and misses no end', async () => {
    let now = START
    let isAway = false
    const inner = createMemoryStore(() => now)
    const store = {
      pageDeliveries: (query: Parameters<typeof inner.pageDeliveries>[0]) =>
        isAway ? Promise.reject(new Error('away')) : inner.pageDeliveries(query),
    }
    const outcomes: string[] = []
    const look = createLook({ store, now: () => now, record: ({ outcome }) => void outcomes.push(outcome) })
    await inner.settle(delivery({ openedAt: START, credit: { block: '58412771', hold } }))
    now = START + 121 * MINUTE
    isAway = true
    await look()
    isAway = false
    now += 10 * MINUTE
    await look()
    assert.deepEqual(outcomes, ['store-unavailable', 'ended'])
  })
})
