import { Problem } from '../terminal/problem.ts'
import type { ClockReading } from './facts.ts'

/** What time it is for others, by the Date of their answers. Whoever does not answer is left out. */
export async function readClocks(
  addresses: readonly { readonly who: string; readonly url: string }[],
  now: () => number,
): Promise<readonly ClockReading[]> {
  const read = await Promise.all(addresses.map(address => readClock(address, now)))
  const clocks = read.filter(one => one !== undefined)
  if (clocks.length > 0) return clocks
  throw new Problem(
    'unreachable',
    `None of ${addresses.map(({ who }) => who).join(', ')} told the time. Check the network of this machine.`,
  )
}

async function readClock(
  { who, url }: { readonly who: string; readonly url: string },
  now: () => number,
): Promise<ClockReading | undefined> {
  const askedAt = now()
  const date = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) }).then(
    async response => {
      await response.body?.cancel()
      return Date.parse(response.headers.get('date') ?? '')
    },
    () => Number.NaN, // that it does not answer is told by the check that needs its answer
  )
  // A Date has whole seconds: on average it is half a second behind.
  return Number.isNaN(date) ? undefined : { who, aheadMs: date + 500 - (askedAt + now()) / 2 }
}

const PATIENCE_MS = 10_000
