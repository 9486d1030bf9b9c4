import type { Delivery, FollowedDelivery } from './delivery.ts'
import type { Limit, Limits } from './limits.ts'
import type { StoredPolicy } from './policy.ts'
import type { Receipt } from './receipt.ts'
import type { Route } from './route.ts'
import type { TemplateText } from './template.ts'

/**
 * What every store can do; `test/contracts/store.ts` is the proof. All calls reject when the store is out of
 * reach. Whoever calls bounds the wait.
 */
export type Store = {
  /** The whole policy of one moment; undefined when it is still the version that the caller knows. */
  readonly readPolicy: (knownVersion?: number) => Promise<StoredPolicy | undefined>
  /** Adds or replaces wordings by (channel, locale, purpose), all or none. The store counts the version up. */
  readonly saveTemplates: (templates: readonly NewTemplate[]) => Promise<void>
  /** Adds or replaces routes by (country, channel), all or none. */
  readonly saveRoutes: (routes: readonly Route[]) => Promise<void>
  readonly saveLimits: (limits: Limits) => Promise<void>

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
  readonly addReceipt: (receipt: Receipt) => Promise<'found' | 'parked'>
  /**
   * Forgets deliveries opened before one time, and receipts received before another: what they said stays with
   * their delivery, and no more come so late.
   */
  readonly removeExpired: (before: { readonly deliveries: number; readonly parked: number }) => Promise<void>
  readonly close: () => Promise<void>
}

export type Opening = {
  readonly delivery: Delivery
  readonly limits: Limits
}

export type Admission =
  /** `exceeded`: a limit that is only observed. */
  | { readonly kind: 'opened'; readonly exceeded?: Limit }
  /** The same request came before, and may have sent something. */
  | { readonly kind: 'duplicate'; readonly first: Delivery }
  | { readonly kind: 'limited'; readonly limit: Limit }

export type NewTemplate = Omit<TemplateText, 'version'>

export type DeliveryQuery = {
  readonly limit: number
  /** Only those after this sequence number. */
  readonly after?: number
  readonly numberDigest?: string
  readonly userDigest?: string
  readonly eventId?: string
}

/** `sequence` counts up with each delivery of a store. */
export type ListedDelivery = FollowedDelivery & { readonly sequence: number }
