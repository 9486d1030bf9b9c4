import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defaultLimits, type LimitScope, type Limits } from '../../src/core/policy/limits.ts'
import type { FollowedDelivery } from '../../src/core/records/delivery.ts'
import { accepted, DAY_MS, delivery, ended, findIn, noLimits, stores } from './stores.ts'

const limitsOf = (scope: LimitScope, max: number, mode: Limits['mode'] = 'enforce'): Limits => ({
  mode,
  windows: [{ scope, windowSeconds: 60, max }],
})

for (const [name, open] of stores) {
  describe(`${name}, asked to admit`, () => {
    const empty = () => open(() => 1_000)

    it('opens a delivery once: it is stored in the state sending, with every field', async () => {
      await using store = await empty()
      assert.deepEqual(await store.admit({ delivery: delivery(), limits: noLimits }), { kind: 'opened' })
      const found = await findIn(store, 'delivery-1')
      assert.deepEqual(factsOf(found), { ...delivery(), progress: undefined, answered: undefined })
    })

    it('keeps unknown values as unknown', async () => {
      await using store = await empty()
      const bare = delivery({
        eventId: undefined,
        oktaRequestId: undefined,
        duplicateKey: undefined,
        userDigest: undefined,
        loginDigest: undefined,
        country: undefined,
        lastDigits: undefined,
        templateUsed: undefined,
        parts: undefined,
        expiresAt: undefined,
      })
      await store.admit({ delivery: bare, limits: noLimits })
      assert.deepEqual(factsOf(await findIn(store, 'delivery-1')), {
        ...bare,
        progress: undefined,
        answered: undefined,
      })
    })

    for (const [state, end] of [
      ['sending', undefined],
      ['accepted', accepted()],
      ['unknown', ended('unknown')],
    ] as const) {
      it(`returns the first one for the same request while it is ${state}, and opens nothing`, async () => {
        await using store = await empty()
        await store.admit({ delivery: delivery(), limits: noLimits })
        if (end !== undefined) await store.settle(delivery({ end }))
        const admission = await store.admit({ delivery: delivery({ id: 'delivery-2' }), limits: noLimits })
        assert.ok(admission.kind === 'duplicate')
        assert.equal(admission.first.id, 'delivery-1')
        assert.deepEqual(admission.first.end, end ?? { state: 'sending' })
        assert.equal(await findIn(store, 'delivery-2'), undefined)
      })
    }

    for (const state of ['failed', 'refused'] as const) {
      it(`opens the same request again after the first was ${state}, and keeps both`, async () => {
        await using store = await empty()
        await store.admit({ delivery: delivery(), limits: noLimits })
        await store.settle(delivery({ end: ended(state) }))
        const again = delivery({ id: 'delivery-2' })
        assert.deepEqual(await store.admit({ delivery: again, limits: noLimits }), { kind: 'opened' })
        assert.equal((await store.listDeliveries({ limit: 10 })).length, 2)
      })
    }

    it('finds no duplicate of a request without a key', async () => {
      await using store = await empty()
      for (const id of ['a', 'b']) {
        const { kind } = await store.admit({
          delivery: delivery({ id, duplicateKey: undefined }),
          limits: noLimits,
        })
        assert.equal(kind, 'opened')
      }
    })

    for (const [scope, same, free] of [
      ['number', { channel: 'voice', userDigest: 'user-2' }, { numberDigest: 'number-2' }],
      ['user', { numberDigest: 'number-2', channel: 'voice' }, { userDigest: 'user-2' }],
      ['number-and-channel', { userDigest: 'user-2' }, { channel: 'voice' }],
    ] as const) {
      it(`counts by ${scope}: deliveries with the same value, for as long as the window`, async () => {
        await using store = await empty()
        const limits = limitsOf(scope, 2)
        let ids = 0
        const ask = async (openedAt: number, changed: object) => {
          ids += 1
          const id = `delivery-${ids}`
          return store.admit({ delivery: delivery({ id, duplicateKey: id, openedAt, ...changed }), limits })
        }
        assert.equal((await ask(1_000, {})).kind, 'opened')
        assert.equal((await ask(2_000, same)).kind, 'opened')
        assert.deepEqual(await ask(60_999, same), { kind: 'limited', limit: limits.windows[0] })
        assert.equal(await findIn(store, 'delivery-3'), undefined)
        assert.equal((await ask(60_999, free)).kind, 'opened')
        assert.equal((await ask(61_000, same)).kind, 'opened')
      })
    }

    it('counts deliveries dated by a clock that was ahead, until their own window has passed', async () => {
      await using store = await empty()
      const limits = limitsOf('number', 2)
      let ids = 0
      const ask = async (openedAt: number) => {
        ids += 1
        const id = `delivery-${ids}`
        return (await store.admit({ delivery: delivery({ id, duplicateKey: id, openedAt }), limits })).kind
      }
      assert.deepEqual([await ask(3_600_000), await ask(3_600_001)], ['opened', 'opened'])
      for (const openedAt of [1_000, 3_599_999, 3_659_999]) assert.equal(await ask(openedAt), 'limited')
      assert.equal(await ask(3_660_000), 'opened')
    })

    it('counts only what may have been sent', async () => {
      await using store = await empty()
      for (const state of ['refused', 'failed'] as const)
        await store.settle(delivery({ id: state, duplicateKey: undefined, end: ended(state) }))
      const next = (id: string) =>
        store.admit({ delivery: delivery({ id, duplicateKey: id }), limits: limitsOf('number', 1) })
      assert.equal((await next('a')).kind, 'opened')
      await store.settle(delivery({ id: 'a', duplicateKey: 'a', end: ended('unknown') }))
      assert.equal((await next('b')).kind, 'limited')
    })

    it('does not count by a missing name', async () => {
      await using store = await empty()
      for (const id of ['a', 'b', 'c']) {
        const nameless = delivery({ id, duplicateKey: id, userDigest: undefined })
        assert.equal((await store.admit({ delivery: nameless, limits: limitsOf('user', 1) })).kind, 'opened')
      }
    })

    it('only reports the exceeded limit if it observes', async () => {
      await using store = await empty()
      const limits = limitsOf('number', 1, 'observe')
      await store.admit({ delivery: delivery({ id: 'a', duplicateKey: 'a' }), limits })
      const second = await store.admit({ delivery: delivery({ id: 'b', duplicateKey: 'b' }), limits })
      assert.deepEqual(second, { kind: 'opened', exceeded: limits.windows[0] })
      assert.ok(await findIn(store, 'b'))
    })

    it('opens exactly one delivery for many copies of a request at once', async () => {
      await using store = await empty()
      const ids = Array.from({ length: 50 }, (_, index) => `delivery-${index}`)
      const admissions = await Promise.all(
        ids.map(id => store.admit({ delivery: delivery({ id }), limits: defaultLimits })),
      )
      assert.equal(admissions.filter(({ kind }) => kind === 'opened').length, 1)
      assert.equal(admissions.filter(({ kind }) => kind === 'duplicate').length, 49)
    })
  })

  describe(`${name}, asked for deliveries`, () => {
    it('has one that was settled but never admitted: complete, and once', async () => {
      await using store = await open(() => 1_000)
      await store.settle(delivery({ end: accepted() }))
      await store.settle(delivery({ end: accepted() }))
      const all = await store.listDeliveries({ limit: 10 })
      assert.deepEqual(all.map(factsOf), [
        { ...delivery({ end: accepted() }), progress: undefined, answered: undefined },
      ])
    })

    it('recognises a request that was settled but never admitted', async () => {
      await using store = await open(() => 1_000)
      await store.settle(delivery({ end: accepted() }))
      const { kind } = await store.admit({ delivery: delivery({ id: 'delivery-2' }), limits: noLimits })
      assert.equal(kind, 'duplicate')
    })

    it('keeps attempts and reasons unchanged', async () => {
      await using store = await open(() => 1_000)
      const attempts = [
        { identity: 'MyCompany', result: 'failure', detail: 'ECONNREFUSED', durationMs: 3 },
        { identity: '+18665550100', result: 'unknown', detail: undefined, durationMs: 1_700 },
      ] as const
      const end = { state: 'unknown', at: 9, code: 'CARRIER_UNKNOWN', detail: 'é "x"', attempts } as const
      await store.settle(delivery({ end }))
      const found = await findIn(store, 'delivery-1')
      // JSON has no undefined: missing values may be omitted
      assert.deepEqual(JSON.parse(JSON.stringify(found?.end)), JSON.parse(JSON.stringify(end)))
    })

    it('has none that was never opened', async () => {
      await using store = await open(() => 1_000)
      assert.equal(await findIn(store, 'delivery-1'), undefined)
      assert.deepEqual(await store.listDeliveries({ limit: 10 }), [])
    })

    it('finds those of a number, a user, an event, and all of these combined', async () => {
      await using store = await open(() => 1_000)
      await store.settle(delivery({ id: 'a' }))
      await store.settle(delivery({ id: 'b', numberDigest: 'number-2' }))
      await store.settle(delivery({ id: 'c', userDigest: 'user-2' }))
      await store.settle(delivery({ id: 'd', eventId: undefined, userDigest: undefined }))
      const ids = async (query: object) =>
        (await store.listDeliveries({ limit: 10, ...query })).map(({ id }) => id).join('')
      assert.equal(await ids({}), 'abcd')
      assert.equal(await ids({ numberDigests: ['number-1'] }), 'acd')
      assert.equal(await ids({ userDigests: ['user-1'] }), 'ab')
      assert.equal(await ids({ eventId: 'event-1' }), 'abc')
      assert.equal(
        await ids({ eventId: 'event-1', userDigests: ['user-1'], numberDigests: ['number-2'] }),
        'b',
      )
      assert.equal(await ids({ numberDigests: ['number-1'], limit: 2 }), 'cd')
      const [first] = await store.listDeliveries({ limit: 10 })
      assert.ok(first)
      for (const query of [
        { numberDigests: ['number-1'] },
        { userDigests: ['user-1'] },
        { eventId: 'event-1' },
        {},
      ])
        assert.equal(await ids({ ...query, after: first.position }), (await ids(query)).slice(1))
      assert.equal(await ids({ numberDigests: ["' OR 1=1 --"] }), '')
    })

    it('finds those of a user by user ID and by login, whichever a delivery has', async () => {
      await using store = await open(() => 1_000)
      await store.settle(delivery({ id: 'a' }))
      await store.settle(
        delivery({ id: 'b', userDigest: 'user-4', loginDigest: 'login-2', end: ended('failed') }),
      )
      await store.settle(delivery({ id: 'c', userDigest: 'login-1', end: ended('refused') }))
      await store.settle(delivery({ id: 'd', userDigest: 'user-2' }))
      await store.settle(delivery({ id: 'e', userDigest: 'user-3', loginDigest: undefined }))
      const ids = async (...userDigests: readonly string[]) =>
        (await store.listDeliveries({ limit: 10, userDigests })).map(({ id }) => id).join('')
      assert.equal(await ids('user-1'), 'a')
      assert.equal(await ids('user-4'), 'b')
      assert.equal(await ids('login-1'), 'acd')
      assert.equal(await ids('login-2'), 'b')
      assert.equal(await ids('user-4', 'login-1'), 'abcd')
      assert.equal(await ids('user-3'), 'e')
      assert.equal(await ids('nobody'), '')
    })

    it('ignores those older than its retention, and removes them on request', async () => {
      let now = 2_000
      await using store = await open(() => now, { deliveriesMs: DAY_MS, receiptsMs: DAY_MS })
      for (const [id, openedAt] of [
        ['a', 1],
        ['b', 1_000],
        ['c', 1_001],
        ['d', 2_000],
      ] as const)
        await store.settle(delivery({ id, openedAt, duplicateKey: `key-${id}`, end: accepted(id) }))
      const ids = async (query: object = {}) =>
        (await store.listDeliveries({ limit: 10, ...query })).map(({ id }) => id).join('')
      assert.equal(await ids(), 'abcd')
      const { position } = (await store.listDeliveries({ limit: 10 }))[2] ?? assert.fail()
      now = 1_000 + DAY_MS
      for (const remove of [async () => undefined, store.removeExpired]) {
        await remove()
        for (const query of [
          {},
          { numberDigests: ['number-1'] },
          { userDigests: ['user-1'] },
          { eventId: 'event-1' },
        ])
          assert.equal(await ids(query), 'cd')
        assert.equal(await findIn(store, 'b'), undefined)
        assert.equal((await findIn(store, 'c'))?.id, 'c')
      }
      const again = (key: string) =>
        store.admit({
          delivery: delivery({ id: `${key}2`, openedAt: now, duplicateKey: `key-${key}` }),
          limits: noLimits,
        })
      assert.equal((await again('b')).kind, 'opened')
      assert.equal((await again('c')).kind, 'duplicate')
      assert.equal(await ids({ after: position }), 'db2')
    })
  })
}

/** Every field except the position, whose form differs between stores. */
function factsOf(found: FollowedDelivery | undefined): object {
  const { position: _, ...facts } = { position: undefined, ...found }
  return facts
}
