import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CreditTerms } from '../../src/core/policy/credit/decide.ts'
import { requestedCodeOf } from '../../src/core/records/credited-code.ts'
import type { Delivery } from '../../src/core/records/delivery.ts'
import type { Store } from '../../src/core/records/store.ts'
import { receipt } from '../fixtures/receipts.ts'
import { accepted, DAY_MS, delivery, ended, noLimits, stores } from './stores.ts'

const NOW = Date.UTC(2026, 5, 15, 12)
const terms: CreditTerms = { mode: 'observe', overrides: { expected: 0 } }
const by = (at: number) => ({ author: 'help desk', at })

/** A delivery of `user` to `number`. IDs and digests are texts of which none is a part of another. */
function code(id: string, user: string, number: string, changed: Partial<Delivery> = {}): Delivery {
  return delivery({
    ...{
      id: `id-${id}`,
      eventId: `event-${id}`,
      oktaRequestId: `request-${id}`,
      duplicateKey: `${id}-is-its-key-000000`,
    },
    ...{ numberDigest: `digest-of-number-${number}`, userDigest: `digest-of-user-${user}` },
    ...{ loginDigest: `digest-of-login-${user}`, caller: 'acme', country: 'FR', expiresAt: undefined },
    ...{ purpose: 'pre-enrollment', lastDigits: '77', openedAt: NOW },
    credit: { block: '33612345', network: '203.0.113' },
    ...changed,
  })
}

async function send(
  store: Store,
  sent: Delivery,
  end: Delivery['end'] = accepted(`message-${sent.id}`),
): Promise<void> {
  const opened = await store.admit({ delivery: sent, limits: noLimits, credit: terms })
  assert.equal(opened.kind, 'opened')
  await store.settle({ ...sent, end })
}

const people = {
  ada: { numberDigests: ['digest-of-number-one'], userDigests: ['digest-of-login-ada'] },
  bob: { numberDigests: [], userDigests: ['digest-of-user-bob'] },
}

