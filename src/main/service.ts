import { createHmac, randomUUID } from 'node:crypto'
import { serve } from '@hono/node-server'
import { createCarrier } from '../adapters/aws/end-user-messaging.ts'
import { openSqliteStore } from '../adapters/sqlite/store.ts'
import { planRules } from '../config/plan-rules.ts'
import type { Settings } from '../config/settings.ts'
import type { StepEvent } from '../core/event.ts'
import { keepPolicy } from '../core/live-policy.ts'
import type { Ports } from '../core/ports.ts'
import type { Store } from '../core/store.ts'
import { createApp } from '../http/app.ts'
import { createHook, type HookParts } from '../http/hook.ts'
import type { WaysIn } from '../okta/asker.ts'
import { jwksFetcher } from '../okta/fetch-jwks.ts'
import { keepSigningKeys } from '../okta/signing-keys.ts'
import { seedTemplates } from './shipped-templates.ts'

export type Service = { readonly url: string; readonly close: () => Promise<void> }

/** The hook server: real store, real carrier, one port. Resolves when it answers. */
export async function startService(settings: Settings, record: (event: StepEvent) => void): Promise<Service> {
  const store = await openSqliteStore(settings.HOOKLINE_DATA_DIR)
  await seedTemplates(store)
  const carrier = createCarrier({
    region: settings.AWS_REGION ?? '',
    endpoint: settings.AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2,
    configurationSet: settings.HOOKLINE_CONFIGURATION_SET,
    protectConfiguration: settings.HOOKLINE_PROTECT_CONFIGURATION,
  })
  const hook = createHook(hookParts(settings, store, carrier.send, record))
  const app = createApp(hook, settings.HOOKLINE_PATH)

  const { server, port } = await listen(app.fetch, settings)
  return {
    url: `http://${settings.HOOKLINE_HOST.includes(':') ? `[${settings.HOOKLINE_HOST}]` : settings.HOOKLINE_HOST}:${port}`,
    close: async () => {
      await new Promise(resolve => server.close(resolve))
      carrier.close()
      await store.close()
    },
  }
}

/** Everything that the hook needs, from settings, a store and a carrier. */
export function hookParts(
  settings: Settings,
  store: Store,
  send: Ports['send'],
  record: (event: StepEvent) => void,
): HookParts {
  const now = Date.now
  const hashKey = settings.HOOKLINE_HASH_KEY?.reveal() ?? ''
  return {
    waysIn: waysIn(settings, now),
    planRules: planRules(settings),
    answerRules: { blocked: settings.HOOKLINE_BLOCKED_ANSWER, unknown: settings.HOOKLINE_UNKNOWN_ANSWER },
    budgetMs: settings.HOOKLINE_BUDGET_MS,
    ports: {
      policy: keepPolicy(store, now, POLICY_MAX_AGE_MS),
      open: delivery => store.open(delivery),
      settle: settlement => store.settle(settlement),
      send,
      digest: text => createHmac('sha256', hashKey).update(text).digest('base64url'),
      newId: randomUUID,
      now,
      record,
    },
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

function listen(fetch: (request: Request) => Response | Promise<Response>, settings: Settings) {
  return new Promise<{ server: ReturnType<typeof serve>; port: number }>((resolve, reject) => {
    const server = serve({ fetch, hostname: settings.HOOKLINE_HOST, port: settings.PORT }, address =>
      resolve({ server, port: address.port }),
    )
    server.once('error', reject)
  })
}

const POLICY_MAX_AGE_MS = 1_000
