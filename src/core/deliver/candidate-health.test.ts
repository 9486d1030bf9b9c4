import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Pace, PlannedCandidate } from '../plan/candidates.ts'
import { type CandidateHealth, createCandidateHealth, type Verdict } from './candidate-health.ts'

const candidateOf = (key: string, paces: readonly Pace[] = []): PlannedCandidate => ({
  key,
  identity: key,
  region: undefined,
  maxPrice: 1,
  paces,
  notifyTemplateId: undefined,
  indiaEntityId: undefined,
  indiaTemplateId: undefined,
})
const candidate = candidateOf('sms//+18665550100')

function attempt(health: CandidateHealth, verdict: Verdict, now: number, of = candidate): void {
  health.started(of, 1, now)
  health.ended(of, verdict, now)
}
const four = <V extends Verdict>(verdict: V) => [verdict, verdict, verdict, verdict]
function broken(at = 0): CandidateHealth {
  const health = createCandidateHealth()
  for (let round = 0; round < 5; round += 1) attempt(health, 'failing', at)
  return health
}

describe('the circuit breaker of a candidate', () => {
  it('opens after five failed attempts in a row, for thirty seconds', () => {
    const health = createCandidateHealth()
    for (let round = 0; round < 4; round += 1) attempt(health, 'failing', 0)
    assert.equal(health.stateOf(candidate, 0), 'ready')
    attempt(health, 'failing', 0)
    assert.equal(health.stateOf(candidate, 0), 'broken')
    assert.equal(health.stateOf(candidate, 29_999), 'broken')
    assert.equal(health.stateOf(candidate, 30_000), 'ready')
  })

  it('counts from zero after one successful attempt', () => {
    const health = createCandidateHealth()
    for (const verdict of [...four('failing'), 'healthy', ...four('failing')] as const)
      attempt(health, verdict, 0)
    assert.equal(health.stateOf(candidate, 0), 'ready')
  })

  it('is neither opened nor closed by an error about a recipient or message', () => {
    const health = createCandidateHealth()
    for (const verdict of [...four('failing'), ...four('none')] as const) attempt(health, verdict, 0)
    assert.equal(health.stateOf(candidate, 0), 'ready')
    attempt(health, 'failing', 0)
    assert.equal(health.stateOf(candidate, 0), 'broken')
  })

  it('stays open until the end of its time after an inconclusive probe', () => {
    const health = broken()
    attempt(health, 'none', 30_000)
    assert.equal(health.stateOf(candidate, 32_999), 'broken')
    assert.equal(health.stateOf(candidate, 33_000), 'ready')
  })

  it('does not stay open longer if the candidate is tried anyway', () => {
    const health = broken()
    health.started(candidate, 1, 1_000)
    assert.equal(health.stateOf(candidate, 29_999), 'broken')
  })

  it('allows one probe after its time; for all other requests it stays open', () => {
    const health = broken()
    health.started(candidate, 1, 30_000)
    assert.equal(health.stateOf(candidate, 30_000), 'broken')
    assert.equal(health.stateOf(candidate, 32_999), 'broken')
  })

  it('closes when the probe succeeds', () => {
    const health = broken()
    attempt(health, 'healthy', 30_000)
    assert.equal(health.stateOf(candidate, 30_000), 'ready')
    attempt(health, 'failing', 30_000)
    assert.equal(health.stateOf(candidate, 30_000), 'ready')
  })

  it('opens again for thirty seconds when the probe fails', () => {
    const health = broken()
    attempt(health, 'failing', 30_000)
    assert.equal(health.stateOf(candidate, 59_999), 'broken')
    assert.equal(health.stateOf(candidate, 60_000), 'ready')
  })

  it('allows another probe if the first one never ends', () => {
    const health = broken()
    health.started(candidate, 1, 30_000)
    assert.equal(health.stateOf(candidate, 33_000), 'ready')
  })

  it('is separate for each candidate', () => {
    assert.equal(broken().stateOf(candidateOf('another'), 0), 'ready')
  })

  it('does not change when it is read', () => {
    const health = broken()
    for (let round = 0; round < 100; round += 1) health.stateOf(candidate, 30_000)
    assert.equal(health.stateOf(candidate, 30_000), 'ready')
  })
})

describe('the pace of a candidate', () => {
  const paced = candidateOf('paced', [{ key: 'paced', max: 3, windowSeconds: 1 }])

  it('is reached when that many parts were sent in its window, and free again after it', () => {
    const health = createCandidateHealth()
    health.started(paced, 2, 0)
    assert.equal(health.stateOf(paced, 0), 'ready')
    health.started(paced, 1, 500)
    assert.equal(health.stateOf(paced, 999), 'at its pace')
    assert.equal(health.stateOf(paced, 1_000), 'ready') // the first two parts are a second old
  })

  it('is reached by one long message', () => {
    const health = createCandidateHealth()
    health.started(paced, 10, 0)
    assert.equal(health.stateOf(paced, 999), 'at its pace')
    assert.equal(health.stateOf(paced, 1_000), 'ready')
  })

  it('of an account is shared by its candidates', () => {
    const health = createCandidateHealth()
    const account = { key: 'voice/', max: 20, windowSeconds: 60 }
    const [one, other] = [candidateOf('one', [account]), candidateOf('other', [account])]
    for (let call = 0; call < 20; call += 1) health.started(one, 1, call * 1_000)
    assert.equal(health.stateOf(other, 20_000), 'at its pace')
    assert.equal(health.stateOf(other, 60_000), 'ready')
  })

  it('counts failed attempts too, as AWS does', () => {
    const health = createCandidateHealth()
    for (let call = 0; call < 3; call += 1) attempt(health, 'healthy', 0, paced)
    assert.equal(health.stateOf(paced, 0), 'at its pace')
  })

  it('that is unknown is never reached', () => {
    const health = createCandidateHealth()
    for (let round = 0; round < 1_000; round += 1) health.started(candidate, 10, 0)
    assert.equal(health.stateOf(candidate, 0), 'ready')
  })
})

describe('the stored health', () => {
  it('is bounded: beyond ten thousand candidates, the first is dropped', () => {
    const health = broken()
    for (let index = 0; index < 9_999; index += 1)
      attempt(health, 'failing', 0, candidateOf(`candidate ${index}`))
    assert.equal(health.stateOf(candidate, 0), 'broken')
    attempt(health, 'failing', 0, candidateOf('one more'))
    assert.equal(health.stateOf(candidate, 0), 'ready')
  })
})
