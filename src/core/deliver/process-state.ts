import { type CandidateHealth, createCandidateHealth } from './candidate-health.ts'
import { createRecentOutcomes, type RecentOutcomes } from './duplicates.ts'
import { createLimitFloor, type LimitFloor } from './limit-floor.ts'

/**
 * What one process keeps between requests, created once by `main`. Each part has a limit and holds nothing personal,
 * only keyed digests, identities and times.
 */
export type ProcessState = {
  /** Which candidates are tried last. */
  readonly health: CandidateHealth
  /** The outcomes of recent requests, for duplicates. */
  readonly recent: RecentOutcomes
  /** Limits, which also work while the store does not answer. The workers of one server share it. */
  readonly floor: LimitFloor
}

export function createProcessState(): ProcessState {
  return { health: createCandidateHealth(), recent: createRecentOutcomes(), floor: createLimitFloor() }
}
