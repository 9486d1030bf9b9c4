import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { makeKey, makeToken, NOW_SECONDS, tokenRules } from '../../test/fixtures/tokens.ts'
import { Secret } from '../core/secret.ts'
import { identifyAsker, type WaysIn } from './asker.ts'
import { keepSigningKeys } from './signing-keys.ts'

const signer = await makeKey('first')
const keys = keepSigningKeys({
  fetchJwks: async () => ({ jwks: { keys: [signer.jwk] } }),
  now: () => NOW_SECONDS * 1_000,
})
const SECRET = 's'.repeat(32)
const token = { rules: tokenRules, keys }
const secretHeader = { name: 'X-Hook-Secret', secrets: [new Secret(SECRET)] }
const both: WaysIn = { token, secretHeader }
const tokenOnly: WaysIn = { token, secretHeader: undefined }
const secretOnly: WaysIn = { token: undefined, secretHeader }

async function asker(headers: Record<string, string>, ways: WaysIn): Promise<string> {
  const who = await identifyAsker(
    name => new Headers(headers).get(name),
    ways,
    NOW_SECONDS * 1_000,
    new AbortController().signal,
  )
  return who.kind === 'asker' ? who.name : who.code
}
const bearer = { authorization: `Bearer ${await makeToken(signer)}` }
const secret = { 'x-hook-secret': SECRET }

describe('who asks', () => {
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
      'nobody where there is no way in',
      { ...bearer, ...secret },
      { token: undefined, secretHeader: undefined },
      'CREDENTIALS_MISSING',
    ],
  ] as const) {
    it(`is ${what}`, async () => assert.equal(await asker(headers, ways), expected))
  }

  it('is nobody with the secret sent twice', async () => {
    const headers = new Headers([
      ['x-hook-secret', SECRET],
      ['x-hook-secret', SECRET],
    ])
    const who = await identifyAsker(
      name => headers.get(name),
      secretOnly,
      NOW_SECONDS * 1_000,
      new AbortController().signal,
    )
    assert.deepEqual(who, { kind: 'stranger', code: 'SECRET_WRONG' })
  })
})
