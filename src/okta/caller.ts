import { createHash, timingSafeEqual } from 'node:crypto'
import { decodeJwt } from 'jose'
import type { ReasonCode } from '../core/values/reasons.ts'
import type { Secret } from '../core/values/secret.ts'
import { bearerOf, type TokenClaims, type TokenRules, verifyAccessToken } from './access-token.ts'
import type { SigningKeys } from './signing-keys.ts'

/** The authentication methods; at least one. Each is complete in itself. */
export type AuthenticationMethods = {
  readonly tokens: readonly TokenWay[]
  readonly secretHeaders: readonly SecretHeaderWay[]
}

/** `org`: its name, where the deployment gives names to its orgs. */
export type TokenWay = {
  readonly org: string | undefined
  readonly rules: TokenRules
  readonly keys: SigningKeys
}
export type SecretHeaderWay = { readonly org: string | undefined; readonly rules: SecretHeaderRules }

/** Who asks: an caller with a name for the records, or an unauthenticated caller and why. */
export type Caller =
  | {
      readonly kind: 'caller'
      /** The org's name, else the issuer of the access token, else `secret header`. */
      readonly name: string
      readonly org: string | undefined
      /** Of the access token; a secret has none. */
      readonly claims: TokenClaims | undefined
      /** When the access token expires, leeway included; milliseconds since 1970. A secret does not expire. */
      readonly validUntil: number | undefined
    }
  /** `org`: whose token it says that it is. */
  | { readonly kind: 'unauthenticated'; readonly code: ReasonCode; readonly org?: string | undefined }

export async function identifyCaller(
  header: (name: string) => string | null,
  { tokens, secretHeaders }: AuthenticationMethods,
  now: number,
  signal: AbortSignal,
): Promise<Caller> {
  const given = secretHeaders.flatMap(way => {
    const secret = header(way.rules.name)
    return secret === null ? [] : [{ way, secret }]
  })
  if (given.length > 0) return bySecret(given)
  const authorization = header('authorization')
  if (tokens.length === 0 || authorization === null)
    return { kind: 'unauthenticated', code: 'CREDENTIALS_MISSING' }
  const way = wayOfToken(authorization, tokens)
  if (way === undefined) return { kind: 'unauthenticated', code: 'TOKEN_ISSUER' }
  const token = await verifyAccessToken(authorization, way.rules, way.keys, now, signal)
  if (token.kind === 'refusal') return { kind: 'unauthenticated', code: token.code, org: way.org }
  const { claims, validUntil } = token
  return { kind: 'caller', name: way.org ?? way.rules.issuer, org: way.org, claims, validUntil }
}

/** All of them are compared, whichever is right: the time tells nothing. */
function bySecret(given: readonly { readonly way: SecretHeaderWay; readonly secret: string }[]): Caller {
  const way = given
    .map(one => (isKnownSecret(one.secret, one.way.rules) ? one.way : undefined))
    .find(known => known !== undefined)
  return way === undefined
    ? { kind: 'unauthenticated', code: 'SECRET_WRONG' }
    : {
        kind: 'caller',
        name: way.org ?? 'secret header',
        org: way.org,
        claims: undefined,
        validUntil: undefined,
      }
}

/**
 * By whose rules and keys the token will be judged, all of it: what it says of itself unproven decides nothing else.
 * A token that says nothing readable is judged by the first, which finds out why.
 */
function wayOfToken(authorization: string, tokens: readonly TokenWay[]): TokenWay | undefined {
  const said = unprovenClaims(authorization)
  if (said === undefined) return tokens[0]
  const ofIssuer = tokens.filter(({ rules }) => rules.issuer === said.iss)
  return ofIssuer.find(({ rules }) => rules.clientId === said.cid) ?? ofIssuer[0]
}

function unprovenClaims(
  authorization: string,
): { readonly iss?: unknown; readonly cid?: unknown } | undefined {
  try {
    return decodeJwt(bearerOf(authorization) ?? '')
  } catch {
    return undefined
  }
}

/** The authentication method for orgs without API Access Management: a header of the hook with a shared secret. */
export type SecretHeaderRules = {
  readonly name: string
  /** One, or two while rotating; each at least 32 characters. */
  readonly secrets: readonly Secret[]
}

/** Constant time: digests of equal length are compared, and all of them. */
export function isKnownSecret(given: string, rules: SecretHeaderRules): boolean {
  const digest = sha256(given)
  return rules.secrets.map(secret => timingSafeEqual(digest, sha256(secret.reveal()))).includes(true)
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
