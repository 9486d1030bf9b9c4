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
