import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery, ended } from '../../test/contracts/stores.ts'
import type { FollowedDelivery } from '../core/records/delivery.ts'
import { openFindings } from './open-findings.ts'

const many = (count: number, changed: Partial<FollowedDelivery>): readonly FollowedDelivery[] =>
  Array.from({ length: count }, (_, index) => ({
    ...delivery({ id: `d${index}` }),
    ...{ progress: undefined, answered: undefined },
    ...changed,
  }))
const kindsOf = (deliveries: readonly FollowedDelivery[]): readonly string[] =>
  openFindings(deliveries).map(({ kind }) => kind)
const failed = (count: number) => many(count, { end: ended('failed') })
const sent = (count: number) => many(count, { end: accepted() })

describe('what somebody should look at', () => {
  it('is nothing where codes go out, and where there are none', () => {
    assert.deepEqual(openFindings([]), [])
    assert.deepEqual(openFindings(sent(100)), [])
  })

  it('is more than a tenth of failed codes, from five on', () => {
    assert.deepEqual(kindsOf([...failed(4), ...sent(1)]).includes('failures'), false)
    assert.deepEqual(kindsOf([...sent(45), ...failed(5)]).includes('failures'), false)
    assert.deepEqual(kindsOf([...sent(44), ...failed(5)]).includes('failures'), true)
  })

  it('is three codes of unknown outcome', () => {
    assert.equal(kindsOf(many(2, { end: ended('unknown') })).includes('unknown'), false)
    assert.equal(kindsOf(many(3, { end: ended('unknown') })).includes('unknown'), true)
  })

  it('is an identity whose five newest attempts failed, once', () => {
    const attempts = [{ identity: 'ACME', result: 'failure', detail: 'x', durationMs: 1 }] as const
    const end = { ...ended('failed'), attempts } as FollowedDelivery['end']
    const country = 'ES' as const
    const identities = openFindings(many(6, { end, country })).filter(({ kind }) => kind === 'identity')
    assert.deepEqual(identities, [{ kind: 'identity', identity: 'ACME', country, channel: 'sms' }])
    assert.equal(kindsOf(many(4, { end, country })).includes('identity'), false)
  })

  it('is a code that the rule held and that was entered, unless an operator decided', () => {
    const hold = { reason: 'FRAUD_PREFIX', group: 'p6:584127', codes: 6, answers: 0, since: 1 } as const
    const answered = { at: 2, afterMs: 1 }
    const credit = { block: '584127', hold }
    assert.deepEqual(kindsOf(many(1, { credit, answered })), ['held-wrongly'])
    assert.deepEqual(kindsOf(many(1, { credit })), [])
    const override = { what: 'deny', whom: { kind: 'country', country: 'VE' } } as never
    assert.deepEqual(
      kindsOf(many(1, { credit: { block: '584127', hold: { ...hold, override } }, answered })),
      [],
    )
  })
})
