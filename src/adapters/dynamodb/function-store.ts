import { randomUUID } from 'node:crypto'
import type { Delivery } from '../../core/records/delivery.ts'
import type { Admission, Opening } from '../../core/records/delivery-store.ts'
import type { Receipt } from '../../core/records/receipt.ts'
import { admit } from './admission.ts'
import { createAdmitted } from './admitted.ts'
import { findDelivery } from './find-delivery.ts'
import { keys } from './keys.ts'
import { createPauses, waitFor } from './pauses.ts'
import { policyOperations } from './policy.ts'
import { addReceipt, claimMessage } from './receipts.ts'
import { settle } from './settling.ts'
import type { DynamoStoreOptions } from './store-options.ts'
import { openTable } from './table.ts'

/**
 * What functions use of the store (docs/decisions/0007): `store.ts` adds what people ask for, whose code would only cost
 * time when a function starts. DynamoDB's own expiry removes what is old; until then it is ignored here.
 */
export function openFunctionStore(options: DynamoStoreOptions) {
  const { now, retention, undoMs = 150, pause = waitFor, random = Math.random } = options
  const { deliveriesMs, receiptsMs, strayReceiptsMs = receiptsMs, changesMs = deliveriesMs } = retention
  const pauses = createPauses(pause, random)
  const admitted = createAdmitted()
  const table = openTable(options.call, options.table, pauses)
  return {
    ...policyOperations(table, { now, newId: randomUUID, pauses, changesMs }),
    admit: async (opening: Opening): Promise<Admission> => {
      const { id } = opening.delivery
      admitted.set(id, { isCounted: false, before: undefined })
      const { admission, before } = await admit(table, opening, { keptMs: deliveriesMs, undoMs, pauses })
      if (admission.kind === 'opened') admitted.set(id, { isCounted: true, before })
      else admitted.forget(id)
      return admission
    },
    settle: async (delivery: Delivery): Promise<void> => {
      const { id, end } = delivery
      const isClaimed = options.claimsMessages === true && end.state === 'accepted'
      await Promise.all([
        settle(table, delivery, deliveriesMs, admitted.get(id), pauses),
        isClaimed ? claimMessage(table, end.messageId, now(), now() + deliveriesMs) : undefined,
      ])
      admitted.forget(id)
    },
    findDelivery: (id: string) => findDelivery(table, id, now(), deliveriesMs),
    addReceipt: (receipt: Receipt) =>
      addReceipt(table, receipt, {
        known: now() + Math.max(deliveriesMs, receiptsMs),
        stray: now() + strayReceiptsMs,
      }),
    checkWritable: async (): Promise<void> => {
      // Not `at`: that is a key of indexes, and a text.
      const values = { ':checkedAt': { N: String(now()) } }
      await table.update(keys.probe, { update: 'SET #checkedAt = :checkedAt', values })
    },
    close: async (): Promise<void> => options.close?.(),
  }
}
