import { type Delivery, mayHaveBeenSent } from '../../core/records/delivery.ts'
import { countAfterwards } from './count.ts'
import { writeDelivery } from './delivery-item.ts'
import { historiesOf } from './history.ts'
import { entryOf, secondsOf } from './keys.ts'
import type { Pauses } from './pauses.ts'
import type { Table } from './table.ts'
import { addToOthers, takeOut } from './take-out.ts'

/**
 * One update where a code went out after being admitted. What was never admitted is counted now, so that the same
 * request is recognised; what provably sent nothing counts no longer, and the same request may run again.
 */
export async function settle(
  table: Table,
  delivery: Delivery,
  keptMs: number,
  pauses: Pauses,
): Promise<void> {
  const { end, openedAt: now } = delivery
  const entry = entryOf(delivery)
  const { wasOpened } = await writeDelivery(table, delivery, keptMs)
  if (wasOpened && mayHaveBeenSent(end)) return
  await Promise.all(
    historiesOf(delivery).map(history => {
      if (wasOpened) return takeOut(table, history, entry, 'others', pauses)
      return mayHaveBeenSent(end)
        ? countAfterwards(table, { history, entry, now, keptMs }, end.state === 'accepted')
        : addToOthers(table, history, entry, secondsOf(now + keptMs))
    }),
  )
}
