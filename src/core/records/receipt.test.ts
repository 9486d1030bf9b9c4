import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { arbitraryReceipts, receipt, shuffledRepeats } from '../../../test/fixtures/receipts.ts'
import { foldReceipts } from './receipt.ts'

describe('the combined status of receipts', () => {
  it('depends only on the set of receipts, not on order or repeats', () => {
    fc.assert(
      fc.property(shuffledRepeats(arbitraryReceipts), ([receipts, again]) => {
        assert.deepEqual(foldReceipts(again), foldReceipts(receipts))
      }),
      { numRuns: 1_000 },
    )
  })

  it('does not exist without receipts', () => assert.equal(foldReceipts([]), undefined))

  const stageAfter = (...types: readonly string[]) =>
    foldReceipts(types.map((type, index) => receipt({ type, at: index })))?.stage

  it('keeps an unknown type, which proves only that the message exists', () => {
    const progress = foldReceipts([receipt({ type: 'TEXT_TELEPORTED' })])
    assert.deepEqual([progress?.type, progress?.stage], ['TEXT_TELEPORTED', 'under-way'])
    assert.equal(stageAfter('TEXT_SENT', 'TEXT_TELEPORTED'), 'under-way')
    assert.equal(stageAfter('TEXT_DELIVERED', 'constructor', '__proto__'), 'delivered')
  })

  it('does not return to in progress after an end', () => {
    assert.equal(stageAfter('TEXT_UNREACHABLE', 'TEXT_QUEUED'), 'undeliverable')
  })

  it('is failed if a call was answered and then failed, even if the answer was marked final', () => {
    const final = (type: string, at: number) => receipt({ type, isFinal: true, at })
    for (const failure of ['VOICE_FAILED', 'VOICE_NO_ANSWER', 'VOICE_TTL_EXPIRED']) {
      const receipts = [final('VOICE_ANSWERED', 1), final(failure, 2)]
      for (const order of [receipts, receipts.toReversed()])
        assert.equal(foldReceipts(order)?.stage, 'undeliverable')
    }
    assert.equal(foldReceipts([final('VOICE_ANSWERED', 1)])?.stage, 'delivered')
  })

  it('has the finality of the event that it shows', () => {
    const progress = foldReceipts([
      receipt({ type: 'TEXT_SUCCESSFUL', isFinal: true }),
      receipt({ isFinal: false }),
    ])
    assert.deepEqual([progress?.type, progress?.isFinal], ['TEXT_SUCCESSFUL', true])
  })

  it('has carrier and price from any receipt that names them', () => {
    const progress = foldReceipts([
      receipt({ type: 'TEXT_SENT', carrierName: 'Orange', price: 0.05 }),
      receipt({ type: 'TEXT_DELIVERED', carrierName: undefined, price: undefined }),
    ])
    assert.deepEqual(
      [progress?.type, progress?.carrierName, progress?.price],
      ['TEXT_DELIVERED', 'Orange', 0.05],
    )
  })

  it('has the latest time of the highest rank', () => {
    const times = [5, 9, 7].map(at => receipt({ type: 'TEXT_DELIVERED', at }))
    assert.equal(foldReceipts([...times, receipt({ type: 'TEXT_SENT', at: 99 })])?.at, 9)
  })
})
