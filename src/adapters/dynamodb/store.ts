import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Retention, Store } from '../../core/records/store.ts'
import { admit } from './admission.ts'
import { addAnswer } from './answers.ts'
import { findDelivery } from './find-delivery.ts'
import { keys } from './keys.ts'
import { listDeliveries } from './list-deliveries.ts'
import { createPauses, type Pause } from './pauses.ts'
import { policyOperations } from './policy.ts'
import { addReceipt, claimMessage } from './receipts.ts'
import { settle } from './settling.ts'
import { openTable, type TableCall } from './table.ts'

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

/**
 * The store of a deployment: one DynamoDB table (docs/decisions/0007). DynamoDB's own expiry removes what is old;
 * until then it is ignored here.
 */
export function openDynamoStore(options: DynamoStoreOptions): Store {
  const { now, retention, undoMs = 150, pause = waitFor, random = Math.random } = options
  const { deliveriesMs, receiptsMs, strayReceiptsMs = receiptsMs } = retention
  const pauses = createPauses(pause, random)
  const keptUntil = (): number => now() + Math.max(deliveriesMs, receiptsMs)
  const table = openTable(options.call, options.table, pauses)
  return {
    ...policyOperations(table, { now, newId: randomUUID, pauses }),
    admit: opening => admit(table, opening, { keptMs: deliveriesMs, undoMs, pauses }),
    settle: async delivery => {
      const { end } = delivery
      const isClaimed = options.claimsMessages === true && end.state === 'accepted'
      await Promise.all([
        settle(table, delivery, deliveriesMs, pauses),
        isClaimed ? claimMessage(table, end.messageId, now(), now() + deliveriesMs) : undefined,
      ])
    },
    findDelivery: id => findDelivery(table, id, now(), deliveriesMs),
    listDeliveries: query => listDeliveries(table, query, now(), deliveriesMs),
    addReceipt: receipt => addReceipt(table, receipt, { known: keptUntil(), stray: now() + strayReceiptsMs }),
    addAnswer: answer => addAnswer(table, answer, { now: now(), keptMs: deliveriesMs, until: keptUntil() }),
    removeExpired: async () => undefined, // the table's expiry does it
    checkWritable: async () => {
      // Not `at`: that is a key of indexes, and a text.
      const values = { ':checkedAt': { N: String(now()) } }
      await table.update(keys.probe, { update: 'SET #checkedAt = :checkedAt', values })
    },
    close: async () => options.close?.(),
  }
}

const waitFor: Pause = (ms, signal) => setTimeout(ms, undefined, { signal })
