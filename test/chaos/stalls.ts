import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** The times at which this program could not run, so that the hook is not blamed for the delay. */
export type Stalls = {
  /** Milliseconds without progress between two values of `performance.now()`. */
  readonly between: (from: number, to: number) => number
  readonly describe: () => string
  readonly stop: () => void
}

const EVERY_MS = 5
const WORTH_NOTING_MS = 10

/**
 * How long the main thread of a process has waited for a core since it began, in milliseconds, according to the kernel.
 * The process's own work does not count. 0 if the system does not report it.
 */
export function waitedForCoreMs(pid: number): number {
  try {
    // Linux, Documentation/scheduler/sched-stats.rst: nanoseconds on a core, nanoseconds waiting for one, runs.
    const [, waited] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')
    return Number(waited) / 1e6
  } catch {
    return 0
  }
}

export function watchStalls(): Stalls {
  const noted: { readonly from: number; readonly to: number }[] = []
  const histogram = monitorEventLoopDelay({ resolution: EVERY_MS })
  histogram.enable()
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    if (now - last > EVERY_MS + WORTH_NOTING_MS) noted.push({ from: last + EVERY_MS, to: now })
    last = now
  }, EVERY_MS)
  return {
    between: (from, to) =>
      noted.reduce((sum, stall) => sum + Math.max(0, Math.min(to, stall.to) - Math.max(from, stall.from)), 0),
    describe: () => {
      const ms = (nanoseconds: number): string => (nanoseconds / 1e6).toFixed(0)
      return `event loop of the caller: ${ms(histogram.percentile(50))} ms at the median, ${ms(histogram.percentile(99))} at the 99th percentile, ${ms(histogram.max)} at most, between turns ${EVERY_MS} ms apart`
    },
    stop: () => {
      clearInterval(timer)
      histogram.disable()
    },
  }
}
