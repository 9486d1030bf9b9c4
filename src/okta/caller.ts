import { createHash, timingSafeEqual } from 'node:crypto'
import type { TimeLimit } from '../core/deliver/clock.ts'
import type { ReasonCode } from '../core/values/reasons.ts'
import type { Secret } from '../core/values/secret.ts'
import {
  bearerOf,
  type TokenClaims,
  type TokenMethod,
  type VerifiedToken,
  verifyAccessToken,
} from './access-token.ts'
import { type Claims, parseJwt } from './jwt.ts'
import type { VerifiedTokens } from './verified-tokens.ts'

/** The authentication methods; at least one. Each one alone authenticates a caller. */
export type AuthenticationMethods = {
  readonly tokens: readonly TokenMethod[]
  readonly secretHeaders: readonly SecretHeaderMethod[]
  readonly verified: VerifiedTokens
}

export type SecretHeaderMethod = { readonly org: string | undefined; readonly rules: SecretHeaderRules }

/** Who calls the hook: an org with a name for the records, or an unauthenticated caller with the reason. */
export type Caller =
  | {
      readonly kind: 'caller'
      /** The org's name, else the issuer of the access token, else `secret header`; `hookline canary` for our own. */
      readonly name: string
      readonly org: string | undefined
      /** The claims of the access token; undefined for a secret. */
      readonly claims: TokenClaims | undefined
      /** When the access token expires, leeway included; milliseconds since 1970. A secret does not expire. */
      readonly validUntil: number | undefined
    }
  /** `org`: the one that the token claims to be of. */
  | { readonly kind: 'unauthenticated'; readonly code: ReasonCode; readonly org?: string | undefined }

/** The name of the caller without an org's name that authenticates by a secret header. */
export const SECRET_HEADER_CALLER = 'secret header'

export async function identifyCaller(
  header: (name: string) => string | null,
  { tokens, secretHeaders, verified }: AuthenticationMethods,
  now: number,
  signal: TimeLimit,
): Promise<Caller> {
  const presented = secretHeaders.flatMap(method => {
    const secret = header(method.rules.name)
    return secret === null ? [] : [{ method, secret }]
  })
  if (presented.length > 0) return callerBySecret(presented)
  const authorization = header('authorization')
  if (tokens.length === 0 || authorization === null)
    return { kind: 'unauthenticated', code: 'CREDENTIALS_MISSING' }
  const known = verified.find(authorization, now)
  if (known !== undefined) return callerByToken(known.method, known.token)
  const method = methodForToken(authorization, tokens)
  if (method === undefined) return { kind: 'unauthenticated', code: 'TOKEN_ISSUER' }
  const { org, rules, keys } = method
  const keySet = keys.current()
  const token = await verifyAccessToken(authorization, rules, keys, now, signal)
  if (token.kind === 'refusal') return { kind: 'unauthenticated', code: token.code, org }
  verified.remember(authorization, { method, token }, keySet)
  return callerByToken(method, token)
}

function callerByToken({ org, rules }: TokenMethod, { claims, validUntil }: VerifiedToken): Caller {
  return { kind: 'caller', name: org ?? rules.issuer, org, claims, validUntil }
}

/** Compares all of them, so that the time does not reveal which one is right. */
function callerBySecret(
  presented: readonly { readonly method: SecretHeaderMethod; readonly secret: string }[],
): Caller {
  const method = presented
    .map(({ method, secret }) => (isKnownSecret(secret, method.rules) ? method : undefined))
    .find(known => known !== undefined)
  if (method === undefined) return { kind: 'unauthenticated', code: 'SECRET_WRONG' }
  const { org } = method
  return { kind: 'caller', name: org ?? SECRET_HEADER_CALLER, org, claims: undefined, validUntil: undefined }
}

/**
 * The rules and keys with which the whole token will be verified. Its unverified claims decide nothing else. A token
 * without readable claims gets the first ones, which find out what is wrong with it.
 */
function methodForToken(authorization: string, tokens: readonly TokenMethod[]): TokenMethod | undefined {
  const claims = unverifiedClaims(authorization)
  if (claims === undefined) return tokens[0]
  const ofIssuer = tokens.filter(({ rules }) => rules.issuer === claims.iss)
  return ofIssuer.find(({ rules }) => rules.clientId === claims.cid) ?? ofIssuer[0]
}

function unverifiedClaims(authorization: string): Claims | undefined {
  return parseJwt(bearerOf(authorization) ?? '')?.claims
}

/** The authentication method for orgs without API Access Management: a header of the hook with a shared secret. */
type SecretHeaderRules = {
  readonly name: string
  /** One, or two during a rotation; each at least 32 characters. */
  readonly secrets: readonly Secret[]
}

/** In constant time: digests have equal lengths, and all of them are compared. */
export function isKnownSecret(secret: string, { secrets }: Pick<SecretHeaderRules, 'secrets'>): boolean {
  const digest = sha256(secret)
  return secrets.map(known => timingSafeEqual(digest, sha256(known.reveal()))).includes(true)
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
