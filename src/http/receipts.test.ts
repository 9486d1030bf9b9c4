import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { accepted, delivery } from '../../test/contracts/stores.ts'
import { createFakeClock } from '../../test/fixtures/fake-clock.ts'
import { hookCall } from '../../test/fixtures/hook-call.ts'
import { receipt } from '../../test/fixtures/receipts.ts'
import { sendText, TOPIC } from '../../test/fixtures/sns-posts.ts'
import { startBench } from '../../test/stand-ins/carrier-bench.ts'
import rawDelivery from '../../test/vectors/sns-raw-delivery.json' with { type: 'json' }
import { createSnsReader } from '../adapters/aws/sns-receipts.ts'
import { createMemoryStore } from '../adapters/memory/store.ts'
import type { StepEvent } from '../core/deliver/event.ts'
import type { Receipt } from '../core/records/receipt.ts'
import { createReceipts, RECEIPT_MAX_BYTES, type ReceiptReader } from './receipts.ts'

const about: Receipt = receipt({ deliveryId: 'delivery-1', type: 'TEXT_DELIVERED' })

function setUp({
  read = async () => ({ kind: 'receipt', receipt: about }),
  addReceipt = async () => undefined,
}: {
  read?: ReceiptReader
  addReceipt?: (receipt: Receipt) => Promise<void>
} = {}) {
  const clock = createFakeClock()
  const events: StepEvent[] = []
  const receipts = createReceipts(read, { addReceipt }, clock, event => void events.push(event))
  return {
    events,
    post: (body: string | Readable = '{}', headers: Readonly<Record<string, string>> = {}) =>
      clock.until(receipts(hookCall(body, headers, undefined, RECEIPT_MAX_BYTES))),
  }
}

describe('raw message delivery', () => {
  const unreachable = async (): Promise<string> => assert.fail('nothing is fetched')
  const read = createSnsReader({ topicArns: [TOPIC], standIn: undefined }, unreachable, createFakeClock())
  const RAW = { 'x-amz-sns-rawdelivery': 'true' }
  const event = JSON.stringify(rawDelivery.body)
  const cases = [
    ['an event, as SNS posts it', event, rawDelivery.headers],
    ['an event whose header a proxy dropped', event, {}],
    ['a text that is no JSON', 'hello', RAW],
    ['JSON that is no event', '{}', RAW],
  ] as const
  for (const [what, body, headers] of cases) {
    it(`is answered with what to switch off, and nothing is kept: ${what}`, async () => {
      const { post, events } = setUp({ read, addReceipt: () => assert.fail('nothing is kept') })
      const answer = await post(body, headers)
      assert.equal(answer.httpStatus, 403)
      assert.match(answer.body, /^Raw message delivery is on. Turn it off in the SNS subscription:/)
      assert.deepEqual(
        events.map(one => 'outcome' in one && one.outcome),
        ['denied'],
      )
    })
  }

  it('is reported only if the text is a receipt without an envelope', async () => {
    const { post } = setUp({ read })
    assert.equal((await post('{"a":1}')).body, 'Not an SNS message.\n')
    assert.equal((await post('hello')).httpStatus, 400)
  })
})

describe('a post to the address of receipts', () => {
  it('is acknowledged once it is stored', async () => {
    const stored: Receipt[] = []
    const { post, events } = setUp({
      addReceipt: async receipt => {
        stored.push(receipt)
      },
    })
    assert.equal((await post()).httpStatus, 200)
    assert.deepEqual(stored, [about])
    assert.deepEqual(events, [
      { step: 'receipt', outcome: 'kept', deliveryId: 'delivery-1', type: 'TEXT_DELIVERED' },
    ])
  })

  for (const [what, parts] of [
    ['the store fails', { addReceipt: () => Promise.reject(new Error('disk full')) }],
    ['the store hangs', { addReceipt: () => new Promise<never>(() => {}) }],
    ['its certificate cannot be had', { read: () => Promise.reject(new Error('out of reach')) }],
    ['nobody can tell in time who signed it', { read: () => new Promise<never>(() => {}) }],
  ] as const) {
    it(`is answered 503, so that it is sent again, when ${what}`, async () => {
      const { post, events } = setUp(parts)
      assert.equal((await post()).httpStatus, 503)
      assert.deepEqual(
        events.map(({ outcome }) => outcome),
        ['not-kept'],
      )
    })
  }

  for (const [what, body] of [
    ['never ends', new Readable({ read: () => undefined })],
    [
      'breaks off',
      new Readable({
        read() {
          this.destroy(new Error('left'))
        },
      }),
    ],
  ] as const) {
    it(`is abandoned, without an internal error, when its body ${what}`, async () => {
      assert.equal((await setUp().post(body)).httpStatus, 503)
    })
  }

  it('is denied with 403 and logged, and nothing is stored', async () => {
    const { post, events } = setUp({
      read: async () => ({ kind: 'denied', detail: 'The signature is invalid.' }),
      addReceipt: () => assert.fail('it was kept'),
    })
    assert.equal((await post()).httpStatus, 403)
    assert.deepEqual(events, [{ step: 'receipt', outcome: 'denied', detail: 'The signature is invalid.' }])
  })

  it('about something else is acknowledged and not stored', async () => {
    const { post } = setUp({
      read: async () => ({ kind: 'heard', detail: 'not about a message' }),
      addReceipt: () => assert.fail('it was kept'),
    })
    assert.equal((await post()).httpStatus, 200)
  })

  it('that is not a JSON object, or is too large, is answered 400 and not read further', async () => {
    const { post } = setUp({ read: () => assert.fail('it was judged') })
    for (const body of ['', 'x', '[]', 'null', `{"x":"${'x'.repeat(300_000)}"}`]) {
      assert.equal((await post(body)).httpStatus, 400)
    }
  })
})

describe('receipts over the wire', () => {
  it('confirm the subscription and complete a delivery, despite store errors and repeats', async () => {
    await using bench = await startBench()
    const store = createMemoryStore(() => 1_000)
    let failures = 2
    const addReceipt: typeof store.addReceipt = async receipt => {
      failures -= 1
      if (failures >= 0) throw new Error('store: busy')
      return store.addReceipt(receipt)
    }
    const ended = Promise.withResolvers<void>()
    const read = createSnsReader(
      { topicArns: [TOPIC], standIn: bench.standIn.url },
      async url => (await fetch(url)).text(),
      { now: Date.now, abortAfter: AbortSignal.timeout.bind(AbortSignal) },
    )
    const receipts = createReceipts(read, { addReceipt }, createFakeClock(), () => undefined)
    const server = createServer(async (incoming, outgoing) => {
      const answer = await receipts(hookCall(await text(incoming)))
      outgoing.writeHead(answer.httpStatus).end(answer.body)
      const progress = (await store.findDelivery('delivery-1'))?.progress
      // TEXT_SUCCESSFUL may come first, and is not final then.
      if (progress !== undefined && progress.stage !== 'under-way') ended.resolve()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    try {
      const events = { url, delayMs: 0, duplicates: 0.9, disorder: 0.9, outcome: 'delivered' }
      await bench.call('/events', 'PUT', events)
      const messageId = await sendText(bench, 'delivery-1')
      await store.settle(delivery({ end: accepted(messageId) }))
      await ended.promise
      assert.equal((await store.findDelivery('delivery-1'))?.progress?.stage, 'delivered')
    } finally {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  })
})
