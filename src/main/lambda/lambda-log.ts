import { embeddedMetrics } from '../../adapters/cloudwatch/embedded-metrics.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import { createLog } from '../log.ts'

const log = createLog(process.stdout)

/** One JSON line a step, with its metrics on it. */
export function logWithMetrics(event: StepEvent): void {
  log({ ...event, ...embeddedMetrics(event, Date.now()) })
}
