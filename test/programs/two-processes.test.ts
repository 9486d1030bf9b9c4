import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import { usNumber } from '../support/numbers.ts'
import { inParallel, type ServedHook, type ServeWorld, startWorld } from '../world/world.ts'

const LIMIT = { timeout: 120_000 }

/** Two processes that answer: two servers, or the two workers of one, which shares its port among them. */
const PAIRS = {
  'two servers': (world: ServeWorld): Promise<ServedHook[]> => Promise.all([world.serve(), world.serve()]),
  'two workers of one server': async (world: ServeWorld): Promise<ServedHook[]> => {
    const served = await world.serve({ HOOKLINE_WORKERS: '2' })
    return [served, served]
  },
}

for (const [name, start] of Object.entries(PAIRS)) {
  test(
    `the same event to ${name} at the same moment is one message and two equal answers, 500 times`,
    LIMIT,
    async () => {
      await using world = await startWorld({ hook: 'process' })
      const [one, other] = await start(world)
      assert.ok(one && other)
      const orders = Array.from(
        { length: 500 },
        (_, index): CallOrder => ({
          to: usNumber(index),
          code: String(10_000_000 + index),
          eventId: `event-${index}`,
          otpExpires: '2099-01-01T00:00:00.000Z',
          user: { userId: `00u${index}`, login: `user${index}@example.com` },
        }),
      )
      const pairs = await inParallel(orders, 16, order =>
        Promise.all([world.call(one, order), world.call(other, order)]),
      )

      for (const [first, second] of pairs) {
        assert.equal(first.verdict.kind, 'delivered-by-hook', first.verdict.sentence)
        assert.deepEqual([second.httpStatus, second.answer], [first.httpStatus, first.answer])
      }
      const messages = await world.messages()
      assert.equal(messages.length, 500)
      assert.deepEqual(new Set(messages.map(({ to }) => to)), new Set(orders.map(({ to }) => to)))
    },
  )

  test(
    `${name} let no more codes to a number through than the limit says, of 40 at once`,
    LIMIT,
    async () => {
      await using world = await startWorld({ hook: 'process' })
      const hooks = await start(world)
      const numbers = Array.from({ length: 40 }, (_, index) => usNumber(index % 2))
      const results = await inParallel([...numbers.entries()], 40, ([index, to]) => {
        const user = { userId: `00u${index}`, login: `user${index}@example.com` }
        return world.call(hooks[index % 2] as ServedHook, { to, code: String(10_000_000 + index), user })
      })
      const sent = results.filter(({ verdict }) => verdict.kind === 'delivered-by-hook')
      const messages = await world.messages()
      for (const number of [usNumber(0), usNumber(1)])
        assert.equal(messages.filter(({ to }) => to === number).length, 5, number)
      assert.equal(sent.length, 10)
    },
  )
}
