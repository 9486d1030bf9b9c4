import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import type { Okta } from './okta.ts'
import { startOkta } from './server.ts'
import { newServiceClient } from './service-client.ts'

let okta: Okta
before(async () => {
  okta = await startOkta({ port: 0 })
})
after(() => okta.close())
beforeEach(() => {
  okta.setKeysFault({ mode: 'up' })
  okta.setTokenFault({})
})

test("a token fetched over HTTP verifies against the served keys and has exactly Okta's claims", async () => {
  const token = await newToken()
  const { payload, protectedHeader } = await verify(token)

  assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid'])
  assert.equal(protectedHeader.alg, 'RS256')
  const names = ['aud', 'cid', 'exp', 'iat', 'iss', 'jti', 'scp', 'sub', 'ver']
  assert.deepEqual(Object.keys(payload).sort(), names)
  assert.match(okta.clientId, /^0oa[A-Za-z0-9]{17}$/)
  assert.equal(payload.cid, okta.clientId)
  assert.equal(payload.sub, okta.clientId)
  assert.equal(payload.aud, 'api://default')
  assert.deepEqual(payload.scp, ['telephony.send'])
  assert.equal(payload.ver, 1)
  assert.match(String(payload.jti), /^AT\../)
  assert.equal(Number(payload.exp) - Number(payload.iat), 3600)
})

test("the token endpoint answers as Okta's does", async () => {
  const { status, body } = await requestToken({})
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(body).sort(), ['access_token', 'expires_in', 'scope', 'token_type'])
  assert.equal(body.token_type, 'Bearer')
  assert.equal(body.expires_in, 3600)
})

test('the metadata names the issuer, the token endpoint and the keys, at both well-known addresses', async () => {
  for (const name of ['openid-configuration', 'oauth-authorization-server']) {
    const response = await fetch(`${okta.issuer}/.well-known/${name}`)
    const metadata = (await response.json()) as Record<string, unknown>
    assert.equal(metadata.issuer, `${okta.url}/oauth2/default`)
    assert.equal(metadata.token_endpoint, `${okta.issuer}/v1/token`)
    assert.equal(metadata.jwks_uri, `${okta.issuer}/v1/keys`)
  }
})

