import { newOrg } from '../hook-request.ts'
import type { OktaOptions } from '../okta.ts'
import type { Poster } from '../post.ts'
import type { Tenant, TenantOptions } from '../tenant.ts'
import { setHookUrl } from './break-setup.ts'
import { newOrgState } from './new-org.ts'
import { orgSurface } from './org-handle.ts'
import { activeTelephonyHook } from './org-state.ts'
import { orgTelephony } from './org-telephony.ts'
import { textAt } from './route.ts'
import { logToken } from './telephony-events.ts'
import { policyOfServer } from './token-decision.ts'

/** A new, empty org: its behaviour depends only on its set-up. */
export async function orgTenant(
  options: OktaOptions,
  { url, limitMs, signal }: TenantOptions,
  poster: Poster,
): Promise<Tenant> {
  const org = newOrgState(url, options.apiToken, options.behaviours)
  const telephony = orgTelephony({ org, user: newOrg(url).user, poster, limitMs })
  const surface = await orgSurface({
    org,
    telephony,
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
    org: surface.handle,
    surface,
  }
}
