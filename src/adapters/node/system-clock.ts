import { setTimeout } from 'node:timers/promises'
import { type Clock, createSteadyClock } from '../../core/deliver/clock.ts'
import type { StepEvent } from '../../core/deliver/event.ts'

/** The clock of this machine, without what a process must begin: `startClock`. */
export const systemClock: Omit<Clock, 'steadyNow'> = {
  now: Date.now,
  monotonic: () => Math.floor(performance.now()),
  abortAfter: ms => AbortSignal.timeout(ms),
  pause: setTimeout,
}

/**
 * The clock of a process. The log says when somebody sets the machine's clock: entries of the store are dated by it.
 * `isFrozenOften`: a function's clock seems to be set forward whenever it was frozen.
 */
export function startClock(record: (event: StepEvent) => void, isFrozenOften = false): Clock {
  const steadyNow = createSteadyClock(systemClock, ms => {
    if (ms > 0 && isFrozenOften) return
    const seconds = Math.round(Math.abs(ms) / 1_000)
    record(
      ms < 0
        ? { step: 'clock', outcome: 'set-back', detail: `Set back by ${seconds} s. ${SET_BACK}` }
        : { step: 'clock', outcome: 'set-forward', detail: `Set forward by ${seconds} s. ${SET_FORWARD}` },
    )
  })
  return { ...systemClock, steadyNow }
}

const SET_BACK = 'What is stored with a later time counts for limits until its own window has passed.'
const SET_FORWARD = 'Or this machine slept. Limits with a shorter window than that are open again.'
