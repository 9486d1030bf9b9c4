import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import { usNumber } from '../support/numbers.ts'
import { inParallel, isLate, type ServeWorld, startWorld, warmUp } from '../world/world.ts'

const REQUESTS = 400
const KILLED_AFTER = 150
const AT_ONCE = 12

test('kill -9 under load loses no answered code, and sends nothing twice', {
  timeout: 120_000,
}, async () => {
  await using world = await startWorld({ hook: 'process' })
  const orders = Array.from(
    { length: REQUESTS },
    (_, index): CallOrder => ({
      to: usNumber(index),
      channel: index % 5 === 0 ? 'voice' : 'sms',
      code: String(20_000_000 + index),
      eventId: `event-${index}`,
      user: { userId: `00u${index}`, login: `user${index}@example.com` },
    }),
  )

  const killed = await world.serve()
  await warmUp(world, killed)
  let delivered = 0
  const before = await inParallel(orders, AT_ONCE, async order => {
    const result = await world.call(killed, order)
    if (result.verdict.kind === 'delivered-by-hook') delivered += 1
    if (delivered === KILLED_AFTER) killed.signal('SIGKILL')
    return result
  })
  assert.equal(await killed.ended, 'SIGKILL')
  const successful = before.filter(({ verdict }) => verdict.kind === 'delivered-by-hook')
  const unanswered = before.filter(({ httpStatus }) => httpStatus === undefined)
  assert.ok(successful.length >= KILLED_AFTER && unanswered.length > 0, 'it was killed in the middle')
  await everyOneIsAccepted(world, successful.map(idsOf))

  const restarted = await world.serve()
  await warmUp(world, restarted)
  const after = await inParallel(orders, AT_ONCE, order => world.call(restarted, order))
  const inTime = new Set<string | undefined>()
  for (const [index, first] of before.entries()) {
    const second = after[index] ?? assert.fail()
    if (isLate(first) || isLate(second)) continue
    if (first.httpStatus !== undefined) assert.deepEqual(second.answer, first.answer)
    inTime.add(orders[index]?.to)
  }
  assert.ok(inTime.size > 0)
  const sent = await world.messages()
  const numbers = sent.map(({ to }) => to).filter(to => inTime.has(to))
  assert.equal(new Set(numbers).size, numbers.length, 'no number got its code twice')
  const sentIds = new Set(sent.map(({ messageId }) => messageId))
  const claimed = after.filter(({ verdict }) => verdict.kind === 'delivered-by-hook').map(idsOf)
  assert.ok(claimed.every(({ messageId }) => sentIds.has(messageId)))
  await everyOneIsAccepted(world, claimed)
})

type Ids = { readonly messageId: string; readonly deliveryId: string }

async function everyOneIsAccepted({ dataFolder }: ServeWorld, answers: readonly Ids[]): Promise<void> {
  const store = await openSqliteStore(dataFolder, Date.now, A_DAY)
  try {
    for (const { deliveryId, messageId } of answers) {
      const end = (await store.findDelivery(deliveryId))?.end
      assert.ok(end?.state === 'accepted', `${deliveryId} is ${end?.state ?? 'not in the store'}`)
      assert.equal(end.messageId, messageId)
    }
  } finally {
    await store.close()
  }
}

function idsOf({ answer }: { readonly answer?: unknown }): Ids {
  const { commands } = answer as { commands: { value: Record<string, string>[] }[] }
  const value = commands[0]?.value[0]
  return { messageId: value?.transactionId ?? '', deliveryId: value?.transactionMetadata ?? '' }
}

const A_DAY = { deliveriesMs: 86_400_000, receiptsMs: 86_400_000 }
