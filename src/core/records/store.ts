import type { TemplateText } from '../message/template.ts'
import type { Limit, Limits } from '../policy/limits.ts'
import type { StoredPolicy } from '../policy/policy.ts'
import type { Route } from '../policy/route.ts'
import type { Delivery, FollowedDelivery } from './delivery.ts'
import type { Receipt } from './receipt.ts'

/**
 * What every store can do; `test/contracts/store.ts` is the proof. All calls reject when the store is out of
 * reach. Whoever calls bounds the wait.
 */
export type Store = {
  /** The whole policy of one moment; undefined when it is still the version that the caller knows. */
  readonly readPolicy: (knownVersion?: number) => Promise<StoredPolicy | undefined>
  /**
   * Adds or replaces templates by (channel, locale, purpose), all or none; of two with the same name in one call the
   * last. The store counts the version up. Nothing is saved where an editor saw another version than there is.
   */
  readonly saveTemplates: (changes: readonly TemplateChange[], by: Editor) => Promise<TemplatesSaved>
  /** Every version that is kept of one template, newest first: the one in force, and at least 49 before it. */
  readonly readTemplateVersions: (of: TemplateName) => Promise<readonly TemplateVersion[]>
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
  readonly addReceipt: (receipt: Receipt) => Promise<void>
  /** Removes for good what is older than the retention; nobody is shown it even before. A table's own expiry may do it instead. */
  readonly removeExpired: () => Promise<void>
  /** Writes one row, the same each time. Rejects when the store takes nothing down: reading alone does not show it. */
  readonly checkWritable: () => Promise<void>
  readonly close: () => Promise<void>
}

/** A store is opened with it, and ignores by its clock what is older. */
export type Retention = {
  /** How long a delivery is kept, with what its receipts say, in milliseconds: a day at least. */
  readonly deliveriesMs: number
  /** How long a receipt is kept that a delivery knows, in milliseconds, at least. */
  readonly receiptsMs: number
  /**
   * How long a receipt waits for its delivery, in milliseconds, at least: one that no delivery knows then may be of
   * other software, and is forgotten. Default: as long as the others.
   */
  readonly strayReceiptsMs?: number
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

export type NewTemplate = Omit<TemplateText, 'version'>

export type TemplateName = Pick<TemplateText, 'channel' | 'locale' | 'purpose'>

export type TemplateChange = NewTemplate & {
  /** The version that the editor saw; 0 for "there is none". Left out: whatever there is. */
  readonly replaces?: number
}

/** Who changes something, and when. */
export type Editor = { readonly author: string; readonly at: number }

export type TemplatesSaved =
  /** The templates as they are now in force. */
  | { readonly kind: 'saved'; readonly templates: readonly TemplateText[] }
  /** Every change that meets another version than its editor saw. */
  | { readonly kind: 'conflict'; readonly with: readonly TemplateConflict[] }

export type TemplateConflict = {
  readonly change: TemplateChange
  /** What is there now, if anything. */
  readonly there: TemplateText | undefined
}

/** A template as it was saved. One from before versions were kept has the author `unknown` and the time 0. */
export type TemplateVersion = TemplateText & { readonly author: string; readonly savedAt: number }

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
