import type { AskingSettings } from '../config/asking-fields.ts'
import type { AuthenticationMethods, SecretHeaderMethod, TokenMethod } from '../okta/caller.ts'
import { type Get, jwksFetcher, keepSigningKeys, type SigningKeys } from '../okta/signing-keys.ts'

/** The authentication methods of the settings. Clients of one issuer share its keys, whose age is told by the steady clock. */
export function authenticationMethods(
  settings: AskingSettings,
  steadyNow: () => number,
  get?: Get,
): AuthenticationMethods {
  const keysByIssuer = new Map<string, SigningKeys>()
  const keysOf = (issuer: string): SigningKeys => {
    const keys =
      keysByIssuer.get(issuer) ?? keepSigningKeys({ fetchJwks: jwksFetcher(issuer, get), now: steadyNow })
    keysByIssuer.set(issuer, keys)
    return keys
  }
  const { HOOKLINE_ORGS: orgs = [], HOOKLINE_ORG_SECRETS: secretsByOrg } = settings
  const named = orgs.map((org): { readonly token?: TokenMethod; readonly header?: SecretHeaderMethod } => {
    if (org.kind === 'access token') {
      const { name, issuer, audience, clientId, scope } = org
      return { token: { org: name, rules: { issuer, audience, clientId, scope }, keys: keysOf(issuer) } }
    }
    const secrets = secretsByOrg?.get(org.name)
    return secrets === undefined
      ? {}
      : { header: { org: org.name, rules: { name: org.secretHeader, secrets } } }
  })
  return {
    tokens: [...ownToken(settings, keysOf), ...named.flatMap(({ token }) => token ?? [])],
    secretHeaders: [...ownSecretHeader(settings), ...named.flatMap(({ header }) => header ?? [])],
  }
}

function ownToken(settings: AskingSettings, keysOf: (issuer: string) => SigningKeys): readonly TokenMethod[] {
  const { HOOKLINE_OKTA_ISSUER: issuer, HOOKLINE_OKTA_AUDIENCE: audience } = settings
  const { HOOKLINE_OKTA_CLIENT_ID: clientId, HOOKLINE_OKTA_SCOPE: scope } = settings
  return issuer !== undefined && audience !== undefined && clientId !== undefined && scope !== undefined
    ? [{ org: undefined, rules: { issuer, audience, clientId, scope }, keys: keysOf(issuer) }]
    : []
}

function ownSecretHeader(settings: AskingSettings): readonly SecretHeaderMethod[] {
  const { HOOKLINE_SECRET_HEADER: name, HOOKLINE_SECRETS: secrets } = settings
  return name !== undefined && secrets !== undefined ? [{ org: undefined, rules: { name, secrets } }] : []
}
