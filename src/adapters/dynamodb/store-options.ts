import type { Retention } from '../../core/records/store.ts'
import type { Pause } from './pauses.ts'
import type { TableCall } from './table.ts'

export type DynamoStoreOptions = {
  readonly table: string
  /** DynamoDB, by the client that the program has chosen. */
  readonly call: TableCall
  readonly now: () => number
  readonly retention: Retention
  /**
   * Whether receipts may come that do not name their delivery, as EventBridge's do: each accepted message is claimed
   * with one more write. Default: no.
   */
  readonly claimsMessages?: boolean
  /** Most milliseconds that the answer to a refused admission waits for what has to be undone. Default: 150. */
  readonly undoMs?: number
  readonly pause?: Pause
  /** From 0 to 1. */
  readonly random?: () => number
  /** Closes the client. */
  readonly close?: () => void
}
