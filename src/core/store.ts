import type { Delivery, Settlement } from './delivery.ts'
import type { StoredPolicy } from './policy.ts'
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
  readonly open: (delivery: Delivery) => Promise<void>
  readonly settle: (settlement: Settlement) => Promise<void>
  /** The newest deliveries, oldest first, at most `limit` (1 to 1,000); those after a sequence number if given. */
  readonly listDeliveries: (page: DeliveryPage) => Promise<readonly ListedDelivery[]>
  readonly close: () => Promise<void>
}

export type NewTemplate = Omit<TemplateText, 'version'>
export type DeliveryPage = { readonly limit: number; readonly after?: number }
/** `sequence` counts up with each delivery of a store. */
export type ListedDelivery = Delivery & { readonly sequence: number }
