import { createCarrier } from '../../adapters/aws/carrier.ts'
import { startClock } from '../../adapters/node/system-clock.ts'
import type { Environment } from '../../config/environment.ts'
import { missingForSending, type SendingSettings, sendingSettings } from '../../config/sending-settings.ts'
import { readGroups } from '../../config/setting.ts'
import { keepPolicy } from '../../core/deliver/live-policy.ts'
import { createSettleLater } from '../../core/deliver/settle-later.ts'
import type { StoredPolicy } from '../../core/policy/policy.ts'
import { createHook } from '../../http/hook.ts'
import {
  type RestApiEvent,
  type RestApiResult,
  readRestApiEvent,
  writeRestApiResult,
} from '../../http/rest-api.ts'
import { readVerifiedClient } from '../../http/verified-client.ts'
import { carrierOptions, secretReader, tableCall } from '../aws-calls.ts'
import { hookParts, POLICY_MAX_AGE_MS } from '../hook-parts.ts'
import { lambdaAws } from './lambda-aws.ts'
import { logWithMetrics, usable, withSecretSettings } from './lambda-process.ts'
import { ATTEMPT_MS, openFunctionTable } from './open-table.ts'

/** A policy of this age is used for one more request while the new one is read in parallel. */
const POLICY_STALE_MS = 300_000

// Secret and policy are read in parallel, before the first request.
const early = usable(readGroups(sendingSettings, process.env))
const store = openFunctionTable(early, tableCall(early.aws.region, lambdaAws, ATTEMPT_MS))
const clock = startClock(logWithMetrics, true)
const policy = keepPolicy({ readPolicy: readOrSeed }, clock.steadyNow, POLICY_MAX_AGE_MS, POLICY_STALE_MS)
const [settings] = await Promise.all([
  withSecretSettings(process.env, secretReader(early.aws.region, lambdaAws)).then(readAll),
  policy(new AbortController().signal).catch(error => {
    // The first request tries again.
    logWithMetrics({ step: 'plan', outcome: 'store-unavailable', detail: String(error) })
  }),
])
const hook = createHook(
  hookParts(settings, {
    identify: async ({ gateway }, now) => readVerifiedClient(gateway?.authorizer, now),
    policy,
    // Nothing runs between requests: pending records are written in parallel to the next request.
    store: { ...store, settle: createSettleLater(store.settle, logWithMetrics).settle },
    send: createCarrier(carrierOptions(settings, lambdaAws, clock.steadyNow)),
    clock,
    record: logWithMetrics,
  }),
)

/** Handles one request from Okta, after the authorizer. */
export async function handler(event: RestApiEvent): Promise<RestApiResult> {
  return writeRestApiResult(await hook(readRestApiEvent(event)))
}

function readAll(environment: Environment): SendingSettings {
  const settings = usable(readGroups(sendingSettings, environment))
  return usable({ values: settings, problems: missingForSending(settings) })
}

async function readOrSeed(known?: number): Promise<StoredPolicy | undefined> {
  const stored = await store.readPolicy(known)
  if (stored === undefined || stored.templates.length > 0) return stored
  const { seededPolicy } = await import('./seeded-policy.ts')
  return await seededPolicy(store, stored, clock.now)
}
