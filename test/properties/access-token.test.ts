import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose'
import { verifyAccessToken } from '../../src/okta/access-token.ts'
import { keepSigningKeys } from '../../src/okta/signing-keys.ts'
import { NOW_SECONDS, tokenRules } from '../fixtures/tokens.ts'

const [first, second] = ['first', 'second'].map(kid => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid } as JsonWebKey & { readonly kid: string }
  return { kid, jwk, pem: privateKey.export({ type: 'pkcs8', format: 'pem' }) }
})
assert.ok(first !== undefined && second !== undefined)
const never = new AbortController().signal

/** A number that JSON reads as infinite. */
const INFINITE = 'infinite'

/** Claims, headers and key sets of an attacker or an unusual issuer. */
const odd = fc.constantFrom<unknown>(undefined, null, '', 'x', 0, -1, INFINITE, [], {}, true)
const seconds = fc.oneof(
  fc.integer({ min: NOW_SECONDS - 62, max: NOW_SECONDS + 62 }),
  fc.integer({ min: NOW_SECONDS + 86_300, max: NOW_SECONDS + 86_500 }),
  odd,
)
const mostly = <T>(valid: T, other: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant<unknown>(valid) }, { weight: 1, arbitrary: other })
const claims = fc.record({
  iss: mostly(tokenRules.issuer, odd),
  aud: mostly(tokenRules.audience, fc.oneof(odd, fc.constant([tokenRules.audience]), fc.constant(['other']))),
  exp: mostly(NOW_SECONDS + 600, seconds),
  nbf: mostly(undefined, seconds),
  iat: mostly(NOW_SECONDS - 10, seconds),
  cid: mostly(tokenRules.clientId, odd),
  scp: mostly([tokenRules.scope], odd),
})
const header = fc.record({
  alg: mostly('RS256', fc.constantFrom('none', 'HS256', 'RS384', 'PS256', 7, null, undefined)),
  kid: mostly('first', fc.constantFrom('second', 'third', '', undefined)),
  typ: mostly('JWT', fc.constantFrom('at+jwt', 'id+jwt', undefined)),
  crit: mostly(undefined, fc.constantFrom(['exp'], [], 'b64')),
})
const keySet = fc.subarray<object>([
  { ...first.jwk, alg: 'RS256', use: 'sig' },
  { ...second.jwk },
  { ...second.jwk, kid: 'first', use: 'enc' },
  { ...second.jwk, kid: 'third', alg: 'RS512' },
  { kty: 'EC', kid: 'first', crv: 'P-256', x: 'AA', y: 'AA' },
])
const body = fc.oneof(
  { weight: 12, arbitrary: claims.map(all => JSON.stringify(all).replaceAll(`"${INFINITE}"`, '1e999')) },
  { weight: 1, arbitrary: fc.constantFrom('[]', 'null', '7', '{') },
)

describe("Hookline's verification of access tokens", () => {
  it('agrees with the JWT library on any header, claims, key set and signature', {
    timeout: 120_000,
  }, async () => {
    const seen = new Map<string, number>()
    const token = fc.record({
      header,
      body,
      keySet,
      signer: mostly(first, fc.constant(second)),
      cut: mostly(0, fc.integer({ min: 1, max: 9 })),
    })
    await fc.assert(
      fc.asyncProperty(token, async ({ header, body, keySet, signer, cut }) => {
        const input = `${encode(JSON.stringify(header))}.${encode(body)}`
        const key = createPrivateKey((signer as typeof first).pem)
        const signature = sign('sha256', Buffer.from(input), key).toString('base64url')
        const text = `${input}.${signature.slice(Number(cut))}`
        const [ours, theirs] = await Promise.all([verdictOf(text, keySet), verdictOfLibrary(text, keySet)])
        seen.set(ours, (seen.get(ours) ?? 0) + 1)
        // A signature that is not Base64 is malformed to the library, and a wrong signature to Hookline.
        if (ours === 'TOKEN_SIGNATURE' && theirs === 'TOKEN_MALFORMED' && cut !== 0) return
        assert.equal(ours, theirs, `${JSON.stringify({ header, body, keySet })}`)
      }),
      { numRuns: 2_000, seed: 17 },
    )
    // Each result must occur, so that the comparison is meaningful.
    for (const end of [
      'verified',
      'TOKEN_MALFORMED',
      'TOKEN_ALGORITHM',
      'TOKEN_KEY_UNKNOWN',
      'TOKEN_SIGNATURE',
      'TOKEN_ISSUER',
      'TOKEN_AUDIENCE',
      'TOKEN_EXPIRED',
      'TOKEN_NOT_YET_VALID',
      'TOKEN_TYPE',
    ])
      assert.ok((seen.get(end) ?? 0) > 5, `${end}: ${seen.get(end)}`)
  })
})

const encode = (text: string): string => Buffer.from(text).toString('base64url')

/** Permissions and lifetime are Hookline's own rules: here they count as verified. */
const OURS = new Set(['TOKEN_CLIENT', 'TOKEN_SCOPE', 'TOKEN_LIFETIME'])

async function verdictOf(token: string, keys: readonly object[]): Promise<string> {
  const signingKeys = keepSigningKeys({ fetchJwks: async () => ({ jwks: { keys } }), now: () => 0 })
  const read = await verifyAccessToken(`Bearer ${token}`, tokenRules, signingKeys, NOW_SECONDS * 1_000, never)
  return read.kind === 'verified' || OURS.has(read.code) ? 'verified' : read.code
}

async function verdictOfLibrary(token: string, keys: readonly object[]): Promise<string> {
  try {
    const { payload, protectedHeader } = await jwtVerify(
      token,
      createLocalJWKSet({ keys } as JSONWebKeySet),
      {
        algorithms: ['RS256'],
        issuer: tokenRules.issuer,
        audience: tokenRules.audience,
        requiredClaims: ['exp'],
        clockTolerance: 60,
        currentDate: new Date(NOW_SECONDS * 1_000),
      },
    )
    if (protectedHeader.typ === 'id+jwt') return 'TOKEN_TYPE'
    if (payload.iat !== undefined && payload.iat > NOW_SECONDS + 60) {
      return Number.isFinite(payload.iat) ? 'TOKEN_NOT_YET_VALID' : 'TOKEN_MALFORMED'
    }
    return 'verified'
  } catch (error) {
    if (error instanceof errors.JOSEAlgNotAllowed) return 'TOKEN_ALGORITHM'
    if (error instanceof errors.JWSSignatureVerificationFailed) return 'TOKEN_SIGNATURE'
    if (error instanceof errors.JWKSNoMatchingKey) return 'TOKEN_KEY_UNKNOWN'
    if (error instanceof errors.JWKSMultipleMatchingKeys) return 'TOKEN_KEY_UNKNOWN'
    if (error instanceof errors.JWTExpired) return 'TOKEN_EXPIRED'
    if (error instanceof errors.JWTClaimValidationFailed) {
      const codes: Readonly<Record<string, string>> = {
        iss: 'TOKEN_ISSUER',
        aud: 'TOKEN_AUDIENCE',
        exp: 'TOKEN_EXPIRED',
        nbf: 'TOKEN_NOT_YET_VALID',
      }
      return codes[error.claim] ?? 'TOKEN_MALFORMED'
    }
    return error instanceof errors.JOSEError ? 'TOKEN_MALFORMED' : 'KEYS_UNAVAILABLE'
  }
}
