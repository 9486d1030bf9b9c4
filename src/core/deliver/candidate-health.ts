import type { CandidateState, Pace, PlannedCandidate } from '../plan/candidates.ts'

/**
 * What an attempt shows about the identity for this country and channel; `none`: it depended on recipient or message.
 */
export type Verdict = 'healthy' | 'failing' | 'none'

export type CandidateHealth = {
  /** Changes nothing, however often it is called. */
  readonly stateOf: (candidate: PlannedCandidate, now: number) => CandidateState
  /** An attempt starts: counts its parts (1 for a call) against the paces. For a broken candidate it is the probe. */
  readonly started: (candidate: PlannedCandidate, parts: number, now: number) => void
  readonly ended: (candidate: PlannedCandidate, verdict: Verdict, now: number) => void
  /** Another process of this server started an attempt, as its `share` said. */
  readonly usedElsewhere: (use: PaceUse, now: number) => void
}

/** An attempt that counts against paces. */
export type PaceUse = { readonly paces: readonly Pace[]; readonly parts: number }

/**
 * Circuit breaker and pace of every candidate, for one process. A breaker belongs to (identity, country, channel): what
 * happens in one country says nothing about another (docs/decisions/0009). After five failed attempts in a row a
 * candidate is broken for 30 seconds; then one attempt of real traffic probes it, and its verdict decides. The paces
 * are AWS's limits, which AWS counts for all countries together. They are known in advance, so that they are not
 * exceeded. `share`: called with each use of a pace, for the other processes of this server.
 */
export function createCandidateHealth(share: (use: PaceUse) => void = () => undefined): CandidateHealth {
  const breakers = bounded<Breaker>()
  const windows = bounded<PaceWindow>()
  const use = ({ paces, parts }: PaceUse, now: number): void => {
    for (const pace of paces) {
      const window = windows.get(pace.key) ?? createPaceWindow(pace)
      window.add(parts, now)
      windows.set(pace.key, window)
    }
  }
  return {
    stateOf: (candidate, now) => {
      if ((breakers.get(candidate.key)?.brokenUntil ?? Number.NEGATIVE_INFINITY) > now) return 'broken'
      const isAtPace = (pace: Pace): boolean => (windows.get(pace.key)?.partsAt(now) ?? 0) >= pace.max
      return candidate.paces.some(isAtPace) ? 'at its pace' : 'ready'
    },
    started: (candidate, parts, now) => {
      const breaker = breakers.get(candidate.key)
      // Half open: this attempt is the probe. Until it ends, the candidate stays broken for other requests.
      if (breaker !== undefined && breaker.failuresInARow >= FAILURES_MAX)
        breakers.set(candidate.key, {
          ...breaker,
          brokenUntil: Math.max(breaker.brokenUntil, now + PROBE_MS),
        })
      const { paces } = candidate
      if (paces.length === 0) return
      use({ paces, parts }, now)
      share({ paces, parts })
    },
    ended: ({ key }, verdict, now) => {
      if (verdict === 'healthy') breakers.delete(key)
      if (verdict !== 'failing') return // an inconclusive probe ends when its time is over
      const failuresInARow = (breakers.get(key)?.failuresInARow ?? 0) + 1
      breakers.set(key, {
        failuresInARow,
        brokenUntil: failuresInARow >= FAILURES_MAX ? now + BROKEN_MS : Number.NEGATIVE_INFINITY,
      })
    },
    usedElsewhere: use,
  }
}

type Breaker = { readonly failuresInARow: number; readonly brokenUntil: number }

/** The message parts, or calls, of one window. */
type PaceWindow = {
  readonly add: (parts: number, now: number) => void
  readonly partsAt: (now: number) => number
}

/** Each use is added once and removed once, at the front, so a lookup costs the same at every rate. */
function createPaceWindow({ windowSeconds }: Pace): PaceWindow {
  const uses: { readonly at: number; readonly parts: number }[] = []
  let first = 0
  let sum = 0
  const partsAt = (now: number): number => {
    for (
      let use = uses[first];
      use !== undefined && use.at <= now - windowSeconds * 1_000;
      use = uses[first]
    ) {
      sum -= use.parts
      first += 1
    }
    if (first > GONE_MAX) {
      uses.splice(0, first)
      first = 0
    }
    return sum
  }
  return {
    partsAt,
    add: (parts, now) => {
      partsAt(now)
      uses.push({ at: now, parts })
      sum += parts
    },
  }
}

/**
 * Values by key. Routes are few; the limit is for routes that keep changing, and removes the least recently changed
 * value.
 */
function bounded<T>() {
  const values = new Map<string, T>()
  return {
    get: (key: string): T | undefined => values.get(key),
    delete: (key: string): void => void values.delete(key),
    set: (key: string, value: T): void => {
      values.delete(key)
      values.set(key, value)
      const [oldest] = values.keys()
      if (values.size > KEYS_MAX && oldest !== undefined) values.delete(oldest)
    },
  }
}

const FAILURES_MAX = 5
const BROKEN_MS = 30_000
const PROBE_MS = 3_000 // longer than any attempt can take
const KEYS_MAX = 10_000
const GONE_MAX = 1_000
