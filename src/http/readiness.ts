import type { Clock } from '../core/deliver/clock.ts'
import { untilAborted } from '../core/deliver/deadline.ts'
import type { Ports } from '../core/deliver/ports.ts'
import { messageOf } from '../core/values/printable.ts'

/** One check of readiness. */
export type ReadinessCheck = {
  readonly name: string
  /** Rejects with the reason if the check fails. */
  readonly check: (signal: AbortSignal) => Promise<void>
  /** How long a result is reused, in milliseconds. Default: 1,000. */
  readonly freshMs?: number
  /**
   * Whether the server is ready even if this fails: the response names it with status 200, and nothing is logged.
   * Default: no.
   */
  readonly isOptional?: boolean
}

export type Readiness = () => Promise<{ readonly httpStatus: 200 | 503; readonly body: object }>

/**
 * `GET /readyz`: 200 if every check that is not optional passes, else 503, with the result of each check. The reason of
 * a failure is logged. Sends nothing. A check that hangs fails.
 */
export function createReadiness(
  checks: readonly ReadinessCheck[],
  clock: Pick<Clock, 'monotonic' | 'abortAfter'>,
  record: Ports['record'],
): Readiness {
  const runs = checks.map(check => onceIn(check.freshMs ?? FRESH_MS, clock, () => run(check, clock, record)))
  return async () => {
    const results = Object.fromEntries(await Promise.all(runs.map(run => run())))
    const isReady = checks.every(({ name, isOptional }) => isOptional || results[name] === 'ok')
    const body = { status: isReady ? 'ready' : 'not ready', checks: results }
    return { httpStatus: isReady ? 200 : 503, body }
  }
}

/**
 * Starts the work at most once in `ms` milliseconds, and never while it is running. Otherwise returns its last result.
 */
export function onceIn<T>(
  ms: number,
  { monotonic }: Pick<Clock, 'monotonic'>,
  work: () => Promise<T>,
): () => Promise<T> {
  let result: Promise<T> | undefined
  let startedAt = 0
  let isUnderWay = false
  return () => {
    if (result !== undefined && (isUnderWay || monotonic() - startedAt <= ms)) return result
    startedAt = monotonic()
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
