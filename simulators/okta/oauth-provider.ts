import { decodeJwt, decodeProtectedHeader } from 'jose'
import { errors, type JWKS, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { TokenFault } from './faults.ts'
import { registeredClients, type usedAssertions } from './oauth-storage.ts'
import { type KeyRing, published } from './signing-keys.ts'
import type { TokenPolicy } from './token-policy.ts'

/** The `Cache-Control` that Okta sends with its keys. */
const KEYS_CACHE_CONTROL = 'max-age=86400, must-revalidate'

/** The audience inside the library; the token has the policy's. */
const RESOURCE = 'urn:okta:authorization-server'

/** The result of a token request. */
export type TokenOutcome = {
  readonly clientId: string | undefined
  readonly scope: string | undefined
  /** OAuth's error and its description; missing if a token was issued. */
  readonly failure?: { readonly error: string; readonly description: string | undefined }
}

export type OAuthProviderOptions = {
  readonly issuer: string
  /** Where the endpoints are, below the mount point. */
  readonly paths: { readonly token: string; readonly keys: string }
  readonly tokenUrl: string
  readonly policy: TokenPolicy
  readonly keys: KeyRing
  readonly memory: ReturnType<typeof usedAssertions>
  /** Read for each token, so that a test can change it at any time. */
  readonly tokenFault: () => TokenFault
  /** How far the org's clock is ahead of the real one. */
  readonly clockOffsetSeconds: () => number
  readonly onToken: (outcome: TokenOutcome) => void
}

/**
 * The certified `oidc-provider`, shaped like an authorization server of Okta's: client credentials by
 * `private_key_jwt`, RS256 access tokens with Okta's claims, Okta's paths. Everything else is off.
 *
 * Its key set is fixed; a rotation creates a new provider with the same storage.
 */
export function oauthProvider(options: OAuthProviderOptions): Provider {
  const { issuer, paths, policy, keys, tokenFault } = options
  const lifetimeSeconds = (clientId: string | undefined, scope: string | undefined): number => {
    const grant = policy.grant(clientId ?? '', split(scope))
    return tokenFault().lifetimeSeconds ?? (grant.kind === 'granted' ? grant.lifetimeSeconds : 1)
  }

  const provider = new Provider(issuer, {
    adapter: registeredClients(options.memory, policy),
    jwks: { keys: [...published(keys)] } as JWKS,
    routes: {
      token: paths.token,
      jwks: paths.keys,
      authorization: paths.token.replace('token', 'authorize'),
    },
    scopes: [],
    responseTypes: [],
    clientAuthMethods: ['private_key_jwt'],
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      // Okta's SDK sends a proof with every token request, but gets a bearer token.
      dPoP: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        getResourceServerInfo(ctx, resource, client) {
          const audience = policy.audience()
          if (resource !== RESOURCE && resource !== audience) throw new errors.InvalidTarget()
          const requested = requestedScopes(ctx)
          const grant = policy.grant(client.clientId, requested)
          if (grant.kind === 'refused') {
            throw new errors.CustomOIDCProviderError(grant.error, grant.description)
          }
          return {
            scope: requested.join(' '),
            audience,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'RS256', kid: keys.active.kid } },
          }
        },
      },
    },
    // The library requires a positive lifetime; an expired token gets its dates in its claims.
    ttl: {
      ClientCredentials: (_ctx, token) => Math.max(1, lifetimeSeconds(token.clientId, token.scope)),
    },
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims) => refuseLooseAssertion(claims, options.tokenUrl),
    formats: {
      customizers: {
        jwt(_ctx, token, parts) {
          // Okta's access tokens carry `kid` and `alg` in their header, and no `typ`.
          parts.header = { typ: undefined }
          const iat = Number(parts.payload.iat) + options.clockOffsetSeconds()
          const lifetime = lifetimeSeconds(token.clientId, token.scope)
          parts.payload = accessTokenClaims({ ...parts.payload, iat }, lifetime, tokenFault().claims)
        },
      },
    },
  })

  provider.use(async (ctx, next) => {
    await next()
    if (ctx.path === paths.token) sayAsOkta(ctx as unknown as KoaContextWithOIDC, policy)
    if (ctx.status === 200 && ctx.path.startsWith('/.well-known/')) {
      ctx.body = { ...(ctx.body as object), scopes_supported: policy.publishedScopes() }
    }
    if (ctx.status !== 200 || ctx.path !== paths.keys) return
    ctx.type = 'application/json'
    ctx.set('Cache-Control', KEYS_CACHE_CONTROL)
  })
  provider.on('grant.success', ctx => options.onToken(asked(ctx)))
  provider.on('grant.error', (ctx, { error, error_description: description }) =>
    options.onToken({ ...asked(ctx), failure: { error, description } }),
  )
  provider.on('server_error', (_ctx, error) => console.error('The authorization server failed:', error))
  return provider
}

function requestedScopes(ctx: KoaContextWithOIDC): readonly string[] {
  const scope = ctx.oidc.params?.scope
  return split(typeof scope === 'string' ? scope : undefined)
}

function split(scope: string | undefined): readonly string[] {
  return scope ? scope.split(' ') : []
}

function asked(ctx: KoaContextWithOIDC): TokenOutcome {
  const { scope, client_assertion: assertion } = ctx.oidc.params ?? {}
  return {
    clientId: typeof assertion === 'string' ? clientOf(assertion) : undefined,
    scope: typeof scope === 'string' ? scope : undefined,
  }
}

/**
 * Okta is stricter than the library: the audience must be the token endpoint itself, and an assertion is valid for an
 * hour at most.
 */
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

/** The library has one message for every client that it cannot authenticate; Okta has two. */
function sayAsOkta(ctx: KoaContextWithOIDC, policy: TokenPolicy): void {
  const body = ctx.body as { readonly error?: unknown } | undefined
  const assertion = ctx.oidc?.params?.client_assertion
  if (body?.error !== 'invalid_client' || typeof assertion !== 'string') return
  const clientId = clientOf(assertion)
  const client = clientId === undefined ? undefined : policy.client(clientId)
  if (!client) {
    ctx.body = { ...body, error_description: "Invalid value for 'client_id' parameter." }
  } else if (!client.keys.some(key => key.kid === keyOf(assertion))) {
    ctx.body = { ...body, error_description: 'The client_assertion signature is invalid.' }
  }
}

function clientOf(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).sub
  } catch {
    return undefined
  }
}

function keyOf(assertion: string): string | undefined {
  try {
    return decodeProtectedHeader(assertion).kid
  } catch {
    return undefined
  }
}

/**
 * The claims of an access token of Okta's custom authorization servers: the library's `client_id` is `cid`, its `scope`
 * is the list `scp`, `jti` starts with `AT.`, and there is a `ver`.
 *
 * @param issued the library's claims
 * @param lifetimeSeconds from `iat` to `exp`; may be negative
 * @param changes claims to add or replace, for tests; null removes a claim
 */
function accessTokenClaims(
  issued: Readonly<Record<string, unknown>>,
  lifetimeSeconds: number,
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const claims: Record<string, unknown> = {
    ver: 1,
    jti: `AT.${issued.jti}`,
    iss: issued.iss,
    aud: issued.aud,
    iat: issued.iat,
    exp: Number(issued.iat) + lifetimeSeconds,
    cid: issued.client_id,
    scp: String(issued.scope).split(' '),
    sub: issued.client_id,
    ...changes,
  }
  // The library requires its own audience, so a claim is removed by setting it to undefined, not by deleting it.
  for (const [name, value] of Object.entries(claims)) if (value === null) claims[name] = undefined
  return claims
}
