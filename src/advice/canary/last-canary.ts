import { CANARY_EVENT_ID } from '../../core/records/canary.ts'
import { type FollowedDelivery, statusOf } from '../../core/records/delivery.ts'
import type { DeliveryStore } from '../../core/records/delivery-store.ts'

/** The newest canary of the last two hours. It is found by a key, without a look at other deliveries. */
export async function readLastCanary(
  store: Pick<DeliveryStore, 'pageDeliveries'>,
  now: number,
): Promise<FollowedDelivery | undefined> {
  const whose = { kind: 'event', eventId: CANARY_EVENT_ID } as const
  const period = { from: now - LOOK_BACK_MS, to: now + 1 }
  const { deliveries } = await store.pageDeliveries({ limit: 1, whose, period })
  return deliveries[0]
}

/**
 * `under-way`: neither a receipt nor an end, for less than ten minutes. `no-receipt` and `no-end`: for longer. `failed`:
 * `why` is a reason, or the type of a receipt.
 */
export type CanaryResultKept =
  | { readonly kind: 'delivered' | 'under-way' | 'no-receipt' | 'no-end' }
  | { readonly kind: 'failed'; readonly why: string }

/** How a canary ended, by what the store has. */
export function judgeCanary(canary: FollowedDelivery, now: number): CanaryResultKept {
  const { openedAt, end, progress } = canary
  const isLate = now - openedAt > RECEIPT_MS
  const status = statusOf(canary)
  switch (status) {
    case 'delivered':
      return { kind: 'delivered' }
    case 'accepted':
      return { kind: isLate && progress === undefined ? 'no-receipt' : 'under-way' }
    case 'sending':
      return { kind: isLate ? 'no-end' : 'under-way' }
    default:
      return { kind: 'failed', why: 'code' in end ? end.code : (progress?.type ?? end.state) }
  }
}

const LOOK_BACK_MS = 7_200_000
/** AWS's simulator sends receipts within seconds. */
const RECEIPT_MS = 600_000
