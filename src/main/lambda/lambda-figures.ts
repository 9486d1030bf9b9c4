import { systemClock } from '../../adapters/node/system-clock.ts'
import { aws } from '../../config/aws-settings.ts'
import { readGroups } from '../../config/setting.ts'
import { store as storeSettings } from '../../config/store-settings.ts'
import type { RouteSample } from '../../core/policy/route-shares.ts'
import { mergeSamples, routeSamplesOf } from '../../core/records/route-sample.ts'
import { tableCall } from '../aws-calls.ts'
import { createLook } from '../look-at-routes.ts'
import { lambdaAws } from './lambda-aws.ts'
import { logWithMetrics, usable } from './lambda-process.ts'
import { ATTEMPT_MS, openFigureTable } from './open-table.ts'

const settings = usable(readGroups({ aws, store: storeSettings }, process.env))
const store = openFigureTable(settings, tableCall(settings.aws.region, lambdaAws, ATTEMPT_MS))
const look = createLook({ store, now: systemClock.now, record: logWithMetrics })

/**
 * Counts what became of the codes, each minute, and looks at which were entered: then shares of routes may move. Throws if
 * counting is late, so the alarm on the function's errors sees it.
 */
export async function handler(): Promise<void> {
  const startedAt = systemClock.now()
  const samples = new Map<string, readonly RouteSample[]>()
  const until = await store.countFigures(
    () => systemClock.now() - startedAt < GO_ON_MS,
    deliveries => {
      for (const [route, found] of routeSamplesOf(deliveries, startedAt))
        samples.set(route, mergeSamples(samples.get(route) ?? [], found))
    },
  )
  const behindMs = startedAt - until
  const durationMs = systemClock.now() - startedAt
  logWithMetrics({ step: 'figures', outcome: behindMs > 0 ? 'behind' : 'counted', behindMs, durationMs })
  await look(async hasChoice => {
    const found = new Map([...samples].filter(([route]) => hasChoice(route)))
    return found.size === 0 ? found : store.keepRouteSamples(found)
  })
  if (behindMs > LATE_MS)
    throw new Error(`Codes are counted until ${new Date(until).toISOString()}; the next run continues.`)
}

/** The last step of a run has the rest of the function's minute. */
const GO_ON_MS = 30_000
const LATE_MS = 900_000
