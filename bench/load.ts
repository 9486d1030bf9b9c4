import { readFileSync } from 'node:fs'

/** The number of requests, and how many run at the same time. */
export type Load = { readonly requests: number; readonly concurrency: number }

/** The cost of a load. */
export type Cost = {
  /** Microseconds of CPU a request: all threads of the process, garbage collection and compiler included. */
  readonly cpuMicroseconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** The highest that the process ever had in memory, in MB of 1,000,000 bytes. */
  readonly peakMemoryMb: number
}

/**
 * Makes of this process a child that handles loads: says that it is ready, then answers each `Load` that it is
 * sent with its `Cost`. `prepare` makes what a request needs, outside of what is counted.
 */
export function handleLoads<Prepared>(
  prepare: () => Prepared,
  handle: (prepared: Prepared) => Promise<void>,
): void {
  process.on('message', (load: Load) => {
    measure(load, prepare, handle).then(
      cost => process.send?.(cost),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
  process.once('disconnect', () => process.exit())
  process.send?.({ ready: true })
}

async function measure<Prepared>(
  { requests, concurrency }: Load,
  prepare: () => Prepared,
  handle: (prepared: Prepared) => Promise<void>,
): Promise<Cost> {
  const waiting = Array.from({ length: requests }, prepare).values()
  const durationsMs: number[] = []
  const handleAll = async (): Promise<void> => {
    for (const prepared of waiting) {
      const startedAt = performance.now()
      await handle(prepared)
      durationsMs.push(performance.now() - startedAt)
    }
  }
  const before = process.cpuUsage()
  await Promise.all(Array.from({ length: concurrency }, handleAll))
  const { user, system } = process.cpuUsage(before)
  return {
    cpuMicroseconds: (user + system) / requests,
    p50Ms: quantile(durationsMs, 0.5),
    p99Ms: quantile(durationsMs, 0.99),
    peakMemoryMb: (peakMemoryKib() * 1024) / 1_000_000,
  }
}

/** Linux counts the parent's peak into `maxRSS` of a child that it started; `VmHWM` is this program's own. */
function peakMemoryKib(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN
}
