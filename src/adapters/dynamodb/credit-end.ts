import { afterAnswer, afterReceipt } from '../../core/policy/credit/credit.ts'
import { afterNotSent } from '../../core/policy/credit/not-sent.ts'
import { groupKeysAfter } from '../../core/policy/credit/records-by-key.ts'
import { creditRules } from '../../core/policy/credit/rules.ts'
import { isCredited, sentCodeOf } from '../../core/records/credited-code.ts'
import { type Delivery, mayHaveBeenSent } from '../../core/records/delivery.ts'
import { changeRecords, ownKeysOf, workOf } from './credit-records.ts'
import type { Pauses } from './pauses.ts'
import type { Table } from './table.ts'

/*
 * What the fraud rule's records get when a code has ended. Nothing is read or written for a delivery that no rule has judged.
 */

/** Waits for what was written when the code was decided on, and takes it back if nothing was sent. */
export async function bookEnd(
  table: Table,
  delivery: Delivery,
  booked: Promise<void>,
  pauses: Pauses,
): Promise<void> {
  await booked
  const code = sentCodeOf(delivery)
  if (code === undefined || !isCredited(delivery) || mayHaveBeenSent(delivery.end)) return
  const work = workOf(delivery, code, delivery.openedAt, pauses, 'n')
  await changeRecords(
    table,
    work,
    ownKeysOf(code),
    phone => groupKeysAfter(code, phone),
    records => afterNotSent(code, records),
  )
}

/** For the first answer of a delivery only. */
export async function bookAnswer(
  table: Table,
  delivery: Delivery,
  times: { readonly heardAt: number; readonly answeredAt: number },
  pauses: Pauses,
): Promise<void> {
  const code = sentCodeOf(delivery)
  if (code === undefined) return
  const work = workOf(delivery, code, times.heardAt, pauses, 'a')
  await changeRecords(
    table,
    work,
    ownKeysOf(code),
    phone => groupKeysAfter(code, phone),
    records => afterAnswer(code, records, creditRules, times),
  )
}

/** For each receipt that says that the message reached the phone: only the first one changes a record. */
export async function bookReceipt(
  table: Table,
  delivery: Delivery,
  now: number,
  pauses: Pauses,
): Promise<void> {
  const code = sentCodeOf(delivery)
  if (code === undefined) return
  const work = workOf(delivery, code, now, pauses, 'r')
  await changeRecords(
    table,
    work,
    [`country#${code.country}`, 'org'],
    () => [],
    records => afterReceipt(code, records),
  )
}
