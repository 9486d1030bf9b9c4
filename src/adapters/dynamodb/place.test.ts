import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { accepted, delivery, ended } from '../../../test/contracts/stores.ts'
import { entryOf } from './keys.ts'
import { labelsIn, labelsMatching, placeOf, readPlace } from './place.ts'

describe('the place of a delivery', () => {
  it('has its entry, the one before it and its labels, each of which may be missing', () => {
    const ids = fc.oneof(
      fc.uuid(),
      fc.string().filter(id => !id.includes('<')),
    )
    fc.assert(
      fc.property(ids, fc.option(fc.uuid(), { nil: undefined }), fc.boolean(), (id, other, hasEnded) => {
        const place = {
          entry: entryOf({ openedAt: 1_000, id }),
          before: other && entryOf({ openedAt: 900, id: other }),
          labels: hasEnded ? labelsIn(delivery({ end: accepted() })) : undefined,
        }
        assert.deepEqual(readPlace(placeOf(place)), place)
      }),
    )
  })

  it('has no labels before the end, and may then match every filter', () => {
    assert.equal(labelsIn(delivery()), undefined)
    assert.equal(labelsMatching({ country: 'FR' })(undefined), true)
  })

  it('has 22 characters of labels, which tell texts apart', () => {
    const labels = labelsIn(delivery({ end: ended('failed') }))
    assert.match(labels ?? '', /^[\w-]{22}$/)
    for (const filter of [
      ...[{ oktaRequestId: 'request-2' }, { country: 'FR' }, { channel: 'voice' }, { purpose: 'other' }],
      ...[{ identity: 'pool-1' }, { language: 'de' }, { org: 'acme' }, { reason: 'LIMIT_USER' }],
      ...[{ template: 'sms/de/any' }, { held: true }, { status: 'refused' }, { status: 'sending' }],
      ...[{ answered: true }],
    ] as const)
      assert.equal(labelsMatching(filter)(labels), false, JSON.stringify(filter))
    for (const filter of [
      {},
      { status: 'failed' },
      { status: 'delivered' },
      { sent: false },
      { sent: true },
    ] as const)
      assert.equal(labelsMatching(filter)(labels), true, JSON.stringify(filter))
  })
})
