import assert from 'node:assert/strict'
import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto'
import { describe, it } from 'node:test'
import type { JWTPayload } from 'jose'
import { makeKey, makeToken, NOW_SECONDS, type SigningKey, tokenRules } from '../../test/fixtures/tokens.ts'
import { verifyAccessToken } from './access-token.ts'
import { keepSigningKeys } from './signing-keys.ts'

const never = new AbortController().signal
const [first, second, otherKey] = await Promise.all([makeKey('first'), makeKey('second'), makeKey('first')])
const [rs384, ps256, es256] = await Promise.all(['RS384', 'PS256', 'ES256'].map(alg => makeKey(alg, alg)))
assert.ok(rs384 && ps256 && es256)

function keysOf(...keys: readonly SigningKey[]) {
  const jwks = { keys: keys.map(({ jwk }) => jwk) }
  return keepSigningKeys({ fetchJwks: async () => ({ jwks }), now: () => NOW_SECONDS * 1_000 })
}
const keys = keysOf(first, second)

async function verdict(authorization: string, from = keys): Promise<string> {
  const read = await verifyAccessToken(authorization, tokenRules, from, NOW_SECONDS * 1_000, never)
  return read.kind === 'verified' ? 'verified' : read.code
}
const ofClaims = async (claims: JWTPayload) => verdict(`Bearer ${await makeToken(first, claims)}`)
const encode = (part: object | string): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')
const sound = await makeToken(first)
const [head = '', payload = '', signature = ''] = sound.split('.')

describe('an access token', () => {
  it('is verified, by any key of the issuer, with its claims', async () => {
    const read = await verifyAccessToken(`Bearer ${sound}`, tokenRules, keys, NOW_SECONDS * 1_000, never)
    assert.equal(read.kind === 'verified' && read.claims.clientId, tokenRules.clientId)
    assert.equal(await verdict(`Bearer ${await makeToken(second)}`), 'verified')
  })

  for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR', 'Bearer  ']) {
    it(`may have its scheme in any case: "${scheme}"`, async () => {
      assert.equal(await verdict(`${scheme} ${sound}`), 'verified')
    })
  }

  for (const [what, authorization] of [
    ['nothing', ''],
    ['no scheme', sound],
    ['a scheme only', 'Bearer '],
    ['another scheme', `Basic ${sound}`],
    ['junk before the scheme', `x Bearer ${sound}`],
    ['a blank before the scheme', ` Bearer ${sound}`],
    ['a comma before the scheme', `,Bearer ${sound}`],
    ['a longer scheme', `XBearer ${sound}`],
    ['two tokens', `Bearer ${sound}, Bearer ${sound}`],
    ['two tokens in one', `Bearer ${sound} ${sound}`],
    ['something after it', `Bearer ${sound}\nx`],
    ['no dots', 'Bearer abc'],
    ['four parts', `Bearer ${sound}.x`],
    ['encryption in five parts', `Bearer ${sound}.x.y`],
    ['no JSON in its header', `Bearer ${encode('not json')}.${payload}.${signature}`],
    ['no JSON in its claims, though signed by nobody', `Bearer ${head}.${encode('x')}`],
  ] as const) {
    it(`is malformed with ${what}`, async () => assert.equal(await verdict(authorization), 'TOKEN_MALFORMED'))
  }
})

