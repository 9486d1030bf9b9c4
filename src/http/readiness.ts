import type { Clock } from '../core/deadline.ts'
import type { Ports } from '../core/ports.ts'
import { untilAborted } from '../core/until-aborted.ts'

/** One thing that must work before requests are sent here. Rejects with what is wrong. */
export type ReadinessCheck = { readonly name: string; readonly check: (signal: AbortSignal) => Promise<void> }

/**
 * `GET /readyz`: 200 when keys, store and carrier can be reached, 503 otherwise, with each check's result; why one
 * fails stands in the log. Sends nothing. Asked again within a second, it answers what it found. A check that hangs
 * fails.
 */
export function createReadiness(
  checks: readonly ReadinessCheck[],
  clock: Clock,
  record: Ports['record'],
): () => Promise<Response> {
  let found: { readonly at: number; readonly results: Promise<Record<string, string>> } | undefined
  return async () => {
    if (found === undefined || clock.now() - found.at > FRESH_MS)
      found = { at: clock.now(), results: runAll(checks, clock, record) }
    const results = await found.results
    const isReady = Object.values(results).every(result => result === 'ok')
    return Response.json(
      { status: isReady ? 'ready' : 'not ready', checks: results },
      { status: isReady ? 200 : 503 },
    )
  }
}

async function runAll(
  checks: readonly ReadinessCheck[],
  clock: Clock,
  record: Ports['record'],
): Promise<Record<string, string>> {
  const results = checks.map(async ({ name, check }) => {
    const signal = clock.abortAfter(TIME_MAX_MS)
    try {
      await untilAborted(check(signal), signal)
      return [name, 'ok'] as const
    } catch (error) {
      const detail = `${name}: ${error instanceof Error ? error.message : error}`
      record({ step: 'readiness', outcome: 'failing', detail })
      return [name, 'failing'] as const
    }
  })
  return Object.fromEntries(await Promise.all(results))
}

const FRESH_MS = 1_000
const TIME_MAX_MS = 2_000
