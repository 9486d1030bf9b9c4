import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  drawCandidate,
  drawOf,
  nextShares,
  type RouteSample,
  type RouteShares,
  restingTenths,
  SETTLED_MS,
} from '../../src/core/policy/route-shares.ts'
import { randomOf } from '../fixtures/seeded-random.ts'

const HOUR = 3_600_000
const route = ['first', 'second']

type Day = {
  readonly seed: number
  readonly hours: number
  /** From when until when the first candidate loses two thirds of its texts. */
  readonly fault?: { readonly from: number; readonly until: number }
  /** Phones of one person, with a third of all codes, and what becomes of a code by its candidate. */
  /** From when until when Okta's events come 40 minutes late. */
  readonly late?: { readonly from: number; readonly until: number }
  readonly outsider?: { readonly phones: number; readonly answers: (candidate: string) => boolean }
}

/** A code and a look a minute; 85 of 100 codes are entered. */
function simulate({ seed, hours, fault, late, outsider }: Day) {
  const random = randomOf(seed)
  const samples: RouteSample[] = []
  let shares: RouteShares = { tenths: restingTenths(route) }
  let moves = 0
  let codesSinceFault = 0
  let outAfter: number | undefined
  let backAfterMs: number | undefined
  for (let minute = 0; minute < hours * 60; minute += 1) {
    const now = minute * 60_000 + Math.floor(random() * 60_000)
    const candidate = drawCandidate(shares, drawOf(`${seed}-${minute}`)) ?? assert.fail()
    const isFaulty = fault !== undefined && now >= fault.from && now < fault.until
    if (isFaulty) codesSinceFault += 1
    const isOutsiders = outsider !== undefined && random() < 1 / 3
    const phone = isOutsiders
      ? `outsider-${minute % outsider.phones}`
      : `person-${Math.floor(random() * 2_000)}`
    const chance = isFaulty && candidate === 'first' ? 0.85 / 3 : 0.85
    const isGood = isOutsiders ? outsider.answers(candidate) : random() < chance
    samples.push({ candidate, phone, at: now, isGood })
    const isLate = late !== undefined && now >= late.from && now < late.until
    const settled = samples
      .filter(({ at }) => at <= now - SETTLED_MS)
      .slice(-800)
      .map(sample => (isLate && sample.at > now - 40 * 60_000 ? { ...sample, isGood: false } : sample))
    const next = nextShares(
      { candidates: route, shares, samples: settled, isFrozen: false, refused: new Set(), isFollowed: true },
      now,
    )
    shares = next.shares
    if (next.move !== undefined) moves += 1
    if (isFaulty && (shares.tenths.first ?? 0) < 5) outAfter ??= codesSinceFault
    if (fault !== undefined && now >= fault.until && shares.tenths.first === 9)
      backAfterMs ??= now - fault.until
  }
  return { moves, outAfter, backAfterMs }
}

describe('a day of a route with two candidates', () => {
  for (const seed of [1, 2, 3, 4, 5])
    it(`on which one loses two thirds of its texts: out of first place within 200 codes, and back (seed ${seed})`, () => {
      const { outAfter, backAfterMs } = simulate({
        seed,
        hours: 60,
        fault: { from: 20 * HOUR, until: 32 * HOUR },
      })
      assert.ok(outAfter !== undefined && outAfter <= 200, `out after ${outAfter} codes`)
      assert.ok(backAfterMs !== undefined && backAfterMs < 28 * HOUR, `back after ${backAfterMs} ms`)
    })

  it('without a fault: no move', () => {
    for (let seed = 11; seed <= 16; seed += 1)
      assert.equal(simulate({ seed, hours: 24 }).moves, 0, `seed ${seed}`)
  })

  it('on which events come 40 minutes late for half of it: no move', () => {
    for (let seed = 31; seed <= 34; seed += 1) {
      const late = { from: 6 * HOUR, until: 18 * HOUR }
      assert.equal(simulate({ seed, hours: 24, late }).moves, 0, `seed ${seed}`)
    }
  })

  for (const [what, answers] of [
    ['none of them', () => false],
    ['only those of one candidate', (candidate: string) => candidate === 'second'],
    ['only those of the other candidate', (candidate: string) => candidate === 'first'],
  ] as const)
    it(`of which a third of the codes go to one person's six phones, who answers ${what}: no move`, () => {
      for (let seed = 21; seed <= 24; seed += 1)
        assert.equal(simulate({ seed, hours: 24, outsider: { phones: 6, answers } }).moves, 0, `seed ${seed}`)
    })
})
