import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { accepted, delivery, ended, thirtyDays } from '../../../test/contracts/stores.ts'
import { type Dynamo, openOn, rawItemsOf, startDynamo } from '../../../test/fixtures/dynamo.ts'
import { receipt } from '../../../test/fixtures/receipts.ts'
import { afterAnswer, afterReceipt } from '../../core/policy/credit/credit.ts'
import { decide } from '../../core/policy/credit/decide.ts'
import { afterNotSent } from '../../core/policy/credit/not-sent.ts'
import type { Records } from '../../core/policy/credit/records.ts'
import {
  changedRecords,
  type RecordKey,
  readRecords,
  type StoredRecord,
} from '../../core/policy/credit/records-by-key.ts'
import { creditRules } from '../../core/policy/credit/rules.ts'
import { defaultLimits, type SendHistory } from '../../core/policy/limits.ts'
import { requestedCodeOf, sentCodeOf } from '../../core/records/credited-code.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import type { Admission } from '../../core/records/delivery-store.ts'
import { partsOf, recordIn } from './credit-item.ts'

let dynamo: Dynamo
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())

const START = 20_000 * 86_400_000
const MINUTE = 60_000
const terms = { mode: 'enforce', overrides: { expected: 0 } } as const

/** One org's records as plain data, changed by the pure functions alone. */
function createModel() {
  const records = new Map<RecordKey, StoredRecord>()
  const sent: Delivery[] = []
  const change = <T extends { readonly records: Records }>(of: Delivery, work: (before: Records) => T): T => {
    const code = requestedCodeOf(of) ?? assert.fail()
    const before = readRecords(code, key => records.get(key))
    const result = work(before)
    for (const [key, record] of changedRecords(code, before, result.records, () => true))
      records.set(key, record)
    return result
  }
  return {
    records,
    admit: (of: Delivery) => {
      const times = (isOf: (other: Delivery) => boolean) => sent.filter(isOf).map(({ openedAt }) => openedAt)
      const history: SendHistory = {
        number: times(({ numberDigest }) => numberDigest === of.numberDigest),
        user: times(({ userDigest }) => userDigest === of.userDigest),
        'number-and-channel': times(
          ({ numberDigest, channel }) => numberDigest === of.numberDigest && channel === of.channel,
        ),
      }
      const code = requestedCodeOf(of) ?? assert.fail()
      const counted = { limits: defaultLimits, history }
      return change(of, before => decide(code, before, terms, counted, of.openedAt))
    },
    settle: (of: Delivery, isSent: boolean) => {
      if (isSent) return void sent.push(of)
      change(of, before => ({ records: afterNotSent(sentCodeOf(of) ?? assert.fail(), before) }))
    },
    answer: (of: Delivery, heardAt: number, answeredAt: number) => {
      const code = sentCodeOf(of) ?? assert.fail()
      change(of, before => ({ records: afterAnswer(code, before, creditRules, { heardAt, answeredAt }) }))
    },
    receive: (of: Delivery) =>
      change(of, before => ({ records: afterReceipt(sentCodeOf(of) ?? assert.fail(), before) })),
  }
}

const step = fc.record({
  gapMs: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1_000, max: 5 * MINUTE }) },
    { weight: 1, arbitrary: fc.integer({ min: MINUTE, max: 40 * 60 * MINUTE }) },
  ),
  of: fc.constantFrom(0, 1),
  person: fc.integer({ min: 0, max: 11 }),
  block: fc.constantFrom('3361234', '3361234', '58412777'),
  network: fc.constantFrom('203.0.113', '203.0.113', '198.51.100', undefined),
  purpose: fc.constantFrom('pre-enrollment', 'pre-enrollment', 'mfa-verification', 'password-reset'),
  channel: fc.constantFrom('sms', 'voice'),
  what: fc.constantFrom('answered', 'ignored', 'ignored', 'delivered', 'not sent'),
} as const)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

