import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { TokenFault } from '../../simulators/okta/faults.ts'
import { createForger } from '../support/forged-tokens.ts'
import { goodBody, postRaw } from '../support/requests.ts'
import { goodToken } from '../world/controls.ts'
import { sharedWorld } from '../world/world.ts'

const world = await sharedWorld()
const forger = await createForger(world.okta)
describe('an unauthenticated caller gets 401 with an empty body, and nothing is sent', () => {
  beforeEach(async () => void (await world.takeMessages()))
  afterEach(async () => {
    world.okta.setTokenFault({})
    await world.takeMessages()
  })
  const claims = (changes: Record<string, unknown>): TokenFault => ({ claims: changes })
  const farFromNow = Math.floor(Date.now() / 1000) + 600
  const issued: Readonly<Record<string, TokenFault>> = {
    'another issuer': claims({ iss: 'https://example.okta.com/oauth2/default' }),
    'the issuer with an extra slash': claims({ iss: 'http://127.0.0.1/' }),
    'no issuer': claims({ iss: null }),
    'another audience': claims({ aud: 'api://other' }),
    'a list of other audiences': claims({ aud: ['api://other', 'api://default/v2'] }),
    'another client of the same server': claims({ cid: '0oaother' }),
    'no client': claims({ cid: null }),
    'another scope': claims({ scp: ['telephony.read'] }),
    'a scope that only has it as a prefix': claims({ scp: ['telephony.send.all'] }),
    'no scope': claims({ scp: null }),
    'an expiry beyond the leeway': { lifetimeSeconds: -90 },
    'no expiry': claims({ exp: null }),
    'a not-before beyond the leeway': claims({ nbf: farFromNow }),
  }
  for (const [what, fault] of Object.entries(issued)) {
    test(`a token of the issuer with ${what}`, async () => {
      world.okta.setTokenFault(fault)
      await assertUnauthenticated(`Bearer ${await goodToken(world.okta)}`)
    })
  }

  const headers: Readonly<Record<string, () => Promise<string | undefined>>> = {
    'no header at all': async () => undefined,
    'an unknown key': async () => `Bearer ${await forger.withUnknownKey()}`,
    "another key under the issuer's key ID": async () => `Bearer ${await forger.withKnownKeyId('RS256')}`,
    RS384: async () => `Bearer ${await forger.withKnownKeyId('RS384')}`,
    PS256: async () => `Bearer ${await forger.withKnownKeyId('PS256')}`,
    'HS256 keyed with the public key': async () => `Bearer ${await forger.withPublicKeyAsSecret()}`,
    'alg none': async () => `Bearer ${forger.unsigned()}`,
    'a changed payload': async () => `Bearer ${tamper(await goodToken(world.okta))}`,
    'junk before the scheme': async () => `junk Bearer ${await goodToken(world.okta)}`,
    'junk attached to the scheme': async () => `xBearer ${await goodToken(world.okta)}`,
    'junk after the token': async () => `Bearer ${await goodToken(world.okta)} junk`,
    'two tokens': async () => `Bearer ${await goodToken(world.okta)}, Bearer ${await goodToken(world.okta)}`,
    'another scheme': async () => `Basic ${await goodToken(world.okta)}`,
    'a token without a scheme': async () => goodToken(world.okta),
    'a scheme without a token': async () => 'Bearer',
    'a token that is not a JWT': async () => 'Bearer abc.def.ghi',
  }
  for (const [what, header] of Object.entries(headers)) {
    test(what, async () => assertUnauthenticated(await header()))
  }

  test('a valid token is accepted, with the scheme in any case', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const authorization = `${scheme} ${await goodToken(world.okta)}`
      assert.equal((await world.post(goodBody(), { authorization })).status, 200)
    }
    assert.ok((await world.takeMessages()).length > 0)
  })

  test('an unauthenticated caller is refused before the body is read', async () => {
    const { status, body } = await postRaw(world.hookUrl, 'x'.repeat(1_000_000), { chunked: true })
    assert.deepEqual([status, body], [401, ''])
  })

  async function assertUnauthenticated(authorization: string | undefined): Promise<void> {
    const response = await fetch(world.hookUrl, {
      method: 'POST',
      body: goodBody(),
      headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
    })
    assert.deepEqual([response.status, await response.text()], [401, ''])
    assert.deepEqual(await world.takeMessages(), [])
  }
})

function tamper(token: string): string {
  const [header, payload = '', signature] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const changed = Buffer.from(JSON.stringify({ ...claims, jti: 'changed' })).toString('base64url')
  return `${header}.${changed}.${signature}`
}