describe('a forged access token', () => {
  it('is refused with the signature of another key under a known name', async () => {
    assert.equal(await verdict(`Bearer ${await makeToken(otherKey)}`), 'TOKEN_SIGNATURE')
  })

  it('is refused with tampered claims, header or signature', async () => {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    assert.equal(
      await verdict(`Bearer ${head}.${encode({ ...claims, sub: 'x' })}.${signature}`),
      'TOKEN_SIGNATURE',
    )
    const swapped = encode({ alg: 'RS256', kid: 'second' })
    assert.equal(await verdict(`Bearer ${swapped}.${payload}.${signature}`), 'TOKEN_SIGNATURE')
    const changed = `${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`
    assert.equal(await verdict(`Bearer ${head}.${payload}.${changed}`), 'TOKEN_SIGNATURE')
    assert.equal(await verdict(`Bearer ${head}.${payload}.`), 'TOKEN_SIGNATURE')
  })

  for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
    it(`is refused with alg "${alg}", signed or not`, async () => {
      const none = encode({ alg, kid: 'first' })
      assert.equal(await verdict(`Bearer ${none}.${payload}.`), 'TOKEN_ALGORITHM')
      assert.equal(await verdict(`Bearer ${none}.${payload}.${signature}`), 'TOKEN_ALGORITHM')
    })
  }

  it('is refused with HS256, signed with the public key as its secret', async () => {
    const pem = createPublicKey({ key: first.jwk as JsonWebKey, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    })
    for (const secret of [pem, JSON.stringify(first.jwk), first.jwk.n ?? '']) {
      const input = `${encode({ alg: 'HS256', kid: 'first' })}.${payload}`
      const mac = createHmac('sha256', secret).update(input).digest('base64url')
      assert.equal(await verdict(`Bearer ${input}.${mac}`), 'TOKEN_ALGORITHM')
    }
  })

  for (const signer of [rs384, ps256, es256]) {
    it(`is refused with ${signer.alg}, even if the issuer has such a key`, async () => {
      assert.equal(await verdict(`Bearer ${await makeToken(signer)}`, keysOf(signer)), 'TOKEN_ALGORITHM')
    })
  }

  it('is refused with RS384 by a key that does not name its algorithm', async () => {
    const { alg: _, ...anyAlg } = rs384.jwk
    const from = keysOf({ ...rs384, jwk: anyAlg })
    assert.equal(await verdict(`Bearer ${await makeToken(rs384)}`, from), 'TOKEN_ALGORITHM')
  })

  it('is refused with its own key in its header', async () => {
    const token = await makeToken(
      otherKey,
      {},
      { kid: 'mine', jwk: otherKey.jwk, jku: 'https://evil.example/keys' },
    )
    assert.equal(await verdict(`Bearer ${token}`), 'TOKEN_KEY_UNKNOWN')
  })

  it('is refused with an unknown critical header', async () => {
    const critical = encode({ alg: 'RS256', kid: 'first', crit: ['exp2'], exp2: 1 })
    assert.equal(await verdict(`Bearer ${critical}.${payload}.${signature}`), 'TOKEN_MALFORMED')
  })
})

describe('the key of an access token', () => {
  it('is unknown if the issuer has no key with its ID', async () => {
    const token = await makeToken({ ...first, kid: 'third' })
    assert.equal(await verdict(`Bearer ${token}`), 'TOKEN_KEY_UNKNOWN')
  })

  it('is not guessed without an ID if the issuer has several', async () => {
    const token = await makeToken(first, {}, { kid: undefined })
    assert.equal(await verdict(`Bearer ${token}`), 'TOKEN_KEY_UNKNOWN')
  })

  it('is the only one if the issuer has one', async () => {
    const token = await makeToken(first, {}, { kid: undefined })
    assert.equal(await verdict(`Bearer ${token}`, keysOf(first)), 'verified')
    assert.equal(await verdict(`Bearer ${token}`, keysOf(second)), 'TOKEN_SIGNATURE')
  })

  it('is never a key for encryption', async () => {
    const from = keysOf({ ...first, jwk: { ...first.jwk, use: 'enc' } })
    assert.equal(await verdict(`Bearer ${sound}`, from), 'TOKEN_KEY_UNKNOWN')
  })
})

describe('the type of an access token', () => {
  for (const [typ, expected] of [
    [undefined, 'verified'],
    ['JWT', 'verified'],
    ['jwt', 'verified'],
    ['at+jwt', 'verified'],
    ['AT+JWT', 'verified'],
    ['application/at+jwt', 'verified'],
    ['okta-internal-at+jwt', 'verified'],
    ['application/okta-internal-at+jwt', 'verified'],
    ['id+jwt', 'TOKEN_TYPE'],
    [' id+jwt ', 'TOKEN_TYPE'],
    ['application/id+jwt; charset=utf-8', 'TOKEN_TYPE'],
    ['application/ID+jwt', 'TOKEN_TYPE'],
    ...[
      'logout',
      'secevent',
      'dpop',
      'kb',
      'client-authentication',
      'oauth-authz-req',
      'entity-statement',
      'chat',
    ].map(other => [`${other}+jwt`, 'TOKEN_TYPE'] as const),
    ['dc+sd-jwt', 'TOKEN_TYPE'],
  ] as const) {
    it(`is ${expected}: ${typ}`, async () => {
      assert.equal(await verdict(`Bearer ${await makeToken(first, {}, { typ })}`), expected)
    })
  }
})

