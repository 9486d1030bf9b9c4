import { setTimeout } from 'node:timers/promises'

/** Waiting for others who change the same item. */
export type Pauses = {
  /** A random pause that grows with each attempt (1, 2, …), so that colliding processes separate. */
  readonly beforeAnother: (attempt: number) => Promise<unknown>
  /** Resolves when the work is done or its time is over; the work then continues in the background. */
  readonly within: (ms: number, work: Promise<unknown>) => Promise<void>
}

/** Resolves after this many milliseconds, or rejects when the signal aborts. */
export type Pause = (ms: number, signal?: AbortSignal) => Promise<unknown>

export const waitFor: Pause = (ms, signal) => setTimeout(ms, undefined, { signal })

export function createPauses(pause: Pause, random: () => number): Pauses {
  return {
    beforeAnother: attempt => pause(random() * Math.min(LONGEST_MS, attempt * STEP_MS)),
    within: async (ms, work) => {
      const over = new AbortController()
      await Promise.race([work, pause(ms, over.signal)])
      over.abort()
    },
  }
}

const STEP_MS = 10
const LONGEST_MS = 100
