import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  drawCandidate,
  drawOf,
  nextShares,
  type RouteSample,
  type RouteShares,
  restingTenths,
  type ShareFacts,
} from './route-shares.ts'

const route = ['first', 'second']
const resting: RouteShares = { tenths: { first: 9, second: 1 } }
const none: ReadonlySet<string> = new Set()

/** Codes to as many phones, of which `good` were entered, one a second up to `now`. */
function codes(candidate: string, count: number, good: number, phones = candidate): RouteSample[] {
  return Array.from({ length: count }, (_, index) => ({
    candidate,
    phone: `${phones}-${index}`,
    at: NOW - index * 1_000,
    isGood: Math.floor(((index + 1) * good) / count) > Math.floor((index * good) / count),
  }))
}

function look(samples: readonly RouteSample[], changed: Partial<ShareFacts> = {}) {
  return nextShares(
    {
      candidates: route,
      shares: resting,
      samples,
      isFrozen: false,
      refused: none,
      isFollowed: true,
      ...changed,
    },
    NOW,
  )
}

describe('the shares of a route', () => {
  it('are at rest nine tenths for the first candidate, and a tenth for the next', () => {
    assert.deepEqual(restingTenths(['a']), { a: 10 })
    assert.deepEqual(restingTenths(['a', 'b']), { a: 9, b: 1 })
    assert.deepEqual(restingTenths(['a', 'b', 'c', 'd']), { a: 8, b: 1, c: 1 })
  })

  it('move a tenth from a candidate whose codes are entered clearly less often', () => {
    const { shares, move } = look([...codes('first', 160, 48), ...codes('second', 60, 54)])
    assert.deepEqual(shares, { tenths: { first: 8, second: 2 }, movedAt: NOW })
    assert.deepEqual(move, {
      from: 'first',
      to: 'second',
      why: 'fewer answers',
      ofFrom: { codes: 80, good: 24 },
      ofTo: { codes: 60, good: 54 },
    })
  })

  it('move nothing on fewer than 200 codes', () => {
    assert.equal(look([...codes('first', 139, 0), ...codes('second', 60, 60)]).move, undefined)
    assert.notEqual(look([...codes('first', 140, 0), ...codes('second', 60, 60)]).move, undefined)
  })

  it('move nothing while answers are late or missing', () => {
    const bad = [...codes('first', 160, 0), ...codes('second', 60, 60)]
    assert.deepEqual(look(bad, { isFrozen: true }), { shares: resting })
  })

  it('move nothing towards a candidate that AWS refused when it was tried', () => {
    const bad = [...codes('first', 160, 0), ...codes('second', 60, 60)]
    assert.equal(look(bad, { refused: new Set(['second']) }).move, undefined)
  })

  it('leave each candidate a probe, however bad it is', () => {
    const shares: RouteShares = { tenths: { first: 1, second: 9 }, movedAt: NOW - 3_599_999 }
    assert.deepEqual(look([...codes('first', 160, 0), ...codes('second', 60, 60)], { shares }), { shares })
  })

  it('move a second tenth after three codes more', () => {
    const samples = [...codes('first', 160, 0), ...codes('second', 60, 60)]
    const after = (movedAt: number) => look(samples, { shares: { tenths: { first: 8, second: 2 }, movedAt } })
    // Codes of both candidates were sent at the same seconds.
    assert.equal(after(NOW - 1_000).move, undefined)
    assert.deepEqual(after(NOW - 2_000).shares.tenths, { first: 7, second: 3 })
  })

  it('move towards the next candidate when the first falls behind its own past, and the next has hardly any codes', () => {
    const past = codes('first', 200, 180, 'past').map(code => ({ ...code, at: code.at - 3_600_000 }))
    const { move } = look([...codes('first', 80, 20), ...past, ...codes('second', 10, 9)])
    assert.equal(move?.why, 'fewer answers than before')
    assert.deepEqual(
      [move?.ofFrom, move?.ofTo],
      [
        { codes: 80, good: 20 },
        { codes: 10, good: 9 },
      ],
    )
  })

  it('move on its own past alone while codes keep the order of the route', () => {
    const past = codes('first', 200, 180, 'past').map(code => ({ ...code, at: code.at - 3_600_000 }))
    const only = [...codes('first', 80, 20), ...past]
    assert.equal(look(only).move, undefined) // the other one may be as bad now
    assert.equal(look(only, { isFollowed: false }).move?.why, 'fewer answers than before')
    const again = [...codes('first', 30, 28, 'again').map(code => ({ ...code, at: code.at + 1 })), ...only]
    assert.equal(look(again, { isFollowed: false }).move, undefined)
  })

  it('move on its own past only until the other candidate has forty codes to be compared', () => {
    const past = codes('first', 200, 180, 'past').map(code => ({ ...code, at: code.at - 3_600_000 }))
    const withOther = (count: number) =>
      look([...codes('first', 80, 20), ...past, ...codes('second', count, Math.floor(count / 4))], {
        isFollowed: false,
      }).move
    assert.equal(withOther(39)?.why, 'fewer answers than before')
    assert.equal(withOther(40), undefined, 'both are as bad: it is not the identity')
  })

  it('keep the order of the operator among candidates that are short codes', () => {
    const candidates = ['first', 'pool-2', '72975']
    const past = codes('first', 200, 180, 'past').map(code => ({ ...code, at: code.at - 3_600_000 }))
    const shares = { tenths: restingTenths(candidates) }
    const { move } = look(
      [...codes('first', 80, 20), ...past, ...codes('pool-2', 9, 8), ...codes('72975', 9, 8)],
      {
        candidates,
        shares,
      },
    )
    assert.deepEqual([move?.from, move?.to], ['first', 'pool-2'])
  })

  it('drift back a tenth each hour once the candidate is as good again', () => {
    const shares: RouteShares = { tenths: { first: 4, second: 6 }, movedAt: NOW - 3_600_000 }
    const again = look([...codes('first', 30, 27), ...codes('second', 170, 155)], { shares })
    assert.deepEqual(again.shares, { tenths: { first: 5, second: 5 }, movedAt: NOW })
    assert.equal(again.move?.why, 'back to the order of the route')
    const still = look([...codes('first', 30, 15), ...codes('second', 170, 155)], { shares })
    assert.deepEqual(still.shares, shares)
  })

  it('begin anew when the operator changes the route', () => {
    const shares: RouteShares = { tenths: { first: 4, third: 6 } }
    assert.deepEqual(look([], { shares }).shares, resting)
  })

  it('do not move by codes to six phones, whatever their owner answers', () => {
    for (let phones = 1; phones <= 6; phones += 1) {
      const own = Array.from({ length: 600 }, (_, index): RouteSample => {
        const candidate = index % 2 === 0 ? 'first' : 'second'
        return { candidate, phone: `own-${index % phones}`, at: NOW - index, isGood: candidate === 'second' }
      })
      const others = [...codes('first', 160, 128, 'a'), ...codes('second', 120, 96, 'b')]
      assert.equal(look([...own, ...others]).move, undefined)
    }
  })

  it('count each phone once for each candidate', () => {
    const one = codes('first', 500, 0).map(code => ({ ...code, phone: 'one' }))
    assert.equal(look([...one, ...codes('second', 100, 100)]).move, undefined)
  })
})

describe('the draw', () => {
  it('gives each candidate its tenths', () => {
    const counts = new Map<string | undefined, number>()
    for (let index = 0; index < 10_000; index += 1) {
      const name = drawCandidate({ tenths: { first: 7, second: 3 } }, drawOf(`delivery-${index}`))
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    assert.ok(Math.abs((counts.get('first') ?? 0) - 7_000) < 200, String(counts.get('first')))
    assert.equal((counts.get('first') ?? 0) + (counts.get('second') ?? 0), 10_000)
  })

  it('is the same for the same delivery, and says nothing without shares', () => {
    assert.equal(drawOf('delivery-1'), drawOf('delivery-1'))
    assert.equal(drawCandidate({ tenths: {} }, 0.5), undefined)
  })
})

const NOW = 1_800_000_000_000
