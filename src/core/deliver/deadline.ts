import type { Clock, TimeLimit } from './clock.ts'

/**
 * Okta gives up after three seconds, its own token request included. Each step ends at a fixed share of the time that
 * is left when the request arrives. Time that a step does not use is available to later steps. The last share is the
 * whole budget.
 * @internal
 */
export const STEP_ENDS = {
  /** Credentials verified, keys fetched if necessary. */
  identify: 0.25,
  /** Body read. */
  read: 0.35,
  /** Policy read. */
  policy: 0.4,
  /** Duplicates and limits checked, delivery opened. */
  admit: 0.55,
  /** The carrier's answer. It gets the largest share, because only this step is worth waiting for. */
  send: 0.9,
  /** The result recorded. */
  settle: 0.97,
  /** The response sent. */
  answer: 1,
} as const

/** @internal */
export type TimedStep = keyof typeof STEP_ENDS

export type Deadline = {
  /** Milliseconds since the request arrived. */
  readonly elapsedMs: () => number
  /** Aborts when the step's time is over. */
  readonly signal: (step: TimedStep) => TimeLimit
  /** Milliseconds until the step's time is over; 0 when it is. */
  readonly leftMs: (step: TimedStep) => number
}

/**
 * The deadline of one request with a budget of `budgetMs` (500 to 2,500), of which `spentMs` have passed at a gateway.
 * If a function was slow to start, every step gets less time, but no step gets none. Setting the clock changes nothing.
 */
export function createDeadline(
  spentMs: number,
  budgetMs: number,
  { monotonic, timeLimit }: Pick<Clock, 'monotonic' | 'timeLimit'>,
): Deadline {
  const startedAt = monotonic()
  const haveMs = Math.max(0, budgetMs - spentMs)
  const leftMs = (step: TimedStep): number =>
    Math.max(0, startedAt + Math.floor(haveMs * STEP_ENDS[step]) - monotonic())
  return {
    elapsedMs: () => spentMs + monotonic() - startedAt,
    leftMs,
    signal: step => timeLimit(leftMs(step)),
  }
}

/**
 * With less time than this no other candidate is tried: the attempt would end as unknown. The first is tried with any
 * time.
 */
export const USEFUL_ATTEMPT_MS = 250

/**
 * A connection that takes longer is abandoned. That proves that nothing was sent, and leaves time for the next
 * candidate.
 */
export const CONNECT_MS = 600

/**
 * Settles as the promise does, or rejects with the signal's reason as soon as it aborts, whichever comes first. A later
 * result is dropped.
 */
export function untilAborted<T>(promise: Promise<T>, signal: TimeLimit): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason)
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
    promise.then(
      result => {
        signal.removeEventListener('abort', leave)
        resolve(result)
      },
      error => {
        signal.removeEventListener('abort', leave)
        reject(error)
      },
    )
  })
}
