import { memoryMbOf } from './machine.ts'

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
  return costOf(durationsMs, (user + system) / requests, peakMemoryMb())
}

/** Linux counts the parent's peak into `maxRSS` of a child that it started. */
function peakMemoryMb(): number {
  const { peak } = memoryMbOf('self')
  return Number.isNaN(peak) ? (process.resourceUsage().maxRSS * 1024) / 1_000_000 : peak
}

export function costOf(durationsMs: readonly number[], cpuMicroseconds: number, peakMemoryMb: number): Cost {
  const [p50Ms, p99Ms] = [quantile(durationsMs, 0.5), quantile(durationsMs, 0.99)]
  return { cpuMicroseconds, p50Ms, p99Ms, peakMemoryMb }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN
}
