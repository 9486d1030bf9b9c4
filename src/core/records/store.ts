import type { PolicyStore } from '../policy/policy-store.ts'
import type { DeliveryStore } from './delivery-store.ts'

/** Both stores in one place, as an adapter opens it. What works with one of them takes that one. */
export type Store = PolicyStore &
  DeliveryStore & {
    /** Writes one row, the same each time. Rejects when the store takes no writes: reading alone does not show it. */
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
