import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { RegisteredClient, TokenPolicy } from './token-policy.ts'

/** The library's storage: clients are the policy's, asked anew each time; everything else is in `memory`. */
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
    // A key is known by these alone: what else an administrator wrote beside them is not the library's to judge.
    jwks: { keys: keys.map(({ kty, kid, n, e }) => ({ kty, kid, n, e, alg: 'RS256', use: 'sig' })) },
  }
}
