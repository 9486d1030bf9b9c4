import { setTimeout } from 'node:timers/promises'
import { type Clock, createSteadyClock, type TimeLimit } from '../../core/deliver/clock.ts'
import type { StepEvent } from '../../core/deliver/event.ts'

/** The clock of this machine, without `steadyNow`, which each process must start (`startClock`). */
export const systemClock: Omit<Clock, 'steadyNow'> = {
  now: Date.now,
  monotonic: () => Math.floor(performance.now()),
  abortAfter: ms => AbortSignal.timeout(ms),
  timeLimit: ms => new LightLimit(ms),
  pause: setTimeout,
}

/**
 * The clock of a process. It logs when the machine's clock is set, because entries in the store are dated by it.
 * `isFrozenOften`: for a function, whose clock seems to be set forward after each freeze; that is not logged.
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

const SET_BACK = 'Entries with a later time count for limits until their own window has passed.'
const SET_FORWARD = 'Or this machine was asleep. Limits with a shorter window start again.'

/** An AbortSignal costs a timer for its whole duration and an error at its end, even if no one listens. */
class LightLimit implements TimeLimit {
  readonly #endsAt: number
  #isOver = false
  #timers: readonly { readonly listener: () => void; readonly timer: NodeJS.Timeout }[] = []

  constructor(ms: number) {
    this.#endsAt = performance.now() + Math.max(1, ms) // like a timer: at least one turn of the event loop
  }

  get aborted(): boolean {
    return this.#isOver || performance.now() >= this.#endsAt
  }

  get reason(): Error {
    return Object.assign(new Error('The time is over'), { name: 'TimeoutError' })
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    const timer = globalThis.setTimeout(() => {
      this.#isOver = true
      this.removeEventListener('abort', listener)
      listener()
    }, this.#endsAt - performance.now())
    this.#timers = [...this.#timers, { listener, timer: timer.unref() }]
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    for (const one of this.#timers) if (one.listener === listener) clearTimeout(one.timer)
    this.#timers = this.#timers.filter(one => one.listener !== listener)
  }
}
