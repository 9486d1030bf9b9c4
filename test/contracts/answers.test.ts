import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Answer, answeredAt, findAnswered } from '../../src/core/records/answer.ts'
import { type Delivery, statusOf } from '../../src/core/records/delivery.ts'
import type { Store } from '../../src/core/records/store.ts'
import { receipt } from '../fixtures/receipts.ts'
import { accepted, DAY_MS, delivery, ended, findIn, noLimits, stores } from './stores.ts'

const CALLER = delivery().caller

function answer(changed: Partial<Answer> = {}): Answer {
  return { callers: [CALLER], userDigests: ['user-1', 'login-1'], channel: 'sms', at: 21_000, ...changed }
}
const near = { block: '346837834', network: '203.0.113' } as const
const far = { block: '346837834', network: '198.51.100' } as const
const hold = { reason: 'NUMBER_UNPROVEN', codes: 3, answers: 0, since: 1_000 } as const
const held = { ...far, hold }
const heldEnd: Delivery['end'] = { state: 'refused', at: 7_200, code: hold.reason, detail: '', attempts: [] }
const answeredIn = async (store: Store, id = 'delivery-1') => (await findIn(store, id))?.answered

for (const [name, open] of stores) {
  describe(`${name}, given answers`, () => {
    const empty = () => open(() => 30_000)

    it('records when the code was entered, beside the status', async () => {
      await using store = await empty()
      await store.admit({ delivery: delivery(), limits: noLimits })
      await store.settle(delivery({ end: accepted() }))
      assert.equal(await answeredIn(store), undefined)
      assert.deepEqual(await store.addAnswer(answer()), {
        kind: 'answered',
        deliveryId: 'delivery-1',
        afterMs: 20_000,
        isFirst: true,
      })
      assert.deepEqual(await answeredIn(store), { at: 21_000, afterMs: 20_000 })
      const [listed] = await store.listDeliveries({ limit: 1 })
      assert.ok(listed)
      assert.deepEqual(listed.answered, { at: 21_000, afterMs: 20_000 })
      assert.equal(statusOf(listed), 'accepted')
    })

    it('finds the newest delivery of the user in whose place Okta sent a code, and none that is too old', async () => {
      await using store = await open(() => 400_000)
      const sent = {
        callers: [CALLER],
        userDigests: ['user-1', 'login-1'],
        channel: 'sms',
        at: 300_000,
      } as const
      const settle = (id: string, openedAt: number, changed: Partial<Delivery> = {}) =>
        store.settle(
          delivery({ id, duplicateKey: id, eventId: id, openedAt, end: ended('refused'), ...changed }),
        )
      await settle('too-old', 179_000)
      assert.equal(await store.findReplaced(sent), undefined)
      await settle('older', 250_000)
      await settle('newest', 299_000)
      await settle('by-call', 299_500, { channel: 'voice' })
      await settle('of-another-org', 299_600, { caller: 'acme' })
      await settle('of-another-user', 299_700, { userDigest: 'user-2', loginDigest: 'login-2' })
      await settle('later', 311_000)
      const found = await store.findReplaced(sent)
      assert.deepEqual([found?.id, found?.end.state], ['newest', 'refused'])
      assert.equal((await store.findReplaced({ ...sent, channel: 'voice' }))?.id, 'by-call')
      assert.equal(await store.findReplaced({ ...sent, callers: [] }), undefined)
    })

    it('names the message about which the carrier awaits feedback', async () => {
      await using store = await empty()
      const end = { state: 'accepted', at: 2_000, messageId: 'm-1', attempts: [] } as const
      await store.settle(delivery({ end: { ...end, feedbackRegion: 'eu-west-1' } }))
      const joined = await store.addAnswer(answer())
      assert.deepEqual(joined.kind === 'answered' && joined.feedback, {
        messageId: 'm-1',
        region: 'eu-west-1',
      })
    })

    it('keeps an answer that comes before the end, or of a process that died', async () => {
      await using store = await empty()
      await store.admit({ delivery: delivery(), limits: noLimits })
      await store.addAnswer(answer())
      assert.deepEqual(await answeredIn(store), { at: 21_000, afterMs: 20_000 })
      await store.settle(delivery({ end: accepted() }))
      await store.addReceipt(receipt({ type: 'TEXT_DELIVERED' }))
      const found = await findIn(store, 'delivery-1')
      assert.deepEqual([found?.answered?.at, found?.progress?.stage], [21_000, 'delivered'])
    })

    it('keeps the earliest, and calls only the one that arrived first the first', async () => {
      await using store = await empty()
      await store.settle(delivery({ end: accepted() }))
      const firsts: boolean[] = []
      for (const at of [21_000, 25_000, 11_000, 11_000]) {
        const joined = await store.addAnswer(answer({ at }))
        assert.ok(joined.kind === 'answered')
        firsts.push(joined.isFirst)
      }
      assert.deepEqual(firsts, [true, false, false, false])
      assert.deepEqual(await answeredIn(store), { at: 11_000, afterMs: 10_000 })
    })

    it('calls one of many copies at once the first', async () => {
      await using store = await empty()
      await store.settle(delivery({ end: accepted() }))
      const joined = await Promise.all(Array.from({ length: 20 }, () => store.addAnswer(answer())))
      assert.equal(joined.filter(each => each.kind === 'answered' && each.isFirst).length, 1)
    })

    for (const [what, changed] of [
      ['another org', { callers: ['https://other.okta.com/oauth2/default', 'globex'] }],
      ['no org', { callers: [] }],
      ['another user', { userDigests: ['user-2', 'login-2'] }],
      ['a login, if the request had a user ID', { userDigests: ['login-1'] }],
      ['another channel', { channel: 'voice' }],
      ['a time before the request', { at: 999 }],
      ['a time at which the code was no longer valid', { at: 301_001 }],
    ] as const) {
      it(`joins nothing to an answer of ${what}`, async () => {
        await using store = await empty()
        await store.settle(delivery({ end: accepted() }))
        const joined = await store.addAnswer(answer(changed))
        assert.deepEqual(joined, { kind: 'not-joined', reason: 'no-code' })
        assert.equal(await answeredIn(store), undefined)
      })
    }

    it('joins by login a delivery whose request had no user ID', async () => {
      await using store = await empty()
      await store.settle(delivery({ userDigest: 'login-1', end: accepted() }))
      assert.equal((await store.addAnswer(answer())).kind, 'answered')
    })

    it('joins nothing to a delivery without a user', async () => {
      await using store = await empty()
      await store.settle(delivery({ userDigest: undefined, loginDigest: undefined, end: accepted() }))
      assert.equal((await store.addAnswer(answer())).kind, 'not-joined')
    })

    it('takes five minutes as the validity of a code whose request names none', async () => {
      await using store = await open(() => 400_000)
      await store.settle(delivery({ expiresAt: undefined, end: accepted() }))
      assert.equal((await store.addAnswer(answer({ at: 301_001 }))).kind, 'not-joined')
      assert.equal((await store.addAnswer(answer({ at: 301_000 }))).kind, 'answered')
    })

    it('takes the newest of several valid codes, by the time of the answer and not of its arrival', async () => {
      await using store = await empty()
      for (const [id, openedAt] of [
        ['a', 1_000],
        ['b', 20_000],
        ['c', 22_000],
      ] as const)
        await store.settle(delivery({ id, openedAt, duplicateKey: id, end: accepted(id) }))
      await store.addAnswer(answer({ at: 21_000 }))
      await store.addAnswer(answer({ at: 2_000 }))
      const found = await Promise.all(['a', 'b', 'c'].map(id => answeredIn(store, id)))
      assert.deepEqual(
        found.map(each => each?.at),
        [2_000, 21_000, undefined],
      )
    })

    it('takes the code that was requested from the network of the answer, whatever others request meanwhile', async () => {
      await using store = await empty()
      await store.settle(delivery({ end: accepted(), credit: near }))
      for (const [id, openedAt, end] of [
        ['b', 5_000, accepted('b')],
        ['c', 6_000, ended('refused')],
        ['d', 7_000, heldEnd],
      ] as const)
        await store.settle(delivery({ id, openedAt, duplicateKey: id, credit: far, end }))
      const joined = await store.addAnswer(answer({ network: near.network }))
      assert.equal(joined.kind === 'answered' && joined.deliveryId, 'delivery-1')
    })

    it('passes over what the fraud rule held, which nobody got', async () => {
      await using store = await empty()
      await store.settle(delivery({ end: accepted(), credit: near }))
      await store.settle(
        delivery({ id: 'b', openedAt: 5_000, duplicateKey: 'b', credit: held, end: heldEnd }),
      )
      const joined = await store.addAnswer(answer())
      assert.equal(joined.kind === 'answered' && joined.deliveryId, 'delivery-1')
    })

    for (const state of ['failed', 'refused'] as const) {
      it(`does not guess which code was entered after one that was ${state}`, async () => {
        await using store = await empty()
        await store.settle(delivery({ end: accepted() }))
        await store.settle(delivery({ id: 'b', openedAt: 5_000, duplicateKey: 'b', end: ended(state) }))
        assert.deepEqual(await store.addAnswer(answer()), { kind: 'not-joined', reason: 'not-sent' })
        assert.deepEqual([await answeredIn(store), await answeredIn(store, 'b')], [undefined, undefined])
      })
    }

    it('forgets answers with their delivery', async () => {
      let now = 30_000
      await using store = await open(() => now, { deliveriesMs: DAY_MS, receiptsMs: DAY_MS })
      await store.settle(delivery({ end: accepted() }))
      await store.addAnswer(answer())
      now = 1_000 + DAY_MS
      assert.equal(await findIn(store, 'delivery-1'), undefined)
      assert.equal((await store.addAnswer(answer())).kind, 'not-joined')
      await store.removeExpired()
      assert.equal((await store.addAnswer(answer())).kind, 'not-joined')
    })

    it('has the same end in any order, with repeats, and whenever deliveries end', async () => {
      const users = ['user-1', 'user-2']
      const property = fc.asyncProperty(
        fc.uniqueArray(
          fc.record({
            openedAt: fc.integer({ min: 1, max: 500 }).map(seconds => seconds * 1_000),
            userDigest: fc.constantFrom(...users),
            channel: fc.constantFrom('sms', 'voice'),
            caller: fc.constantFrom(CALLER, 'globex'),
            end: fc.constantFrom(
              ...[undefined, accepted(), ended('unknown'), ended('failed'), ended('refused')],
              ...[heldEnd, heldEnd],
            ),
            credit: fc.constantFrom(undefined, near, far, held),
          }),
          { maxLength: 5, selector: ({ openedAt }) => openedAt },
        ),
        fc.array(
          fc.record({
            at: fc.integer({ min: 1, max: 900 }).map(seconds => seconds * 1_000),
            userDigests: fc.constantFrom(...users).map(user => [user]),
            channel: fc.constantFrom('sms', 'voice'),
            callers: fc.constantFrom([CALLER], ['globex']),
            network: fc.constantFrom(undefined, near.network, far.network),
          }),
          { maxLength: 6 },
        ),
        fc.infiniteStream(fc.nat(1_000)),
        async (opened, answers, random) => {
          const all = opened.map(({ end, ...facts }, index) => {
            const id = `d${index}`
            const expiresAt = facts.openedAt + 300_000
            return {
              ...delivery({ ...facts, id, duplicateKey: id, numberDigest: id, expiresAt }),
              ...(end !== undefined && { end }),
            }
          })
          await using store = await open(() => 1_000_000)
          for (const each of all) {
            if (each.end.state === 'failed' || each.end.state === 'refused') await store.settle(each)
            else await store.admit({ delivery: { ...each, end: { state: 'sending' } }, limits: noLimits })
          }
          const pick = (): number => random.next().value ?? 0
          const later = all.filter(({ end }) => end.state === 'accepted' || end.state === 'unknown')
          const steps = [...answers, ...answers.filter(() => pick() % 2 === 0)]
            .map(
              (one): (() => Promise<unknown>) =>
                () =>
                  store.addAnswer(one),
            )
            .concat(later.map(one => () => store.settle(one)))
            .map(step => ({ step, order: pick() }))
            .toSorted((one, other) => one.order - other.order)
          let firsts = 0
          for (const { step } of steps) await step()
          for (const one of answers) {
            const joined = await store.addAnswer(one)
            firsts += joined.kind === 'answered' && joined.isFirst ? 1 : 0
          }
          assert.equal(firsts, 0, 'answers that were joined before are not counted again')
          for (const each of all) {
            const own = answers.filter(one => (findAnswered(all, one) as { id?: string }).id === each.id)
            const earliest = own.length === 0 ? undefined : Math.min(...own.map(({ at }) => at))
            assert.deepEqual(await answeredIn(store, each.id), answeredAt(each, earliest))
          }
        },
      )
      await fc.assert(property, { numRuns: name.includes('memory') ? 300 : 8 })
    })
  })
}
