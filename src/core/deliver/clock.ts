/** When time is over: as much of an AbortSignal as waiting needs. */
export type TimeLimit = {
  readonly aborted: boolean
  readonly reason: unknown
  readonly addEventListener: (
    type: 'abort',
    listener: () => void,
    options?: { readonly once: boolean },
  ) => void
  readonly removeEventListener: (type: 'abort', listener: () => void) => void
}

export type Clock = {
  /**
   * Milliseconds since 1970. The clock may be set forward or back. For times that are stored, sent, or compared with
   * times from outside.
   */
  readonly now: () => number
  /**
   * Whole milliseconds since an arbitrary moment. Never set, but may stop while a function is frozen. For deadlines.
   */
  readonly monotonic: () => number
  /**
   * Milliseconds since an arbitrary moment, never set back (`createSteadyClock`). For the age of what this process
   * keeps.
   */
  readonly steadyNow: () => number
  /** A signal that aborts after `ms` milliseconds, whatever the clock is set to. */
  readonly abortAfter: (ms: number) => AbortSignal
  /** The same for the steps of a request, of which most end long before: nothing is timed until somebody listens. */
  readonly timeLimit: (ms: number) => TimeLimit
  /** Resolves after `ms` milliseconds. */
  readonly pause: (ms: number) => Promise<void>
}

/**
 * `Clock.steadyNow`. It advances with the faster of both clocks, so it is never set back and does not stop while a
 * function is frozen. A clock that is set forward looks the same as a freeze: what is kept ages by that time. `stepped`
 * is called with the milliseconds by which the clock was set (or the machine slept), if that is a second or more.
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
