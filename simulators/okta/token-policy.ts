import type { JWK } from 'jose'
import type { ServiceClient } from './service-client.ts'

/** A client as the authorization server knows it: its ID and the public keys that it may sign assertions with. */
export type RegisteredClient = { readonly clientId: string; readonly keys: readonly JWK[] }

export type Grant =
  | { readonly kind: 'granted'; readonly lifetimeSeconds: number }
  /** An OAuth error with Okta's words. */
  | { readonly kind: 'refused'; readonly error: string; readonly description: string }

/** Who gets a token for what. Asked anew for each request, so that a change holds at once. */
export type TokenPolicy = {
  readonly audience: () => string
  /** The scopes that the metadata names. */
  readonly publishedScopes: () => readonly string[]
  /** Undefined for a client that does not exist, or may not ask. */
  readonly client: (clientId: string) => RegisteredClient | undefined
  readonly grant: (clientId: string, scopes: readonly string[]) => Grant
}

const HOUR_SECONDS = 3600

/** One client, one scope, one audience: the stand-in as it is when no org is asked for. */
export function fixedPolicy(client: ServiceClient, audience: string, scope: string): TokenPolicy {
  return {
    audience: () => audience,
    publishedScopes: () => [scope],
    client: clientId => (clientId === client.clientId ? { clientId, keys: [client.publicKey] } : undefined),
    grant: (_clientId, scopes) => refuseScopes(scopes, [scope]) ?? granted(HOUR_SECONDS),
  }
}

export function granted(lifetimeSeconds: number): Grant {
  return { kind: 'granted', lifetimeSeconds }
}

/** Okta's own words for a scope that is missing, or not of this server; undefined if all are known. */
export function refuseScopes(scopes: readonly string[], known: readonly string[]): Grant | undefined {
  if (scopes.length === 0) {
    return refused(
      'invalid_scope',
      "The authorization server resource does not have any configured default scopes, 'scope' must be provided.",
    )
  }
  if (scopes.some(scope => !known.includes(scope))) {
    return refused(
      'invalid_scope',
      'One or more scopes are not configured for the authorization server resource.',
    )
  }
  return undefined
}

export function refused(error: string, description: string): Grant {
  return { kind: 'refused', error, description }
}
