import type { Pace, PlannedRung, RungState } from './planned-rung.ts'

export type RungHealth = {
  /** Free to be asked as often as wanted: changes nothing. */
  readonly stateOf: (rung: PlannedRung, now: number) => RungState
  /** An attempt begins: counts its parts (1 for a call) against the paces, and takes the probe of a broken rung. */
  readonly begun: (rung: PlannedRung, parts: number, now: number) => void
  /** An attempt ended. `isSound`: the rung does its work, whatever it said about the recipient. */
  readonly ended: (rung: PlannedRung, isSound: boolean, now: number) => void
}

/**
 * Circuit breaker and pace of every rung, for one process. After five unsound attempts in a row a rung is broken
 * for 30 seconds; then one attempt of real traffic probes it, and its end decides. The paces are AWS's limits,
 * known beforehand, so that they are not run into.
 */
export function createRungHealth(): RungHealth {
  const breakers = bounded<Breaker>(() => ({ unsoundInARow: 0, brokenUntil: 0 }))
  const uses = bounded<Use[]>(() => [])
  const used = ({ key, windowSeconds }: Pace, now: number): number =>
    uses(key)
      .filter(({ at }) => at > now - windowSeconds * 1_000)
      .reduce((sum, { parts }) => sum + parts, 0)
  return {
    stateOf: (rung, now) => {
      if (breakers(rung.key).brokenUntil > now) return 'broken'
      return rung.paces.some(pace => used(pace, now) >= pace.max) ? 'at its pace' : 'ready'
    },
    begun: (rung, parts, now) => {
      const breaker = breakers(rung.key)
      // Half open: this attempt is the probe; until it ends the rung stays broken for the others.
      if (breaker.unsoundInARow >= UNSOUND_MAX) breaker.brokenUntil = now + PROBE_MS
      for (const { key, windowSeconds } of rung.paces) {
        const recent = uses(key)
        while (recent[0] !== undefined && recent[0].at <= now - windowSeconds * 1_000) recent.shift()
        recent.push({ at: now, parts })
      }
    },
    ended: (rung, isSound, now) => {
      const breaker = breakers(rung.key)
      breaker.unsoundInARow = isSound ? 0 : breaker.unsoundInARow + 1
      breaker.brokenUntil = breaker.unsoundInARow >= UNSOUND_MAX ? now + BROKEN_MS : 0
    },
  }
}

type Breaker = { unsoundInARow: number; brokenUntil: number }
type Use = { readonly at: number; readonly parts: number }

/** Values by key, made when first asked for. Routes are few; should they change for ever, all is forgotten. */
function bounded<T>(make: () => T): (key: string) => T {
  const values = new Map<string, T>()
  return key => {
    const known = values.get(key) ?? make()
    if (values.size >= KEYS_MAX && !values.has(key)) values.clear()
    values.set(key, known)
    return known
  }
}

const UNSOUND_MAX = 5
const BROKEN_MS = 30_000
const PROBE_MS = 3_000 // longer than any attempt can take
const KEYS_MAX = 10_000
