import { randomUUID } from 'node:crypto'
import type { CarrierOptions } from '../adapters/aws/carrier.ts'
import { keyedDigest } from '../adapters/node/hash-key.ts'
import { planRules } from '../config/plan-rules.ts'
import type { Settings } from '../config/settings.ts'
import { CONNECT_MS } from '../core/deliver/deadline.ts'
import type { Ports } from '../core/deliver/ports.ts'
import { createProcessState } from '../core/deliver/process-state.ts'
import type { DeliveryStore } from '../core/records/delivery-store.ts'
import { Secret } from '../core/values/secret.ts'
import type { HookParts } from '../http/hook.ts'

/** What surrounds a hook: chosen by the program that it runs in. */
export type Around = Pick<HookParts, 'identify'> &
  Pick<Ports, 'policy' | 'send' | 'clock' | 'record'> & { readonly store: DeliveryStore }

/** Everything that the hook needs, from settings and what surrounds it. */
export function hookParts(
  settings: Settings,
  { identify, policy, store, send, clock, record }: Around,
): HookParts {
  return {
    identify,
    planRules: planRules(settings),
    answerRules: {
      overLimit: settings.HOOKLINE_OVER_LIMIT_ANSWER,
      blocked: settings.HOOKLINE_BLOCKED_ANSWER,
      unknown: settings.HOOKLINE_UNKNOWN_ANSWER,
    },
    budgetMs: settings.HOOKLINE_BUDGET_MS,
    ports: {
      policy,
      admit: store.admit,
      find: store.findDelivery,
      settle: store.settle,
      send,
      digest: keyedDigest(settings.HOOKLINE_HASH_KEY ?? new Secret('')),
      newId: randomUUID,
      clock,
      record,
    },
    state: createProcessState(),
  }
}

export function carrierOptions(settings: Settings, steadyNow: () => number): CarrierOptions {
  return {
    region: settings.AWS_REGION ?? '',
    endpoint: settings.AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2,
    configurationSet: settings.HOOKLINE_CONFIGURATION_SET,
    protectConfiguration: settings.HOOKLINE_PROTECT_CONFIGURATION,
    connectMs: CONNECT_MS,
    now: steadyNow,
  }
}

/** An edit is seen by what is asked a second later. */
export const POLICY_MAX_AGE_MS = 1_000
