import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readReceipt } from './receipt.ts'

const RECEIVED_AT = 5_000
/** Source: AWS End User Messaging SMS user guide, "Example event data"; numbers made up. */
const textEvent = {
  eventType: 'TEXT_DELIVERED',
  eventVersion: '1.0',
  eventTimestamp: 1_635_530_400_000,
  isFinal: true,
  originationPhoneNumber: '+12065550152',
  destinationPhoneNumber: '+14255550156',
  isoCountryCode: 'US',
  mcc: '310',
  mnc: '800',
  carrierName: 'Test Carrier',
  messageId: '862a8790-60d0-4430-9b2b-658bdexample',
  messageRequestTimestamp: 1_635_530_399_000,
  messageEncoding: 'GSM',
  messageType: 'TRANSACTIONAL',
  messageStatus: 'DELIVERED',
  messageStatusDescription: 'Message has been accepted by phone',
  context: { deliveryId: 'delivery-1' },
  totalMessageParts: 1,
  totalMessagePrice: 0.09582,
  totalCarrierFee: 0.00302,
}

describe('a receipt', () => {
  it('is read from the message of an SNS notification', () => {
    assert.deepEqual(readReceipt(textEvent, RECEIVED_AT), {
      messageId: '862a8790-60d0-4430-9b2b-658bdexample',
      deliveryId: 'delivery-1',
      type: 'TEXT_DELIVERED',
      isFinal: true,
      at: 1_635_530_400_000,
      description: 'Message has been accepted by phone',
      carrierName: 'Test Carrier',
      price: 0.09884,
    })
  })

  it('is read from an EventBridge event, which has no context and has its time in the envelope', () => {
    const { context: _, eventTimestamp: __, ...detail } = textEvent
    const event = {
      version: '0',
      source: 'aws.sms-voice',
      'detail-type': 'Text Message Delivery Status Updated',
      time: '2021-10-29T18:00:00Z',
      detail,
    }
    const receipt = readReceipt(event, RECEIVED_AT)
    assert.deepEqual([receipt?.deliveryId, receipt?.at], [undefined, Date.parse(event.time)])
    assert.equal(receipt?.messageId, textEvent.messageId)
  })

  it('of a call is read from the few fields that AWS documents', () => {
    const receipt = readReceipt(
      { messageId: 'm', eventType: 'VOICE_COMPLETED', isoCountryCode: 'US' },
      RECEIVED_AT,
    )
    assert.deepEqual(receipt, {
      messageId: 'm',
      deliveryId: undefined,
      type: 'VOICE_COMPLETED',
      isFinal: undefined,
      at: RECEIVED_AT,
      description: undefined,
      carrierName: undefined,
      price: undefined,
    })
  })

  for (const [what, isFinal, read] of [
    ['true', true, true],
    ['false', false, false],
    ['true as text', 'true', true],
    ['false as text', 'false', false],
    ['nothing', undefined, undefined],
    ['null', null, undefined],
    ['a number', 1, undefined],
  ] as const) {
    it(`says ${read === undefined ? 'nothing about being' : read ? 'that it is' : 'that it is not'} final with ${what}`, () => {
      assert.equal(readReceipt({ ...textEvent, isFinal }, 0)?.isFinal, read)
    })
  }

  it('of an unknown type is kept unchanged', () => {
    assert.equal(readReceipt({ ...textEvent, eventType: 'TEXT_TELEPORTED' }, 0)?.type, 'TEXT_TELEPORTED')
  })

  it('without a type has its status as its type', () => {
    assert.equal(readReceipt({ messageId: 'm', messageStatus: 'DELIVERED' }, 0)?.type, 'DELIVERED')
  })

  for (const [what, eventTimestamp, at] of [
    ['milliseconds', 1_635_530_400_000, 1_635_530_400_000],
    ['milliseconds in digits', '1635530400000', 1_635_530_400_000],
    ['ISO 8601', '2021-10-29T18:00:00.000Z', 1_635_530_400_000],
    ['nothing', undefined, RECEIVED_AT],
    ['null', null, RECEIVED_AT],
    ['a blank', '', RECEIVED_AT],
    ['a word', 'yesterday', RECEIVED_AT],
    ['an array', [], RECEIVED_AT],
    ['a moment that no calendar has', 1e300, RECEIVED_AT],
  ] as const) {
    it(`has ${what} as its time`, () => {
      assert.equal(readReceipt({ ...textEvent, eventTimestamp }, RECEIVED_AT)?.at, at)
    })
  }

  for (const [what, totalMessagePrice, totalCarrierFee, price] of [
    ['both', 0.1, 0.2, 0.3],
    ['one of them', 0.1, undefined, 0.1],
    ['digits in a text', '0.00581', '0.00302', 0.00883],
    ['nothing that is a number', '', null, undefined],
    ['a word beside a number', 'free', 0.2, 0.2],
    ['something for nothing', 0, 0, 0],
  ] as const) {
    it(`adds price and fee from ${what}`, () => {
      assert.equal(readReceipt({ ...textEvent, totalMessagePrice, totalCarrierFee }, 0)?.price, price)
    })
  }

  for (const context of [
    undefined,
    null,
    'delivery-1',
    [],
    ['deliveryId'],
    { deliveryId: 7 },
    { deliveryId: '' },
  ]) {
    it(`has no delivery ID from ${JSON.stringify(context)}`, () => {
      assert.equal(readReceipt({ ...textEvent, context }, 0)?.deliveryId, undefined)
    })
  }

  it('keeps texts only up to a limit', () => {
    const long = 'x'.repeat(100_000)
    const receipt = readReceipt({ messageId: long, eventType: long, messageStatusDescription: long }, 0)
    assert.ok(JSON.stringify(receipt).length < 2_000)
  })

  it("never contains the recipient's number", () => {
    assert.ok(!JSON.stringify(readReceipt(textEvent, 0)).includes('4255550156'))
  })
})

describe('an event that is not a receipt', () => {
  for (const event of [
    ...[undefined, null, 'TEXT_DELIVERED', 7, [], [textEvent], {}],
    ...[{ messageId: 'm' }, { eventType: 'TEXT_SENT' }, { messageId: '', eventType: 'TEXT_SENT' }],
    ...[{ messageId: 7, eventType: 'TEXT_SENT' }, { detail: {} }, { detail: [textEvent] }],
  ]) {
    it(`is ignored: ${JSON.stringify(event)?.slice(0, 40)}`, () => {
      assert.equal(readReceipt(event, 0), undefined)
    })
  }

  it('is never an internal error, whatever its content', () => {
    const garbage = fc.record(
      Object.fromEntries([...Object.keys(textEvent), 'detail', 'time'].map(name => [name, fc.anything()])),
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(garbage, fc.anything()), event => {
        const receipt = readReceipt(event, RECEIVED_AT)
        if (receipt === undefined) return
        assert.ok(!Number.isNaN(new Date(receipt.at).getTime()))
        assert.ok(receipt.price === undefined || Number.isFinite(receipt.price))
      }),
      { numRuns: 500 },
    )
  })
})
