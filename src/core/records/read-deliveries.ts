import type { FollowedDelivery } from './delivery.ts'
import type { DeliveryFilter } from './delivery-filter.ts'
import type { DeliveryStore, Period } from './delivery-store.ts'

/** The newest deliveries of the period that match, newest first, page by page; at most `limit`. */
export async function readDeliveries(
  store: Pick<DeliveryStore, 'pageDeliveries'>,
  period: Period,
  limit: number,
  filter: DeliveryFilter = {},
): Promise<readonly FollowedDelivery[]> {
  const found: FollowedDelivery[] = []
  let before: string | undefined
  do {
    const page = await store.pageDeliveries({
      limit: Math.min(PAGE, limit - found.length),
      period,
      filter,
      ...(before !== undefined && { before }),
    })
    found.push(...page.deliveries)
    before = page.next
  } while (before !== undefined && found.length < limit)
  return found
}

const PAGE = 100
