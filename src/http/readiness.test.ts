import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createFakeClock } from '../../test/fixtures/fake-clock.ts'
import { NOW } from '../../test/fixtures/planning.ts'
import type { StepEvent } from '../core/deliver/event.ts'
import { createReadiness, onceIn, type ReadinessCheck } from './readiness.ts'

function setUp(store: () => Promise<void>) {
  const clock = createFakeClock()
  const events: StepEvent[] = []
  let asked = 0
  const checks: readonly ReadinessCheck[] = [
    { name: 'keys', check: async () => undefined },
    {
      name: 'store',
      check: () => {
        asked += 1
        return store()
      },
    },
  ]
  const ask = createReadiness(checks, clock, event => void events.push(event))
  return { clock, events, ask: () => clock.until(ask()), asked: () => asked }
}

describe('readiness', () => {
  it('is given if every check passes', async () => {
    const { ask, events } = setUp(async () => undefined)
    const body = { status: 'ready', checks: { keys: 'ok', store: 'ok' } }
    assert.deepEqual(await ask(), { httpStatus: 200, body })
    assert.deepEqual(events, [])
  })

  it('is refused if one fails: the response names it, and only the log has the reason', async () => {
    const { ask, events } = setUp(() => Promise.reject(new Error('/var/data: disk full')))
    const body = { status: 'not ready', checks: { keys: 'ok', store: 'failing' } }
    assert.deepEqual(await ask(), { httpStatus: 503, body })
    assert.deepEqual(events, [
      { step: 'readiness', outcome: 'failing', detail: 'store: /var/data: disk full' },
    ])
  })

  it('is given if an optional check fails, and names it', async () => {
    const check = () => Promise.reject(new Error('nobody reads'))
    const events: StepEvent[] = []
    const checks = [{ name: 'log', check, isOptional: true }]
    const ask = createReadiness(checks, createFakeClock(), event => void events.push(event))
    const body = { status: 'ready', checks: { log: 'failing' } }
    assert.deepEqual(await ask(), { httpStatus: 200, body })
    assert.deepEqual(events, [])
  })

  it('is refused after two seconds if a check hangs', async () => {
    const { ask, clock } = setUp(() => new Promise(() => {}))
    assert.equal((await ask()).httpStatus, 503)
    assert.equal(clock.now() - NOW, 2_000)
  })

  it('is checked once for all requests within a second', async () => {
    const { ask, asked, clock } = setUp(async () => undefined)
    await Promise.all([ask(), ask()])
    clock.pass(1_000)
    await ask()
    assert.equal(asked(), 1)
    clock.pass(1)
    assert.equal((await ask()).httpStatus, 200)
    assert.equal(asked(), 2)
  })

  it('repeats a check as often as it says, and never twice at once', async () => {
    const clock = createFakeClock()
    const found = Array.from({ length: 3 }, () => Promise.withResolvers<number>())
    let runs = 0
    const ask = onceIn(5_000, clock, () => found[runs++]?.promise ?? assert.fail())
    const first = ask()
    clock.pass(60_000)
    assert.equal(ask(), first, 'the first is under way')
    found[0]?.resolve(1)
    assert.equal(await first, 1)
    const second = ask()
    found[1]?.resolve(2)
    assert.equal(await second, 2)
    clock.pass(5_000)
    assert.equal(await ask(), 2)
    clock.pass(1)
    ask()
    assert.equal(runs, 3)
  })

  it('is given again after a failure', async () => {
    let isBroken = true
    const { ask, clock } = setUp(() => (isBroken ? Promise.reject(new Error('locked')) : Promise.resolve()))
    assert.equal((await ask()).httpStatus, 503)
    isBroken = false
    clock.pass(1_001)
    assert.equal((await ask()).httpStatus, 200)
  })
})
