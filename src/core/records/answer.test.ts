import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery, ended } from '../../../test/contracts/stores.ts'
import {
  type Answer,
  answeredAt,
  answeredBy,
  CODE_VALID_MAX_MS,
  findAnswered,
  findReplaced,
  REPLACED_WITHIN_MS,
} from './answer.ts'
import type { Delivery } from './delivery.ts'

const AT = Date.UTC(2026, 5, 15, 12)
const answer: Answer = { callers: ['acme'], userDigests: ['user'], channel: 'sms', at: AT }
const code = (id: string, openedAt: number, changed: Partial<Delivery> = {}): Delivery =>
  delivery({
    ...{ id, openedAt, caller: 'acme', userDigest: 'user', channel: 'sms', expiresAt: undefined },
    end: accepted(`message-${id}`),
    ...changed,
  })
const found = (deliveries: readonly Delivery[], changed: Partial<Answer> = {}): string => {
  const result = findAnswered(deliveries, { ...answer, ...changed })
  return 'kind' in result ? result.reason : result.id
}

describe('the delivery that an answer is about', () => {
  it('is the newest by its time, whatever its ID and the order of the records', () => {
    const older = code('z', AT - 60_000)
    const newer = code('a', AT - 30_000)
    assert.equal(found([older, newer]), 'a')
    assert.equal(found([newer, older]), 'a')
    const atOnce = [code('b', AT - 30_000), code('a', AT - 30_000)]
    assert.equal(found(atOnce), found(atOnce.toReversed()))
  })

  it('is of the same caller, user and channel', () => {
    for (const other of [{ caller: 'globex' }, { userDigest: 'other' }, { userDigest: undefined }] as const)
      assert.equal(found([code('a', AT - 1_000, other)]), 'no-code', JSON.stringify(other))
    assert.equal(found([code('a', AT - 1_000, { channel: 'voice' })]), 'no-code')
    assert.equal(found([code('a', AT - 1_000)], { callers: [] }), 'no-code')
    assert.equal(found([code('a', AT - 1_000)], { userDigests: ['under another key', 'user'] }), 'a')
  })

  it('had a code that was valid then: for five minutes, or as long as its request says, within an hour', () => {
    assert.equal(found([code('a', AT - 300_000)]), 'a')
    assert.equal(found([code('a', AT - 300_001)]), 'no-code')
    assert.equal(found([code('a', AT)]), 'a')
    assert.equal(found([code('a', AT + 1)]), 'no-code')
    assert.equal(found([code('a', AT - 300_001, { expiresAt: AT })]), 'a')
    assert.equal(found([code('a', AT - 1_000, { expiresAt: AT - 1 })]), 'no-code')
    const forever = { expiresAt: AT + CODE_VALID_MAX_MS }
    assert.equal(found([code('a', AT - CODE_VALID_MAX_MS, forever)]), 'a')
    assert.equal(found([code('a', AT - CODE_VALID_MAX_MS - 1, forever)]), 'no-code')
  })

  it('was requested from the network of the answer, if any was', () => {
    const near = code('near', AT - 60_000, { credit: { block: '1415555', network: '203.0.113' } })
    const far = code('far', AT - 30_000, { credit: { block: '1415555', network: '198.51.100' } })
    assert.equal(found([near, far], { network: '203.0.113' }), 'near')
    assert.equal(found([near, far], { network: '192.0.2' }), 'far')
    assert.equal(found([near, far]), 'far')
  })

  it('is none where the newest one was not sent; one that the fraud rule held is passed over', () => {
    const sent = code('sent', AT - 60_000)
    for (const state of ['refused', 'failed'] as const)
      assert.equal(found([sent, code('a', AT - 1_000, { end: ended(state) })]), 'not-sent', state)
    const hold = { reason: 'FRAUD_BLOCK', codes: 5, answers: 0, since: AT - 9_000, probeAt: AT } as const
    const end = { state: 'refused', at: AT, code: 'FRAUD_BLOCK', detail: '', attempts: [] } as const
    const held = code('held', AT - 1_000, { end, credit: { block: '1415555', hold } as never })
    assert.equal(found([sent, held]), 'sent')
    assert.equal(found([held]), 'not-sent')
  })
})

describe('the delivery in whose place Okta sent a code itself', () => {
  const replaced = (...deliveries: readonly Delivery[]) => findReplaced(deliveries, answer)?.id

  it('is the newest one by its time, of the last two minutes; our clock may be ten seconds ahead', () => {
    assert.equal(replaced(code('z', AT - 60_000), code('a', AT - 30_000)), 'a')
    assert.equal(replaced(code('a', AT - REPLACED_WITHIN_MS)), undefined)
    assert.equal(replaced(code('a', AT - REPLACED_WITHIN_MS + 1)), 'a')
    assert.equal(replaced(code('a', AT + 10_000)), 'a')
    assert.equal(replaced(code('a', AT + 10_001)), undefined)
    assert.equal(replaced(code('a', AT, { caller: 'globex' })), undefined)
  })
})

describe('an answer to a delivery', () => {
  it('shows what the fraud rule held wrongly, but not what an operator denied', () => {
    const hold = { reason: 'FRAUD_BLOCK', codes: 5, answers: 0, since: AT - 9_000, probeAt: AT } as const
    const joined = (credit: object) =>
      answeredBy(code('a', AT - 9_000, { credit: { block: '1415555', ...credit } as never }), AT, true)
    assert.deepEqual(joined({}), { kind: 'answered', deliveryId: 'a', afterMs: 9_000, isFirst: true })
    assert.equal('heldAs' in joined({ hold }) && joined({ hold }).heldAs, 'FRAUD_BLOCK')
    assert.equal('heldAs' in joined({ hold: { ...hold, override: { author: 'ana' } } }), false)
  })

  it('is kept for one that may have been sent', () => {
    const sent = code('a', AT - 9_000)
    assert.deepEqual(answeredAt(sent, AT), { at: AT, afterMs: 9_000 })
    assert.equal(answeredAt(sent, undefined), undefined)
    assert.equal(answeredAt(code('a', AT - 9_000, { end: ended('failed') }), AT), undefined)
  })
})
