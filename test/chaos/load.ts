import type { CallOrder } from '../../simulators/okta/call-order.ts'
import type { Call } from './caller.ts'
import type { Channel } from './matrix.ts'
import { seededDigits, seededId } from './seed.ts'

/** Independent orders, each with its own user, number, code and event. */
export function createOrders(
  random: () => number,
): (channel: Channel, count: number) => readonly CallOrder[] {
  let serial = Math.floor(random() * 1_000_000)
  return (channel, count) =>
    Array.from({ length: count }, () => {
      serial += 1
      return {
        to: `+1206${2_000_000 + serial}`,
        channel,
        code: seededDigits(8, random),
        eventId: seededId(random),
        user: { userId: `00uchaos${serial}`, login: `user${serial}@example.com` },
      }
    })
}

/**
 * Makes every call, `concurrency` at a time. The last third waits for `midway`, while earlier calls are in progress.
 */
export async function placeCalls(
  orders: readonly CallOrder[],
  concurrency: number,
  call: (order: CallOrder) => Promise<Call>,
  midway: () => Promise<void> = async () => undefined,
): Promise<readonly Call[]> {
  const calls: Call[] = []
  const waiting = orders.entries()
  let begun: Promise<void> | undefined
  const middle = Math.floor((orders.length * 2) / 3)
  const work = async (): Promise<void> => {
    for (const [index, order] of waiting) {
      if (index >= middle) {
        begun ??= midway()
        await begun
      }
      calls.push(await call(order))
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return calls
}
