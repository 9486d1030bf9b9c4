import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Delivery } from '../../src/core/records/delivery.ts'
import { type DeliveryFilter, matchesFilter } from '../../src/core/records/delivery-filter.ts'
import type { DeliveryPage, PageQuery } from '../../src/core/records/delivery-store.ts'
import type { Store } from '../../src/core/records/store.ts'
import { receipt } from '../fixtures/receipts.ts'
import { accepted, DAY_MS, delivery, ended, noLimits, stores } from './stores.ts'

const NOW = 40 * DAY_MS + 12 * 3_600_000
const MINUTE_MS = 60_000
const HOLD = { reason: 'FRAUD_COUNTRY', group: 'country:ES', codes: 12, answers: 0, since: NOW } as const

for (const [name, open] of stores) {
  describe(`${name}, asked for a page of deliveries`, () => {
    /** The newest is `d0`, each other one is a minute older; two of three went to another number each. */
    const opened = async (count: number, changed: (index: number) => Partial<Delivery> = () => ({})) => {
      const store = await open(() => NOW)
      for (let index = count - 1; index >= 0; index -= 1)
        await store.settle(
          delivery({
            ...{ id: `d${index}`, openedAt: NOW - (index + 1) * MINUTE_MS, duplicateKey: `key-${index}` },
            ...{
              numberDigest: `number-${index}`,
              userDigest: `user-${index}`,
              loginDigest: undefined,
              expiresAt: undefined,
            },
            ...{ eventId: `event-${index}`, end: accepted(`message-${index}`) },
            ...changed(index),
          }),
        )
      return store
    }
    const ids = ({ deliveries }: DeliveryPage) => deliveries.map(({ id }) => id)
    /** All pages one after the other, and how often a page was asked for. */
    const allPages = async (store: Store, query: PageQuery) => {
      const found: string[] = []
      let page = await store.pageDeliveries(query)
      let count = 1
      for (; page.next !== undefined; count += 1) {
        assert.ok(count < 40, 'the pages do not end')
        found.push(...ids(page))
        const { readTo, next } = page
        page = await store.pageDeliveries({ ...query, before: next })
        assert.ok(page.readTo <= readTo, 'each page reads further back')
      }
      return { found: [...found, ...ids(page)], count, readTo: page.readTo }
    }

    it('says that there is nothing', async () => {
      await using store = await open(() => NOW)
      const { found } = await allPages(store, { limit: 10, period: { from: NOW - DAY_MS, to: NOW } })
      assert.deepEqual(found, [])
    })

    it('gives the newest first, page by page, each once', async () => {
      await using store = await opened(25)
      const first = await store.pageDeliveries({ limit: 10 })
      assert.deepEqual(ids(first), ['d0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', 'd8', 'd9'])
      assert.equal(first.readTo, NOW - 10 * MINUTE_MS)
      const { found } = await allPages(store, { limit: 10, period: { from: NOW - DAY_MS, to: NOW } })
      assert.deepEqual(
        found,
        Array.from({ length: 25 }, (_, index) => `d${index}`),
      )
    })

    it('gives what one list holds as the list does', async () => {
      await using store = await opened(3)
      await store.addReceipt(receipt({ messageId: 'message-1', type: 'TEXT_DELIVERED' }))
      const { deliveries } = await store.pageDeliveries({ limit: 10 })
      assert.deepEqual(deliveries.toReversed(), await store.listDeliveries({ limit: 10 }))
    })

    it('goes on from any text as a position, and finds nothing in a period without an end or a beginning', async () => {
      await using store = await opened(3)
      for (const before of ['', '~', 'x', '-1', '9'.repeat(40), '\u0000', "1' OR 1", 'zzzzzzzzz~', '0-0'])
        await store.pageDeliveries({ limit: 10, before })
      for (const period of [
        { from: 0, to: 1 },
        { from: NOW, to: NOW - 1 },
        { from: NOW - 40 * DAY_MS, to: NOW - 35 * DAY_MS },
      ])
        assert.deepEqual((await allPages(store, { limit: 10, period })).found, [])
    })

    it('keeps to the period', async () => {
      await using store = await opened(10)
      const period = { from: NOW - 5 * MINUTE_MS, to: NOW - 2 * MINUTE_MS }
      const { found } = await allPages(store, { limit: 10, period })
      assert.deepEqual(found, ['d2', 'd3', 'd4'])
    })

    it('reads over midnight, days without a code too', async () => {
      await using store = await opened(6, index => ({ openedAt: NOW - index * DAY_MS * 1.5 }))
      const { found } = await allPages(store, { limit: 2 })
      assert.deepEqual(found, ['d0', 'd1', 'd2', 'd3', 'd4', 'd5'])
    })

    it('hides what has expired', async () => {
      await using store = await opened(2, index => ({ openedAt: NOW - index * 31 * DAY_MS }))
      assert.deepEqual((await allPages(store, { limit: 5 })).found, ['d0'])
    })

    for (const [what, whose] of [
      ['a number', { kind: 'number', digests: ['number-x'] }],
      ['a user', { kind: 'user', digests: ['user-x', 'user-y'] }],
      ['an event', { kind: 'event', eventId: 'event-x' }],
    ] as const) {
      it(`gives those of ${what} only`, async () => {
        await using store = await opened(9, index =>
          index % 4 === 0 ? { numberDigest: 'number-x', userDigest: 'user-x', eventId: 'event-x' } : {},
        )
        assert.deepEqual((await allPages(store, { limit: 2, whose })).found, ['d0', 'd4', 'd8'])
      })
    }

    it('finds a user by login', async () => {
      await using store = await opened(4, index => ({ loginDigest: `login-${index % 2}` }))
      const whose = { kind: 'user', digests: ['login-1'] } as const
      assert.deepEqual((await allPages(store, { limit: 2, whose })).found, ['d1', 'd3'])
    })

    const filters: readonly (readonly [DeliveryFilter, readonly string[]])[] = [
      [{ status: 'failed' }, ['d1']],
      [{ status: 'undeliverable' }, ['d2']],
      [{ reason: 'LIMIT_USER' }, ['d3']],
      [{ country: 'FR' }, ['d4']],
      [{ identity: 'MyCompany' }, ['d5']],
      [{ template: 'voice/de/any' }, ['d6']],
      [{ template: 'voice/de/any@7' }, ['d6']],
      [{ template: 'voice/de/any@6' }, []],
      [{ org: 'acme' }, ['d7']],
      [{ oktaRequestId: 'req-x' }, ['d8']],
      [{ sent: false }, ['d1', 'd3']],
      [{ held: true }, ['d3']],
      [{ answered: true }, ['d0']],
      [{ channel: 'voice', language: 'de' }, ['d6']],
    ]
    it('keeps to a filter', async () => {
      const attempt = { identity: 'MyCompany', result: 'accepted', detail: undefined, durationMs: 5 } as const
      await using store = await opened(
        9,
        index =>
          [
            {},
            { end: ended('failed') },
            {},
            { end: ended('refused'), credit: { block: '1', hold: HOLD } },
            { country: 'FR' },
            { end: { state: 'accepted', at: NOW, messageId: 'message-5', attempts: [attempt] } as const },
            {
              channel: 'voice' as const,
              templateUsed: { source: 'template', locale: 'de', purpose: 'any', version: 7 } as const,
            },
            { caller: 'acme' },
            { oktaRequestId: 'req-x' },
          ][index] ?? {},
      )
      await store.addReceipt(receipt({ messageId: 'message-2', type: 'TEXT_INVALID', isFinal: true }))
      const { caller } = delivery()
      await store.addAnswer({ callers: [caller], userDigests: ['user-0'], channel: 'sms', at: NOW - 30_000 })
      for (const [filter, expected] of filters) {
        const { found } = await allPages(store, { limit: 100, filter })
        assert.deepEqual(found, expected, JSON.stringify(filter))
      }
    })

    it('gives what each pair of filters matches, whatever the texts are', async () => {
      const attempt = (identity: string, result: 'accepted' | 'failure') =>
        ({ identity, result, detail: undefined, durationMs: 5 }) as const
      const ends: readonly Delivery['end'][] = [
        accepted('message-0'),
        {
          state: 'accepted',
          at: NOW,
          messageId: 'm',
          attempts: [attempt('A', 'failure'), attempt('"A\\é', 'accepted')],
        },
        {
          ...(ended('failed') as Extract<Delivery['end'], { code: unknown }>),
          attempts: [attempt('A', 'failure')],
        },
        ended('unknown'),
        ended('refused'),
      ]
      const labels = [
        { country: undefined, caller: `o'r"g`, templateUsed: undefined },
        { country: 'FR', templateUsed: { source: 'okta' }, oktaRequestId: undefined },
        {
          ...{ channel: 'voice', purpose: 'other', oktaRequestId: 'request-"2' },
          templateUsed: { source: 'template', locale: 'pt-BR', purpose: 'any', version: 12 },
        },
        { credit: { block: '1', hold: HOLD } },
      ] as const satisfies readonly Partial<Delivery>[]
      await using store = await opened(20, index => ({
        ...labels[index % labels.length],
        end: ends[index % ends.length] ?? accepted(),
      }))
      const { caller } = delivery()
      for (const [index, type] of ['TEXT_QUEUED', 'TEXT_DELIVERED', 'TEXT_UNKNOWN', 'TEXT_INVALID'].entries())
        await store.addReceipt(
          receipt({ messageId: `of-${index}`, deliveryId: `d${index * 3 + 2}`, type, isFinal: true }),
        )
      for (const user of ['user-2', 'user-8', 'user-11'])
        await store.addAnswer({ callers: [caller], userDigests: [user], channel: 'voice', at: NOW - 30_000 })
      const all = (await store.listDeliveries({ limit: 100 })).toReversed()
      const single = [
        ...(
          ['sending', 'accepted', 'refused', 'failed', 'unknown', 'delivered', 'undeliverable'] as const
        ).map(status => ({ status })),
        ...['unknown', 'FR', 'ES', 'F', 'fr'].map(country => ({ country })),
        ...['voice', 'sms'].map(channel => ({ channel })),
        ...['A', '"A\\é', 'none', '%'].map(identity => ({ identity })),
        ...['none', "Okta's text", 'es', 'pt-BR'].map(language => ({ language })),
        ...[caller, `o'r"g`, ''].map(org => ({ org })),
        ...['sms/es/any', 'sms/es/any@3', 'voice/pt-BR/any@12', 'voice/pt-BR/any@1', 'sms', '@', ''].map(
          template => ({ template }),
        ),
        ...['LIMIT_USER', 'CARRIER_REFUSED', 'NONE'].map(reason => ({ reason })),
        ...[
          { purpose: 'other' },
          { held: true },
          { oktaRequestId: 'request-1' },
          { oktaRequestId: 'request-"2' },
        ],
        ...[{ sent: true }, { sent: false }, { answered: true }, { answered: false }],
      ] as const
      // Each value with a value of each other kind; every such pair was as slow, and found the same.
      const kinds = [...Map.groupBy<string, DeliveryFilter>(single, one => Object.keys(one).join()).values()]
      const pairs = kinds.flatMap((ones, index) =>
        kinds.slice(index + 1).flatMap(others =>
          Array.from({ length: Math.max(ones.length, others.length) }, (_, at) => ({
            ...ones[at % ones.length],
            ...others[at % others.length],
          })),
        ),
      )
      const some = name.includes('DynamoDB') ? pairs.filter((_, index) => index % 8 === 0) : pairs
      for (const filter of [...single, ...some]) {
        const { found } = await allPages(store, { limit: 100, filter })
        const expected = all.filter(one => matchesFilter(one, filter)).map(({ id }) => id)
        assert.deepEqual(found, expected, JSON.stringify(filter))
      }
    })

    it('shows a delivery that has not ended, and writes nothing for it', async () => {
      await using store = await open(() => NOW)
      const begun = delivery({ openedAt: NOW - MINUTE_MS })
      await store.admit({ delivery: begun, limits: noLimits })
      for (const whose of [
        undefined,
        { kind: 'number', digests: ['number-1'] } as const,
        { kind: 'user', digests: ['user-1'] } as const,
      ]) {
        const { deliveries } = await store.pageDeliveries({ limit: 5, ...(whose && { whose }) })
        assert.deepEqual(
          deliveries.map(({ id, end }) => [id, end.state]),
          [['delivery-1', 'sending']],
          whose?.kind,
        )
      }
    })

    it('finds a delivery by its end, although it was listed or ended otherwise before', async () => {
      await using store = await open(() => NOW)
      const begun = delivery({ openedAt: NOW - MINUTE_MS })
      await store.admit({ delivery: begun, limits: noLimits })
      await store.listDeliveries({ limit: 5 })
      const found = async (filter: DeliveryFilter) => ids(await store.pageDeliveries({ limit: 5, filter }))
      assert.deepEqual(await found({ status: 'sending' }), ['delivery-1'])
      for (const state of ['unknown', 'failed', 'refused'] as const) {
        await store.settle({ ...begun, end: ended(state) })
        assert.deepEqual(await found({ status: state }), ['delivery-1'])
        assert.deepEqual(await found({ status: 'sending' }), [])
      }
      assert.deepEqual(await found({ oktaRequestId: 'request-1' }), ['delivery-1'])
    })

    it('shows one that never ended although the next code to its number did', async () => {
      await using store = await open(() => NOW)
      const first = delivery({ openedAt: NOW - 3 * MINUTE_MS, id: 'first', duplicateKey: 'first' })
      const second = delivery({ openedAt: NOW - 2 * MINUTE_MS, id: 'second', duplicateKey: 'second' })
      await store.admit({ delivery: first, limits: noLimits })
      await store.admit({ delivery: second, limits: noLimits })
      await store.settle({ ...second, end: accepted() })
      const states = async (query: PageQuery) =>
        (await store.pageDeliveries(query)).deliveries.map(({ id, end }) => [id, end.state])
      const both = [
        ['second', 'accepted'],
        ['first', 'sending'],
      ]
      assert.deepEqual(await states({ limit: 5 }), both)
      assert.deepEqual(await states({ limit: 5, whose: { kind: 'number', digests: ['number-1'] } }), both)
    })
  })
}
