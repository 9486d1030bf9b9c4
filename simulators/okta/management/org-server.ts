import type { IncomingMessage, ServerResponse } from 'node:http'
import { createLocalJWKSet, type JWK, jwtVerify } from 'jose'
import { oauthProvider } from '../oauth-provider.ts'
import { usedAssertions } from '../oauth-storage.ts'
import { newKeyRing, published } from '../signing-keys.ts'
import { now, type OrgState } from './org-state.ts'
import { policyOfOrg } from './token-decision.ts'

/** The org's own authorization server, whose tokens are for the management API. */
export type OrgServer = {
  readonly serves: (path: string) => boolean
  readonly handle: (req: IncomingMessage, res: ServerResponse) => Promise<void>
  /** The scopes of a token of this server; undefined for an invalid token. */
  readonly scopesOf: (token: string) => Promise<readonly string[] | undefined>
}

/** @param granted the scopes that each client was granted by an administrator */
export async function orgServer(
  org: OrgState,
  granted: (clientId: string) => readonly string[],
): Promise<OrgServer> {
  const keys = await newKeyRing()
  const paths = { token: '/oauth2/v1/token', keys: '/oauth2/v1/keys' }
  const answer = oauthProvider({
    issuer: org.url,
    paths,
    tokenUrl: `${org.url}${paths.token}`,
    policy: policyOfOrg(org, granted),
    keys,
    memory: usedAssertions(),
    tokenFault: () => ({}),
    clockOffsetSeconds: () => Math.round(org.clock.offsetMs / 1000),
    onToken: () => {},
  }).callback()
  const publicKeys = createLocalJWKSet({
    keys: published(keys).map(({ kty, kid, n, e }) => publicJwk(kty, kid, n, e)),
  })

  return {
    serves: path => Object.values(paths).includes(path.split('?')[0] ?? ''),
    handle: answer,
    async scopesOf(token) {
      try {
        const options = { issuer: org.url, audience: org.url, currentDate: now(org) }
        const { payload } = await jwtVerify(token, publicKeys, options)
        return Array.isArray(payload.scp) ? payload.scp.map(String) : []
      } catch {
        return undefined
      }
    },
  }
}

function publicJwk(kty: string, kid: string, n: string | undefined, e: string | undefined): JWK {
  return { kty, kid, alg: 'RS256', ...(n && { n }), ...(e && { e }) }
}
