import type { ChangeLog } from '../policy/change-log.ts'
import type { PolicyStore } from '../policy/policy-store.ts'
import type { DeliveryStore } from './delivery-store.ts'
import type { PersonStore } from './person.ts'

/** All stores, as an adapter opens them. Code that needs one of them takes only that one. */
export type Store = PolicyStore &
  ChangeLog &
  DeliveryStore &
  PersonStore & {
    /** Writes one row, always the same. Rejects if the store takes no writes, which a read would not show. */
    readonly checkWritable: () => Promise<void>
    readonly close: () => Promise<void>
  }

/** A store is opened with it, and ignores what is older by its clock. */
export type Retention = {
  /** How long a delivery is kept, with what its receipts show, in milliseconds; at least a day. */
  readonly deliveriesMs: number
  /** How long a receipt with a delivery is kept at least, in milliseconds. */
  readonly receiptsMs: number
  /**
   * How long a receipt without a delivery is kept at least, in milliseconds. It may belong to other software that uses
   * the same account. Default: `receiptsMs`.
   */
  readonly strayReceiptsMs?: number
  /** How long an entry of the log of changes is kept, in milliseconds. Default: `deliveriesMs`. */
  readonly changesMs?: number
}
