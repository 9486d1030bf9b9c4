import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Delivery, Digests } from '../../src/core/records/delivery.ts'
import type { Store } from '../../src/core/records/store.ts'
import { receipt } from '../fixtures/receipts.ts'
import { accepted, delivery, findIn, noLimits } from './stores.ts'

/** Two stores on the same data, as in two processes or two functions. */
export type Shared = AsyncDisposable & { readonly one: Store; readonly other: Store }

/**
 * The contract of two stores on the same data. `rounds`: how many times the same request comes to both. `atOnce`: how
 * many requests for one number come at the same moment; those that roll back collide with each other, so the work grows
 * with its square. `fills`: whether such requests use up a limit, or may leave some of it to those that come later.
 */
export function testSharing(
  name: string,
  openTwo: () => Promise<Shared>,
  {
    rounds,
    atOnce,
    fills,
  }: { readonly rounds: number; readonly atOnce: number; readonly fills: 'at once' | 'later' },
): void {
  describe(name, () => {
    it(`open the same request exactly once, ${rounds} times, and both know the first`, async () => {
      await using shared = await openTwo()
      for (let round = 0; round < rounds; round += 1) {
        const duplicateKey = `key-${round}`
        const admissions = await Promise.all(
          [shared.one, shared.other].map((store, index) =>
            store.admit({ delivery: delivery({ id: `${round}-${index}`, duplicateKey }), limits: noLimits }),
          ),
        )
        const winner = admissions.findIndex(({ kind }) => kind === 'opened')
        const loser = admissions[1 - winner]
        assert.ok(loser?.kind === 'duplicate', `round ${round}: ${admissions.map(({ kind }) => kind)}`)
        assert.equal(loser.first.id, `${round}-${winner}`)
      }
    })

    for (const scope of ['number', 'user', 'number-and-channel'] as const) {
      it(`never let more codes through than a limit by ${scope}, together`, async () => {
        await using shared = await openTwo()
        const limits = { mode: 'enforce', windows: [{ scope, windowSeconds: 60, max: 7 }] } as const
        const ask = async (index: number): Promise<string> => {
          const store = index % 2 === 0 ? shared.one : shared.other
          const opening = { delivery: delivery({ id: `${index}`, duplicateKey: `${index}` }), limits }
          return (await store.admit(opening)).kind
        }
        const kinds = await Promise.all(Array.from({ length: atOnce }, (_, index) => ask(index)))
        const opened = kinds.filter(kind => kind === 'opened').length
        if (fills === 'at once') assert.equal(opened, 7)
        for (let index = atOnce; index < atOnce + 8; index += 1) kinds.push(await ask(index))
        assert.equal(kinds.filter(kind => kind === 'opened').length, 7)
        assert.equal(kinds.filter(kind => kind === 'limited').length, atOnce + 1)
      })
    }

    it('both see the result of a delivery and its receipts, whichever of them stored them', async () => {
      await using shared = await openTwo()
      await shared.one.admit({ delivery: delivery(), limits: noLimits })
      assert.equal((await findIn(shared.other, 'delivery-1'))?.end.state, 'sending')
      await shared.other.addReceipt(receipt({ type: 'TEXT_DELIVERED' }))
      await shared.one.settle(delivery({ end: accepted() }))
      const found = await findIn(shared.other, 'delivery-1')
      assert.deepEqual([found?.end.state, found?.progress?.stage], ['accepted', 'delivered'])
    })
  })
}

/** The store of a process that knows two hash keys, while they are rotated: the first one is in force. */
export function withKeys(store: Store, [own, other]: readonly [string, string]): Store {
  const named = (delivery: Delivery): Delivery => ({ ...delivery, ...digestsBy(own, delivery) })
  return {
    ...store,
    admit: ({ delivery, ...rest }) =>
      store.admit({ ...rest, delivery: named(delivery), otherDigests: digestsBy(other, delivery) }),
    settle: delivery => store.settle(named(delivery)),
  }
}

function digestsBy(key: string, { duplicateKey, numberDigest, userDigest, loginDigest }: Digests): Digests {
  const by = (digest: string | undefined) => digest && `${key}-${digest}`
  return {
    duplicateKey: by(duplicateKey),
    numberDigest: `${key}-${numberDigest}`,
    userDigest: by(userDigest),
    loginDigest: by(loginDigest),
  }
}
