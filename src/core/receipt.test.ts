import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { arbitraryReceipts, receipt, shuffledRepeats } from '../../test/fixtures/receipts.ts'
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

  for (const [stage, types] of [
    [
      'under-way',
      ['TEXT_PENDING', 'TEXT_QUEUED', 'TEXT_SENT', 'TEXT_UNKNOWN', 'VOICE_INITIATED', 'VOICE_RINGING'],
    ],
    ['delivered', ['TEXT_SUCCESSFUL', 'TEXT_DELIVERED', 'VOICE_ANSWERED', 'VOICE_COMPLETED', 'DELIVERED']],
    [
      'undeliverable',
      [
        ...[
          'TEXT_INVALID',
          'TEXT_INVALID_MESSAGE',
          'TEXT_UNREACHABLE',
          'TEXT_CARRIER_UNREACHABLE',
          'TEXT_BLOCKED',
        ],
        ...['TEXT_CARRIER_BLOCKED', 'TEXT_SPAM', 'TEXT_TTL_EXPIRED', 'TEXT_PROTECT_BLOCKED'],
        ...['VOICE_BUSY', 'VOICE_NO_ANSWER', 'VOICE_FAILED', 'VOICE_TTL_EXPIRED'],
      ],
    ],
  ] as const) {
    for (const type of types) it(`is ${stage} after ${type}`, () => assert.equal(stageAfter(type), stage))
  }

  it('keeps a type that nobody knows yet, and proves no more by it than that there is something', () => {
    const progress = foldReceipts([receipt({ type: 'TEXT_TELEPORTED' })])
    assert.deepEqual([progress?.type, progress?.stage], ['TEXT_TELEPORTED', 'under-way'])
    assert.equal(stageAfter('TEXT_SENT', 'TEXT_TELEPORTED'), 'under-way')
    assert.equal(stageAfter('TEXT_DELIVERED', 'constructor', '__proto__'), 'delivered')
  })

  it('is delivered once it was, whatever failed before or after', () => {
    assert.equal(stageAfter('TEXT_DELIVERED', 'TEXT_UNREACHABLE'), 'delivered')
    assert.equal(stageAfter('TEXT_UNREACHABLE', 'TEXT_SUCCESSFUL'), 'delivered')
  })

  it('does not go back to under way after an end', () => {
    assert.equal(stageAfter('TEXT_UNREACHABLE', 'TEXT_QUEUED'), 'undeliverable')
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
