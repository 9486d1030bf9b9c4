import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { accepted, delivery, ended } from '../../../test/contracts/stores.ts'
import { receipt } from '../../../test/fixtures/receipts.ts'
import { foldReceipts } from './receipt.ts'
import { type CountedDelivery, countDeliveries, mergeStats, percentile } from './stats.ts'

const attempt = (identity: string, result: 'accepted' | 'failure' | 'unknown') => ({
  ...{ identity, result },
  detail: undefined,
  durationMs: 1,
})
function counted(changed: Partial<CountedDelivery> = {}): CountedDelivery {
  return { ...delivery({ end: accepted() }), progress: undefined, answered: undefined, ...changed }
}
const figuresOf = (changed: Partial<CountedDelivery>) => countDeliveries([counted(changed)]).total
const labelOf = (dimension: 'country' | 'identity' | 'language' | 'org', changed: Partial<CountedDelivery>) =>
  [...countDeliveries([counted(changed)]).by[dimension].keys()].join()
const progress = (type: string, price?: number) =>
  foldReceipts([receipt({ type, isFinal: true, price })]) ?? assert.fail()

const arbitrary: fc.Arbitrary<CountedDelivery> = fc
  .record({
    country: fc.constantFrom('ES', 'US', undefined),
    channel: fc.constantFrom('sms', 'voice'),
    caller: fc.constantFrom('acme', '__proto__', 'constructor'),
    end: fc.constantFrom(accepted(), ended('failed'), ended('unknown'), delivery().end),
    progress: fc.constantFrom(undefined, progress('TEXT_DELIVERED', 0.1), progress('TEXT_BLOCKED', 0.00645)),
    answered: fc.option(
      fc.integer({ min: 0, max: 3_600_000 }).map(afterMs => ({ at: 1_000 + afterMs, afterMs })),
      { nil: undefined },
    ),
  })
  .map(counted)

describe('the figures of a delivery', () => {
  for (const [what, changed, expected] of [
    ['a refused one was only asked for', { end: ended('refused') }, [1, 0, 0, 0]],
    ['a failed one was only asked for', { end: ended('failed') }, [1, 0, 0, 0]],
    ['one that has not ended is not known to be sent', { end: delivery().end }, [1, 0, 0, 0]],
    ['nor is one of which the carrier said nothing', { end: ended('unknown') }, [1, 0, 0, 0]],
    ['an accepted one was sent', {}, [1, 1, 0, 0]],
    [
      'a receipt proves that it was sent',
      { end: ended('unknown'), progress: progress('TEXT_BLOCKED') },
      [1, 1, 0, 0],
    ],
    ['a receipt may report its delivery', { progress: progress('TEXT_DELIVERED') }, [1, 1, 1, 0]],
    [
      'an answer proves that it was sent',
      { end: ended('unknown'), answered: { at: 2, afterMs: 1 } },
      [1, 1, 0, 1],
    ],
  ] as const) {
    it(what, () => {
      const { asked, sent, delivered, answered } = figuresOf(changed)
      assert.deepEqual([asked, sent, delivered, answered], expected)
    })
  }

  it('have the price that its receipts say, and say whether there was one', () => {
    const priceOf = (changed: Partial<CountedDelivery>) => {
      const { priced, costMicroUsd } = figuresOf(changed)
      return [priced, costMicroUsd]
    }
    assert.deepEqual(priceOf({ progress: progress('TEXT_DELIVERED', 0.00645) }), [1, 6_450])
    assert.deepEqual(priceOf({ progress: progress('TEXT_DELIVERED', 0) }), [1, 0])
    assert.deepEqual(priceOf({ progress: progress('TEXT_DELIVERED') }), [0, 0])
  })

  it('are those of the identity that the carrier accepted, else of the last one tried', () => {
    const attempts = [attempt('first', 'failure'), attempt('second', 'accepted')]
    assert.equal(
      labelOf('identity', { end: { ...accepted(), attempts } as CountedDelivery['end'] }),
      'second',
    )
    const failed = { ...ended('failed'), attempts: [attempt('first', 'failure'), attempt('last', 'failure')] }
    assert.equal(labelOf('identity', { end: failed as CountedDelivery['end'] }), 'last')
    assert.equal(labelOf('identity', { end: ended('refused') }), 'none')
  })

  it('are those of the language of its template', () => {
    assert.equal(labelOf('language', {}), 'es')
    assert.equal(labelOf('language', { templateUsed: { source: 'okta' } }), "Okta's text")
    assert.equal(labelOf('language', { templateUsed: undefined }), 'none')
  })

  it('have a label where something is not known', () => {
    assert.equal(labelOf('country', { country: undefined }), 'unknown')
    assert.equal(labelOf('org', { caller: '__proto__' }), '__proto__')
  })
})

describe('the figures of a set of deliveries', () => {
  it('do not depend on their order', () => {
    const shuffled = fc
      .array(arbitrary)
      .chain(all => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
    fc.assert(
      fc.property(shuffled, ([all, other]) => assert.deepEqual(countDeliveries(other), countDeliveries(all))),
    )
  })

  it('are the same when its parts are counted and merged', () => {
    fc.assert(
      fc.property(fc.array(arbitrary), fc.array(arbitrary), fc.array(arbitrary), (one, other, third) =>
        assert.deepEqual(
          mergeStats([one, other, third].map(countDeliveries)),
          countDeliveries([...one, ...other, ...third]),
        ),
      ),
    )
  })

  it('add up in each dimension to the total', () => {
    fc.assert(
      fc.property(fc.array(arbitrary), all => {
        const { total, by } = countDeliveries(all)
        for (const figures of Object.values(by))
          for (const name of ['asked', 'sent', 'delivered', 'answered', 'priced', 'costMicroUsd'] as const)
            assert.equal(
              [...figures.values()].reduce((sum, each) => sum + each[name], 0),
              total[name],
            )
      }),
    )
  })

  it('have percentiles that are at most 5% off, and a second up to a second', () => {
    const times = fc.array(fc.integer({ min: 0, max: 3_600_000 }), { minLength: 1 })
    fc.assert(
      fc.property(times, fc.constantFrom(0.5, 0.95, 1), (all, share) => {
        const { total } = countDeliveries(
          all.map(afterMs => counted({ answered: { at: 1_000 + afterMs, afterMs } })),
        )
        const exact = all.toSorted((one, other) => one - other)[Math.ceil(share * all.length) - 1] ?? 0
        const found = percentile(total, share) ?? 0
        if (exact <= 1_000) assert.equal(found, 1_000)
        else assert.ok(Math.abs(found - exact) <= 0.05 * exact, `${found} for ${exact}`)
      }),
    )
  })

  it('have no percentile without an answer', () => {
    assert.equal(percentile(figuresOf({}), 0.5), undefined)
  })
})