for (const [name, open] of stores) {
  describe(`${name}, asked to erase a person`, () => {
    /** Ada and Bob share number `shared`; each has one of their own. */
    async function filled(store: Store): Promise<void> {
      const acme = { callers: ['acme'], channel: 'sms' } as const
      await send(store, code('a1', 'ada', 'one', { openedAt: NOW - 9_000 }))
      await store.addAnswer({ ...acme, userDigests: ['digest-of-user-ada'], at: NOW - 8_500 })
      await send(store, code('b1', 'bob', 'shared', { openedAt: NOW - 8_000 }))
      await store.addReceipt(
        receipt({ messageId: 'message-id-a1', deliveryId: 'id-a1', type: 'TEXT_DELIVERED', isFinal: true }),
      )
      await store.addReceipt(receipt({ messageId: 'message-id-a1', type: 'TEXT_SENT' }))
      await send(store, code('a2', 'ada', 'shared', { openedAt: NOW - 7_000 }))
      await send(store, code('b2', 'bob', 'shared', { openedAt: NOW - 6_000 }))
      await send(store, code('a3', 'ada', 'shared', { openedAt: NOW - 5_000 }), ended('failed'))
      await store.settle({ ...code('a4', 'ada', 'one', { openedAt: NOW - 4_000 }), end: ended('refused') })
      await store.logEvent(
        { what: 'lookups', differences: [{ name: 'user', after: ['digest-of-user-ada'] }] },
        by(NOW - 2),
      )
      await store.logEvent(
        { what: 'lookups', differences: [{ name: 'user', after: ['digest-of-user-bob'] }] },
        by(NOW - 1),
      )
    }
    const idsIn = async (store: Store, query = {}) =>
      (await store.listDeliveries({ limit: 100, ...query })).map(({ id }) => id)

    it('finds everything about the person, by login or number, with what only this person has', async () => {
      await using store = await open(() => NOW)
      await filled(store)
      const kept = await store.readPerson({ numberDigests: [], userDigests: ['digest-of-login-ada'] })
      assert.deepEqual(kept.person.numberDigests, ['digest-of-number-one'])
      assert.deepEqual([...kept.person.userDigests].sort(), ['digest-of-login-ada', 'digest-of-user-ada'])
      assert.deepEqual(
        kept.deliveries.map(({ id }) => id),
        ['id-a1', 'id-a2', 'id-a3', 'id-a4'],
      )
      assert.equal(kept.deliveries[0]?.progress?.stage, 'delivered')
      assert.equal(kept.deliveries[0]?.answered?.afterMs, 500)
      assert.deepEqual(kept.records.map(({ org, key }) => `${org} ${key}`).sort(), [
        'acme phone#digest-of-number-one',
        'acme user#digest-of-user-ada',
      ])
      const byNumber = await store.readPerson({ numberDigests: ['digest-of-number-one'], userDigests: [] })
      assert.deepEqual(
        byNumber.deliveries.map(({ id }) => id),
        ['id-a1', 'id-a4'],
      )
    })

    it('erases deliveries, receipts, answers, records and digests in the log, and nothing of others', async () => {
      await using store = await open(() => NOW)
      await filled(store)
      const { person } = await store.readPerson(people.ada)
      const erased = await store.erasePerson(person)
      assert.equal(erased.deliveries, 4)
      assert.equal(erased.records, 2)
      assert.equal(erased.changes, 1)
      assert.deepEqual(erased.underWay, [])
      assert.equal(erased.leftInFile, undefined)
      assert.deepEqual(await idsIn(store), ['id-b1', 'id-b2'])
      for (const query of [
        { userDigests: ['digest-of-login-ada'] },
        { numberDigests: ['digest-of-number-one'] },
        { eventId: 'event-a1' },
      ])
        assert.deepEqual(await idsIn(store, query), [])
      assert.deepEqual(await idsIn(store, { numberDigests: ['digest-of-number-shared'] }), ['id-b1', 'id-b2'])
      assert.deepEqual(await idsIn(store, { userDigests: ['digest-of-login-bob'] }), ['id-b1', 'id-b2'])
      assert.equal(await store.findDelivery('id-a1'), undefined)
      const lookups = await store.listChanges({ limit: 10 })
      assert.deepEqual(
        lookups.map(({ differences }) => differences[0]?.after),
        [['digest-of-user-bob'], ['erased']],
      )
      const left = await store.readPerson(people.ada)
      assert.deepEqual([left.deliveries, left.records], [[], []])
    })

    it('does the same again without harm', async () => {
      await using store = await open(() => NOW)
      await filled(store)
      const { person } = await store.readPerson(people.ada)
      await store.erasePerson(person)
      const again = await store.erasePerson(person)
      assert.deepEqual(again, { deliveries: 0, records: 0, otherRecords: 0, changes: 0, underWay: [] })
      assert.deepEqual(await idsIn(store), ['id-b1', 'id-b2'])
    })

    it('counts the erased codes no longer, counts the others, and knows the duplicates of others', async () => {
      await using store = await open(() => NOW)
      await filled(store)
      await store.erasePerson((await store.readPerson(people.ada)).person)
      const limits = (max: number) =>
        ({ mode: 'enforce', windows: [{ scope: 'number', windowSeconds: 3_600, max }] }) as const
      const next = code('c', 'cid', 'shared')
      assert.equal((await store.admit({ delivery: next, limits: limits(2) })).kind, 'limited')
      assert.equal((await store.admit({ delivery: next, limits: limits(3) })).kind, 'opened')
      const again = await store.admit({
        delivery: { ...code('b2', 'bob', 'shared'), id: 'id-new' },
        limits: noLimits,
      })
      assert.equal(again.kind, 'duplicate')
      const ofAda = await store.admit({
        delivery: { ...code('a1', 'ada', 'one'), id: 'id-a5' },
        limits: limits(1),
      })
      assert.equal(ofAda.kind, 'opened')
    })

    it('keeps what is under way, names it, and erases it when it has ended', async () => {
      let now = NOW
      await using store = await open(() => now)
      await filled(store)
      const running = code('a9', 'ada', 'one', { openedAt: NOW - 1_000 })
      await store.admit({ delivery: running, limits: noLimits, credit: terms })
      const { person } = await store.readPerson(people.ada)
      const erased = await store.erasePerson(person)
      assert.equal(erased.deliveries, 4)
      assert.deepEqual(erased.underWay, ['id-a9'])
      const again = await store.admit({ delivery: { ...running, id: 'id-again' }, limits: noLimits })
      assert.equal(again.kind, 'duplicate', 'it is never sent twice')
      await store.settle({ ...running, end: accepted('message-id-a9') })
      now += 180_000
      assert.equal((await store.erasePerson(person)).deliveries, 1)
      assert.deepEqual(await idsIn(store), ['id-b1', 'id-b2'])
    })

    it("removes a phone from other people's records, and keeps those", async () => {
      await using store = await open(() => NOW)
      await filled(store)
      await send(store, code('d1', 'dan', 'one', { openedAt: NOW - 3_000 }))
      await send(store, code('d2', 'dan', 'four', { openedAt: NOW - 2_500 }))
      await store.erasePerson({ numberDigests: ['digest-of-number-one'], userDigests: [] })
      const { user } = await store.readFraudRecords(
        'acme',
        requestedCodeOf(code('d3', 'dan', 'four')) ?? assert.fail(),
      )
      assert.deepEqual(Object.keys(user.numbers), ['digest-of-number-four'])
      const { groups } = await store.readFraudRecords(
        'acme',
        requestedCodeOf(code('x', 'eve', 'five')) ?? assert.fail(),
      )
      assert.doesNotMatch(JSON.stringify(groups), /digest-of-number-one/)
      assert.match(JSON.stringify(Object.keys(groups)), /ip:203\.0\.113/)
    })

    it('erases what an override of the fraud rule left in the log', async () => {
      await using store = await open(() => NOW)
      const whom = { kind: 'number', digest: 'digest-of-number-one', lastDigits: '77' } as const
      const override = {
        what: 'deny',
        whom,
        at: NOW - 1,
        until: NOW + DAY_MS,
        author: 'ana',
        because: 'x',
      } as const
      await store.saveFraudPolicy({ mode: 'observe', modes: {}, overrides: [override] }, by(NOW - 2))
      await store.saveFraudPolicy({ mode: 'observe', modes: {}, overrides: [] }, by(NOW - 1))
      assert.equal((await store.erasePerson(people.ada)).changes, 2)
      const logged = await store.listChanges({ limit: 10, what: 'fraud' })
      assert.equal(logged.length, 2)
      assert.doesNotMatch(JSON.stringify(logged), /digest-of-number-one|"77"/)
      assert.equal((await store.readPolicy())?.fraud.version, 2)
    })
  })
}