describe('the claims of an access token', () => {
  const { issuer, audience, clientId, scope } = tokenRules
  for (const [what, claims, expected] of [
    ['another issuer', { iss: 'https://other.okta.com/oauth2/default' }, 'TOKEN_ISSUER'],
    ['the org server of the same org', { iss: 'https://example.okta.com' }, 'TOKEN_ISSUER'],
    ['the issuer with a slash more', { iss: `${issuer}/` }, 'TOKEN_ISSUER'],
    ['no issuer', { iss: undefined }, 'TOKEN_ISSUER'],
    ['another audience', { aud: 'api://other' }, 'TOKEN_AUDIENCE'],
    ['an audience that only begins like ours', { aud: `${audience}2` }, 'TOKEN_AUDIENCE'],
    ['no audience', { aud: undefined }, 'TOKEN_AUDIENCE'],
    ['our audience among others', { aud: ['api://other', audience] }, 'verified'],
    ['another client', { cid: '0oaOther' }, 'TOKEN_CLIENT'],
    ['no client', { cid: undefined }, 'TOKEN_CLIENT'],
    ['our client as subject only', { cid: undefined, sub: clientId }, 'TOKEN_CLIENT'],
    ['our client in a list', { cid: [clientId] }, 'TOKEN_CLIENT'],
    ['our scope among others', { scp: ['openid', scope] }, 'verified'],
    ['our scope in a string', { scp: undefined, scope: `openid ${scope}` }, 'verified'],
    ['another scope', { scp: ['openid'] }, 'TOKEN_SCOPE'],
    ['a scope that only begins like ours', { scp: [`${scope}.more`] }, 'TOKEN_SCOPE'],
    ['another scope in a string', { scp: undefined, scope: `${scope}2` }, 'TOKEN_SCOPE'],
    ['no scope', { scp: undefined }, 'TOKEN_SCOPE'],
    ['a list without our scope beside a string with it', { scp: [], scope }, 'TOKEN_SCOPE'],
    ['scopes that are no text', { scp: [[scope], null, 7] }, 'TOKEN_SCOPE'],
    ['an expiry in the future', { exp: NOW_SECONDS + 1 }, 'verified'],
    ['an expiry 59 s ago, inside the leeway', { exp: NOW_SECONDS - 59 }, 'verified'],
    ['an expiry 60 s ago', { exp: NOW_SECONDS - 60 }, 'TOKEN_EXPIRED'],
    ['an expiry an hour ago', { exp: NOW_SECONDS - 3_600 }, 'TOKEN_EXPIRED'],
    ['no expiry', { exp: undefined }, 'TOKEN_EXPIRED'],
    ['an expiry that is no number', { exp: 'tomorrow' as never }, 'TOKEN_EXPIRED'],
    ['a lifetime of 24 hours', { iat: NOW_SECONDS - 10, exp: NOW_SECONDS + 86_390 }, 'verified'],
    ['a second more than 24 hours', { iat: NOW_SECONDS - 10, exp: NOW_SECONDS + 86_391 }, 'TOKEN_LIFETIME'],
    [
      'a lifetime of a year, nearly over',
      { iat: NOW_SECONDS - 31_000_000, exp: NOW_SECONDS + 9 },
      'TOKEN_LIFETIME',
    ],
    ['no time of issue', { iat: undefined }, 'verified'],
    ['no time of issue and 24 hours left', { iat: undefined, exp: NOW_SECONDS + 86_460 }, 'verified'],
    ['no time of issue and more left', { iat: undefined, exp: NOW_SECONDS + 86_461 }, 'TOKEN_LIFETIME'],
    ['an issue 60 s ahead, inside the leeway', { iat: NOW_SECONDS + 60 }, 'verified'],
    ['an issue 61 s ahead', { iat: NOW_SECONDS + 61 }, 'TOKEN_NOT_YET_VALID'],
    ['a time of issue that is no number', { iat: 'now' as never }, 'TOKEN_MALFORMED'],
    ['a time of issue that is null', { iat: null as never }, 'TOKEN_MALFORMED'],
    ['a beginning 60 s ahead, inside the leeway', { nbf: NOW_SECONDS + 60 }, 'verified'],
    ['a beginning 61 s ahead', { nbf: NOW_SECONDS + 61 }, 'TOKEN_NOT_YET_VALID'],
  ] as const) {
    it(`are ${expected} with ${what}`, async () =>
      assert.equal(await ofClaims({ ...claims } as JWTPayload), expected))
  }
})
