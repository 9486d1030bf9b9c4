import type { CallerSettings } from '../config/callers.ts'
import type { TokenMethod } from '../okta/access-token.ts'
import type { AuthenticationMethods, SecretHeaderMethod } from '../okta/caller.ts'
import { type Get, jwksFetcher, keepSigningKeys, type SigningKeys } from '../okta/signing-keys.ts'
import { createVerifiedTokens } from '../okta/verified-tokens.ts'

/** The authentication methods of the settings. Clients of one issuer share its keys, whose age the steady clock measures. */
export function authenticationMethods(
  settings: CallerSettings,
  steadyNow: () => number,
  get: Get,
): AuthenticationMethods {
  const keysByIssuer = new Map<string, SigningKeys>()
  const keysOf = (issuer: string): SigningKeys => {
    const keys =
      keysByIssuer.get(issuer) ?? keepSigningKeys({ fetchJwks: jwksFetcher(issuer, get), now: steadyNow })
    keysByIssuer.set(issuer, keys)
    return keys
  }
  const { orgs = [], orgSecrets } = settings
  const named = orgs.map((org): { readonly token?: TokenMethod; readonly header?: SecretHeaderMethod } => {
    if (org.kind === 'access token') {
      const { name, issuer, audience, clientId, scope } = org
      return { token: { org: name, rules: { issuer, audience, clientId, scope }, keys: keysOf(issuer) } }
    }
    const secrets = orgSecrets?.get(org.name)
    return secrets === undefined
      ? {}
      : { header: { org: org.name, rules: { name: org.secretHeader, secrets } } }
  })
  return {
    tokens: [...ownToken(settings, keysOf), ...named.flatMap(({ token }) => token ?? [])],
    secretHeaders: [...ownSecretHeader(settings), ...named.flatMap(({ header }) => header ?? [])],
    verified: createVerifiedTokens(),
  }
}

function ownToken(settings: CallerSettings, keysOf: (issuer: string) => SigningKeys): readonly TokenMethod[] {
  const { issuer, audience, clientId, scope } = settings
  return issuer !== undefined && audience !== undefined && clientId !== undefined && scope !== undefined
    ? [{ org: undefined, rules: { issuer, audience, clientId, scope }, keys: keysOf(issuer) }]
    : []
}

function ownSecretHeader(settings: CallerSettings): readonly SecretHeaderMethod[] {
  const { secretHeader: name, secrets } = settings
  return name !== undefined && secrets !== undefined ? [{ org: undefined, rules: { name, secrets } }] : []
}
