import type { Delivery } from '../records/delivery.ts'
import type { DeliveryStore } from '../records/delivery-store.ts'
import { messageOf } from '../values/printable.ts'
import type { StepEvent } from './event.ts'

/** What the store did not take is written as soon as it answers again, so that its limits and its records are whole. */
export type SettleLater = {
  /** As the store's own. What it rejects is kept, and written later. */
  readonly settle: DeliveryStore['settle']
  /** Tries to write what is kept, one after the other, until all is written or one fails. */
  readonly writeKept: () => Promise<void>
  /** How many are kept. */
  readonly keptCount: () => number
}

/**
 * Keeps at most `max` deliveries, with nothing in them but what the store would hold. Default: 10,000, about 10 MB. Beyond
 * them the oldest is dropped, and so is one that the store rejects again and again while it takes others; the log says so.
 */
export function createSettleLater(
  settle: DeliveryStore['settle'],
  record: (event: StepEvent) => void,
  max = 10_000,
): SettleLater {
  const kept = new Map<string, { readonly delivery: Delivery; readonly rejections: number }>()
  let writing: Promise<void> | undefined

  const drop = (deliveryId: string, detail: string): void => {
    kept.delete(deliveryId)
    record({ step: 'settle', outcome: 'dropped', deliveryId, detail })
  }
  const keep = (delivery: Delivery, rejections: number): void => {
    kept.delete(delivery.id)
    kept.set(delivery.id, { delivery, rejections }) // last in the order: others have their turn first
    const [oldest] = kept.keys()
    if (kept.size > max && oldest !== undefined) drop(oldest, `More than ${max} were kept for later.`)
  }
  const writeAll = async (isStoreWell: boolean): Promise<void> => {
    for (const [id, { delivery, rejections }] of kept) {
      try {
        await settle(delivery)
        kept.delete(id)
        record({ step: 'settle', outcome: 'written-later', deliveryId: id })
      } catch (error) {
        const detail = `The store takes others and rejects this one: ${messageOf(error)}`
        if (isStoreWell && rejections + 1 >= REJECTIONS_MAX) drop(id, detail)
        else keep(delivery, isStoreWell ? rejections + 1 : rejections)
        return
      }
    }
  }
  const writeOnce = (isStoreWell: boolean): Promise<void> => {
    if (kept.size > 0)
      writing ??= writeAll(isStoreWell).finally(() => {
        writing = undefined
      })
    return writing ?? Promise.resolve()
  }
  return {
    settle: async delivery => {
      try {
        await settle(delivery)
      } catch (error) {
        keep(delivery, 0)
        throw error
      }
      kept.delete(delivery.id)
      void writeOnce(true)
    },
    writeKept: () => writeOnce(false),
    keptCount: () => kept.size,
  }
}

const REJECTIONS_MAX = 10
