import { type CandidateHealth, createCandidateHealth } from './candidate-health.ts'
import { createLimitFloor, type LimitFloor } from './limit-floor.ts'
import { createRecentOutcomes, type RecentOutcomes } from './recent-outcomes.ts'

/**
 * What one process keeps from request to request, made once by `main`. Each part is bounded, and holds nothing personal:
 * keyed digests, identities, times.
 */
export type ProcessState = {
  /** Which candidates are tried last. */
  readonly health: CandidateHealth
  /** What the same request heard. */
  readonly recent: RecentOutcomes
  /** The limits, also while the store does not answer. */
  readonly floor: LimitFloor
}

export function createProcessState(): ProcessState {
  return { health: createCandidateHealth(), recent: createRecentOutcomes(), floor: createLimitFloor() }
}
