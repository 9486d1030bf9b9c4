import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { accepted, DAY_MS, delivery, ended, noLimits, thirtyDays } from '../../../test/contracts/stores.ts'
import { type Dynamo, openOn, rawItemsOf, startDynamo } from '../../../test/fixtures/dynamo.ts'
import { receipt } from '../../../test/fixtures/receipts.ts'
import type { CreditTerms } from '../../core/policy/credit/decide.ts'
import type { Delivery } from '../../core/records/delivery.ts'
import type { Store } from '../../core/records/store.ts'

const terms: CreditTerms = { mode: 'observe', overrides: { expected: 0 } }
const dynamo: Dynamo = await startDynamo()
after(() => dynamo.close())
let table: string
let store: Store
let now = 0
beforeEach(async () => {
  dynamo.door = undefined
  now = 20_000.5 * DAY_MS
  table = await dynamo.createTable()
  store = await openOn(dynamo, { table, now: () => now, retention: thirtyDays, claimsMessages: true })
})

/** One request of its own, a minute after the one before. */
function requested(id: string, user: string, number: string): Delivery {
  now += 60_000
  return delivery({
    ...{ id: `id-${id}`, openedAt: now, duplicateKey: `${id}-key-000000000000`, eventId: `event-${id}` },
    ...{ oktaRequestId: `request-${id}`, caller: 'acme', country: 'FR', purpose: 'pre-enrollment' },
    ...{ numberDigest: `NUMBER-${number}`, userDigest: `USER-${user}`, loginDigest: `LOGIN-${user}` },
    credit: { block: '33612345', network: '203.0.113' },
  })
}
const admit = async (opened: Delivery) => {
  const { kind } = await store.admit({ delivery: opened, limits: noLimits, credit: terms })
  assert.equal(kind, 'opened')
  return opened
}
const send = async (opened: Delivery, end = accepted(`message-${opened.id}`)) => {
  await admit(opened)
  await store.settle({ ...opened, end })
}
const erase = async () => {
  const { person } = await store.readPerson({ numberDigests: [], userDigests: ['LOGIN-ada'] })
  return store.erasePerson(person)
}
const everything = async () => JSON.stringify(await rawItemsOf(dynamo, table))
/** What only Ada has: her names, and the IDs of her requests and messages. */
const OF_ADA = /(USER|LOGIN)-ada|NUMBER-own|(request|event|message-id)-ada/
/** Entries, in which IDs are not readable text, are tested by the lists. */
const listed = async (query = {}) =>
  (await store.listDeliveries({ limit: 100, ...query })).map(({ id }) => id)

