import type { BudgetAlarm } from '../policy/credit/budget.ts'
import type { CreditTerms } from '../policy/credit/decide.ts'
import type { PurseName, Records } from '../policy/credit/records.ts'
import type { Hold, RequestedCode } from '../policy/credit/verdict.ts'
import type { Limit, Limits } from '../policy/limits.ts'
import type { Answer, Joined, SentByOkta } from './answer.ts'
import type { Delivery, Digests, FollowedDelivery } from './delivery.ts'
import type { DeliveryFilter, Whose } from './delivery-filter.ts'
import type { Receipt } from './receipt.ts'
import type { Stats } from './stats.ts'

/**
 * Stores deliveries with their receipts and answers, and counts limits; `test/contracts/store.ts` proves it. All calls reject when
 * the store is unavailable. The caller limits the time.
 */
export type DeliveryStore = {
  /**
   * Recognises a duplicate, asks the fraud rule, counts the limits (`decide`), and opens the delivery, or opens nothing. It
   * is atomic, however many processes call it at once.
   */
  readonly admit: (opening: Opening) => Promise<Admission>
  /**
   * Writes the delivery as it is now, even if it was never admitted. Receipts that arrived before it are joined to it.
   */
  readonly settle: (delivery: Delivery) => Promise<void>
  /** One delivery that has ended. One that has not may be missing here; `listDeliveries` has it. */
  readonly findDelivery: (id: string) => Promise<FollowedDelivery | undefined>
  /** The newest deliveries that match, whether they ended or not, oldest first, at most `limit` (1 to 1,000). */
  readonly listDeliveries: (query: DeliveryQuery) => Promise<readonly ListedDelivery[]>
  /**
   * One page of the deliveries that match, newest first, whether they ended or not. It changes nothing, and is bounded: on
   * DynamoDB at most five reads, in SQLite at most 10,000 rows. A number, a user, an event and a request ID are found
   * without a look at others, but a request ID on DynamoDB: three days are searched at once.
   */
  readonly pageDeliveries: (query: PageQuery) => Promise<DeliveryPage>
  /** What the fraud rule knows about a code to this number, as it is now. It changes nothing. */
  readonly readFraudRecords: (caller: string, code: RequestedCode) => Promise<Records>
  /** Stores a receipt once. Receipts may arrive in any order, repeatedly, and before their delivery. */
  readonly addReceipt: (receipt: Receipt) => Promise<void>
  /**
   * Joins an answer to its delivery (`findAnswered`), even if the delivery has not ended. A delivery keeps the earliest of
   * its answers, which may arrive in any order and repeatedly. An answer that is about no delivery is not stored.
   */
  readonly addAnswer: (answer: Answer) => Promise<Joined>
  /** The delivery in whose place Okta sent a code itself (`findReplaced`). It changes nothing that can be seen. */
  readonly findReplaced: (sent: SentByOkta) => Promise<Delivery | undefined>
  /**
   * The figures of the deliveries that are kept and were opened in this time, as they are known now. Undefined if the
   * store keeps none: a table on AWS has them only where a function counts them.
   */
  readonly readStats: (query: StatsQuery) => Promise<StoredStats | undefined>
  /** The same by hour, in one read. */
  readonly readHourlyStats: (query: StatsQuery) => Promise<StoredHours | undefined>
  /** Deletes what is older than the retention, which is already hidden. A table's own expiry may do it instead. */
  readonly removeExpired: () => Promise<void>
}

/** From `from` on and before `to`; milliseconds since 1970. */
export type Period = { readonly from: number; readonly to: number }

/** `org`: only deliveries of this caller. A table has figures of minutes, and counts every minute with a moment of this time. */
export type StatsQuery = Period & { readonly org?: string | undefined }

/** `until`: deliveries opened before are counted. It is `to`, unless a table's function is late. */
export type StoredStats = { readonly stats: Stats; readonly until: number }

/** Whole hours in UTC in the order of time; of the first and the last one, what is in the period. An hour without a delivery may be missing. */
export type StoredHours = { readonly hours: readonly StatsOfHour[]; readonly until: number }
export type StatsOfHour = { readonly from: number; readonly stats: Stats }

export type Opening = {
  readonly delivery: Delivery
  /**
   * By the other hash key, while the key is rotated: codes and requests that are stored under it count too. Missing
   * otherwise.
   */
  readonly otherDigests?: Digests | undefined
  readonly limits: Limits
  /** Missing in mode off: then the delivery has no `credit` either, and no record of the rule is read or written. */
  readonly credit?: CreditTerms | undefined
}

export type Admission =
  | {
      readonly kind: 'opened'
      /** A limit that is exceeded, but only observed. */
      readonly exceeded?: Limit
      /** What the fraud rule decided, for the delivery. A hold was only observed. */
      readonly purse?: PurseName | undefined
      readonly hold?: Hold | undefined
      /** The fraud rule decided although it is blind (`Decision.isBlind`). */
      readonly isBlind?: true
      /** Why the fraud rule did not judge it: its records could not be read. */
      readonly unjudged?: string
      /** Budgets of which this code spent the half, or the rest. */
      readonly alarms?: readonly BudgetAlarm[]
    }
  /** The same request came before (recognised for a day at least), and may have sent something. */
  | { readonly kind: 'duplicate'; readonly first: Delivery }
  | { readonly kind: 'limited'; readonly limit: Limit }
  /** The fraud rule enforces a hold. Only its records have changed. */
  | {
      readonly kind: 'held'
      readonly hold: Hold
      readonly purse?: PurseName | undefined
      readonly isBlind?: true
    }

export type DeliveryQuery = {
  readonly limit: number
  /** Only those after this position. */
  readonly after?: string
  /** Only those to one number, whose digest is one of these. */
  readonly numberDigests?: readonly string[]
  /** Only those of one user, whose digest or login digest is one of these. */
  readonly userDigests?: readonly string[]
  readonly eventId?: string
}

/** `position` continues a list (`DeliveryQuery.after`). Opaque: its form depends on the store. */
export type ListedDelivery = FollowedDelivery & { readonly position: string }

/** One page of a list of deliveries. */
export type PageQuery = {
  /** The most deliveries of a page, 1 to 100. */
  readonly limit: number
  /** Default: everybody's. */
  readonly whose?: Whose
  readonly filter?: DeliveryFilter
  /** When they were opened. Default: all that are kept. */
  readonly period?: Period
  /** Continues a list: `DeliveryPage.next`. */
  readonly before?: string
}

export type DeliveryPage = {
  /** Newest first. */
  readonly deliveries: readonly ListedDelivery[]
  /**
   * All matches of this time or later were read, in milliseconds since 1970. A store ends a page early when few deliveries
   * match, so that no page takes long.
   */
  readonly readTo: number
  /** Continues with older ones. Undefined if there are none. */
  readonly next: string | undefined
}

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
