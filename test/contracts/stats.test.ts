import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { CANARY_CALLER, CANARY_EVENT_ID } from '../../src/core/records/canary.ts'
import type { Delivery } from '../../src/core/records/delivery.ts'
import type { StatsQuery } from '../../src/core/records/delivery-store.ts'
import { countDeliveries, type Stats } from '../../src/core/records/stats.ts'
import { receipt } from '../fixtures/receipts.ts'
import { accepted, DAY_MS, delivery, ended, noLimits, type OpenStore, stores } from './stores.ts'

const ALWAYS = { from: 0, to: 2 * DAY_MS }
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** What is known now. */
async function read(store: Awaited<ReturnType<OpenStore>>, query: StatsQuery): Promise<Stats> {
  await store.countFigures()
  return (await store.readStats(query))?.stats ?? assert.fail('no figures')
}

for (const [name, open] of stores) {
  describe(`${name}, asked for figures`, () => {
    it('has none at first', async () => {
      await using store = await open(() => 30_000)
      assert.deepEqual(await read(store, ALWAYS), countDeliveries([]))
    })

    it('counts a delivery from its admission on, and once', async () => {
      await using store = await open(() => 30_000)
      const figures = async () => {
        const { total } = await read(store, ALWAYS)
        return [total.asked, total.sent, total.delivered, total.answered]
      }
      await store.admit({ delivery: delivery(), limits: noLimits })
      assert.deepEqual(await figures(), [1, 0, 0, 0])
      await store.settle(delivery({ end: accepted() }))
      await store.settle(delivery({ end: accepted() }))
      assert.deepEqual(await figures(), [1, 1, 0, 0])
      for (const _ of [1, 2]) await store.addReceipt(receipt({ type: 'TEXT_DELIVERED', price: 0.02 }))
      assert.deepEqual(await figures(), [1, 1, 1, 0])
      for (const at of [21_000, 21_000, 11_000])
        await store.addAnswer({ callers: [delivery().caller], userDigests: ['user-1'], channel: 'sms', at })
      assert.deepEqual(await figures(), [1, 1, 1, 1])
      const { total } = await read(store, ALWAYS)
      assert.deepEqual([total.priced, total.costMicroUsd, [...total.answers.values()]], [1, 20_000, [1]])
    })

    it('does not count canaries', async () => {
      await using store = await open(() => 30_000)
      const canary = { caller: CANARY_CALLER, eventId: CANARY_EVENT_ID, duplicateKey: 'canary', id: 'canary' }
      await store.settle(delivery({ ...canary, end: accepted('message-2') }))
      await store.addReceipt(receipt({ messageId: 'message-2', type: 'TEXT_DELIVERED', price: 0.02 }))
      assert.deepEqual(await read(store, ALWAYS), countDeliveries([]))
      await store.settle(delivery({ end: accepted() }))
      const { total, by } = await read(store, ALWAYS)
      assert.deepEqual([total.asked, [...by.org.keys()]], [1, [delivery().caller]])
    })

    it('counts those opened from the beginning of the time and before its end', async () => {
      await using store = await open(() => DAY_MS)
      for (const openedAt of [MINUTE_MS, HOUR_MS + MINUTE_MS, 6 * HOUR_MS, 6 * HOUR_MS + 2 * MINUTE_MS])
        await store.settle(
          delivery({ id: `${openedAt}`, duplicateKey: `${openedAt}`, openedAt, end: accepted() }),
        )
      const asked = async (from: number, to: number) => (await read(store, { from, to })).total.asked
      assert.equal(await asked(MINUTE_MS, 6 * HOUR_MS), 2)
      assert.equal(await asked(2 * MINUTE_MS, 6 * HOUR_MS + MINUTE_MS), 2)
      assert.equal(await asked(MINUTE_MS, 6 * HOUR_MS + 3 * MINUTE_MS), 4)
      assert.equal(await asked(HOUR_MS, 2 * HOUR_MS), 1)
      assert.equal(await asked(MINUTE_MS, MINUTE_MS), 0)
    })

    it('counts by whole hours in UTC, of which the first and the last may be partly in the period', async () => {
      await using store = await open(() => DAY_MS)
      const minutes = [59, 61, 119, 120, 300, 301, 359]
      for (const minute of minutes)
        await store.settle(
          delivery({
            ...{ id: `${minute}`, duplicateKey: `${minute}`, openedAt: minute * MINUTE_MS },
            ...{ caller: minute === 300 ? 'globex' : 'acme', end: accepted(`${minute}`) },
          }),
        )
      await store.countFigures()
      const hours = async (from: number, to: number, org?: string) => {
        const query = { from: from * MINUTE_MS, to: to * MINUTE_MS, org }
        const read = (await store.readHourlyStats(query)) ?? assert.fail('no figures')
        const asked = read.hours.map(({ from, stats }) => [from / MINUTE_MS, stats.total.asked] as const)
        assert.deepEqual(
          read.hours.map(({ from }) => from),
          read.hours.map(({ from }) => from).toSorted((one, other) => one - other),
        )
        const { stats, until } = (await store.readStats(query)) ?? assert.fail('no figures')
        assert.equal(read.until, until)
        assert.equal(
          asked.reduce((sum, [, count]) => sum + count, 0),
          stats.total.asked,
        )
        return asked.filter(([, count]) => count > 0)
      }
      assert.deepEqual(await hours(0, 400), [
        [0, 1],
        [60, 2],
        [120, 1],
        [300, 3],
      ])
      assert.deepEqual(await hours(30, 302), [
        [30, 1],
        [60, 2],
        [120, 1],
        [300, 2],
      ])
      assert.deepEqual(await hours(61, 359, 'acme'), [
        [61, 2],
        [120, 1],
        [300, 1],
      ])
      assert.deepEqual(await hours(301, 301), [])
    })

    it('has the labels of every kind of delivery, whatever the texts are', async () => {
      await using store = await open(() => 1_000_000)
      const attempt = (identity: string, result: 'accepted' | 'failure') =>
        ({ identity, result, detail: undefined, durationMs: 5 }) as const
      const attempts: readonly (readonly ReturnType<typeof attempt>[])[] = [
        [],
        [attempt('"A\\é[', 'accepted')],
        [attempt('A', 'failure'), attempt("B'", 'accepted')],
        [attempt('A', 'failure'), attempt('C', 'failure')],
        [attempt('[1]', 'failure')],
      ]
      const ends = (['accepted', 'unknown', 'failed', 'refused'] as const).flatMap(state =>
        attempts.map(each =>
          state === 'accepted'
            ? { state, at: 2_000, messageId: 'm', attempts: each }
            : { state, at: 2_000, code: 'CARRIER_REFUSED' as const, detail: 'x', attempts: each },
        ),
      )
      const labels = [
        { country: undefined, templateUsed: undefined, caller: `o'r"g` },
        { country: 'FR', templateUsed: { source: 'okta' }, channel: 'voice' },
        {
          templateUsed: { source: 'template', locale: 'pt-BR', purpose: 'any', version: 12 },
          purpose: 'other',
        },
      ] as const satisfies readonly Partial<Delivery>[]
      for (const [index, end] of ends.entries()) {
        const names = {
          id: `d${index}`,
          duplicateKey: `k${index}`,
          numberDigest: `n${index}`,
          userDigest: `u${index}`,
        }
        await store.settle(delivery({ ...names, ...labels[index % labels.length], end }))
        const type = ['TEXT_QUEUED', 'TEXT_DELIVERED', 'TEXT_UNKNOWN', 'TEXT_INVALID'][index % 7]
        const price = [0.00645, 0, undefined, 1e-7][index % 4]
        if (type !== undefined)
          await store.addReceipt(
            receipt({ messageId: `of-${index}`, deliveryId: `d${index}`, type, isFinal: true, price }),
          )
        if (index % 3 === 1)
          await store.addAnswer({
            ...{ callers: [delivery().caller], userDigests: [`u${index}`], channel: 'voice' as const },
            at: 1_000 + index * 997,
          })
      }
      const all = await store.listDeliveries({ limit: 100 })
      assert.equal(all.length, 20)
      assert.ok(all.filter(({ answered }) => answered !== undefined).length > 2)
      assert.deepEqual(await read(store, ALWAYS), countDeliveries(all))
    })

    it('counts those of one org, by every dimension', async () => {
      await using store = await open(() => 30_000)
      for (const [id, caller, country] of [
        ['1', 'acme', 'ES'],
        ['2', 'acme', 'US'],
        ['3', 'globex', 'US'],
      ] as const)
        await store.settle(delivery({ id, duplicateKey: id, caller, country, end: accepted(id) }))
      const { total, by } = await read(store, { ...ALWAYS, org: 'acme' })
      assert.equal(total.asked, 2)
      assert.deepEqual([...by.org.keys()], ['acme'])
      assert.deepEqual([...by.country.keys()].toSorted(), ['ES', 'US'])
      assert.deepEqual(await read(store, { ...ALWAYS, org: 'initech' }), countDeliveries([]))
    })

    it('counts what is kept', async () => {
      let now = 30_000
      await using store = await open(() => now, { deliveriesMs: DAY_MS, receiptsMs: DAY_MS })
      await store.settle(delivery({ end: accepted() }))
      now = 1_000 + DAY_MS
      assert.deepEqual(await read(store, ALWAYS), countDeliveries([]))
    })

    it('has the figures of the set, however ends, receipts and answers are ordered, repeated, late or lost', async () => {
      const one = fc.record({
        country: fc.constantFrom('ES', 'US'),
        caller: fc.constantFrom('acme', 'globex'),
        end: fc.constantFrom(accepted(), ended('unknown'), ended('failed'), ended('refused')),
        types: fc.subarray(['TEXT_SENT', 'TEXT_SUCCESSFUL', 'TEXT_DELIVERED', 'TEXT_BLOCKED']),
        answers: fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 2 }),
      })
      const property = fc.asyncProperty(
        fc.array(one, { maxLength: 4 }),
        fc.infiniteStream(fc.nat(1_000)),
        async (all, random) => {
          const pick = (): number => random.next().value ?? 0
          await using store = await open(() => 1_000_000)
          await using inOrder = await open(() => 1_000_000)
          type Step = (to: typeof store) => Promise<unknown>
          const opened: Step[] = []
          const later: Step[] = []
          for (const [index, { types, answers, end, ...facts }] of all.entries()) {
            const names = { id: `d${index}`, duplicateKey: `k${index}`, userDigest: `u${index}` }
            const own = { ...delivery({ ...facts, ...names, numberDigest: `n${index}` }), end }
            const closed =
              end.state === 'accepted' ? { ...own, end: { ...end, messageId: `m${index}` } } : own
            const wasSent = end.state === 'accepted' || end.state === 'unknown'
            opened.push(to =>
              wasSent
                ? to.admit({ delivery: { ...own, end: { state: 'sending' } }, limits: noLimits })
                : to.settle(closed),
            )
            if (!wasSent) continue
            later.push(to => to.settle(closed))
            for (const type of types)
              later.push(to =>
                to.addReceipt(
                  receipt({
                    messageId: `m${index}`,
                    deliveryId: `d${index}`,
                    type,
                    isFinal: true,
                    price: 0.01,
                  }),
                ),
              )
            for (const seconds of answers)
              later.push(to =>
                to.addAnswer({
                  callers: [facts.caller],
                  userDigests: [`u${index}`],
                  channel: 'sms',
                  at: 1_000 * (seconds + 1),
                }),
              )
          }
          const kept = later.filter(() => pick() % 4 > 0)
          const disturbed = [...kept, ...kept.filter(() => pick() % 2 === 0)]
            .map(step => ({ step, place: pick() }))
            .toSorted((first, second) => first.place - second.place)
          for (const step of opened) await step(store)
          for (const { step } of disturbed) await step(store)
          for (const step of [...opened, ...kept]) await step(inOrder)
          const found = await read(store, ALWAYS)
          assert.deepEqual(found, await read(inOrder, ALWAYS))
          assert.deepEqual(found, countDeliveries(await store.listDeliveries({ limit: 1_000 })))
        },
      )
      await fc.assert(property, { numRuns: name.includes('memory') ? 300 : 8 })
    })
  })
}
