import type { Delivery } from '../records/delivery.ts'
import type { DeliveryStore } from '../records/delivery-store.ts'
import { messageOf } from '../values/printable.ts'
import type { StepEvent } from './event.ts'

/** Writes what the store did not take as soon as it answers again, so that its limits and records are complete. */
export type SettleLater = {
  /** Same as the store's. A delivery that the store rejects is kept and written later. */
  readonly settle: DeliveryStore['settle']
  /** Writes the kept deliveries, one after another, until all are written or one fails. */
  readonly writeKept: () => Promise<void>
  /** How many are kept. */
  readonly waitingCount: () => number
}

/**
 * Keeps at most `max` deliveries, with only the fields that the store would hold. Default: 10,000, about 10 MB. Above
 * that the oldest is dropped. A delivery that the store rejects ten times while it takes others is dropped too. Both
 * are logged.
 */
export function createSettleLater(
  settle: DeliveryStore['settle'],
  record: (event: StepEvent) => void,
  max = 10_000,
): SettleLater {
  const waiting = new Map<string, { readonly delivery: Delivery; readonly rejections: number }>()
  let writing: Promise<void> | undefined

  const drop = (deliveryId: string, detail: string): void => {
    waiting.delete(deliveryId)
    record({ step: 'settle', outcome: 'dropped', deliveryId, detail })
  }
  const keep = (delivery: Delivery, rejections: number): void => {
    waiting.delete(delivery.id)
    waiting.set(delivery.id, { delivery, rejections }) // last in the order: others are tried first
    const [oldest] = waiting.keys()
    if (waiting.size > max && oldest !== undefined) drop(oldest, `More than ${max} were kept for later.`)
  }
  const writeAll = async (isStoreUp: boolean): Promise<void> => {
    for (const [id, { delivery, rejections }] of waiting) {
      try {
        await settle(delivery)
        waiting.delete(id)
        record({ step: 'settle', outcome: 'written-later', deliveryId: id })
      } catch (error) {
        const detail = `The store takes others and rejects this one: ${messageOf(error)}`
        if (isStoreUp && rejections + 1 >= REJECTIONS_MAX) drop(id, detail)
        else keep(delivery, isStoreUp ? rejections + 1 : rejections)
        return
      }
    }
  }
  const writeOnce = (isStoreUp: boolean): Promise<void> => {
    if (waiting.size > 0)
      writing ??= writeAll(isStoreUp).finally(() => {
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
      waiting.delete(delivery.id)
      void writeOnce(true)
    },
    writeKept: () => writeOnce(false),
    waitingCount: () => waiting.size,
  }
}

const REJECTIONS_MAX = 10
