import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import { usNumber } from '../support/numbers.ts'
import { inParallel, isLate, type ServedHook, type ServeWorld, startWorld, warmUp } from '../world/world.ts'

const LIMIT = { timeout: 120_000 }
const PAIRS_AT_ONCE = 8

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
    async t => {
      await using world = await startWorld({ hook: 'process' })
      const [one, other] = await start(world)
      assert.ok(one && other)
      for (const hook of [one, other]) await warmUp(world, hook)
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
      const pairs = await inParallel(orders, PAIRS_AT_ONCE, async order => ({
        order,
        results: await Promise.all([world.call(one, order), world.call(other, order)]),
      }))

      const messages = Map.groupBy(await world.messages(), ({ to }) => to)
      const inTime = pairs.filter(({ results }) => !results.some(isLate))
      t.diagnostic(`${pairs.length - inTime.length} of ${pairs.length} were late on a busy machine`)
      assert.ok(inTime.length > 0)
      for (const { order, results } of inTime) {
        const [first, second] = results
        assert.equal(first.verdict.kind, 'delivered-by-hook', first.verdict.sentence)
        assert.deepEqual([second.httpStatus, second.answer], [first.httpStatus, first.answer])
        assert.equal(messages.get(order.to ?? '')?.length, 1, order.to)
      }
    },
  )

  test(
    `${name} let no more codes to a number through than the limit says, of 40 at once`,
    LIMIT,
    async () => {
      await using world = await startWorld({ hook: 'process' })
      const hooks = await start(world)
      for (const hook of hooks) await warmUp(world, hook)
      const numbers = Array.from({ length: 40 }, (_, index) => usNumber(index % 2))
      const results = await inParallel([...numbers.entries()], 40, ([index, to]) => {
        const user = { userId: `00u${index}`, login: `user${index}@example.com` }
        return world.call(hooks[index % 2] as ServedHook, { to, code: String(10_000_000 + index), user })
      })
      const sent = results.filter(({ verdict }) => verdict.kind === 'delivered-by-hook')
      const messages = await world.messages()
      const isExact = !results.some(isLate)
      for (const number of [usNumber(0), usNumber(1)]) {
        const { length } = messages.filter(({ to }) => to === number)
        assert.ok(isExact ? length === 5 : length <= 5, `${length} to ${number}`)
      }
      if (isExact) assert.equal(sent.length, 10)
    },
  )
}
