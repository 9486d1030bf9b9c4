import assert from 'node:assert/strict'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { delivery, thirtyDays } from '../../../test/contracts/stores.ts'
import { type Dynamo, openOn, startDynamo } from '../../../test/fixtures/dynamo.ts'
import { receipt } from '../../../test/fixtures/receipts.ts'
import { defaultLimits } from '../../core/policy/limits.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import type { Store } from '../../core/records/store.ts'

let dynamo: Dynamo
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())

const START = 20_000 * 86_400_000
let digests = 0
/** A digest as keyed digests are: SHA-256 in base64url. */
function digest(): string {
  digests += 1
  return createHash('sha256').update(`${digests}`).digest('base64url')
}

/** One user's deliveries to one number, as long as they are in real life. */
function person() {
  const [numberDigest, userDigest, loginDigest] = [digest(), digest(), digest()]
  return (openedAt: number): Delivery =>
    delivery({
      id: randomUUID(),
      openedAt,
      caller: 'https://company.okta.com/oauth2/aus1a2b3c4d5e6f7g8h9',
      eventId: randomBytes(20).toString('base64url'),
      oktaRequestId: `req${randomBytes(16).toString('base64url')}`,
      duplicateKey: digest(),
      numberDigest,
      userDigest,
      loginDigest,
      expiresAt: openedAt + 300_000,
    })
}

const attempts = [
  {
    identity: 'arn:aws:sms-voice:us-east-1:123456789012:pool/pool-0123456789abcdef0123456789abcdef',
    result: 'accepted',
    detail: undefined,
    durationMs: 212,
  },
] as const

describe('what a message costs in the table (docs/decisions/0007)', () => {
  it('is three write units and three calls to open and to settle, for whoever signs in up to five times', async () => {
    const table = await dynamo.createTable()
    const store = await openOn(dynamo, { table, now: () => START, retention: thirtyDays })
    const openedBy = person()
    for (let index = 0; index < 5; index += 1) {
      const opened = openedBy(START + index * 3_600_000)
      const units = await unitsOf(table, () => openAndSettle(store, opened))
      // Before, the delivery was opened in its own item: four units, four calls.
      assert.deepEqual(
        units,
        { 'number/sent': 1, 'user/sent': 1, 'delivery/delivery': 1 },
        `code ${index + 1}`,
      )
      for (const type of ['TEXT_QUEUED', 'TEXT_SENT', 'TEXT_DELIVERED'])
        await store.addReceipt(receipt({ ...RECEIPT, type, deliveryId: opened.id, messageId: randomUUID() }))
    }
    const sizes = await sizesIn(dynamo.client, table)
    for (const { item, bytes } of sizes) assert.ok(bytes <= 1_024, `${item} has ${bytes} bytes`)
    assert.equal(sizes.length, 1 + 1 + 5 + 5)
    const number = sizes.find(({ item }) => item === 'number/sent')
    assert.ok((number?.bytes ?? 0) <= 1_024 - ROOM, 'it has room for answers and credit')
    await store.close()
  })

  it('is at most four for somebody who signs in every day, with a trim of each item after eight codes', async () => {
    const table = await dynamo.createTable()
    let now = START
    const store = await openOn(dynamo, { table, now: () => now, retention: thirtyDays })
    const openedBy = person()
    const most = new Map<string, number>()
    let updates = 0
    for (let day = 0; day < 60; day += 1, now += 86_400_001) {
      dynamo.calls.length = 0
      await openAndSettle(store, openedBy(now))
      for (const { item, bytes } of await sizesIn(dynamo.client, table))
        most.set(item, Math.max(most.get(item) ?? 0, unitsFor(bytes)))
      updates += dynamo.calls.filter(call => call.startsWith('UpdateItem')).length
    }
    // Before: number 3, user 2, delivery 1 twice, and a trim after five codes.
    assert.deepEqual(Object.fromEntries(most), { 'number/sent': 2, 'user/sent': 1, 'delivery/delivery': 1 })
    assert.ok(updates <= 60 * 3 + 60 / 8 + (60 - 20) / 8, `${updates} updates`)
    await store.close()
  })
})

