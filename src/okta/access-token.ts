import { errors, type JWTPayload, jwtVerify } from 'jose'
import type { ReasonCode, Refusal } from '../core/values/reasons.ts'
import type { SigningKeys } from './signing-keys.ts'

/** Whose tokens are accepted. All four are required: any client of the same server gets the same audience. */
export type TokenRules = {
  /** Exact `iss`, such as `https://example.okta.com/oauth2/default`. */
  readonly issuer: string
  readonly audience: string
  /** The service app of the hook: claim `cid`. */
  readonly clientId: string
  /** One scope that must be in `scp`. */
  readonly scope: string
}

export type VerifiedToken = {
  readonly kind: 'verified'
  readonly claims: TokenClaims
  /** Expiry and leeway; milliseconds since 1970. */
  readonly validUntil: number
}
/** What a verified token says; nothing of it is secret. */
export type TokenClaims = {
  readonly issuer: string
  readonly audience: string
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Seconds since 1970. */
  readonly expires: number
}

/**
 * Verifies an Okta access token from the `Authorization` header: RS256 by one of the issuer's keys, then type, issuer,
 * audience, client, scope, expiry, not-before and time of issue with 60 s leeway, and a lifetime of at most 24 hours.
 */
export async function verifyAccessToken(
  authorization: string,
  rules: TokenRules,
  keys: SigningKeys,
  now: number,
  signal: AbortSignal,
): Promise<VerifiedToken | Refusal> {
  const token = bearerOf(authorization)
  if (token === undefined) return { kind: 'refusal', code: 'TOKEN_MALFORMED' }
  try {
    const { payload, protectedHeader } = await jwtVerify(token, header => keys.find(header, signal), {
      algorithms: ['RS256'],
      issuer: rules.issuer,
      audience: rules.audience,
      requiredClaims: ['exp'],
      clockTolerance: LEEWAY_SECONDS,
      currentDate: new Date(now),
    })
    const denied = typeDenial(protectedHeader.typ) ?? timesDenial(payload, Math.floor(now / 1_000))
    if (denied !== undefined) return { kind: 'refusal', code: denied }
    if (payload.cid !== rules.clientId) return { kind: 'refusal', code: 'TOKEN_CLIENT' }
    if (!scopesOf(payload).includes(rules.scope)) return { kind: 'refusal', code: 'TOKEN_SCOPE' }
    const { exp = 0 } = payload // required above
    const { issuer, audience, clientId } = rules // as in the claims: compared above
    const scopes = scopesOf(payload).filter(scope => typeof scope === 'string')
    const claims = { issuer, audience, clientId, scopes, expires: exp }
    return { kind: 'verified', claims, validUntil: (exp + LEEWAY_SECONDS) * 1_000 }
  } catch (error) {
    return { kind: 'refusal', code: denialOf(error) }
  }
}

/** The token in an `Authorization` header; undefined when there is none in it. */
export function bearerOf(authorization: string): string | undefined {
  return BEARER.exec(authorization)?.[1]
}

/** RFC 6750 §2.1; the scheme in any case (RFC 9110 §11.1), nothing before it. */
const BEARER = /^Bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)$/i
const LEEWAY_SECONDS = 60
/** Okta's own maximum. */
const LIFETIME_MAX_SECONDS = 86_400

/**
 * RFC 8725 §3.11: a token of another type (an ID token, a logout token) is not taken for an access token. Okta's own are
 * `JWT`, `at+jwt`, `okta-internal-at+jwt` or have no type.
 */
function typeDenial(typ: string | undefined): ReasonCode | undefined {
  const [mediaType = ''] = String(typ ?? 'JWT')
    .toLowerCase()
    .split(';') // parameters may follow
  const type = mediaType.trim().replace(/^application\//, '')
  return /[+-](?:sd-)?jwt$/.test(type) && !/(?:^|[.-])at\+jwt$/.test(type) ? 'TOKEN_TYPE' : undefined
}

/** Expiry and not-before were judged before. `iat` is optional; without it the lifetime counts from now. */
function timesDenial({ iat, exp = 0 }: JWTPayload, nowSeconds: number): ReasonCode | undefined {
  if (iat !== undefined && !Number.isFinite(iat)) return 'TOKEN_MALFORMED'
  if (iat !== undefined && iat > nowSeconds + LEEWAY_SECONDS) return 'TOKEN_NOT_YET_VALID'
  const lifetime = Math.max(exp - (iat ?? exp), exp - nowSeconds - LEEWAY_SECONDS)
  return lifetime > LIFETIME_MAX_SECONDS ? 'TOKEN_LIFETIME' : undefined
}

/** Okta's `scp` is a list; some servers give `scope`, a string with blanks. */
function scopesOf(claims: JWTPayload): readonly unknown[] {
  if (Array.isArray(claims.scp)) return claims.scp
  return typeof claims.scope === 'string' ? claims.scope.split(' ') : []
}

function denialOf(error: unknown): ReasonCode {
  if (error instanceof errors.JOSEAlgNotAllowed) return 'TOKEN_ALGORITHM'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'TOKEN_SIGNATURE'
  if (error instanceof errors.JWKSNoMatchingKey) return 'TOKEN_KEY_UNKNOWN'
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'TOKEN_KEY_UNKNOWN'
  if (error instanceof errors.JWKSInvalid) return 'KEYS_UNAVAILABLE'
  if (error instanceof errors.JWTExpired) return 'TOKEN_EXPIRED'
  if (error instanceof errors.JWTClaimValidationFailed) return CLAIM_DENIALS[error.claim] ?? 'TOKEN_MALFORMED'
  if (error instanceof errors.JOSEError) return 'TOKEN_MALFORMED'
  return 'KEYS_UNAVAILABLE' // everything else was thrown while fetching keys
}

const CLAIM_DENIALS: Readonly<Record<string, ReasonCode | undefined>> = {
  iss: 'TOKEN_ISSUER',
  aud: 'TOKEN_AUDIENCE',
  exp: 'TOKEN_EXPIRED',
  nbf: 'TOKEN_NOT_YET_VALID',
}
