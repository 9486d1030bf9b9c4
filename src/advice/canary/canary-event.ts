import type { StepEvent } from '../../core/deliver/event.ts'
import type { CanaryResult } from './canary.ts'

/** How a canary ended, for log and metrics: `failed` names its step, `detail` says what was seen and what to do. */
export function canaryEvent({ at, failed, deliveryId, steps }: CanaryResult, now: number): StepEvent {
  const step = steps.find(({ result }) => result === 'failed')
  const detail = step?.result === 'failed' ? `${step.detail} ${step.remedy}` : undefined
  const outcome = failed === undefined ? 'passed' : 'failed'
  return { step: 'canary', outcome, failed, deliveryId, detail, durationMs: now - at }
}
