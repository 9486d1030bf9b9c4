import { type Delivery, mayHaveBeenSent } from '../../core/records/delivery.ts'
import type { Admitted } from './admitted.ts'
import { countAfterwards } from './count.ts'
import { writeDelivery } from './delivery-item.ts'
import { allHistoriesOf } from './history.ts'
import { entryOf, secondsOf } from './keys.ts'
import type { Pauses } from './pauses.ts'
import type { Table } from './table.ts'
import { addToOthers, takeOut } from './take-out.ts'

/**
 * One update where a code went out after being admitted. What may never have been admitted is counted now, so that the same
 * request is recognised; what provably sent nothing counts no longer, and the same request may run again.
 */
export async function settle(
  table: Table,
  delivery: Delivery,
  keptMs: number,
  admitted: Admitted | undefined,
  pauses: Pauses,
): Promise<void> {
  const { end, openedAt: now } = delivery
  const entry = entryOf(delivery)
  const written = writeDelivery(table, delivery, keptMs, admitted?.before)
  if (admitted?.isCounted === true && mayHaveBeenSent(end)) return written
  const moved = allHistoriesOf(delivery, admitted?.otherDigests).map(history => {
    if (mayHaveBeenSent(end))
      return countAfterwards(table, { history, entry, now, keptMs }, end.state === 'accepted')
    return admitted === undefined
      ? addToOthers(table, history, entry, secondsOf(now + keptMs))
      : takeOut(table, history, entry, 'others', pauses)
  })
  await Promise.all([written, ...moved])
}
