import { type Policy, preparePolicy } from '../policy/policy.ts'
import type { PolicyStore } from '../policy/policy-store.ts'
import { untilAborted } from './deadline.ts'

/**
 * The live policy, kept in memory and read again when it is older than `maxAgeMs`. Up to an age of `staleMs` the kept
 * one is returned while the new one is read, so that no request waits. When the store does not answer, the kept one
 * stays in use; it is an error only if none was ever read. `now`: milliseconds on a clock that is never set back,
 * because otherwise a change could stay unseen.
 */
export function keepPolicy(
  store: Pick<PolicyStore, 'readPolicy'>,
  now: () => number,
  maxAgeMs: number,
  staleMs = 0,
): (signal: AbortSignal) => Promise<Policy> {
  let kept: Policy | undefined
  let checkedAt = Number.NEGATIVE_INFINITY
  let reading: Promise<Policy> | undefined

  const read = async (): Promise<Policy> => {
    const stored = await store.readPolicy(kept?.version)
    if (stored !== undefined) kept = await preparePolicy(stored)
    if (kept === undefined) throw new Error('The store returned no policy')
    checkedAt = now()
    return kept
  }
  return async signal => {
    const ageMs = now() - checkedAt
    if (kept !== undefined && ageMs < maxAgeMs) return kept
    reading ??= read().finally(() => {
      reading = undefined
    })
    try {
      if (kept !== undefined && ageMs < staleMs) {
        reading.catch(() => undefined) // the next request reads again
        return kept
      }
      return await untilAborted(reading, signal)
    } catch (error) {
      if (kept === undefined) throw error
      return kept
    }
  }
}
