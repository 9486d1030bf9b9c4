import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { reasons } from '../values/reasons.ts'
import {
  defaultLimits,
  describeLimit,
  exceededLimit,
  type Limit,
  limitReason,
  limitScopes,
  longestWindowMs,
} from './limits.ts'

const NOW = 1_000_000
const limit: Limit = { scope: 'number', windowSeconds: 10, max: 2 }
const history = (...number: number[]) => ({ number, user: [], 'number-and-channel': [] })

describe('a window', () => {
  for (const [what, times, isExceeded] of [
    ['has room before its first code', [], false],
    ['has room for its last code', [NOW - 1], false],
    ['is full at its maximum', [NOW - 1, NOW - 2], true],
    ['is full beyond its maximum', [NOW, NOW, NOW], true],
    ['counts codes of the same millisecond', [NOW, NOW], true],
    ['forgets a code that is exactly as old as it is long', [NOW - 10_000, NOW - 1], false],
    ['keeps a code that is a millisecond younger', [NOW - 9_999, NOW - 1], true],
    ['does not mind the order', [NOW - 1, NOW - 20_000, NOW - 2], true],
    ['counts what another clock says is still to come', [NOW + 1, NOW + 3_600_000], true],
  ] as const) {
    it(what, () => assert.equal(exceededLimit([limit], history(...times), NOW) !== undefined, isExceeded))
  }
})

describe('a window whose last codes are kept for known networks', () => {
  it('is full two codes earlier, but never before its first', () => {
    const kept = { ...limit, max: 5, kept: 2 }
    assert.equal(exceededLimit([kept], history(NOW, NOW), NOW), undefined)
    assert.equal(exceededLimit([kept], history(NOW, NOW, NOW), NOW), kept)
    assert.equal(exceededLimit([{ ...kept, max: 2 }], history(), NOW), undefined)
    assert.equal(
      describeLimit(kept),
      '5 per 10 s for one number, of which the last 2 are kept for networks where the phone answered',
    )
  })
})

describe('several windows', () => {
  it('are checked in order: the first that is full is named', () => {
    const other = { ...limit, windowSeconds: 100 }
    assert.equal(exceededLimit([other, limit], history(NOW, NOW), NOW), other)
  })

  it('each have their own scope', () => {
    const times = { ...history(NOW, NOW), user: [NOW] }
    assert.equal(exceededLimit([{ ...limit, scope: 'user' }], times, NOW), undefined)
    assert.equal(exceededLimit([{ ...limit, scope: 'user', max: 1 }], times, NOW)?.scope, 'user')
  })

  it('that are empty refuse nothing, and need no history', () => {
    assert.equal(exceededLimit([], history(NOW, NOW, NOW), NOW), undefined)
    assert.equal(longestWindowMs([]), 0)
  })
})

describe('the default limits', () => {
  it('are enforced: 5 in ten minutes, 10 an hour, 50 a day, for every scope', () => {
    assert.equal(defaultLimits.mode, 'enforce')
    for (const scope of limitScopes) {
      const windows = defaultLimits.windows.filter(window => window.scope === scope)
      assert.deepEqual(
        windows.map(({ windowSeconds, max }) => [windowSeconds, max]),
        [
          [600, 5],
          [3_600, 10],
          [86_400, 50],
        ],
      )
    }
    assert.equal(longestWindowMs(defaultLimits.windows), 86_400_000)
  })
})

describe('a limit that is exceeded', () => {
  it('has a reason that must not be sent, and a text for operators', () => {
    for (const scope of limitScopes) {
      assert.equal(reasons[limitReason({ ...limit, scope })].answer, 'over-limit')
    }
    const words = describeLimit({ scope: 'number-and-channel', windowSeconds: 600, max: 5 })
    assert.equal(words, '5 per 600 s for one number and channel')
  })
})
