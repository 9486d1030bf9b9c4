import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { makeKey, makeToken, NOW_SECONDS, type SigningKey, tokenRules } from '../../test/fixtures/tokens.ts'
import { Secret } from '../core/values/secret.ts'
import { type AuthenticationMethods, identifyCaller, isKnownSecret } from './caller.ts'
import { keepSigningKeys, type SigningKeys } from './signing-keys.ts'
import { createVerifiedTokens } from './verified-tokens.ts'

const signer = await makeKey('first')
const globexSigner = await makeKey('globex')
function keysOf({ jwk }: SigningKey): SigningKeys {
  return keepSigningKeys({
    fetchJwks: async () => ({ jwks: { keys: [jwk] } }),
    now: () => NOW_SECONDS * 1_000,
  })
}
const keys = keysOf(signer)
const SECRET = 's'.repeat(32)
const token = { org: undefined, rules: tokenRules, keys }
const secretHeader = {
  org: undefined,
  rules: { name: 'X-Hook-Secret', secrets: [new Secret(SECRET)] },
}
const both: AuthenticationMethods = {
  tokens: [token],
  secretHeaders: [secretHeader],
  verified: createVerifiedTokens(),
}
const tokenOnly: AuthenticationMethods = {
  tokens: [token],
  secretHeaders: [],
  verified: createVerifiedTokens(),
}
const secretOnly: AuthenticationMethods = {
  tokens: [],
  secretHeaders: [secretHeader],
  verified: createVerifiedTokens(),
}

async function caller(headers: Record<string, string>, ways: AuthenticationMethods): Promise<string> {
  const who = await identifyCaller(
    name => new Headers(headers).get(name),
    ways,
    NOW_SECONDS * 1_000,
    new AbortController().signal,
  )
  return who.kind === 'caller' ? who.name : who.code
}
const bearer = { authorization: `Bearer ${await makeToken(signer)}` }
const secret = { 'x-hook-secret': SECRET }

describe('the caller', () => {
  for (const [what, headers, ways, expected] of [
    ['somebody with a token', bearer, tokenOnly, tokenRules.issuer],
    ['somebody with a token, where a secret would do too', bearer, both, tokenRules.issuer],
    ['somebody with the secret', secret, secretOnly, 'secret header'],
    ['somebody with the secret, where a token would do too', secret, both, 'secret header'],
    ['nobody without anything', {}, both, 'CREDENTIALS_MISSING'],
    ['nobody without a token', {}, tokenOnly, 'CREDENTIALS_MISSING'],
    ['nobody without the secret', {}, secretOnly, 'CREDENTIALS_MISSING'],
    ['nobody with a token where only the secret counts', bearer, secretOnly, 'CREDENTIALS_MISSING'],
    ['nobody with the secret where only a token counts', secret, tokenOnly, 'CREDENTIALS_MISSING'],
    ['nobody with a wrong secret', { 'x-hook-secret': 'x' }, secretOnly, 'SECRET_WRONG'],
    ['nobody with an empty secret', { 'x-hook-secret': '' }, secretOnly, 'SECRET_WRONG'],
    [
      'nobody with a wrong secret beside a good token',
      { ...bearer, 'x-hook-secret': 'x' },
      both,
      'SECRET_WRONG',
    ],
    ['nobody with a wrong token', { authorization: 'Bearer x.y.z' }, both, 'TOKEN_MALFORMED'],
    ['nobody with the secret as a token', { authorization: `Bearer ${SECRET}` }, both, 'TOKEN_MALFORMED'],
    [
      'nobody where there is no authentication method',
      { ...bearer, ...secret },
      { tokens: [], secretHeaders: [], verified: createVerifiedTokens() },
      'CREDENTIALS_MISSING',
    ],
  ] as const) {
    it(`is ${what}`, async () => assert.equal(await caller(headers, ways), expected))
  }

  it('is unauthenticated if the secret is sent twice', async () => {
    const headers = new Headers([
      ['x-hook-secret', SECRET],
      ['x-hook-secret', SECRET],
    ])
    const who = await identifyCaller(
      name => headers.get(name),
      secretOnly,
      NOW_SECONDS * 1_000,
      new AbortController().signal,
    )
    assert.deepEqual(who, { kind: 'unauthenticated', code: 'SECRET_WRONG' })
  })
})

