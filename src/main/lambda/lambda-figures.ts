import { systemClock } from '../../adapters/node/system-clock.ts'
import { aws } from '../../config/aws-settings.ts'
import { readGroups } from '../../config/setting.ts'
import { store as storeSettings } from '../../config/store-settings.ts'
import { tableCall } from '../aws-calls.ts'
import { lambdaAws } from './lambda-aws.ts'
import { logWithMetrics, usable } from './lambda-process.ts'
import { ATTEMPT_MS, openFigureTable } from './open-table.ts'

const settings = usable(readGroups({ aws, store: storeSettings }, process.env))
const { countFigures } = openFigureTable(settings, tableCall(settings.aws.region, lambdaAws, ATTEMPT_MS))

/** Counts what became of the codes, each minute. Throws if that is late, so the alarm on the function's errors sees it. */
export async function handler(): Promise<void> {
  const startedAt = systemClock.now()
  const until = await countFigures(() => systemClock.now() - startedAt < GO_ON_MS)
  const behindMs = startedAt - until
  const durationMs = systemClock.now() - startedAt
  logWithMetrics({ step: 'figures', outcome: behindMs > 0 ? 'behind' : 'counted', behindMs, durationMs })
  if (behindMs > LATE_MS)
    throw new Error(`Codes are counted until ${new Date(until).toISOString()}; the next run continues.`)
}

/** The last step of a run has the rest of the function's minute. */
const GO_ON_MS = 30_000
const LATE_MS = 900_000
