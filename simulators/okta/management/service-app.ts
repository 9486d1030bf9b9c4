import { newSigningKey, type SigningKey } from '../signing-keys.ts'
import { type App, newborn, type OrgState } from './org-state.ts'

/** A service app that may use the management API with tokens instead of the API token. */
export type ServiceApp = {
  readonly clientId: string
  readonly privateKey: SigningKey
  /** The granted scopes. */
  readonly scopes: readonly string[]
}

const SCOPES = [
  'okta.apiTokens.read',
  'okta.apps.manage',
  'okta.authenticators.manage',
  'okta.authorizationServers.manage',
  'okta.customTelephonyProvider.read',
  'okta.eventHooks.manage',
  'okta.inlineHooks.manage',
  'okta.logs.read',
  'okta.orgs.read',
  'okta.policies.manage',
  'okta.policies.read',
  'okta.users.read',
]

/** Adds such an app to the org, as an administrator would first. */
export async function addServiceApp(org: OrgState, withheld: readonly string[]): Promise<ServiceApp> {
  const privateKey = await newSigningKey()
  const { kty, kid, n, e } = privateKey
  const dated = newborn(org, '0oa')
  const app: App = {
    ...dated,
    label: 'Set-up',
    status: 'ACTIVE',
    clientId: dated.id,
    credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
    settings: {
      oauthClient: {
        application_type: 'service',
        grant_types: ['client_credentials'],
        response_types: ['token'],
        dpop_bound_access_tokens: false,
        jwks: { keys: [{ kty, kid, n, e, alg: 'RS256', use: 'sig' }] },
      },
    },
  }
  org.apps.set(app.id, app)
  return { clientId: app.clientId, privateKey, scopes: SCOPES.filter(scope => !withheld.includes(scope)) }
}
