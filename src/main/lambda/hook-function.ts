import { createCarrier } from '../../adapters/aws/carrier.ts'
import { startClock } from '../../adapters/node/system-clock.ts'
import type { Environment } from '../../config/environment.ts'
import { secretId } from '../../config/secret-id.ts'
import { missingForSending, type SendingSettings, sendingSettings } from '../../config/sending-settings.ts'
import { readGroups } from '../../config/setting.ts'
import { keepPolicy } from '../../core/deliver/live-policy.ts'
import { createSettleLater } from '../../core/deliver/settle-later.ts'
import type { StoredPolicy } from '../../core/policy/policy.ts'
import { createHook, type HookParts } from '../../http/hook.ts'
import {
  type RestApiEvent,
  type RestApiResult,
  readRestApiEvent,
  writeRestApiResult,
} from '../../http/rest-api.ts'
import { canaryCaller } from '../../okta/canary-caller.ts'
import { carrierOptions, secretReader, tableCall } from '../aws-calls.ts'
import { hookParts, POLICY_MAX_AGE_MS } from '../hook-parts.ts'
import { type CanaryHour, canaryCall, isCanaryCall, isCanaryHour } from './canary-hour.ts'
import { lambdaAws } from './lambda-aws.ts'
import { logWithMetrics, usable, withSecretSettings } from './lambda-process.ts'
import { ATTEMPT_MS, openFunctionTable } from './open-table.ts'

/** Handles one request from Okta, or sends the canary of an hour. */
type HookFunction = (event: RestApiEvent | CanaryHour) => Promise<RestApiResult>

/**
 * Starts the hook of a function. Its secret, the policy and what `identify` needs are read in parallel, before the first
 * request. `startIdentify` gets a clock that is never set back.
 */
export async function startHookFunction(
  startIdentify: (steadyNow: () => number) => Promise<HookParts['identify']>,
): Promise<HookFunction> {
  const early = usable(readGroups(sendingSettings, process.env))
  const store = openFunctionTable(early, tableCall(early.aws.region, lambdaAws, ATTEMPT_MS))
  const clock = startClock(logWithMetrics, true)
  const readOrSeed = async (known?: number): Promise<StoredPolicy | undefined> => {
    const stored = await store.readPolicy(known)
    if (stored === undefined || stored.templates.length > 0) return stored
    const { seededPolicy } = await import('./seeded-policy.ts')
    return await seededPolicy(store, stored, clock.now)
  }
  const policy = keepPolicy({ readPolicy: readOrSeed }, clock.steadyNow, POLICY_MAX_AGE_MS, POLICY_STALE_MS)
  const readSecret = secretReader(early.aws.region, lambdaAws)
  const [settings, identify] = await Promise.all([
    withSecretSettings(process.env, readSecret, [secretId]).then(readAll),
    startIdentify(clock.steadyNow),
    policy(new AbortController().signal).catch(error => {
      // The first request tries again.
      logWithMetrics({ step: 'plan', outcome: 'store-unavailable', detail: String(error) })
    }),
  ])
  const hook = createHook(
    hookParts(settings, {
      identify: (call, now, signal) =>
        isCanaryCall(call) ? Promise.resolve(canaryCaller) : identify(call, now, signal),
      policy,
      // Nothing runs between requests: pending records are written in parallel to the next request.
      store: { ...store, settle: createSettleLater(store.settle, logWithMetrics).settle },
      send: createCarrier(carrierOptions(settings, lambdaAws, clock.steadyNow)),
      clock,
      record: logWithMetrics,
    }),
  )
  return async event =>
    writeRestApiResult(
      await hook(
        isCanaryHour(event)
          ? canaryCall(event, settings.canary.country, clock.now())
          : readRestApiEvent(event),
      ),
    )
}

function readAll(environment: Environment): SendingSettings {
  const settings = usable(readGroups(sendingSettings, environment))
  return usable({ values: settings, problems: missingForSending(settings) })
}

/** A policy of this age is used for one more request while the new one is read in parallel. */
const POLICY_STALE_MS = 300_000