describe('of several orgs', () => {
  const other = { ...tokenRules, issuer: 'https://globex.okta.com/oauth2/default', clientId: '0oaglobex' }
  const second = { ...tokenRules, clientId: '0oasecond' }
  const headerOf = (org: string, name: string, ...secrets: readonly string[]) => ({
    org,
    rules: { name, secrets: secrets.map(one => new Secret(one.padEnd(32, '-'))) },
  })
  const ways: AuthenticationMethods = {
    tokens: [
      { org: 'acme', rules: tokenRules, keys },
      { org: 'globex', rules: other, keys: keysOf(globexSigner) },
      { org: 'acme-staging', rules: second, keys },
    ],
    verified: createVerifiedTokens(),
    secretHeaders: [
      headerOf('initech', 'X-Hook-Secret', 'initech', 'initech-new'),
      headerOf('umbrella', 'X-Hook-Secret', 'umbrella'),
      headerOf('hooli', 'X-Hooli', 'hooli'),
    ],
  }
  const tokenOf = async (claims: object, by = signer) => ({
    authorization: `Bearer ${await makeToken(by, { ...claims })}`,
  })
  const secretOf = (header: string, secret: string) => ({ [header]: secret.padEnd(32, '-') })

  it('each is known by its own token: issuer and client', async () => {
    assert.equal(await caller(await tokenOf({}), ways), 'acme')
    assert.equal(await caller(await tokenOf({ cid: '0oasecond' }), ways), 'acme-staging')
    const globex = await tokenOf({ iss: other.issuer, cid: other.clientId }, globexSigner)
    assert.equal(await caller(globex, ways), 'globex')
  })

  it('no key of one can sign for another', async () => {
    const forged = await tokenOf({ iss: other.issuer, cid: other.clientId })
    assert.equal(await caller(forged, ways), 'TOKEN_KEY_UNKNOWN')
    assert.equal(await caller(await tokenOf({ cid: other.clientId }), ways), 'TOKEN_CLIENT')
  })

  it('an unknown issuer is an unauthenticated caller, and no keys are fetched', async () => {
    assert.equal(await caller(await tokenOf({ iss: 'https://evil.example' }), ways), 'TOKEN_ISSUER')
    assert.equal(await caller(await tokenOf({ iss: undefined }), ways), 'TOKEN_ISSUER')
  })

  it('a refused token is reported with the org that it claims', async () => {
    const { authorization } = await tokenOf({ scp: [] })
    const who = await identifyCaller(
      () => authorization,
      { ...ways, secretHeaders: [], verified: createVerifiedTokens() },
      NOW_SECONDS * 1_000,
      new AbortController().signal,
    )
    assert.deepEqual(who, { kind: 'unauthenticated', code: 'TOKEN_SCOPE', org: 'acme' })
  })

  it('each is known by its own secret, old or new, in its own header or a shared one', async () => {
    for (const [header, secret, expected] of [
      ['x-hook-secret', 'initech', 'initech'],
      ['x-hook-secret', 'initech-new', 'initech'],
      ['x-hook-secret', 'umbrella', 'umbrella'],
      ['x-hooli', 'hooli', 'hooli'],
      ['x-hooli', 'umbrella', 'SECRET_WRONG'],
      ['x-hook-secret', 'hooli', 'SECRET_WRONG'],
    ] as const)
      assert.equal(await caller(secretOf(header, secret), ways), expected, `${header}: ${secret}`)
  })
})

describe('the claims of a caller', () => {
  it('are the verified claims of its token, and none for a secret', async () => {
    const who = async (headers: Record<string, string>) =>
      identifyCaller(
        name => new Headers(headers).get(name),
        both,
        NOW_SECONDS * 1_000,
        new AbortController().signal,
      )
    const { issuer, audience, clientId, scope } = tokenRules
    const expires = NOW_SECONDS + 3_600
    const claims = { issuer, audience, clientId, scopes: [scope], expires }
    const validUntil = (expires + 60) * 1_000
    assert.deepEqual(await who(bearer), { kind: 'caller', name: issuer, org: undefined, claims, validUntil })
    const bySecret = { name: 'secret header', org: undefined, claims: undefined, validUntil: undefined }
    assert.deepEqual(await who(secret), { kind: 'caller', ...bySecret })
  })
})

const OLD = 'o'.repeat(32)
const NEW = 'n'.repeat(40)
const rules = { name: 'x-hook-secret', secrets: [new Secret(OLD), new Secret(NEW)] }

describe('the secret of the header', () => {
  it('is accepted, whichever of the two it is', () => {
    assert.equal(isKnownSecret(OLD, rules), true)
    assert.equal(isKnownSecret(NEW, rules), true)
  })

  for (const header of [
    '',
    OLD.slice(1),
    `${OLD}o`,
    OLD.toUpperCase(),
    `${OLD},${NEW}`,
    `${OLD} `,
    '••••••',
    'undefined',
  ]) {
    it(`is refused if it is anything else: "${header}"`, () =>
      assert.equal(isKnownSecret(header, rules), false))
  }

  it('is refused if none is set', () => {
    assert.equal(isKnownSecret('', { secrets: [] }), false)
  })
})
