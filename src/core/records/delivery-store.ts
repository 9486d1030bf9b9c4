import type { Limit, Limits } from '../policy/limits.ts'
import type { Delivery, FollowedDelivery } from './delivery.ts'
import type { Receipt } from './receipt.ts'

/**
 * Where deliveries and their receipts are kept, and limits are counted; `test/contracts/store.ts` is the proof. All calls
 * reject when the store is out of reach. The caller bounds the wait.
 */
export type DeliveryStore = {
  /**
   * One step for everybody, however many processes ask at once: the same request is recognised, limits are
   * counted, and the delivery is opened; or nothing is opened.
   */
  readonly admit: (opening: Opening) => Promise<Admission>
  /** Writes the delivery as it is now, also when it was never admitted; a receipt that waits for it finds it. */
  readonly settle: (delivery: Delivery) => Promise<void>
  readonly findDelivery: (id: string) => Promise<FollowedDelivery | undefined>
  /** The newest deliveries that fit, oldest first, at most `limit` (1 to 1,000). */
  readonly listDeliveries: (query: DeliveryQuery) => Promise<readonly ListedDelivery[]>
  /** Keeps a receipt, once; it may come before its delivery, in any order, and again. */
  readonly addReceipt: (receipt: Receipt) => Promise<void>
  /** Removes for good what is older than the retention; it is not shown even before. A table's own expiry may do it instead. */
  readonly removeExpired: () => Promise<void>
}

export type Opening = {
  readonly delivery: Delivery
  readonly limits: Limits
}

export type Admission =
  /** `exceeded`: a limit that is only observed. */
  | { readonly kind: 'opened'; readonly exceeded?: Limit }
  /** The same request came before, in the last day at least, and may have sent something. */
  | { readonly kind: 'duplicate'; readonly first: Delivery }
  | { readonly kind: 'limited'; readonly limit: Limit }

export type DeliveryQuery = {
  readonly limit: number
  /** Only those after this position. */
  readonly after?: string
  readonly numberDigest?: string
  /** Those of one user: the digest of the user or of the login is among these. */
  readonly userDigests?: readonly string[]
  readonly eventId?: string
}

/** `position` is where a list goes on (`DeliveryQuery.after`). Opaque: each store has its own. */
export type ListedDelivery = FollowedDelivery & { readonly position: string }