describe('erasing a person from the table', () => {
  it('removes what neighbours to the same number know of deliveries that ended, and of some that died', async () => {
    await send(requested('bob1', 'bob', 'shared'))
    await send(requested('ada1', 'ada', 'shared'))
    await send(requested('bob2', 'bob', 'shared')) // names ada1
    await admit(requested('ada2', 'ada', 'shared')) // its function dies
    await send(requested('bob3', 'bob', 'shared')) // knows ada2 alone
    await admit(requested('ada3', 'ada', 'shared')) // dies, and is the last one of the number
    await admit(requested('ada4', 'ada', 'own'))
    now += 180_000
    assert.match(await everything(), OF_ADA)
    assert.equal((await erase()).deliveries, 4)
    assert.doesNotMatch(await everything(), OF_ADA)
    assert.deepEqual(await listed(), ['id-bob1', 'id-bob2', 'id-bob3'])
    assert.deepEqual(await listed({ numberDigests: ['NUMBER-shared'] }), ['id-bob1', 'id-bob2', 'id-bob3'])
    await send(requested('bob4', 'bob', 'shared'))
    assert.deepEqual(await listed({ userDigests: ['USER-bob'] }), [
      'id-bob1',
      'id-bob2',
      'id-bob3',
      'id-bob4',
    ])
    assert.doesNotMatch(await everything(), OF_ADA)
  })

  it('finds a delivery of somebody else that died, although only an erased one knew it', async () => {
    await admit(requested('bob1', 'bob', 'shared'))
    await send(requested('ada1', 'ada', 'shared'))
    now += 180_000
    await erase()
    assert.deepEqual(await listed(), ['id-bob1'])
  })

  it('erases what the lists of a number and a user no longer have', async () => {
    for (let index = 0; index < 40; index += 1) await send(requested(`ada${index}`, 'ada', 'own'))
    now += 2 * DAY_MS
    for (let index = 40; index < 60; index += 1) await send(requested(`ada${index}`, 'ada', 'own'))
    now += 180_000
    assert.equal((await erase()).deliveries, 60)
    assert.doesNotMatch(await everything(), OF_ADA)
  })

  it('erases receipts, answers, marks of late changes and messages', async () => {
    await send(requested('ada1', 'ada', 'own'))
    const [first] = await store.listDeliveries({ limit: 1 })
    now += 600_000
    await store.addAnswer({
      callers: ['acme'],
      userDigests: ['USER-ada'],
      channel: 'sms',
      at: (first?.openedAt ?? 0) + 5,
    })
    await store.addReceipt(
      receipt({ deliveryId: 'id-ada1', messageId: 'message-id-ada1', type: 'TEXT_SENT' }),
    )
    await store.addReceipt(receipt({ messageId: 'message-id-ada1', type: 'TEXT_DELIVERED', isFinal: true }))
    assert.match(await everything(), /"changed"/)
    await erase()
    const left = await everything()
    assert.doesNotMatch(left, OF_ADA)
    assert.doesNotMatch(left, /"changed"|"pk":\{"S":"(delivery|message|number|user)#/)
  })

  it('erases contents of the policy that are not in force, and blanks long entries of the log in pieces', async () => {
    await send(requested('ada1', 'ada', 'own'))
    now += 180_000
    const by = { author: 'ana', at: now }
    const whom = { kind: 'user', digests: ['USER-ada', 'LOGIN-ada'] } as const
    const override = {
      what: 'deny',
      whom,
      at: now,
      until: now + DAY_MS,
      author: 'ana',
      because: 'x',
    } as const
    const long = Array.from({ length: 3_000 }, (_, index) => `${index} ${'LOGIN-ada '.repeat(8)}`)
    await store.saveFraudPolicy({ mode: 'observe', modes: {}, overrides: [override] }, by)
    await store.saveFraudPolicy(
      { mode: 'observe', modes: {}, overrides: [{ ...override, because: long.join() }] },
      by,
    )
    await store.saveFraudPolicy({ mode: 'enforce', modes: {}, overrides: [] }, by)
    assert.match(await everything(), OF_ADA)
    await erase()
    assert.doesNotMatch(await everything(), OF_ADA)
    assert.equal((await store.listChanges({ limit: 10 })).length, 3)
    assert.equal((await store.readPolicy())?.fraud.mode, 'enforce')
  })

  it('names a delivery that takes the place of an erased one while it is under way, and cleans it later', async () => {
    await send(requested('ada1', 'ada', 'shared'))
    now += 180_000
    const running = await admit(requested('bob1', 'bob', 'shared'))
    assert.deepEqual((await erase()).underWay, ['id-bob1'])
    await store.settle({ ...running, end: ended('failed') })
    now += 180_000
    assert.deepEqual((await erase()).underWay, [])
    assert.doesNotMatch(await everything(), OF_ADA)
    assert.deepEqual(await listed(), ['id-bob1'])
  })

  it('leaves nothing after a repetition, whichever call fails first', async () => {
    for (let failing = 0; ; failing += 1) {
      table = await dynamo.createTable()
      store = await openOn(dynamo, { table, now: () => now, retention: thirtyDays, claimsMessages: true })
      await send(requested('bob1', 'bob', 'shared'))
      await send(requested('ada1', 'ada', 'shared'))
      await send(requested('bob2', 'bob', 'shared'))
      await send(requested('ada2', 'ada', 'own'))
      now += 180_000
      const { person } = await store.readPerson({ numberDigests: [], userDigests: ['LOGIN-ada'] })
      let writes = 0
      dynamo.door = async call => {
        if (!/^(UpdateItem|DeleteItem)/.test(call)) return 'in'
        writes += 1
        return writes > failing ? 'cut' : 'in'
      }
      const isDone = await store.erasePerson(person).then(
        () => true,
        () => false,
      )
      dynamo.door = undefined
      await store.erasePerson(person)
      assert.doesNotMatch(await everything(), OF_ADA, `after ${failing} writes`)
      assert.deepEqual(await listed(), ['id-bob1', 'id-bob2'])
      if (isDone) break
    }
  })
})
