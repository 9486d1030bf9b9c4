import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery, ended } from '../../../test/contracts/stores.ts'
import { linesOf, settingsWith } from '../../../test/fixtures/doctor-facts.ts'
import { receipt } from '../../../test/fixtures/receipts.ts'
import type { FollowedDelivery } from '../../core/records/delivery.ts'
import { foldReceipts } from '../../core/records/receipt.ts'

const NOW = Date.UTC(2026, 0, 5, 12)
const MINUTE = 60_000

function lines(last: Partial<FollowedDelivery> | undefined, country = 'GB'): readonly string[] {
  const whole = last && {
    ...delivery({ openedAt: NOW - MINUTE }),
    progress: undefined,
    answered: undefined,
    ...last,
  }
  return linesOf({ settings: settingsWith({ HOOKLINE_CANARY: country }), canary: { last: whole, now: NOW } })
}

const progressOf = (type: string) => foldReceipts([receipt({ type, isFinal: true })])

describe('the doctor and the canary', () => {
  it('have nothing to say where none is on, or the last one was delivered', () => {
    assert.deepEqual(lines(undefined, 'off'), [])
    assert.deepEqual(lines({ end: ended('failed') }, 'off'), [])
    assert.deepEqual(lines({ end: accepted(), progress: progressOf('TEXT_DELIVERED') }), [])
  })

  it('miss one of the last two hours', () => {
    assert.match(
      lines(undefined).join(),
      /^error canary: .* simulator of GB each hour, .* none of the last two hours\.$/,
    )
  })

  it('say how the last one ended', () => {
    const at = '2026-01-05T11:59:00Z'
    assert.deepEqual(lines({ end: ended('failed') }), [
      `error canary: The canary of ${at} failed: CARRIER_REFUSED.`,
    ])
    assert.deepEqual(lines({ end: accepted(), progress: progressOf('TEXT_BLOCKED') }), [
      `error canary: The canary of ${at} failed: TEXT_BLOCKED.`,
    ])
  })

  it('warn of a receipt that has not come for ten minutes, and wait until then', () => {
    assert.deepEqual(lines({ end: accepted() }), [])
    assert.deepEqual(lines({ end: { state: 'sending' } }), [])
    const old = { openedAt: NOW - 11 * MINUTE }
    assert.match(lines({ ...old, end: accepted() }).join(), /^warning canary: No receipt has arrived/)
    assert.match(
      lines({ ...old, end: { state: 'sending' } }).join(),
      /^error canary: .* has no recorded result\.$/,
    )
  })
})
