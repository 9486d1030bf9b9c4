import type { Clock } from '../core/deliver/clock.ts'
import { untilAborted } from '../core/deliver/deadline.ts'
import type { Ports } from '../core/deliver/ports.ts'
import { messageOf } from '../core/values/printable.ts'

/** One thing that works, or does not. */
export type ReadinessCheck = {
  readonly name: string
  /** Rejects with what is wrong. */
  readonly check: (signal: AbortSignal) => Promise<void>
  /** Asked again within so many milliseconds, what was found is still true. Default: 1,000. */
  readonly freshMs?: number
  /** Whether requests may be sent here although it fails: the answer names it, its status stays 200, and nothing is logged. Default: no. */
  readonly isOptional?: boolean
}

/**
 * `GET /readyz`: 200 when each check passes that is not optional, 503 otherwise, with each check's result; the log says
 * why one fails. Sends nothing. A check that hangs fails.
 */
export function createReadiness(
  checks: readonly ReadinessCheck[],
  clock: Pick<Clock, 'monotonic' | 'abortAfter'>,
  record: Ports['record'],
): () => Promise<Response> {
  const runs = checks.map(check => onceIn(check.freshMs ?? FRESH_MS, clock, () => run(check, clock, record)))
  return async () => {
    const results = Object.fromEntries(await Promise.all(runs.map(run => run())))
    const isReady = checks.every(({ name, isOptional }) => isOptional || results[name] === 'ok')
    return Response.json(
      { status: isReady ? 'ready' : 'not ready', checks: results },
      { status: isReady ? 200 : 503 },
    )
  }
}

/** Begins the work at most once in so many milliseconds, and not before it has ended; in between, its last result. */
export function onceIn<T>(
  ms: number,
  { monotonic }: Pick<Clock, 'monotonic'>,
  work: () => Promise<T>,
): () => Promise<T> {
  let result: Promise<T> | undefined
  let begunAt = 0
  let isUnderWay = false
  return () => {
    if (result !== undefined && (isUnderWay || monotonic() - begunAt <= ms)) return result
    begunAt = monotonic()
    isUnderWay = true
    result = work().finally(() => {
      isUnderWay = false
    })
    return result
  }
}

async function run(
  { name, check, isOptional }: ReadinessCheck,
  clock: Pick<Clock, 'abortAfter'>,
  record: Ports['record'],
) {
  const signal = clock.abortAfter(TIME_MAX_MS)
  try {
    await untilAborted(check(signal), signal)
    return [name, 'ok'] as const
  } catch (error) {
    const detail = `${name}: ${messageOf(error)}`
    if (!isOptional) record({ step: 'readiness', outcome: 'failing', detail })
    return [name, 'failing'] as const
  }
}

const FRESH_MS = 1_000
const TIME_MAX_MS = 2_000
