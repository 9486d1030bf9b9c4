import type { Clock } from './clock.ts'

/**
 * Okta gives up after three seconds, its own token request included. Each step ends at a fixed share of what is
 * left of the budget when we begin; what an earlier step leaves over goes to the later ones. The last share ends
 * at the budget itself.
 * @internal
 */
export const STEP_ENDS = {
  /** Credentials verified, keys fetched if need be. */
  identify: 0.25,
  /** Body read. */
  read: 0.35,
  /** Policy read. */
  policy: 0.4,
  /** Duplicate and limits looked up, delivery opened. */
  admit: 0.55,
  /** The carrier's answer. The only step that is worth waiting for, so it gets what is left. */
  send: 0.9,
  /** The end written down. */
  settle: 0.97,
  /** The answer on its way. */
  answer: 1,
} as const

/** @internal */
export type TimedStep = keyof typeof STEP_ENDS

export type Deadline = {
  /** Milliseconds since the request arrived. */
  readonly elapsedMs: () => number
  /** Aborts when the step's time is over. */
  readonly signal: (step: TimedStep) => AbortSignal
  /** Milliseconds until the step's time is over; 0 when it is. */
  readonly leftMs: (step: TimedStep) => number
}

/**
 * The deadline of one request that has `budgetMs` (500 to 2,500) in all, of which `spentMs` have passed at a gateway. A
 * function that was slow to start has less left for every step, and none without time. A clock that is set meanwhile
 * changes nothing.
 */
export function createDeadline(
  spentMs: number,
  budgetMs: number,
  { monotonic, abortAfter }: Pick<Clock, 'monotonic' | 'abortAfter'>,
): Deadline {
  const begunAt = monotonic()
  const haveMs = Math.max(0, budgetMs - spentMs)
  const leftMs = (step: TimedStep): number =>
    Math.max(0, begunAt + Math.floor(haveMs * STEP_ENDS[step]) - monotonic())
  return {
    elapsedMs: () => spentMs + monotonic() - begunAt,
    leftMs,
    signal: step => abortAfter(leftMs(step)),
  }
}

/** No further candidate is begun with less time than this: it would only end as unknown. The first takes any. */
export const USEFUL_ATTEMPT_MS = 250

/** A connection that takes longer is abandoned, which proves that nothing was sent, and leaves time for the next candidate. */
export const CONNECT_MS = 600

/**
 * The promise's result, or a rejection with the signal's reason as soon as it aborts: the caller goes on
 * in time, whatever the promise does. A result that comes later is dropped.
 */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason)
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
