import type { AskingSettings } from '../config/asking-fields.ts'
import type { WaysIn } from '../okta/asker.ts'
import { type Get, jwksFetcher } from '../okta/fetch-jwks.ts'
import { keepSigningKeys } from '../okta/signing-keys.ts'

/** The ways in that the settings open. */
export function waysIn(settings: AskingSettings, now: () => number, get?: Get): WaysIn {
  const { HOOKLINE_OKTA_ISSUER: issuer, HOOKLINE_OKTA_AUDIENCE: audience } = settings
  const { HOOKLINE_OKTA_CLIENT_ID: clientId, HOOKLINE_OKTA_SCOPE: scope } = settings
  const { HOOKLINE_SECRET_HEADER: name, HOOKLINE_SECRETS: secrets } = settings
  const isTokenSet =
    issuer !== undefined && audience !== undefined && clientId !== undefined && scope !== undefined
  return {
    token: isTokenSet
      ? {
          rules: { issuer, audience, clientId, scope },
          keys: keepSigningKeys({ fetchJwks: jwksFetcher(issuer, get), now }),
        }
      : undefined,
    secretHeader: name !== undefined && secrets !== undefined ? { name, secrets } : undefined,
  }
}
