import { type Policy, preparePolicy } from '../policy/policy.ts'
import type { PolicyStore } from '../policy/policy-store.ts'
import type { TimeLimit } from './clock.ts'
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
): (signal: TimeLimit) => Promise<Policy> {
  let cached: Policy | undefined
  let checkedAt = Number.NEGATIVE_INFINITY
  let reading: Promise<Policy> | undefined

  const read = async (): Promise<Policy> => {
    const stored = await store.readPolicy(cached?.version)
    if (stored !== undefined) cached = await preparePolicy(stored)
    if (cached === undefined) throw new Error('The store returned no policy')
    checkedAt = now()
    return cached
  }
  return async signal => {
    const ageMs = now() - checkedAt
    if (cached !== undefined && ageMs < maxAgeMs) return cached
    reading ??= read().finally(() => {
      reading = undefined
    })
    try {
      if (cached !== undefined && ageMs < staleMs) {
        reading.catch(() => undefined) // the next request reads again
        return cached
      }
      return await untilAborted(reading, signal)
    } catch (error) {
      if (cached === undefined) throw error
      return cached
    }
  }
}
