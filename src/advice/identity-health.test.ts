import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AttemptRecord } from '../core/records/delivery.ts'
import { healthKey, identityHealth } from './identity-health.ts'

const attempt = (identity: string, result: AttemptRecord['result']): AttemptRecord => ({
  identity,
  result,
  detail: undefined,
  durationMs: 5,
})
const ended = (country: string | undefined, ...attempts: readonly AttemptRecord[]) =>
  ({
    country,
    channel: 'sms',
    end: { state: 'failed', at: 1, code: 'CARRIER_REFUSED', detail: '', attempts },
  }) as const

describe('the health of an identity, from deliveries', () => {
  it('counts its attempts in each country on its own', () => {
    const health = identityHealth([
      ended('GB', attempt('a', 'failure'), attempt('b', 'accepted')),
      ended('FR', attempt('a', 'accepted')),
      { country: 'GB', channel: 'sms', end: { state: 'sending' } },
    ])
    assert.deepEqual(health.get(healthKey('GB', 'sms', 'a')), { accepted: 0, attempts: 1, isFailing: false })
    assert.deepEqual(health.get(healthKey('GB', 'sms', 'b')), { accepted: 1, attempts: 1, isFailing: false })
    assert.deepEqual(health.get(healthKey('FR', 'sms', 'a')), { accepted: 1, attempts: 1, isFailing: false })
    assert.equal(health.get(healthKey('FR', 'voice', 'a')), undefined)
  })

  it('is failing when the five newest attempts all failed', () => {
    const failures = Array.from({ length: 5 }, () => ended('GB', attempt('a', 'unknown')))
    const success = ended('GB', attempt('a', 'accepted'))
    const isFailing = (all: Parameters<typeof identityHealth>[0]) =>
      identityHealth(all).get(healthKey('GB', 'sms', 'a'))?.isFailing
    assert.equal(isFailing([...failures, success]), true)
    assert.equal(isFailing([success, ...failures]), false)
    assert.equal(isFailing(failures.slice(1)), false)
  })
})
