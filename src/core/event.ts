/**
 * What happened in one step of one request: a log line, and later a metric. Steps carry the names of
 * docs/architecture.md. Nothing personal, no code, no token: only what may be printed anywhere.
 */
export type StepEvent = {
  readonly step: 'access-token' | 'hook-request' | 'plan' | 'admit' | 'send' | 'settle' | 'hook-response'
  readonly outcome: string
  readonly deliveryId?: string
  readonly durationMs?: number
  readonly detail?: string
  readonly [field: string]: string | number | boolean | undefined
}