/**
 * Under the fraud rule, in an org where codes to other phones go out all day, so that its records are as large as they get:
 * 36 votes, and 14 days of counts.
 */
describe('what the fraud rule adds (docs/decisions/0007)', () => {
  const terms = { mode: 'enforce', overrides: { expected: 0 } } as const
  const DAY = 86_400_000
  let table: string
  let store: Store
  let now = START
  before(async () => {
    table = await dynamo.createTable()
    store = await openOn(dynamo, { table, now: () => now, retention: thirtyDays })
    for (let day = 0; day < 15; day += 1, now += DAY) await enrolled(person())
    for (let vote = 0; vote < 40; vote += 1, now += 30_000) await answered(signIn(await enrolled(person())))
  })
  after(() => store.close())

  type Person = ReturnType<typeof person>
  const CREDIT = { block: '1415555', network: '203.0.113' } as const
  const request = (of: Person, changed: Partial<Delivery>): Delivery => ({
    ...of(now),
    country: 'US',
    credit: CREDIT,
    ...changed,
  })
  const enrolment = (of: Person, changed: Partial<Delivery> = {}): Delivery =>
    request(of, { purpose: 'pre-enrollment', ...changed })
  const signIn = (of: Person): Delivery => request(of, { purpose: 'mfa-verification' })

  const sent = async (opened: Delivery): Promise<Delivery> => {
    const admission = await store.admit({ delivery: opened, limits: defaultLimits, credit: terms })
    const { purse, hold } = { purse: undefined, hold: undefined, ...admission }
    const credit = { ...CREDIT, ...opened.credit, purse, hold }
    const end = { state: 'accepted', at: now + 300, messageId: randomUUID(), attempts } as const
    const refused = { state: 'refused', at: now, code: 'FRAUD_BLOCK', detail: 'held', attempts: [] } as const
    const settled = { ...opened, credit, end: admission.kind === 'opened' ? end : refused }
    await store.settle(settled)
    return settled
  }
  const answer = async ({ caller, userDigest, channel, openedAt }: Delivery): Promise<void> => {
    const at = openedAt + 10_000
    await store.addAnswer({ callers: [caller], userDigests: [userDigest ?? ''], channel, at })
  }
  const answered = async (opened: Delivery): Promise<void> => answer(await sent(opened))
  const enrolled = async (of: Person): Promise<Person> => {
    await answered(enrolment(of))
    now += 20_000
    return of
  }
  const received = (of: Delivery): Promise<void> =>
    store.addReceipt(
      receipt({ ...RECEIPT, type: 'TEXT_DELIVERED', deliveryId: of.id, messageId: randomUUID() }),
    )

  /** Write units by kind of record, and read units of all records that the step reads. */
  const cost = async (step: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> => {
    dynamo.calls.length = 0
    await step()
    const calls = dynamo.calls.splice(0).map(call => call.split(' '))
    const sizes = new Map((await sizesIn(dynamo.client, table)).map(({ pk, bytes }) => [pk, bytes]))
    const units: Record<string, number> = {}
    for (const [operation, pk = ''] of calls) {
      const kind =
        operation === 'UpdateItem' ? kindOf(pk) : operation?.endsWith('GetItem') ? 'reads' : undefined
      if (kind === undefined || /^(user|delivery)#/.test(pk)) continue
      const read = operation === 'BatchGetItem' ? Number(pk) : 1
      units[kind] = (units[kind] ?? 0) + (kind === 'reads' ? read : unitsFor(sizes.get(pk) ?? 0))
    }
    return units
  }

  it('is for a sign-in one write unit and at most four read units, and for its answer three and five', async () => {
    const of = await enrolled(person())
    await answered(signIn(of)) // the user is known now, and the phone has voted for half a day
    now += 60_000
    const opened = signIn(of)
    assert.deepEqual(await cost(() => sent(opened)), { phone: 1, reads: 4 })
    assert.deepEqual(await cost(() => sent(signIn(of))), { phone: 1 }) // within a second, in the same function
    assert.deepEqual(await cost(() => answer(opened)), { phone: 1, org: 2, reads: 5 })
    assert.deepEqual(await cost(() => received(opened)), { reads: 2 })
  })

  it('is at most once in fifty seconds ten write units more, for a code that shows whether answers come', async () => {
    const opened = signIn(await enrolled(person()))
    assert.deepEqual(await cost(() => sent(opened)), { phone: 1, org: 2, country: 2, reads: 4 })
    now += 20_000
    assert.deepEqual(await cost(() => received(opened)), { org: 2, country: 2, reads: 2 })
    assert.deepEqual(await cost(() => answer(opened)), { phone: 1, user: 1, org: 2, country: 2, reads: 5 })
    assert.deepEqual(await cost(() => received(opened)), { reads: 2 }) // it is known already
  })

  it('is for an enrolment ten write units, and for its answer eleven', async () => {
    const opened = enrolment(person(), { credit: { ...CREDIT, network: '192.0.2' } })
    assert.deepEqual(await cost(() => sent(opened)), {
      ...{ group: 4, phone: 1, user: 1, country: 2, org: 2 },
      reads: 11,
    })
    now += 20_000
    assert.deepEqual(await cost(() => answer(opened)), {
      ...{ group: 6, phone: 1, country: 2, org: 2 },
      reads: 11,
    })
  })

  it('is for a held enrolment two write units for each group, and one for its user', async () => {
    const block = { block: '1415999', network: '198.51.100' }
    for (let code = 0; code < 6; code += 1) await sent(enrolment(person(), { credit: block }))
    const held = enrolment(person(), { credit: block })
    assert.deepEqual(await cost(() => sent(held)), { group: 8, user: 1, reads: 11 })
  })

  it('keeps every record within a kilobyte, but those of the org and its countries: two', async () => {
    for (const { pk, bytes } of await sizesIn(dynamo.client, table)) {
      const kind = kindOf(pk)
      if (kind !== undefined)
        assert.ok(unitsFor(bytes) <= (LARGE.includes(kind) ? 2 : 1), `${pk}: ${bytes} bytes`)
    }
  })
})

const LARGE = ['org', 'country']

/** `phone` of a record of the fraud rule. */
function kindOf(pk: string | undefined): string | undefined {
  return pk?.startsWith('credit#') ? pk.split('#')[2] : undefined
}

async function openAndSettle(store: Store, opened: Delivery): Promise<void> {
  assert.equal((await store.admit({ delivery: opened, limits: defaultLimits })).kind, 'opened')
  const end = { state: 'accepted', at: opened.openedAt + 300, messageId: randomUUID(), attempts } as const
  await store.settle({ ...opened, end })
}

/** What the updates of a step cost, by item; those of indexes are not counted. */
async function unitsOf(table: string, step: () => Promise<void>): Promise<Readonly<Record<string, number>>> {
  dynamo.calls.length = 0
  await step()
  const updated = dynamo.calls.map(call => {
    const [operation, pk] = call.split(' ')
    assert.equal(operation, 'UpdateItem')
    return pk
  })
  const units: Record<string, number> = {}
  for (const { pk, item, bytes } of await sizesIn(dynamo.client, table)) {
    const times = updated.filter(each => each === pk).length
    if (times > 0) units[item] = (units[item] ?? 0) + times * unitsFor(bytes)
  }
  return units
}

function unitsFor(bytes: number): number {
  return Math.ceil(bytes / 1_024)
}

/** What a later part adds to the number's item: `answers`, `silent`, `provenAt`. */
const ROOM = 40
const RECEIPT = {
  at: START,
  description: 'Message has been accepted by phone',
  carrierName: 'Verizon Wireless',
  price: 0.00883,
}

/** The size that is paid for: names and values in UTF-8, three bytes a list, one an entry. */
async function sizesIn(client: DynamoDBClient, table: string) {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table }))
  return Items.map(item => ({
    pk: item.pk?.S,
    item: `${item.pk?.S?.split('#')[0]}/${item.sk?.S}`,
    bytes: Object.entries(item).reduce((sum, [name, { S, N, SS, L }]) => {
      const texts = [name, S ?? '', N ?? '', ...(SS ?? []), ...(L ?? []).map(each => each.S ?? '')]
      return sum + Buffer.byteLength(texts.join('')) + (L === undefined ? 0 : 3 + L.length)
    }, 0),
  }))
}
