import { embeddedMetrics } from '../adapters/cloudwatch/embedded-metrics.ts'
import type { StepEvent } from '../core/event.ts'
import { log } from './log.ts'

/** One JSON line a step, with its metrics on it. */
export function logWithMetrics(event: StepEvent): void {
  log({ ...event, ...embeddedMetrics(event, Date.now()) })
}
