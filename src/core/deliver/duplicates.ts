import { type Delivery, type Outcome, outcomeOf } from '../records/delivery.ts'
import { type Deadline, untilAborted } from './deadline.ts'
import type { Ports } from './ports.ts'

/** The outcome of the same request in this process, running or ended. Waits for it until its own deadline. */
export async function replayFirst(
  first: Promise<Outcome>,
  delivery: Delivery,
  ports: Ports,
  deadline: Deadline,
): Promise<Outcome> {
  // Waits until the last step: the first request started earlier, so its deadline is earlier too.
  const outcome = await untilAborted(first, deadline.signal('answer')).catch(() =>
    outcomeOf(delivery.id, { state: 'sending' }),
  )
  ports.record({ step: 'admit', outcome: 'duplicate', deliveryId: outcome.deliveryId })
  return outcome
}

/** The outcome of the same request in any process, from the store. Waits for it while it may still be running. */
export async function replayOf(first: Delivery, ports: Ports, deadline: Deadline): Promise<Outcome> {
  let known = first
  const mayStillEnd = Math.abs(ports.clock.now() - first.openedAt) < GIVEN_UP_MS // a time in the future is from another clock
  while (mayStillEnd && known.end.state === 'sending' && deadline.leftMs('settle') > 0) {
    await ports.clock.pause(POLL_MS)
    known =
      (await untilAborted(ports.find(first.id), deadline.signal('settle')).catch(() => undefined)) ?? known
  }
  return outcomeOf(first.id, known.end)
}

/**
 * The outcomes of this process's last requests, by duplicate key (a keyed digest). The store recognises duplicates
 * across processes; this recognises them inside one, even while the store is unavailable.
 */
export type RecentOutcomes = {
  readonly find: (duplicateKey: string, now: number) => Promise<Outcome> | undefined
  readonly remember: (duplicateKey: string, outcome: Promise<Outcome>, now: number) => void
}

/** At most 20,000, each for at most ten minutes: twice the life of a code. */
export function createRecentOutcomes(): RecentOutcomes {
  const recent = new Map<string, { readonly outcome: Promise<Outcome>; readonly at: number }>()
  return {
    find: (key, now) => {
      const known = recent.get(key)
      return known !== undefined && now - known.at < KEPT_MS ? known.outcome : undefined
    },
    remember: (key, outcome, now) => {
      recent.delete(key) // a Map keeps the order of insertion: the oldest is first
      recent.set(key, { outcome, at: now })
      const [oldest] = recent.keys()
      if (recent.size > KEPT_MAX && oldest !== undefined) recent.delete(oldest)
      const forget = (): void => {
        if (recent.get(key)?.outcome === outcome) recent.delete(key)
      }
      // If provably nothing was sent, the request may run again.
      outcome.then(({ kind }) => kind === 'accepted' || kind === 'unknown' || forget(), forget)
    },
  }
}

const KEPT_MS = 600_000
const KEPT_MAX = 20_000

/** No request runs longer. After this its process has ended, and whether it sent is unknown. */
const GIVEN_UP_MS = 10_000
const POLL_MS = 20
