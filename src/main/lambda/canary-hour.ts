import { type Canary, canaryRequest } from '../../advice/canary/canary-request.ts'
import { isSimulatorCountry } from '../../core/values/simulator-numbers.ts'
import type { HookCall } from '../../http/hook.ts'
import { canaryCaller } from '../../okta/canary-caller.ts'

/**
 * EventBridge's event of a rule with a schedule: each hour it runs the hook, which sends a canary, and the function that
 * follows the canary. Both know it by its time. `detail` is empty, unless a command sends the event.
 */
export type CanaryHour = {
  readonly source: 'aws.events'
  readonly time: string
  readonly detail: { readonly country?: string }
}

/** API Gateway chooses the fields of its event, so none of a request looks like this. */
export function isCanaryHour(event: object): event is CanaryHour {
  return 'source' in event && event.source === 'aws.events' && 'time' in event
}

/** When the canary began: milliseconds since 1970. */
export function beganAt({ time }: CanaryHour): number {
  return Date.parse(time)
}

/** The canary of the hour as a call of the hook. It arrives now: how long the event took is no time that Okta waits. */
export function canaryCall(event: CanaryHour, ofSettings: Canary['country'] | 'off', now: number): HookCall {
  const { country: wanted = '' } = event.detail
  const country = isSimulatorCountry(wanted) ? wanted : ofSettings === 'off' ? 'US' : ofSettings
  return {
    header: () => null,
    headerNames: () => [],
    readBody: async () => ({ kind: 'json', json: canaryRequest({ country, at: beganAt(event) }) }),
    gateway: { arrivedAt: now, authorizer: canaryCaller },
  }
}

/** By the identity of an object of this process, which no event can have. */
export function isCanaryCall({ gateway }: HookCall): boolean {
  return gateway?.authorizer === canaryCaller
}
