/**
 * What happened in one step: a log line and a metric. Steps are named as in docs/architecture.md. Nothing personal, no
 * code, no token: only what may be printed anywhere.
 */
export type StepEvent = {
  readonly step:
    | 'caller'
    | 'hook-request'
    | 'plan'
    | 'admit'
    | 'send'
    | 'settle'
    | 'hook-response'
    | 'internal-error'
    | 'receipt'
    | 'event'
    | 'feedback'
    | 'fraud'
    | 'figures'
    | 'readiness'
    | 'retention'
    | 'routes'
    | 'canary'
    | 'clock'
    | 'store'
    | 'log'
    | 'serve'
  readonly outcome: string
  readonly deliveryId?: string | undefined
  readonly durationMs?: number | undefined
  readonly detail?: string | undefined
  readonly [field: string]: string | number | boolean | undefined
}
