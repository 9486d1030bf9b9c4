import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import { usNumber } from '../support/numbers.ts'
import { inParallel, startWorld } from '../world/world.ts'

test('the same event to two processes at the same moment is one message and two equal answers, 500 times', {
  timeout: 120_000,
}, async () => {
  await using world = await startWorld({ hook: 'process' })
  const [one, other] = await Promise.all([world.serve(), world.serve()])
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
})
