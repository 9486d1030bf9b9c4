import { type Delivery, type Outcome, outcomeOf } from '../records/delivery.ts'
import { type Deadline, untilAborted } from './deadline.ts'
import type { Ports } from './ports.ts'

/** The answer of the same request that runs, or ran, in this process. Waits for it inside its own deadline. */
export async function replayFirst(
  first: Promise<Outcome>,
  delivery: Delivery,
  ports: Ports,
  deadline: Deadline,
): Promise<Outcome> {
  // The first one may take its time for settling too; it has begun earlier, so it ends earlier.
  const outcome = await untilAborted(first, deadline.signal('answer')).catch(() =>
    outcomeOf(delivery.id, { state: 'sending' }),
  )
  ports.record({ step: 'admit', outcome: 'duplicate', deliveryId: outcome.deliveryId })
  return outcome
}

/** The answer of the same request that the store knows, from whatever process. Waits for its end as long as one may come. */
export async function replayOf(first: Delivery, ports: Ports, deadline: Deadline): Promise<Outcome> {
  let known = first
  const mayStillEnd = Math.abs(ports.clock.now() - first.openedAt) < GIVEN_UP_MS // one from the future is from another clock
  while (mayStillEnd && known.end.state === 'sending' && deadline.leftMs('settle') > 0) {
    await ports.clock.pause(POLL_MS)
    known =
      (await untilAborted(ports.find(first.id), deadline.signal('settle')).catch(() => undefined)) ?? known
  }
  return outcomeOf(first.id, known.end)
}

/** No request is under way for longer: its process has died, and what it did is not known. */
const GIVEN_UP_MS = 10_000
const POLL_MS = 20