test('the key set holds two public keys and may be cached', async () => {
  const response = await fetch(`${okta.issuer}/v1/keys`)
  const { keys } = (await response.json()) as KeySet
  assert.match(response.headers.get('cache-control') ?? '', /max-age=\d+/)
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
  assert.equal(keys.length, 2)
  for (const key of keys) assert.deepEqual(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use'])
})

for (const [what, scope] of [
  ['a scope that is not granted', 'okta.users.manage'],
  ['a granted scope and one that is not granted', 'telephony.send okta.users.manage'],
  ['no scope at all', undefined],
] as const) {
  test(`${what} is refused as an invalid scope`, async () => {
    const { status, body } = await requestToken({ scope })
    assert.equal(status, 400)
    assert.equal(body.error, 'invalid_scope')
    assert.deepEqual(Object.keys(body).sort(), ['error', 'error_description'])
  })
}

test('an assertion for another audience than the token endpoint is refused', async () => {
  for (const audience of [okta.issuer, 'https://example.com/oauth2/default/v1/token']) {
    assert.deepEqual(await refusal({ assertion: await okta.signAssertion(audience) }), [
      401,
      'invalid_client',
    ])
  }
})

test('an assertion of a client that is not registered is refused', async () => {
  const unknownClient = await newServiceClient()
  const assertion = await unknownClient.signAssertion(`${okta.issuer}/v1/token`)
  assert.deepEqual(await refusal({ assertion }), [401, 'invalid_client'])
})

test("an assertion that is not signed with the client's key is refused", async () => {
  const assertion = await okta.signAssertion(`${okta.issuer}/v1/token`)
  const [header, payload] = assertion.split('.')
  const unknownClient = await newServiceClient()
  const [, , signature] = (await unknownClient.signAssertion(okta.issuer)).split('.')
  assert.deepEqual(await refusal({ assertion: `${header}.${payload}.${signature}` }), [401, 'invalid_client'])
})

test('an assertion works only once', async () => {
  const assertion = await okta.signAssertion(`${okta.issuer}/v1/token`)
  assert.equal((await requestToken({ assertion })).status, 200)
  assert.deepEqual(await refusal({ assertion }), [401, 'invalid_client'])
})

test('a resource other than the audience of the server is refused', async () => {
  assert.deepEqual(await refusal({ resource: 'api://other' }), [400, 'invalid_target'])
})

test('after a rotation the announced next key signs, and tokens of the old key still verify', async () => {
  const old = await newToken()
  const announced = await kids()
  const { activeKid } = await okta.rotateKeys()
  assert.ok(announced.includes(activeKid))

  const token = await newToken()
  assert.equal(decodeProtectedHeader(token).kid, activeKid)
  await verify(token)
  await verify(old)
})

test('a rotation that drops the old key leaves its tokens without a key', async () => {
  const old = await newToken()
  await okta.rotateKeys({ drop: true })
  await verify(await newToken())
  await assert.rejects(verify(old), { code: 'ERR_JWKS_NO_MATCHING_KEY' })
})

test('a rotation can sign with a key that was never published before', async () => {
  const before = await kids()
  const { activeKid, kids: published } = await okta.rotateKeys({ unseen: true })
  assert.ok(!before.includes(activeKid))
  assert.ok((await kids()).includes(activeKid))
  assert.deepEqual((await kids()).sort(), published.sort())
})

test('a keys fault of 503 or garbage applies until it is removed', async () => {
  okta.setKeysFault({ mode: 'down' })
  assert.equal((await fetch(`${okta.issuer}/v1/keys`)).status, 503)
  okta.setKeysFault({ mode: 'garbage' })
  await assert.rejects(
    fetch(`${okta.issuer}/v1/keys`).then(response => response.json()),
    SyntaxError,
  )
  okta.setKeysFault({ mode: 'up' })
  assert.equal((await kids()).length > 0, true)
})

test('slow keys make a client wait, and then answer normally', async () => {
  okta.setKeysFault({ mode: 'slow', ms: 60_000 })
  const impatient = AbortSignal.timeout(20)
  await assert.rejects(fetch(`${okta.issuer}/v1/keys`, { signal: impatient }), { name: 'TimeoutError' })
  okta.setKeysFault({ mode: 'slow', ms: 1 })
  assert.equal((await kids()).length > 0, true)
})

test('a token can be issued with another lifetime, even already expired', async () => {
  okta.setTokenFault({ lifetimeSeconds: 30 })
  const short = decodeJwt(await newToken())
  assert.equal(Number(short.exp) - Number(short.iat), 30)
  okta.setTokenFault({ lifetimeSeconds: -600 })
  await assert.rejects(verify(await newToken()), { code: 'ERR_JWT_EXPIRED' })
})

test('a token can be issued with other claims, and without one', async () => {
  okta.setTokenFault({ claims: { cid: '0oaother', aud: 'api://other', scp: null } })
  const claims = decodeJwt(await newToken())
  assert.equal(claims.cid, '0oaother')
  assert.equal(claims.aud, 'api://other')
  assert.equal('scp' in claims, false)
})

test('the statistics count fetches of keys and requests for tokens, failures included', async () => {
  const before = okta.stats()
  okta.setKeysFault({ mode: 'down' })
  await fetch(`${okta.issuer}/v1/keys`)
  await requestToken({ scope: 'nonsense' })
  await newToken()
  const { jwksFetches, tokenRequests } = okta.stats()
  assert.deepEqual([jwksFetches - before.jwksFetches, tokenRequests - before.tokenRequests], [1, 2])
})

type KeySet = { readonly keys: readonly { readonly kid: string }[] }

type TokenRequest = {
  readonly scope?: string | undefined
  readonly assertion?: string
  readonly resource?: string
}

async function requestToken(request: TokenRequest) {
  const scope = 'scope' in request ? request.scope : okta.scope
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: request.assertion ?? (await okta.signAssertion(`${okta.issuer}/v1/token`)),
    ...(scope !== undefined && { scope }),
    ...(request.resource && { resource: request.resource }),
  })
  const response = await fetch(`${okta.issuer}/v1/token`, { method: 'POST', body: form })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function refusal(request: TokenRequest) {
  const { status, body } = await requestToken(request)
  return [status, body.error]
}

async function newToken(): Promise<string> {
  const { status, body } = await requestToken({})
  assert.equal(status, 200)
  return String(body.access_token)
}

async function kids(): Promise<string[]> {
  const response = await fetch(`${okta.issuer}/v1/keys`)
  const { keys } = (await response.json()) as KeySet
  return keys.map(key => key.kid)
}

function verify(token: string) {
  const keys = createRemoteJWKSet(new URL(`${okta.issuer}/v1/keys`))
  return jwtVerify(token, keys, { issuer: okta.issuer, audience: okta.audience, algorithms: ['RS256'] })
}
