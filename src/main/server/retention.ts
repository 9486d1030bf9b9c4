import type { Settings } from '../../config/settings.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import type { DeliveryStore } from '../../core/records/delivery-store.ts'
import type { Retention } from '../../core/records/store.ts'

/** How long records are kept, according to the settings. */
export function retention({ retentionDays }: Pick<Settings['store'], 'retentionDays'>): Retention {
  return {
    deliveriesMs: retentionDays * DAY_MS,
    receiptsMs: RECEIPT_DAYS * DAY_MS,
    strayReceiptsMs: HOUR_MS,
    changesMs: Math.max(CHANGE_DAYS, retentionDays) * DAY_MS,
  }
}

/** Removes what is older than the store's retention: now, and every hour. */
export function keepRetention(
  store: Pick<DeliveryStore, 'removeExpired'>,
  record: (event: StepEvent) => void,
): { readonly stop: () => void } {
  const sweep = (): void => {
    store.removeExpired().catch(error => {
      record({ step: 'retention', outcome: 'store-unavailable', detail: String(error) })
    })
  }
  sweep()
  const timer = setInterval(sweep, HOUR_MS)
  return { stop: () => clearInterval(timer) }
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const CHANGE_DAYS = 400 // a year and a month, as a yearly review needs it
const RECEIPT_DAYS = 4 // AWS sends receipts up to 72 hours late
