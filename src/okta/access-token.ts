import type { TimeLimit } from '../core/deliver/clock.ts'
import type { ReasonCode, Refusal } from '../core/values/reasons.ts'
import { type Claims, isSignedBy, parseJwt } from './jwt.ts'
import type { SigningKeys } from './signing-keys.ts'

/** Which tokens are accepted. All four are required, because every client of the server gets the same audience. */
export type TokenRules = {
  /** Exact `iss`, such as `https://example.okta.com/oauth2/default`. */
  readonly issuer: string
  readonly audience: string
  /** The service app of the hook: claim `cid`. */
  readonly clientId: string
  /** One scope that must be in `scp`. */
  readonly scope: string
}

/** How access tokens authenticate one caller. `org`: its name, if the deployment names its orgs. */
export type TokenMethod = {
  readonly org: string | undefined
  readonly rules: TokenRules
  readonly keys: SigningKeys
}

export type VerifiedToken = {
  readonly kind: 'verified'
  readonly claims: TokenClaims
  /** Expiry and leeway; milliseconds since 1970. */
  readonly validUntil: number
  /** Whether its times are also valid at a later moment, in milliseconds since 1970. */
  readonly isTimely: (now: number) => boolean
}
/** The claims of a verified token. None of them is secret. */
export type TokenClaims = {
  readonly issuer: string
  readonly audience: string
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Seconds since 1970. */
  readonly expires: number
}

/**
 * Verifies an Okta access token from the `Authorization` header: RS256 by one of the issuer's keys, then issuer,
 * audience, not-before, expiry, type, time of issue, client and scope. Times have 60 s leeway; a lifetime is at most 24
 * hours.
 */
export async function verifyAccessToken(
  authorization: string,
  rules: TokenRules,
  keys: SigningKeys,
  now: number,
  signal: TimeLimit,
): Promise<VerifiedToken | Refusal> {
  const jwt = parseJwt(bearerOf(authorization) ?? '')
  // RFC 7515 §4.1.11: `crit` names extensions that must be understood, and we understand none.
  if (jwt === undefined || jwt.header.crit !== undefined) return refused('TOKEN_MALFORMED')
  if (jwt.header.alg !== 'RS256') return refused('TOKEN_ALGORITHM')
  const key = await keys.find(jwt.header.kid, signal).catch(() => 'unavailable' as const)
  if (key === 'unavailable') return refused('KEYS_UNAVAILABLE')
  if (key === undefined) return refused('TOKEN_KEY_UNKNOWN')
  if (!isSignedBy(jwt, key)) return refused('TOKEN_SIGNATURE')

  const { header, claims } = jwt
  if (claims === undefined) return refused('TOKEN_MALFORMED')
  const code =
    missingDenial(claims) ??
    partiesDenial(claims, rules) ??
    timesDenial(claims, now) ??
    typeDenial(header.typ) ??
    lifetimeDenial(claims, now) ??
    rightsDenial(claims, rules)
  if (code !== undefined) return refused(code)
  const { issuer, audience, clientId } = rules // the same as in the claims, as compared above
  const scopes = scopesOf(claims).filter(scope => typeof scope === 'string')
  const expires = Number(claims.exp) // a number, as checked above
  return {
    kind: 'verified',
    claims: { issuer, audience, clientId, scopes, expires },
    isTimely: at => timesDenial(claims, at) === undefined && lifetimeDenial(claims, at) === undefined,
    validUntil: (expires + LEEWAY_SECONDS) * 1_000,
  }
}

function refused(code: ReasonCode): Refusal {
  return { kind: 'refusal', code }
}

/** The token in an `Authorization` header; undefined if it has none. */
export function bearerOf(authorization: string): string | undefined {
  return BEARER.exec(authorization)?.[1]
}

/** RFC 6750 §2.1. The scheme is not case-sensitive (RFC 9110 §11.1). */
const BEARER = /^Bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)$/i
const LEEWAY_SECONDS = 60
/** Okta's own maximum. */
const LIFETIME_MAX_SECONDS = 86_400

/**
 * RFC 8725 §3.11: a token of another type (an ID token, a logout token) is not accepted as an access token. Okta's
 * access tokens have the type `JWT`, `at+jwt` or `okta-internal-at+jwt`, or none.
 */
function typeDenial(typ: unknown): ReasonCode | undefined {
  const [mediaType = ''] = String(typ ?? 'JWT')
    .toLowerCase()
    .split(';') // parameters may follow
  const type = mediaType.trim().replace(/^application\//, '')
  return /[+-](?:sd-)?jwt$/.test(type) && !/(?:^|[.-])at\+jwt$/.test(type) ? 'TOKEN_TYPE' : undefined
}

function missingDenial({ iss, aud, exp }: Claims): ReasonCode | undefined {
  if (iss === undefined) return 'TOKEN_ISSUER'
  if (aud === undefined) return 'TOKEN_AUDIENCE'
  return exp === undefined ? 'TOKEN_EXPIRED' : undefined
}

/** Checks who issued it, and for whom. */
function partiesDenial({ iss, aud }: Claims, { issuer, audience }: TokenRules): ReasonCode | undefined {
  if (iss !== issuer) return 'TOKEN_ISSUER'
  return aud === audience || (Array.isArray(aud) && aud.includes(audience)) ? undefined : 'TOKEN_AUDIENCE'
}

function timesDenial({ iat, nbf, exp }: Claims, now: number): ReasonCode | undefined {
  const nowSeconds = Math.floor(now / 1_000)
  if (iat !== undefined && typeof iat !== 'number') return 'TOKEN_MALFORMED'
  const isValidYet = nbf === undefined || (typeof nbf === 'number' && nbf <= nowSeconds + LEEWAY_SECONDS)
  if (!isValidYet) return 'TOKEN_NOT_YET_VALID'
  return typeof exp === 'number' && exp > nowSeconds - LEEWAY_SECONDS ? undefined : 'TOKEN_EXPIRED'
}

/** Expiry and not-before are checked before this. `iat` is optional; without it the lifetime counts from now. */
function lifetimeDenial({ iat, exp }: Claims, now: number): ReasonCode | undefined {
  const nowSeconds = Math.floor(now / 1_000)
  const [issued, expires] = [iat as number | undefined, exp as number]
  if (issued !== undefined && !Number.isFinite(issued)) return 'TOKEN_MALFORMED'
  if (issued !== undefined && issued > nowSeconds + LEEWAY_SECONDS) return 'TOKEN_NOT_YET_VALID'
  const lifetime = Math.max(expires - (issued ?? expires), expires - nowSeconds - LEEWAY_SECONDS)
  return lifetime > LIFETIME_MAX_SECONDS ? 'TOKEN_LIFETIME' : undefined
}

function rightsDenial(claims: Claims, rules: TokenRules): ReasonCode | undefined {
  if (claims.cid !== rules.clientId) return 'TOKEN_CLIENT'
  return scopesOf(claims).includes(rules.scope) ? undefined : 'TOKEN_SCOPE'
}

/** Okta's `scp` is a list; some servers send `scope`, a string separated by spaces. */
function scopesOf({ scp, scope }: Claims): readonly unknown[] {
  if (Array.isArray(scp)) return scp
  return typeof scope === 'string' ? scope.split(' ') : []
}
