import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { RegisteredClient, TokenPolicy } from './token-policy.ts'

/** The library's storage: clients are read from the policy each time; everything else is in `memory`. */
export function registeredClients(
  memory: (name: string) => Adapter,
  policy: TokenPolicy,
): (name: string) => Adapter {
  return name => {
    if (name !== 'Client') return memory(name)
    return {
      ...memory(name),
      async find(clientId) {
        const client = policy.client(clientId)
        return client && metadata(client)
      },
    }
  }
}

function metadata({ clientId, keys }: RegisteredClient): AdapterPayload {
  return {
    client_id: clientId,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'RS256',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    // Only these members of a key reach the library, so that it does not validate others that an administrator wrote.
    jwks: { keys: keys.map(({ kty, kid, n, e }) => ({ kty, kid, n, e, alg: 'RS256', use: 'sig' })) },
  }
}

/** The most entries that are kept; the oldest are dropped first. */
const ENTRIES_MAX = 10_000

/**
 * The storage of the authorization server: the IDs of used client assertions, so that none is accepted twice. Tokens
 * are JWTs and are not stored; other records belong to grants that are disabled.
 */
export function usedAssertions(): (name: string) => Adapter {
  const entries = new Map<string, { readonly payload: AdapterPayload; readonly expiresAtMs: number }>()
  return name => ({
    async upsert(id, payload, expiresInSeconds = 0) {
      if (name !== 'ReplayDetection') return
      entries.set(id, { payload, expiresAtMs: Date.now() + expiresInSeconds * 1000 })
      for (const oldest of entries.keys()) {
        if (entries.size <= ENTRIES_MAX) break
        entries.delete(oldest)
      }
    },
    async find(id) {
      const entry = entries.get(id)
      return entry && entry.expiresAtMs > Date.now() ? entry.payload : undefined
    },
    findByUserCode: async () => undefined,
    findByUid: async () => undefined,
    consume: async () => undefined,
    destroy: async () => undefined,
    revokeByGrantId: async () => undefined,
  })
}
