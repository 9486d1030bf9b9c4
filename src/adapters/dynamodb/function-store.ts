import { randomUUID } from 'node:crypto'
import type { Delivery } from '../../core/records/delivery.ts'
import type { Admission, Opening } from '../../core/records/delivery-store.ts'
import { admit } from './admission.ts'
import { createAdmitted } from './admitted.ts'
import { markingLate } from './changes.ts'
import type { LastRead } from './credit-admission.ts'
import { bookEnd } from './credit-end.ts'
import { readDelivery } from './delivery-item.ts'
import { keys } from './keys.ts'
import { createPauses, waitFor } from './pauses.ts'
import { hookPolicy } from './policy.ts'
import { claimMessage } from './receipts.ts'
import { settle } from './settling.ts'
import type { DynamoStoreOptions } from './store-options.ts'
import { openTable } from './table.ts'

/**
 * What the function that answers Okta uses of the store (docs/decisions/0007): `store.ts` adds what other functions and
 * people ask for, whose code would only cost time when it starts. DynamoDB's own expiry removes what is old; until then it is ignored here.
 */
export function openFunctionStore(options: DynamoStoreOptions) {
  const { now, retention, undoMs = 150, pause = waitFor, random = Math.random } = options
  const { deliveriesMs, changesMs = deliveriesMs } = retention
  const pauses = createPauses(pause, random)
  const admitted = createAdmitted()
  const lastRead: LastRead = new Map()
  const table = openTable(options.call, options.table, pauses)
  return {
    ...hookPolicy(table, { now, newId: randomUUID, pauses, changesMs }),
    admit: async (opening: Opening): Promise<Admission> => {
      const { delivery, otherDigests } = opening
      const { id } = delivery
      let booked: Promise<void> | undefined
      const beside = (work: Promise<void>): void => {
        work.catch(() => undefined) // awaited when the delivery is settled
        booked = work
        admitted.set(id, { isCounted: false, before: undefined, otherDigests, booked })
      }
      admitted.set(id, { isCounted: false, before: undefined, otherDigests })
      const options = { keptMs: deliveriesMs, undoMs, pauses, lastRead, beside }
      const { admission, before } = await admit(table, opening, options)
      if (admission.kind === 'opened') admitted.set(id, { isCounted: true, before, otherDigests, booked })
      else admitted.forget(id)
      return admission
    },
    settle: async (delivery: Delivery): Promise<void> => {
      const { id, end } = delivery
      const isClaimed = options.claimsMessages === true && end.state === 'accepted'
      const own = admitted.get(id)
      if (own?.booked !== undefined) admitted.set(id, { ...own, booked: undefined }) // its failure is reported once
      await markingLate(table, delivery, now(), deliveriesMs, () =>
        Promise.all([
          settle(table, delivery, deliveriesMs, own, pauses),
          isClaimed ? claimMessage(table, end.messageId, id, now(), now() + deliveriesMs) : undefined,
          own?.booked && bookEnd(table, delivery, own.booked, pauses),
        ]),
      )
      admitted.forget(id)
    },
    /** Without its receipts: the answer to the same request again does not depend on them. */
    findDelivery: async (id: string): Promise<Delivery | undefined> =>
      readDelivery(await table.get(keys.delivery(id)), now(), deliveriesMs),
    checkWritable: async (): Promise<void> => {
      // Not `at`: that is a key of indexes, and a text.
      const values = { ':checkedAt': { N: String(now()) } }
      await table.update(keys.probe, { update: 'SET #checkedAt = :checkedAt', values })
    },
    close: async (): Promise<void> => options.close?.(),
  }
}
