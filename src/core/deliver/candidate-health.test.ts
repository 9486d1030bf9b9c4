import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Pace, PlannedRung } from '../plan/candidates.ts'
import { createRungHealth, type RungHealth, type Verdict } from './candidate-health.ts'

const rungOf = (key: string, paces: readonly Pace[] = []): PlannedRung => ({
  key,
  identity: key,
  region: undefined,
  maxPrice: 1,
  paces,
  notifyTemplateId: undefined,
  indiaEntityId: undefined,
  indiaTemplateId: undefined,
})
const rung = rungOf('sms//+18665550100')

function attempt(health: RungHealth, verdict: Verdict, now: number, of = rung): void {
  health.begun(of, 1, now)
  health.ended(of, verdict, now)
}
const four = <V extends Verdict>(verdict: V) => [verdict, verdict, verdict, verdict]
function broken(at = 0): RungHealth {
  const health = createRungHealth()
  for (let round = 0; round < 5; round += 1) attempt(health, 'unsound', at)
  return health
}

describe('the circuit breaker of a rung', () => {
  it('opens after five unsound attempts in a row, for thirty seconds', () => {
    const health = createRungHealth()
    for (let round = 0; round < 4; round += 1) attempt(health, 'unsound', 0)
    assert.equal(health.stateOf(rung, 0), 'ready')
    attempt(health, 'unsound', 0)
    assert.equal(health.stateOf(rung, 0), 'broken')
    assert.equal(health.stateOf(rung, 29_999), 'broken')
    assert.equal(health.stateOf(rung, 30_000), 'ready')
  })

  it('counts from the beginning after one sound attempt', () => {
    const health = createRungHealth()
    for (const verdict of [...four('unsound'), 'sound', ...four('unsound')] as const)
      attempt(health, verdict, 0)
    assert.equal(health.stateOf(rung, 0), 'ready')
  })

  it('is neither opened nor closed by what was about a recipient or message', () => {
    const health = createRungHealth()
    for (const verdict of [...four('unsound'), ...four('none')] as const) attempt(health, verdict, 0)
    assert.equal(health.stateOf(rung, 0), 'ready')
    attempt(health, 'unsound', 0)
    assert.equal(health.stateOf(rung, 0), 'broken')
  })

  it('stays open for the rest of the time of a probe that told nothing', () => {
    const health = broken()
    attempt(health, 'none', 30_000)
    assert.equal(health.stateOf(rung, 32_999), 'broken')
    assert.equal(health.stateOf(rung, 33_000), 'ready')
  })

  it('stays open as long when it is tried in spite of it', () => {
    const health = broken()
    health.begun(rung, 1, 1_000)
    assert.equal(health.stateOf(rung, 29_999), 'broken')
  })

  it('lets one probe through when its time is over: to all others it stays broken', () => {
    const health = broken()
    health.begun(rung, 1, 30_000)
    assert.equal(health.stateOf(rung, 30_000), 'broken')
    assert.equal(health.stateOf(rung, 32_999), 'broken')
  })

  it('closes when the probe succeeds', () => {
    const health = broken()
    attempt(health, 'sound', 30_000)
    assert.equal(health.stateOf(rung, 30_000), 'ready')
    attempt(health, 'unsound', 30_000)
    assert.equal(health.stateOf(rung, 30_000), 'ready')
  })

  it('opens again for thirty seconds when the probe fails', () => {
    const health = broken()
    attempt(health, 'unsound', 30_000)
    assert.equal(health.stateOf(rung, 59_999), 'broken')
    assert.equal(health.stateOf(rung, 60_000), 'ready')
  })

  it('lets another probe through when the first one never ends', () => {
    const health = broken()
    health.begun(rung, 1, 30_000)
    assert.equal(health.stateOf(rung, 33_000), 'ready')
  })

  it('is one for each rung', () => {
    assert.equal(broken().stateOf(rungOf('another'), 0), 'ready')
  })

  it('is not moved by being asked', () => {
    const health = broken()
    for (let round = 0; round < 100; round += 1) health.stateOf(rung, 30_000)
    assert.equal(health.stateOf(rung, 30_000), 'ready')
  })
})

describe('the pace of a rung', () => {
  const paced = rungOf('paced', [{ key: 'paced', max: 3, windowSeconds: 1 }])

  it('is reached when so many parts went out in its window, and free again after it', () => {
    const health = createRungHealth()
    health.begun(paced, 2, 0)
    assert.equal(health.stateOf(paced, 0), 'ready')
    health.begun(paced, 1, 500)
    assert.equal(health.stateOf(paced, 999), 'at its pace')
    assert.equal(health.stateOf(paced, 1_000), 'ready') // the first two parts are a second old
  })

  it('is reached by one long message', () => {
    const health = createRungHealth()
    health.begun(paced, 10, 0)
    assert.equal(health.stateOf(paced, 999), 'at its pace')
    assert.equal(health.stateOf(paced, 1_000), 'ready')
  })

  it('of an account is shared by its rungs', () => {
    const health = createRungHealth()
    const account = { key: 'voice/', max: 20, windowSeconds: 60 }
    const [one, other] = [rungOf('one', [account]), rungOf('other', [account])]
    for (let call = 0; call < 20; call += 1) health.begun(one, 1, call * 1_000)
    assert.equal(health.stateOf(other, 20_000), 'at its pace')
    assert.equal(health.stateOf(other, 60_000), 'ready')
  })

  it('counts attempts that failed too: AWS does', () => {
    const health = createRungHealth()
    for (let call = 0; call < 3; call += 1) attempt(health, 'sound', 0, paced)
    assert.equal(health.stateOf(paced, 0), 'at its pace')
  })

  it('that is unknown is never reached', () => {
    const health = createRungHealth()
    for (let round = 0; round < 1_000; round += 1) health.begun(rung, 10, 0)
    assert.equal(health.stateOf(rung, 0), 'ready')
  })
})

describe('what is kept', () => {
  it('is bounded: of more than ten thousand rungs the first is forgotten', () => {
    const health = broken()
    for (let index = 0; index < 9_999; index += 1) attempt(health, 'unsound', 0, rungOf(`rung ${index}`))
    assert.equal(health.stateOf(rung, 0), 'broken')
    attempt(health, 'unsound', 0, rungOf('one more'))
    assert.equal(health.stateOf(rung, 0), 'ready')
  })
})
