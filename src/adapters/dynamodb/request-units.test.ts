import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { delivery, thirtyDays } from '../../../test/contracts/stores.ts'
import { type Dynamo, openOn, startDynamo } from '../../../test/fixtures/dynamo.ts'
import { receipt } from '../../../test/fixtures/receipts.ts'
import { defaultLimits } from '../../core/policy/limits.ts'
import type { Delivery } from '../../core/records/delivery.ts'

let dynamo: Dynamo
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())

const digest = 'x'.repeat(43) // SHA-256 in base64url
const START = 20_000 * 86_400_000

/** As long as they are in real life. */
function realDelivery(openedAt: number): Delivery {
  return delivery({
    id: randomUUID(),
    openedAt,
    caller: 'https://company.okta.com/oauth2/aus1a2b3c4d5e6f7g8h9',
    eventId: 'uZ9sGNkMS2SyAbxGKgDyMg-kW1x',
    oktaRequestId: 'reqLzMvKe5ZRLqPkHm6vJ1kPw',
    duplicateKey: `${openedAt}`.padEnd(43, 'x'),
    numberDigest: digest,
    userDigest: digest,
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
  it('is one write unit an item, of 1,024 bytes, for whoever signs in up to five times', async () => {
    const table = await dynamo.createTable()
    const store = await openOn(dynamo, { table, now: () => START, retention: thirtyDays })
    for (let index = 0; index < 5; index += 1) {
      const opened = realDelivery(START + index * 3_600_000)
      assert.equal((await store.admit({ delivery: opened, limits: defaultLimits })).kind, 'opened')
      const end = { state: 'accepted', at: opened.openedAt + 300, messageId: randomUUID(), attempts } as const
      await store.settle({ ...opened, end })
      for (const type of ['TEXT_QUEUED', 'TEXT_SENT', 'TEXT_DELIVERED'])
        await store.addReceipt(receipt({ ...RECEIPT, type, deliveryId: opened.id, messageId: end.messageId }))
    }
    const sizes = await sizesIn(dynamo.client, table)
    for (const { item, bytes } of sizes) assert.ok(bytes <= 1_024, `${item} has ${bytes} bytes`)
    assert.equal(sizes.length, 1 + 1 + 5 + 5)
    await store.close()
  })

  it('is at most three for the number and two for the user of somebody who signs in every day', async () => {
    const table = await dynamo.createTable()
    let now = START
    const store = await openOn(dynamo, { table, now: () => now, retention: thirtyDays })
    const units = new Map<string, number>()
    for (let day = 0; day < 45; day += 1, now += 86_400_001) {
      await store.admit({ delivery: realDelivery(now), limits: defaultLimits })
      for (const { item, bytes } of await sizesIn(dynamo.client, table))
        units.set(item, Math.max(units.get(item) ?? 0, Math.ceil(bytes / 1_024)))
    }
    assert.deepEqual(Object.fromEntries(units), { 'number/sent': 3, 'user/sent': 2, 'delivery/delivery': 1 })
    await store.close()
  })
})

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
    item: `${item.pk?.S?.split('#')[0]}/${item.sk?.S}`,
    bytes: Object.entries(item).reduce((sum, [name, { S, N, SS, L }]) => {
      const texts = [name, S ?? '', N ?? '', ...(SS ?? []), ...(L ?? []).map(each => each.S ?? '')]
      return sum + Buffer.byteLength(texts.join('')) + (L === undefined ? 0 : 3 + L.length)
    }, 0),
  }))
}
