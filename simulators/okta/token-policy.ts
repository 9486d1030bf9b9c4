import type { JWK } from 'jose'
import type { ServiceClient } from './service-client.ts'

/** A client of the authorization server: its ID and the public keys of its assertions. */
export type RegisteredClient = { readonly clientId: string; readonly keys: readonly JWK[] }

export type Grant =
  | { readonly kind: 'granted'; readonly lifetimeSeconds: number }
  /** An OAuth error with Okta's message. */
  | { readonly kind: 'refused'; readonly error: string; readonly description: string }

/** Who gets a token for what. Read for each request, so that a change applies at once. */
export type TokenPolicy = {
  readonly audience: () => string
  /** The scopes in the metadata. */
  readonly publishedScopes: () => readonly string[]
  /** Undefined for a client that does not exist, or may not request tokens. */
  readonly client: (clientId: string) => RegisteredClient | undefined
  readonly grant: (clientId: string, scopes: readonly string[]) => Grant
}

const HOUR_SECONDS = 3600

/** One client, one scope, one audience: the stand-in without an org. */
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

/** Okta's message for a scope that is missing or unknown to this server; undefined if all are known. */
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
