/** How many dry runs a second the account may make. */
export type DryRunRate = {
  /** Counts one at this time (milliseconds); false when it is one too many. */
  admit(now: number): boolean
}

/** At most five in any second. Source: service model, SendTextMessage, DryRun; of the other operations nothing is said. */
export function createDryRunRate(): DryRunRate {
  let times: readonly number[] = []
  return {
    admit(now) {
      times = times.filter(time => now - time < 1_000 && now >= time)
      if (times.length >= DRY_RUNS_PER_SECOND) return false
      times = [...times, now]
      return true
    },
  }
}

const DRY_RUNS_PER_SECOND = 5
