import { eventSender } from '../event-sender.ts'
import { newOrg } from '../hook-request.ts'
import type { OktaOptions } from '../okta.ts'
import type { Poster } from '../post.ts'
import type { Tenant, TenantOptions } from '../tenant.ts'
import { userEvents } from '../user-events.ts'
import { setHookUrl } from './break-setup.ts'
import { endpointOf, eventHookTarget } from './event-hooks.ts'
import { newOrgState } from './new-org.ts'
import { orgSurface } from './org-handle.ts'
import { activeTelephonyHook, now } from './org-state.ts'
import { orgTelephony } from './org-telephony.ts'
import { textAt } from './route.ts'
import { logged } from './system-log.ts'
import { logToken } from './telephony-events.ts'
import { policyOfServer } from './token-decision.ts'

/** A new, empty org: its behaviour depends only on its set-up. */
export async function orgTenant(
  options: OktaOptions,
  { url, limitMs, signal }: TenantOptions,
  poster: Poster,
): Promise<Tenant> {
  const org = newOrgState(url, options.apiToken, options.behaviours)
  const { user } = newOrg(url)
  const telephony = orgTelephony({ org, user, poster, limitMs })
  const sender = eventSender({
    orgUrl: url,
    poster,
    limitMs,
    signal,
    eventsMax: options.eventsMax ?? EVENTS_MAX,
    now: () => now(org),
    endpointOf(id) {
      const hook = org.eventHooks.get(id)
      return hook?.status === 'ACTIVE' && hook.verificationStatus === 'VERIFIED'
        ? endpointOf(hook)
        : undefined
    },
    onFailed({ eventHookId, eventId, problem = '' }) {
      const hook = org.eventHooks.get(eventHookId)
      const target = hook && { target: eventHookTarget(hook) }
      logged(org, 'event_hook.delivery', {
        result: 'FAILURE',
        reason: problem,
        ...target,
        debugData: { eventId },
      })
    },
    // Okta's page says that the log gets a warning, and does not name its type.
    onNearLimit: () => logged(org, 'system.operation.rate_limit.warning', { reason: 'Event hooks' }),
  })
  org.onEvent.now = sender.send
  const users = userEvents({
    calls: telephony.calls,
    user,
    log: (eventType, details) => logged(org, eventType, details),
    now: () => now(org),
    naming: () => org.behaviours.now.factor,
  })
  const surface = await orgSurface({
    org,
    telephony,
    sender,
    requestsMax: options.requestsMax ?? 600,
    withServiceApp: options.serviceApp === true,
    withheld: options.withheld ?? [],
    onExchange: options.onExchange ?? (() => {}),
    signal,
  })
  const config = (name: string) => textAt(activeTelephonyHook(org)?.channel, `config.${name}`)

  return {
    policy: policyOfServer(org),
    onToken: outcome => logToken(org, outcome),
    clockOffsetMs: () => org.clock.offsetMs,
    clientId: () => config('clientId') ?? '',
    scope: () => config('scope') ?? '',
    hookUrl: () => config('uri'),
    setHookUrl(newUrl) {
      const hook = activeTelephonyHook(org)
      if (!hook) return 'There is no active telephony hook.'
      return setHookUrl(org, hook, newUrl)
    },
    cannotCall: telephony.cannotCall,
    call: telephony.call,
    calls: telephony.calls,
    fetchToken: telephony.fetchToken,
    signAssertion: telephony.signAssertion,
    forget: telephony.forget,
    users,
    events: sender,
    setEventHook: async () => 'This org has a management API: POST /api/v1/eventHooks.',
    org: surface.handle,
    surface,
  }
}

const EVENTS_MAX = 400_000