function requested(each: Step, index: number, openedAt: number): Delivery {
  const { person, block, network, purpose, channel } = each
  return delivery({
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    openedAt,
    duplicateKey: `key ${index}`,
    eventId: `event-${index}`,
    numberDigest: `number ${block} ${person}`,
    userDigest: `user ${person}`,
    loginDigest: undefined,
    country: block.startsWith('33') ? 'FR' : 'VE',
    channel,
    purpose,
    expiresAt: openedAt + 300_000,
    credit: { block, ...(network !== undefined && { network }) },
  })
}

function decidedBy(admission: Pick<Admission, 'kind'> | ReturnType<typeof decide>): object {
  const { records: _, ...decision } = admission as ReturnType<typeof decide>
  const { kind, ...rest } = decision as { readonly kind: string }
  const known = Object.entries(rest).filter(([, value]) => value !== undefined)
  return { kind: kind === 'send' ? 'opened' : kind, ...Object.fromEntries(known) }
}

describe("the fraud rule's records in the table", () => {
  it('are after any requests, answers, receipts and failures what the pure functions make of them', async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async steps => {
      const table = await dynamo.createTable()
      let now = START
      const open = () => openOn(dynamo, { table, now: () => now, retention: thirtyDays })
      const stores = [await open(), await open()] as const // as in two functions
      const model = createModel()
      for (const [index, each] of steps.entries()) {
        const store = stores[each.of]
        now += each.gapMs
        const opened = requested(each, index, now)
        const admission = await store.admit({ delivery: opened, limits: defaultLimits, credit: terms })
        const decision = model.admit(opened)
        assert.deepEqual(decidedBy(admission), decidedBy(decision), `request ${index}`)
        if (admission.kind !== 'opened') {
          await store.settle({ ...opened, end: ended('refused') })
          continue
        }
        const { purse, hold } = admission
        const credit = { block: each.block, network: each.network, purse, hold }
        const isSent = each.what !== 'not sent'
        const settled = { ...opened, credit, end: isSent ? accepted(`message-${index}`) : ended('failed') }
        await store.settle(settled)
        model.settle(settled, isSent)
        if (each.what === 'answered') {
          now += 20_000
          const { caller, channel } = opened
          const userDigests = [opened.userDigest ?? '']
          const joined = { callers: [caller], userDigests, channel, at: now - 5_000 }
          for (let time = 0; time < 2; time += 1) await store.addAnswer(joined) // Okta repeats events
          model.answer(settled, now, now - 5_000)
        }
        if (each.what === 'delivered') {
          await store.addReceipt(
            receipt({ type: 'TEXT_DELIVERED', deliveryId: opened.id, messageId: `message-${index}` }),
          )
          model.receive(settled)
        }
      }
      const prefix = `credit#${delivery().caller}#`
      const items = (await rawItemsOf(dynamo, table)).filter(item => item.pk?.S?.startsWith(prefix))
      const keys = items.map(item => (item.pk?.S ?? '').slice(prefix.length) as RecordKey)
      for (const [key, record] of model.records) {
        const item = items[keys.indexOf(key)]
        const existing = recordIn(key, item, now) ?? recordIn(key, { expires: { N: '9e12' } }, now)
        assert.deepEqual(normal(key, existing, now), normal(key, record, now), key)
      }
      await Promise.all(stores.map(store => store.close()))
    })
    await fc.assert(property, { numRuns: 6, endOnFailure: true })
  })
})

/** Without counts of zero and counts that are too old to matter. */
function normal(key: RecordKey, record: StoredRecord | undefined, now: number): unknown {
  const { counts, rest } = partsOf(key, record)
  const recent = Object.entries(counts).filter(([name, count]) => {
    const bucketMs = name[0] === 'h' || name[0] === 'i' ? 30 * MINUTE : 24 * 60 * MINUTE
    const kept = name[0] === 'h' || name[0] === 'i' ? 6 : name[0] === 'p' || name[0] === 'q' ? 1 : 13
    return count !== 0 && (name === 'n0' || Number(name.slice(1)) > Math.floor(now / bucketMs) - kept)
  })
  return { counts: Object.fromEntries(recent), rest }
}
