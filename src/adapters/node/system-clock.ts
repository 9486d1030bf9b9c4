import { type Clock, createSteadyClock } from '../../core/deliver/clock.ts'
import type { StepEvent } from '../../core/deliver/event.ts'

export const systemClock: Clock = {
  now: Date.now,
  monotonic: () => Math.floor(performance.now()),
  abortAfter: ms => AbortSignal.timeout(ms),
}

/**
 * The clock for the age of what a process keeps. The log says when somebody sets the machine's clock: entries of the
 * store are dated by it. `isFrozenOften`: a function's clock seems to be set forward whenever it was frozen.
 */
export function steadyClock(record: (event: StepEvent) => void, isFrozenOften = false): () => number {
  return createSteadyClock(systemClock, ms => {
    if (ms > 0 && isFrozenOften) return
    const seconds = Math.round(Math.abs(ms) / 1_000)
    record(
      ms < 0
        ? { step: 'clock', outcome: 'set-back', detail: `Set back by ${seconds} s. ${SET_BACK}` }
        : { step: 'clock', outcome: 'set-forward', detail: `Set forward by ${seconds} s. ${SET_FORWARD}` },
    )
  })
}

const SET_BACK = 'What is stored with a later time counts for limits until its own window has passed.'
const SET_FORWARD = 'Or this machine slept. Limits with a shorter window than that are open again.'
