import type { JWK } from 'jose'
import { isObject } from '../call-order.ts'
import { type Grant, granted, refused, refuseScopes, type TokenPolicy } from '../token-policy.ts'
import { type App, DEFAULT_SERVER, type OrgState } from './org-state.ts'
import { inOrder } from './priorities.ts'
import { at } from './route.ts'
import { rulesOf } from './rules.ts'

/** Tokens of the server `default`, by the org's current set-up. */
export function policyOfServer(org: OrgState): TokenPolicy {
  return {
    audience: () => org.authorizationServers.get(DEFAULT_SERVER)?.audience ?? '',
    publishedScopes: () =>
      [...org.scopes.values()]
        .filter(({ body }) => body.metadataPublish === 'ALL_CLIENTS')
        .map(({ name }) => name),
    client: clientId => registered(activeApp(org, clientId)),
    grant: (clientId, scopes) =>
      refuseBinding(activeApp(org, clientId)) ??
      refuseScopes(
        scopes,
        [...org.scopes.values()].map(scope => scope.name),
      ) ??
      decide(org, clientId, scopes),
  }
}

/** Tokens of the org's own server, for the management API: the scopes granted to the app. */
export function policyOfOrg(org: OrgState, scopesOf: (clientId: string) => readonly string[]): TokenPolicy {
  return {
    audience: () => org.url,
    publishedScopes: () => [],
    client: clientId => registered(activeApp(org, clientId)),
    grant: (clientId, scopes) =>
      refuseBinding(activeApp(org, clientId)) ?? refuseScopes(scopes, scopesOf(clientId)) ?? granted(3600),
  }
}

function activeApp(org: OrgState, clientId: string): App | undefined {
  return [...org.apps.values()].find(app => app.clientId === clientId && app.status === 'ACTIVE')
}

/** Whether the app requires DPoP tokens: a hook's token request has no proof. */
function refuseBinding(app: App | undefined): Grant | undefined {
  if (at(app?.settings, 'oauthClient.dpop_bound_access_tokens') !== true) return undefined
  return refused('invalid_dpop_proof', 'The DPoP proof JWT header is missing.')
}

/** The first matching rule by priority; an inactive policy or rule is ignored. */
function decide(org: OrgState, clientId: string, scopes: readonly string[]): Grant {
  for (const policy of inOrder([...org.policies.values()])) {
    const isForClient = policy.clients.includes(clientId) || policy.clients.includes('ALL_CLIENTS')
    if (policy.status !== 'ACTIVE' || !isForClient) continue
    for (const rule of inOrder(rulesOf(org, policy.id))) {
      if (rule.status !== 'ACTIVE' || !rule.grantTypes.includes('client_credentials')) continue
      if (!scopes.every(scope => rule.scopes.includes(scope) || rule.scopes.includes('*'))) continue
      return granted(Number(rule.token.accessTokenLifetimeMinutes) * 60)
    }
  }
  return refused(
    'access_denied',
    'Policy evaluation failed for this request, please check the policy configurations.',
  )
}

function registered(app: App | undefined): ReturnType<TokenPolicy['client']> {
  const isByKey = at(app?.credentials, 'oauthClient.token_endpoint_auth_method') === 'private_key_jwt'
  if (!app || !isByKey) return undefined
  const keys = at(app.settings, 'oauthClient.jwks.keys')
  return { clientId: app.clientId, keys: Array.isArray(keys) ? keys.filter(isKey) : [] }
}

function isKey(value: unknown): value is JWK {
  return isObject(value) && typeof value.kid === 'string'
}
