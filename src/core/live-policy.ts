import { type Policy, preparePolicy } from './policy.ts'
import type { Store } from './store.ts'
import { untilAborted } from './until-aborted.ts'

/**
 * The live policy, kept in memory and asked for again when it is older than `maxAgeMs`. When the store does
 * not answer, the kept one serves on; only a policy that was never read is an error.
 */
export function keepPolicy(
  store: Pick<Store, 'readPolicy'>,
  now: () => number,
  maxAgeMs: number,
): (signal: AbortSignal) => Promise<Policy> {
  let kept: Policy | undefined
  let checkedAt = Number.NEGATIVE_INFINITY
  let reading: Promise<Policy> | undefined

  const read = async (): Promise<Policy> => {
    const stored = await store.readPolicy(kept?.version)
    if (stored !== undefined) kept = preparePolicy(stored)
    if (kept === undefined) throw new Error('The store gave no policy')
    checkedAt = now()
    return kept
  }
  return async signal => {
    if (kept !== undefined && now() - checkedAt < maxAgeMs) return kept
    reading ??= read().finally(() => {
      reading = undefined
    })
    try {
      return await untilAborted(reading, signal)
    } catch (error) {
      if (kept === undefined) throw error
      return kept
    }
  }
}
