import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb'
import { writeDelivery } from '../../src/adapters/dynamodb/delivery-item.ts'
import { entryOf, keys } from '../../src/adapters/dynamodb/keys.ts'
import { openingOf } from '../../src/adapters/dynamodb/opening.ts'
import type { Item, Key, Table } from '../../src/adapters/dynamodb/table.ts'
import type { Delivery } from '../../src/core/records/delivery.ts'
import type { DeliveryFilter } from '../../src/core/records/delivery-filter.ts'
import type { DeliveryPage, PageQuery } from '../../src/core/records/delivery-store.ts'
import type { Store } from '../../src/core/records/store.ts'
import { type Dynamo, isDynamoDbLocal, openOn, startDynamo } from '../fixtures/dynamo.ts'
import { DAY_MS, delivery, ended, thirtyDays } from './stores.ts'

describe('10,000 deliveries in a day of a table, to as many numbers', () => {
  const DAY = 20_001 * DAY_MS
  const all = Array.from({ length: 10_000 }, (_, index) => deliveryOf(index))
  const oldest = all[0] ?? assert.fail()
  let dynamo: Dynamo
  let store: Store
  before(async () => {
    dynamo = await startDynamo()
    const table = await dynamo.createTable()
    await writeAll(dynamo, table, all)
    store = await openOn(dynamo, { table, now: () => DAY + DAY_MS - 600_000, retention: thirtyDays })
  })
  after(async () => {
    await store.close()
    await dynamo.close()
  })

  /** As Hookline's own are; one in a hundred failed, and the fraud rule held one in a thousand. */
  function deliveryOf(index: number): Delivery {
    const hold = index % 1_000 === 7
    const attempts = [
      { identity: `pool-${index % 4}`, result: 'accepted', detail: undefined, durationMs: 5 },
    ] as const
    return delivery({
      ...{ id: randomUUID(), openedAt: DAY + index * 8_500, numberDigest: `number-${index}`.padEnd(43, '-') },
      ...{ userDigest: `user-${index}`, loginDigest: `login-${index}`, eventId: `event-${index}` },
      ...{
        oktaRequestId: `req${randomBytes(16).toString('base64url')}`,
        country: index === 5_000 ? 'FR' : 'ES',
      },
      ...(hold && {
        credit: { block: '1', hold: { reason: 'FRAUD_COUNTRY', codes: 1, answers: 0, since: DAY } as const },
      }),
      end: hold
        ? { state: 'refused', at: DAY, code: 'FRAUD_COUNTRY', detail: '', attempts: [] }
        : index % 100 === 3
          ? ended('failed')
          : { state: 'accepted', at: DAY, messageId: `message-${index}`, attempts },
    })
  }

  const page = async (query: Omit<PageQuery, 'limit'>): Promise<DeliveryPage> => {
    dynamo.calls.length = 0
    const read = await store.pageDeliveries({ limit: 50, ...query })
    assert.ok(dynamo.calls.length <= 5, `${JSON.stringify(query)}: ${dynamo.calls.join(', ')}`)
    return read
  }
  const ids = ({ deliveries }: DeliveryPage): readonly string[] => deliveries.map(({ id }) => id)

  it('are listed, newest first', async () => {
    assert.deepEqual(
      ids(await page({})),
      all
        .slice(-50)
        .toReversed()
        .map(({ id }) => id),
    )
  })

  // A page of an index has 1 MB: of its entries, as AWS's developer guide says (Query), of which 10,000 are in three pages.
  const skip = isDynamoDbLocal && 'DynamoDB Local ends a page by the size of the whole items'
  const terms: readonly (readonly [string, Omit<PageQuery, 'limit'>])[] = [
    ['number', { whose: { kind: 'number', digests: [oldest.numberDigest] } }],
    ['user ID', { whose: { kind: 'user', digests: ['user-0'] } }],
    ['login', { whose: { kind: 'user', digests: ['login-0'] } }],
    ['Okta event', { whose: { kind: 'event', eventId: 'event-0' } }],
    ['Okta request', { filter: { oktaRequestId: oldest.oktaRequestId ?? '' } }],
  ]
  for (const [name, query] of terms)
    it(`are searched for the oldest one by its ${name} in at most five reads`, {
      skip: 'filter' in query && skip,
    }, async () => {
      assert.deepEqual(ids(await page(query)), [oldest.id])
    })

  it('are read to the beginning of the day when nothing has the request ID', { skip }, async () => {
    const { deliveries, readTo } = await page({ filter: { oktaRequestId: 'reqv66CbCaCStGEFc8AdfS0ng' } })
    assert.deepEqual(deliveries, [])
    assert.ok(readTo <= DAY)
  })

  const few: readonly (readonly [DeliveryFilter, (one: Delivery) => boolean])[] = [
    [{ country: 'FR' }, one => one.country === 'FR'],
    [{ held: true }, one => one.credit !== undefined],
    [{ reason: 'FRAUD_COUNTRY' }, one => one.credit !== undefined],
    [{ status: 'failed', identity: 'pool-1' }, () => false],
  ]
  for (const [filter, matches] of few)
    it(`give the few that ${JSON.stringify(filter)} matches on one page of the day`, { skip }, async () => {
      const read = await page({ filter, period: { from: DAY, to: DAY + DAY_MS } })
      assert.deepEqual(
        ids(read),
        all
          .filter(matches)
          .toReversed()
          .map(({ id }) => id),
      )
      assert.ok(read.readTo <= DAY && read.next === undefined)
    })

  it('give all that failed page by page, each once', async () => {
    const found: string[] = []
    let before: string | undefined
    do {
      const query = { filter: { sent: false }, period: { from: DAY, to: DAY + DAY_MS } } as const
      const read = await page({ ...query, ...(before !== undefined && { before }) })
      found.push(...ids(read))
      before = read.next
    } while (before !== undefined)
    const expected = all.filter(({ end }) => end.state !== 'accepted')
    assert.deepEqual(
      found,
      expected.toReversed().map(({ id }) => id),
    )
  })
})

/** As `settle` and `admit` leave them, many at once. */
async function writeAll({ client }: Dynamo, table: string, all: readonly Delivery[]): Promise<void> {
  const items: Item[] = []
  const update: Table['update'] = async ({ pk, sk }, { values = {} }) => {
    const attributes = Object.entries(values).map(([name, value]) => [name.slice(1), value])
    items.push({ pk: { S: pk }, sk: { S: sk }, ...Object.fromEntries(attributes) })
    return { kind: 'changed', item: {} }
  }
  for (const one of all) {
    await writeDelivery({ update } as Table, one, 30 * DAY_MS)
    const sent = { L: [{ S: entryOf(one) }] }
    items.push({ ...itemKey(keys.number(one.numberDigest)), ...openingOf(one), sent })
    if (one === all[0])
      items.push({ ...itemKey(keys.user(one.userDigest ?? '')), login: { S: one.loginDigest ?? '' }, sent })
  }
  for (let index = 0; index < items.length; index += 25) {
    const RequestItems = { [table]: items.slice(index, index + 25).map(Item => ({ PutRequest: { Item } })) }
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems }))
    assert.deepEqual(UnprocessedItems ?? {}, {})
  }
}

function itemKey({ pk, sk }: Key): Item {
  return { pk: { S: pk }, sk: { S: sk } }
}
