import { systemClock } from '../../adapters/node/system-clock.ts'
import { CANARY_RECEIPT_MS, canaryEvent, runCanary } from '../../advice/canary/canary.ts'
import { aws } from '../../config/aws-settings.ts'
import { callers } from '../../config/callers.ts'
import { followedCanary } from '../../config/canary-address.ts'
import { readGroups } from '../../config/setting.ts'
import { store as storeSettings } from '../../config/store-settings.ts'
import { tableCall } from '../aws-calls.ts'
import { knockWith } from '../canary-over-http.ts'
import { beganAt, type CanaryHour } from './canary-hour.ts'
import { lambdaAws } from './lambda-aws.ts'
import { logWithMetrics, usable } from './lambda-process.ts'
import { ATTEMPT_MS, openCanaryTable } from './open-table.ts'

const settings = usable(
  readGroups({ aws, callers, canary: followedCanary, store: storeSettings }, process.env),
)
const store = openCanaryTable(settings, tableCall(settings.aws.region, lambdaAws, ATTEMPT_MS))

/** Follows the canary that the hook sends in the same hour. How it ended is in the log and its metric, not in an error. */
export async function handler(event: CanaryHour): Promise<void> {
  const result = await runCanary(beganAt(event), {
    url: settings.canary.url ?? '',
    knock: knockWith(settings.callers.secretHeader),
    call: undefined,
    store,
    hasReceipts: true,
    receiptMs: CANARY_RECEIPT_MS,
    clock: systemClock,
  })
  logWithMetrics(canaryEvent(result, systemClock.now()))
}
