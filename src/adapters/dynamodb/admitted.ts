import type { Digests } from '../../core/records/delivery.ts'
import type { Predecessor } from './opening.ts'

/** What this process knows of an admission of its own. */
export type Admitted = {
  /** Number and user are counted. Otherwise they may be: the answer is missing, or was an error. */
  readonly isCounted: boolean
  /** The delivery to the same number before this one. */
  readonly before: Predecessor | undefined
  /** By the other hash key, while the key is rotated: it counts there too. */
  readonly otherDigests?: Digests | undefined
  /** What the fraud rule's records get while the code is being sent. Missing if there is none, or once it was awaited. */
  readonly booked?: Promise<void> | undefined
}

/** The admissions of this process that have not been settled, at most `max`: then the oldest is forgotten, and its settling counts again. */
export function createAdmitted(max = 10_000) {
  const all = new Map<string, Admitted>()
  return {
    set: (deliveryId: string, admitted: Admitted): void => {
      all.delete(deliveryId)
      all.set(deliveryId, admitted)
      const [oldest] = all.keys()
      if (all.size > max && oldest !== undefined) all.delete(oldest)
    },
    get: (deliveryId: string): Admitted | undefined => all.get(deliveryId),
    forget: (deliveryId: string): void => void all.delete(deliveryId),
  }
}
