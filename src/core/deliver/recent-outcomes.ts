import type { Outcome } from '../records/delivery.ts'

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
