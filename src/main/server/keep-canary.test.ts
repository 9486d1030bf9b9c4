import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createFakeClock } from '../../../test/fixtures/fake-clock.ts'
import type { CanaryParts } from '../../advice/canary/canary.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import { createRun } from './keep-canary.ts'

function setUp(changed: Partial<CanaryParts> = {}) {
  const clock = createFakeClock()
  const events: StepEvent[] = []
  let calls = 0
  const call = async () => {
    calls += 1
    const value = [{ status: 'SUCCESSFUL', transactionId: `message-${calls}`, transactionMetadata: 'd' }]
    return { status: 200, body: JSON.stringify({ commands: [{ value }] }) }
  }
  const run = createRun({
    parts: {
      ...{ url: 'http://127.0.0.1/mfa', knock: async () => 401, call, store: undefined },
      ...{ hasReceipts: false, receiptMs: 180_000, clock },
      ...changed,
    },
    record: event => void events.push(event),
  })
  return { clock, run, events, calls: () => calls }
}

describe("a server's canary", () => {
  it('is recorded once it has ended, by how and how long', async () => {
    const { clock, run, events } = setUp()
    await clock.until(run())
    assert.deepEqual(
      events.map(({ step, outcome, failed }) => [step, outcome, failed]),
      [['canary', 'passed', undefined]],
    )
  })

  it('runs alone: while one waits, the next is left out', async () => {
    const hook = Promise.withResolvers<{ status: number; body: string }>()
    const { clock, run, events } = setUp({ call: () => hook.promise })
    const first = run()
    await clock.until(run())
    assert.equal(events.length, 0)
    hook.resolve({ status: 503, body: '' })
    await clock.until(first)
    assert.deepEqual([events.length, events[0]?.failed], [1, 'hook'])
    await clock.until(run())
    assert.equal(events.length, 2)
  })

  it('ends before the next hour when anything hangs, and says which step', async () => {
    const hangs = (): Promise<never> => new Promise(() => {})
    for (const [failed, changed] of [
      ['door', { knock: hangs }],
      ['hook', { call: hangs }],
      ['record', { store: { pageDeliveries: hangs } }],
    ] as const) {
      const { clock, run, events } = setUp(changed)
      await clock.until(run())
      assert.equal(events[0]?.failed, failed)
      assert.ok(Number(events[0]?.durationMs) < 600_000)
    }
  })

  it('records nothing after it was stopped, and starts none', async () => {
    const hook = Promise.withResolvers<{ status: number; body: string }>()
    const { clock, run, events, calls } = setUp({ call: () => hook.promise })
    const running = run()
    run.stop()
    hook.resolve({ status: 503, body: '' })
    await clock.until(running)
    await run()
    assert.deepEqual([events, calls()], [[], 0])
  })
})
