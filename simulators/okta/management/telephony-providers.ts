import { ok } from './answer.ts'
import type { OrgState } from './org-state.ts'
import type { Route } from './route.ts'

/** `/api/v1/telephony-providers`: Okta's own bring-your-own telephony, read-only. */
export function telephonyProviderRoutes(org: OrgState): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/telephony-providers',
      handle: () =>
        ok(
          [...org.telephonyProviders.values()].map(provider => ({
            ...provider,
            providerCapability: 'ALL',
            providerSid: 'AC0123456789abcdef',
          })),
        ),
    },
  ]
}
