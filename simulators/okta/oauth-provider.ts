import { errors, type JWKS, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import { accessTokenClaims } from './access-token-claims.ts'
import type { TokenFault } from './faults.ts'
import type { ServiceClient } from './service-client.ts'
import { type KeyRing, published } from './signing-keys.ts'
import type { usedAssertions } from './used-assertions.ts'

/** A `Cache-Control` as Okta sends it with its keys. */
const KEYS_CACHE_CONTROL = 'max-age=86400, must-revalidate'

export type OAuthProviderOptions = {
  readonly issuer: string
  readonly audience: string
  readonly scope: string
  readonly client: ServiceClient
  readonly keys: KeyRing
  readonly memory: ReturnType<typeof usedAssertions>
  /** Asked for each token, so that a test can change it at any time. */
  readonly tokenFault: () => TokenFault
}

/**
 * The certified `oidc-provider`, shaped like a custom authorization server of Okta's with one service client: client
 * credentials by `private_key_jwt`, RS256 access tokens with Okta's claims, Okta's paths. Everything else is off.
 *
 * Its key set is fixed; a rotation makes a new provider with the same memory.
 */
export function oauthProvider(options: OAuthProviderOptions): Provider {
  const { issuer, audience, scope, client, keys, tokenFault } = options
  const lifetimeSeconds = () => tokenFault().lifetimeSeconds ?? 3600

  const provider = new Provider(issuer, {
    adapter: options.memory,
    jwks: { keys: [...published(keys)] } as JWKS,
    routes: { token: '/v1/token', jwks: '/v1/keys', authorization: '/v1/authorize' },
    scopes: [scope],
    responseTypes: [],
    clientAuthMethods: ['private_key_jwt'],
    clients: [
      {
        client_id: client.clientId,
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'RS256',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        jwks: { keys: [client.publicKey] },
      },
    ],
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo(ctx, resource) {
          if (resource !== audience) throw new errors.InvalidTarget()
          refuseOtherScopes(ctx, scope)
          return {
            scope,
            audience,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'RS256', kid: keys.active.kid } },
          }
        },
      },
    },
    // A lifetime is a positive number to the library; that a token is born expired is written into its claims.
    ttl: { ClientCredentials: () => Math.max(1, lifetimeSeconds()) },
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims) => refuseLooseAssertion(claims, `${issuer}/v1/token`),
    formats: {
      customizers: {
        jwt(_ctx, _token, parts) {
          // Okta's access tokens carry `kid` and `alg` in their header, and no `typ`.
          parts.header = { typ: undefined }
          parts.payload = accessTokenClaims(parts.payload, lifetimeSeconds(), tokenFault().claims)
        },
      },
    },
  })

  provider.use(async (ctx, next) => {
    await next()
    if (ctx.status !== 200 || ctx.path !== '/v1/keys') return
    ctx.type = 'application/json'
    ctx.set('Cache-Control', KEYS_CACHE_CONTROL)
  })
  provider.on('server_error', (_ctx, error) => console.error('The authorization server failed:', error))
  return provider
}

/** Okta's own words for a scope that is missing, or not of this server. */
function refuseOtherScopes(ctx: KoaContextWithOIDC, granted: string): void {
  const requested = ctx.oidc.params?.scope
  if (typeof requested !== 'string' || requested === '') {
    throw new errors.CustomOIDCProviderError(
      'invalid_scope',
      "The authorization server resource does not have any configured default scopes, 'scope' must be provided.",
    )
  }
  if (requested.split(' ').some(scope => scope !== granted)) {
    throw new errors.CustomOIDCProviderError(
      'invalid_scope',
      'One or more scopes are not configured for the authorization server resource.',
    )
  }
}

/** Okta is stricter than the library: the audience is the token endpoint itself, and an assertion lives an hour at most. */
function refuseLooseAssertion(claims: Readonly<Record<string, unknown>>, tokenUrl: string): void {
  if (claims.aud !== tokenUrl) {
    throw new errors.InvalidClientAuth(
      'The audience claim for client_assertion must be the endpoint invoked.',
    )
  }
  if (Number(claims.exp) > Date.now() / 1000 + 3600) {
    throw new errors.InvalidClientAuth('The client_assertion lives for more than an hour.')
  }
}
