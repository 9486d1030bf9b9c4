import type { StepEvent } from '../core/event.ts'
import type { Store } from '../core/store.ts'

/** Forgets what is older than the settings say: now, and every hour. */
export function keepRetention(
  store: Pick<Store, 'removeExpired'>,
  days: number,
  now: () => number,
  record: (event: StepEvent) => void,
): { readonly stop: () => void } {
  const sweep = (): void => {
    store
      .removeExpired({ deliveries: now() - days * DAY_MS, parked: now() - PARKED_DAYS * DAY_MS })
      .catch(error => {
        record({ step: 'retention', outcome: 'store-unavailable', detail: String(error) })
      })
  }
  sweep()
  const timer = setInterval(sweep, HOUR_MS)
  return { stop: () => clearInterval(timer) }
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const PARKED_DAYS = 4 // AWS sends receipts up to 72 hours late
