import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { EventType } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import fc from 'fast-check'
import { readReceipt } from '../../src/adapters/aws/receipt.ts'
import { statusOf } from '../../src/core/records/delivery.ts'
import { eventMeanings, foldReceipts, type Receipt } from '../../src/core/records/receipt.ts'
import { accepted, delivery } from '../contracts/stores.ts'
import { describeClosedList, ruledOut } from '../fixtures/closed-list.ts'
import { receipt, shuffledRepeats } from '../fixtures/receipts.ts'

type Vector = {
  readonly name: string
  readonly events: readonly object[]
  readonly status: string
  readonly fellBackToSms?: boolean
}
/** Events from AWS's user guide, with made-up numbers, and their combined result. */
const vectors = JSON.parse(
  readFileSync(new URL('../vectors/receipts.json', import.meta.url), 'utf8'),
) as readonly Vector[]

function statusAfter(receipts: readonly Receipt[]): string {
  return statusOf({ ...delivery({ end: accepted() }), progress: foldReceipts(receipts) })
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items]
  return items.flatMap((first, index) =>
    permutations(items.toSpliced(index, 1)).map(others => [first, ...others]),
  )
}

describe("AWS's events of a message, in every order", () => {
  for (const { name, events, status, fellBackToSms = false } of vectors) {
    it(`is ${status}: ${name}`, () => {
      const receipts = events.map(event => readReceipt(event, 0) ?? assert.fail('it was not read'))
      for (const order of permutations(receipts)) {
        assert.equal(statusAfter(order), status)
        assert.equal(foldReceipts(order)?.fellBackToSms, fellBackToSms)
      }
      assert.equal(statusAfter([...receipts, ...receipts]), status)
    })
  }
})

describe("the result of a message is AWS's final event", () => {
  const ends = (isFinal: boolean | undefined, types: string, status: string) =>
    types.split(' ').map(type => ({ last: receipt({ type, isFinal }), status }))
  const courses = {
    text: {
      onTheWay: [
        'TEXT_PENDING',
        'TEXT_QUEUED',
        'TEXT_SENT',
        'TEXT_SUCCESSFUL',
        'TEXT_CARRIER_UNREACHABLE',
        'TEXT_UNKNOWN',
      ],
      ends: [
        ...ends(true, 'TEXT_SUCCESSFUL TEXT_DELIVERED', 'delivered'),
        ...ends(
          true,
          `TEXT_INVALID TEXT_INVALID_MESSAGE TEXT_UNREACHABLE TEXT_CARRIER_UNREACHABLE TEXT_BLOCKED
TEXT_CARRIER_BLOCKED TEXT_SPAM TEXT_TTL_EXPIRED TEXT_PROTECT_BLOCKED`.replace(/\s+/g, ' '),
          'undeliverable',
        ),
        ...ends(true, 'TEXT_UNKNOWN', 'unknown'),
      ],
    },
    rcs: {
      onTheWay: ['RCS_QUEUED', 'RCS_SENT', 'RCS_FAILED'],
      ends: [
        ...ends(true, 'RCS_DELIVERED RCS_READ', 'delivered'),
        ...ends(true, 'RCS_FAILED RCS_TTL_EXPIRED RCS_PROTECT_BLOCKED', 'undeliverable'),
      ],
    },
    call: {
      onTheWay: ['VOICE_INITIATED', 'VOICE_RINGING', 'VOICE_ANSWERED'],
      ends: [
        ...ends(true, 'VOICE_ANSWERED VOICE_COMPLETED', 'delivered'),
        ...ends(true, 'VOICE_BUSY VOICE_NO_ANSWER VOICE_FAILED VOICE_TTL_EXPIRED', 'undeliverable'),
      ],
    },
  } as const

  const course = fc.constantFrom(...Object.values(courses)).chain(({ onTheWay, ends }) =>
    fc.record({
      before: fc.array(
        fc.record({ type: fc.constantFrom<string>(...onTheWay), isFinal: fc.constant(false), at: fc.nat(3) }),
        { maxLength: 5 },
      ),
      end: fc.constantFrom(...ends),
    }),
  )

  it('in any order and with any repeats of its events', () => {
    const property = fc.property(
      course.chain(({ before, end }) =>
        shuffledRepeats(fc.constant([...before.map(receipt), { ...end.last, at: 9 }])).map(
          ([, order]) => [order, end.status] as const,
        ),
      ),
      ([order, status]) => assert.equal(statusAfter(order), status),
    )
    fc.assert(property, { numRuns: 2_000 })
  })

  it('and without one it is in progress', () => {
    const property = fc.property(course, ({ before }) => {
      if (before.length > 0) assert.equal(statusAfter(before.map(receipt)), 'accepted')
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('is delivered once it has arrived, with any other events', () => {
    const anything = fc.array(fc.constantFrom(...Object.values(courses).flatMap(({ ends }) => ends)))
    for (const type of ['TEXT_DELIVERED', 'RCS_DELIVERED', 'RCS_READ', 'VOICE_COMPLETED', 'DELIVERED'])
      fc.assert(
        fc.property(anything, others => {
          assert.equal(statusAfter([receipt({ type }), ...others.map(({ last }) => last)]), 'delivered')
        }),
        { numRuns: 100 },
      )
  })
})

describeClosedList('event types', {
  values: Object.values(EventType),
  isDecided: type => eventMeanings[type] !== undefined,
  impossible: {
    ...ruledOut('Subscriptions of a destination, not events.', 'ALL TEXT_ALL VOICE_ALL RCS_ALL MEDIA_ALL'),
    ...ruledOut(
      'Of SendMediaMessage, which Hookline does not call; a pool falls back from RCS to SMS only.',
      `MEDIA_BLOCKED MEDIA_CARRIER_BLOCKED MEDIA_CARRIER_UNREACHABLE MEDIA_DELIVERED MEDIA_FILE_INACCESSIBLE
       MEDIA_FILE_SIZE_EXCEEDED MEDIA_FILE_TYPE_UNSUPPORTED MEDIA_INVALID MEDIA_INVALID_MESSAGE MEDIA_PENDING
       MEDIA_QUEUED MEDIA_SPAM MEDIA_SUCCESSFUL MEDIA_TTL_EXPIRED MEDIA_UNKNOWN MEDIA_UNREACHABLE`,
    ),
  },
})
