import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery } from '../../test/contracts/stores.ts'
import { receipt } from '../../test/fixtures/receipts.ts'
import type { FollowedDelivery } from '../core/records/delivery.ts'
import { eventMeanings, foldReceipts } from '../core/records/receipt.ts'
import { type ReasonCode, reasons } from '../core/values/reasons.ts'
import { adviseCaller, undeliverable } from './caller-advice.ts'

const OPENED = 1_000
const SOON = OPENED + 20_000
const LATER = OPENED + 3_600_000

const followed = (changed: Partial<FollowedDelivery> = {}): FollowedDelivery => ({
  ...delivery({ openedAt: OPENED, expiresAt: OPENED + 300_000, end: accepted() }),
  progress: undefined,
  answered: undefined,
  ...changed,
})
const withReceipt = (type: string, channel: 'sms' | 'voice'): FollowedDelivery =>
  followed({ channel, progress: foldReceipts([receipt({ type, isFinal: true })]) })

describe('what to say to a caller', () => {
  const codes = Object.keys(reasons) as ReasonCode[]
  for (const state of ['refused', 'failed', 'unknown'] as const) {
    it(`is a sentence, with who can act, for every reason of a code that is ${state}`, () => {
      for (const code of codes) {
        const end = { state, at: SOON, code, detail: 'as it was', attempts: [] }
        const { say, actor, todo } = adviseCaller(followed({ end }), SOON)
        assert.match(say, /^[A-Z].{20,}\.$/, code)
        assert.deepEqual([actor, todo], [reasons[code].actor, reasons[code].remedy], code)
      }
    })
  }

  it('never tells a person that somebody is suspected, nor names a product or a code of ours', () => {
    for (const code of codes) {
      const end = { state: 'refused', at: SOON, code, detail: 'as it was', attempts: [] } as const
      assert.doesNotMatch(
        adviseCaller(followed({ end }), SOON).say,
        /fraud|suspect|attack|hookline|AWS|[A-Z]_[A-Z]/i,
      )
    }
  })

  it('is known for every receipt of a failure, by text, RCS and call', () => {
    const failed = Object.entries(eventMeanings).flatMap(([type, meaning]) =>
      meaning === 'failed' ? [type] : [],
    )
    assert.ok(failed.length > 10)
    for (const type of failed) {
      const bare = type.replace(/^(?:TEXT|RCS|VOICE)_/, '')
      assert.ok(bare in undeliverable, `${type} has no advice`)
      for (const channel of ['sms', 'voice'] as const) {
        const { say } = adviseCaller(withReceipt(type, channel), LATER)
        assert.match(say, /^[A-Z].{20,}\.$/, type)
      }
    }
  })

  it('tells a person to wait while a code is on its way, and to ask again when it is over', () => {
    for (const end of [{ state: 'sending' } as const, accepted()]) {
      assert.match(adviseCaller(followed({ end }), SOON).say, /on its way/)
      assert.match(adviseCaller(followed({ end }), LATER).say, /ask for a new/)
    }
    assert.match(adviseCaller(followed({ expiresAt: undefined }), OPENED + 300_001).say, /ask for a new/)
  })

  it('sends a person to the newest message when it was delivered', () => {
    assert.match(adviseCaller(withReceipt('TEXT_DELIVERED', 'sms'), SOON).say, /reached your phone/)
    assert.match(adviseCaller(withReceipt('TEXT_DELIVERED', 'sms'), LATER).say, /no longer valid/)
    assert.match(adviseCaller(withReceipt('VOICE_COMPLETED', 'voice'), SOON).say, /perhaps by your mailbox/)
  })

  it('says of an answered code that it was entered, whatever the receipts say', () => {
    const { progress } = withReceipt('TEXT_INVALID', 'sms')
    const advice = adviseCaller(followed({ progress, answered: { at: SOON, afterMs: 5_000 } }), LATER)
    assert.match(advice.say, /was entered/)
  })

  it('says that nothing is known when the carrier finally does not know', () => {
    assert.match(adviseCaller(withReceipt('TEXT_UNKNOWN', 'sms'), LATER).say, /do not know/)
  })
})
