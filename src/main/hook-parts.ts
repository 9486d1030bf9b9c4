import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { CarrierOptions } from '../adapters/aws/carrier.ts'
import { planRules } from '../config/plan-rules.ts'
import type { Settings } from '../config/settings.ts'
import { type Clock, CONNECT_MS } from '../core/deadline.ts'
import { keepPolicy } from '../core/live-policy.ts'
import type { Ports } from '../core/ports.ts'
import { createRecentOutcomes } from '../core/recent-outcomes.ts'
import { createRungHealth } from '../core/rung-health.ts'
import { Secret } from '../core/secret.ts'
import type { Store } from '../core/store.ts'
import type { HookParts } from '../http/hook.ts'
import type { WaysIn } from '../okta/asker.ts'
import { jwksFetcher } from '../okta/fetch-jwks.ts'
import { keepSigningKeys } from '../okta/signing-keys.ts'
import { keyedDigest } from './hash-key.ts'

/** Everything that the hook needs, from settings, a store and a carrier. */
export function hookParts(
  settings: Settings,
  store: Store,
  send: Ports['send'],
  record: Ports['record'],
): HookParts {
  const { now } = systemClock
  return {
    waysIn: waysIn(settings, now),
    planRules: planRules(settings),
    answerRules: { blocked: settings.HOOKLINE_BLOCKED_ANSWER, unknown: settings.HOOKLINE_UNKNOWN_ANSWER },
    budgetMs: settings.HOOKLINE_BUDGET_MS,
    clock: systemClock,
    ports: {
      policy: keepPolicy(store, now, POLICY_MAX_AGE_MS),
      admit: store.admit,
      find: store.findDelivery,
      settle: store.settle,
      send,
      digest: keyedDigest(settings.HOOKLINE_HASH_KEY ?? new Secret('')),
      newId: randomUUID,
      now,
      pause: setTimeout,
      record,
      health: createRungHealth(),
      recent: createRecentOutcomes(),
    },
  }
}

export function carrierOptions(settings: Settings): CarrierOptions {
  return {
    region: settings.AWS_REGION ?? '',
    endpoint: settings.AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2,
    configurationSet: settings.HOOKLINE_CONFIGURATION_SET,
    protectConfiguration: settings.HOOKLINE_PROTECT_CONFIGURATION,
    connectMs: CONNECT_MS,
    now: systemClock.now,
  }
}

function waysIn(settings: Settings, now: () => number): WaysIn {
  const { HOOKLINE_OKTA_ISSUER: issuer, HOOKLINE_OKTA_AUDIENCE: audience } = settings
  const { HOOKLINE_OKTA_CLIENT_ID: clientId, HOOKLINE_OKTA_SCOPE: scope } = settings
  const { HOOKLINE_SECRET_HEADER: name, HOOKLINE_SECRETS: secrets } = settings
  const isTokenSet =
    issuer !== undefined && audience !== undefined && clientId !== undefined && scope !== undefined
  return {
    token: isTokenSet
      ? {
          rules: { issuer, audience, clientId, scope },
          keys: keepSigningKeys({ fetchJwks: jwksFetcher(issuer), now }),
        }
      : undefined,
    secretHeader: name !== undefined && secrets !== undefined ? { name, secrets } : undefined,
  }
}

export const systemClock: Clock = { now: Date.now, abortAfter: ms => AbortSignal.timeout(ms) }

const POLICY_MAX_AGE_MS = 1_000
