import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { arbitraryReceipts, receipt, shuffledRepeats } from '../../../test/fixtures/receipts.ts'
import { foldReceipts } from './receipt.ts'

describe('what receipts say together', () => {
  it('depends on the set of receipts only: not on their order, nor on repeats', () => {
    fc.assert(
      fc.property(shuffledRepeats(arbitraryReceipts), ([receipts, again]) => {
        assert.deepEqual(foldReceipts(again), foldReceipts(receipts))
      }),
      { numRuns: 1_000 },
    )
  })

  it('is nothing without receipts', () => assert.equal(foldReceipts([]), undefined))

  const stageAfter = (...types: readonly string[]) =>
    foldReceipts(types.map((type, index) => receipt({ type, at: index })))?.stage

  it('keeps a type that nobody knows yet, and proves no more by it than that there is something', () => {
    const progress = foldReceipts([receipt({ type: 'TEXT_TELEPORTED' })])
    assert.deepEqual([progress?.type, progress?.stage], ['TEXT_TELEPORTED', 'under-way'])
    assert.equal(stageAfter('TEXT_SENT', 'TEXT_TELEPORTED'), 'under-way')
    assert.equal(stageAfter('TEXT_DELIVERED', 'constructor', '__proto__'), 'delivered')
  })

  it('does not go back to under way after an end', () => {
    assert.equal(stageAfter('TEXT_UNREACHABLE', 'TEXT_QUEUED'), 'undeliverable')
  })

  it('fails where a call was answered and then failed, even if its answering was called final', () => {
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

  it('has the carrier and the price of whichever receipt named them', () => {
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
