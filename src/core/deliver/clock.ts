export type Clock = {
  /**
   * Milliseconds since 1970. It may be set, forward or back: for what is stored, what is sent, and what is compared with
   * the times of others.
   */
  readonly now: () => number
  /** Whole milliseconds since some moment. It is never set, but may stand still while a function is frozen: for deadlines. */
  readonly monotonic: () => number
  /** Milliseconds since some moment, never set back (`createSteadyClock`): for the age of what this process keeps. */
  readonly steadyNow: () => number
  /** A signal that aborts after so many milliseconds, whatever the clock is set to. */
  readonly abortAfter: (ms: number) => AbortSignal
  /** Resolves after so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>
}

/**
 * `Clock.steadyNow`. It passes as the faster of both clocks does: it is never set back, and it goes on while a function is
 * frozen. A clock that is set forward makes things older by as much; that cannot be told from a freeze. `stepped` hears by
 * how many milliseconds the clock was set (or the machine slept), when that is a second or more.
 */
export function createSteadyClock(
  { now, monotonic }: Pick<Clock, 'now' | 'monotonic'>,
  stepped: (ms: number) => void = () => undefined,
): () => number {
  let expected = now() - monotonic()
  let aheadMs = 0
  return () => {
    const passed = monotonic()
    const ms = now() - passed - expected
    const isStep = Math.abs(ms) >= STEP_MS
    if (ms > 0) aheadMs += ms
    if (ms > 0 || isStep) expected += ms
    if (isStep) stepped(ms)
    return passed + aheadMs
  }
}

const STEP_MS = 1_000
