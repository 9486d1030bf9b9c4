import assert from 'node:assert/strict'
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { Client, RequestExecutor } from '@okta/okta-sdk-nodejs'
import { decodeProtectedHeader, importJWK, jwtVerify } from 'jose'
import { Secret } from '../../core/values/secret.ts'
import { createOktaApi } from './client.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey
const PEM = rsa.export({ type: 'pkcs8', format: 'pem' }).toString()
const TOKEN = { kind: 'token', token: new Secret('00token') } as const

describe("the client of Okta's management API", () => {
  test('all pages are read, including empty ones', async () => {
    await using org = await orgThat((request, response) => {
      const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page') ?? 0)
      const next = `<http://${request.headers.host}/api/v1/apps?page=${page + 1}>; rel="next"`
      if (page < 3) response.setHeader('Link', next)
      response.end(JSON.stringify([[{ id: 1 }, { id: 2 }], [], [{ id: 3 }], []][page]))
    })
    const { api } = client(org.url)
    assert.deepEqual(await api.list('/api/v1/apps'), [{ id: 1 }, { id: 2 }, { id: 3 }])
  })

  test('the token is sent only to the org, whatever a next page or redirect points to', async () => {
    const seen: string[] = []
    await using other = await orgThat((request, response) => {
      seen.push(request.headers.authorization ?? '')
      response.end('[]')
    })
    await using org = await orgThat((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { Location: `${other.url}/` }).end()
      else response.setHeader('Link', `<${other.url}/api>; rel="next"`).end('[{}]')
    })
    const { api } = client(org.url)
    await assert.rejects(api.list('/api/v1/apps'), /points to another place/)
    await assert.rejects(api.get('/moved'), /redirect/)
    assert.deepEqual(seen, [])
  })

  test('after a rate limit it waits by Okta’s own clock, and then repeats the request', async () => {
    const bodies: string[] = []
    await using org = await orgThat(async (request, response) => {
      bodies.push(Buffer.concat(await request.toArray()).toString())
      response.setHeader('Date', 'Mon, 04 May 2026 03:02:00 GMT')
      response.setHeader('X-Rate-Limit-Reset', String(Date.parse('2026-05-04T03:02:20Z') / 1000))
      if (bodies.length === 1) response.writeHead(429).end('{"errorCode":"E0000047"}')
      else response.end('{"id":"a"}')
    })
    const { api, pauses, notices } = client(org.url)
    assert.deepEqual(await api.post('/api/v1/things', { name: 'n' }), { id: 'a' })
    assert.deepEqual([pauses, notices, bodies], [[21_000], [21], ['{"name":"n"}', '{"name":"n"}']])
  })

  test('it does not wait for a limit that is not of a minute', async () => {
    await using org = await orgThat((_request, response) => {
      response.setHeader('Date', 'Mon, 04 May 2026 03:02:00 GMT')
      response.setHeader('X-Rate-Limit-Reset', String(Date.parse('2026-05-04T05:00:00Z') / 1000))
      response.writeHead(429).end('{"errorCode":"E0000047","errorSummary":"API call exceeded rate limit"}')
    })
    const { api, pauses } = client(org.url)
    await assert.rejects(api.get('/api/v1/things'), { errorCode: 'E0000047' })
    assert.deepEqual(pauses, [])
  })

  test('a refused service app is reported, and no request has "undefined" as its token', async () => {
    const paths: string[] = []
    await using org = await orgThat((request, response) => {
      paths.push(request.url ?? '')
      response.writeHead(401).end('{"error":"invalid_client","error_description":"No such key."}')
    })
    const refused = {
      name: 'OktaHttpError',
      status: 401,
      errorCode: 'invalid_client',
      errorSummary: 'No such key.',
    }
    await assert.rejects(client(org.url, app(PEM)).api.get('/api/v1/things'), refused)
    assert.deepEqual(paths, ['/oauth2/v1/token'])
  })

  test('a page that is not JSON is reported as not from Okta', async () => {
    await using org = await orgThat((_request, response) => response.end('<html>'))
    const { api } = client(org.url)
    const other = { name: 'OktaHttpError', status: 200, errorCode: '' }
    await assert.rejects(api.get('/api/v1/apps'), other)
    await assert.rejects(api.list('/api/v1/apps'), other)
  })

  test('the next page is found among other links in any form', async () => {
    const links = [
      '<self?a=1,2>; rel="self", <?page=1,1>; title="a"; rel="next"',
      '<?page=2>;rel=next',
      '<?page=3>; rel="nextish"',
    ]
    await using org = await orgThat((request, response) => {
      const page = Number.parseInt(new URL(request.url ?? '', 'http://x').searchParams.get('page') ?? '0', 10)
      response.setHeader('Link', links[page] ?? '').end(`[${page}]`)
    })
    assert.deepEqual(await client(org.url).api.list('/api/v1/apps'), [0, 1, 2])
  })

  test('endless pages and endless answers are abandoned', async () => {
    await using org = await orgThat((request, response) => {
      if (request.url === '/large') response.end('x'.repeat(17 * 1024 * 1024))
      else response.setHeader('Link', `<${request.url}>; rel="next"`).end('[]')
    })
    const { api } = client(org.url)
    await assert.rejects(api.list('/api/v1/apps'), /more than 20000 things or 1000 pages/)
    await assert.rejects(api.get('/large'), /more than 16 MB/)
  })

  test('a request without an answer is not repeated', async () => {
    let requests = 0
    await using org = await orgThat((request, _response) => {
      requests += 1
      request.socket.destroy()
    })
    await assert.rejects(client(org.url).api.post('/api/v1/things', {}), { code: 'ECONNRESET' })
    assert.equal(requests, 1)
  })
})

describe('a service app', () => {
  for (const [what, key, algorithm] of [
    ['an RSA key as PEM', rsa.export({ type: 'pkcs8', format: 'pem' }).toString(), 'RS256'],
    ['an RSA key as PKCS #1', rsa.export({ type: 'pkcs1', format: 'pem' }).toString(), 'RS256'],
    ['an EC key as SEC 1', ec.export({ type: 'sec1', format: 'pem' }).toString(), 'ES384'],
    ['a JWK with its own ID', JSON.stringify({ ...rsa.export({ format: 'jwk' }), kid: 'own' }), 'RS256'],
  ] as const) {
    test(`signs in with ${what}`, async () => {
      const seen: { kid: string | undefined; scope: string | null }[] = []
      await using org = await orgThat(async (request, response) => {
        if (request.url !== '/oauth2/v1/token') return void response.end(request.headers.authorization)
        const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString())
        const url = `http://${request.headers.host}/oauth2/v1/token`
        const verified = await jwtVerify(form.get('client_assertion') ?? '', createPublicKey(keyOf(key)), {
          issuer: '0oa1',
          subject: '0oa1',
          audience: url,
          algorithms: [algorithm],
          requiredClaims: ['exp', 'iat', 'jti'],
        })
        seen.push({ kid: verified.protectedHeader.kid, scope: form.get('scope') })
        response.end('{"token_type":"Bearer","access_token":"t1"}')
      })
      const { api } = client(org.url, app(key))
      await assert.rejects(api.get('/api/v1/things'), { errorCode: '' }) // the answer is no JSON: the header that was sent
      assert.deepEqual(seen, [{ kid: key.includes('"own"') ? 'own' : 'k1', scope: 'a b' }])
    })
  }

  test('proves possession of a key if the app requires it, with the nonce of the challenge', async () => {
    const proofs: unknown[] = []
    await using org = await orgThat(async (request, response) => {
      const proof = await readProof(request.headers.dpop)
      const { htm, htu, nonce, ath } = proof
      proofs.push([htm, String(htu).replace(/^.*?\d+(?=\/)/, ''), nonce, ath])
      if (request.url === '/oauth2/v1/token' && nonce === undefined) {
        response.writeHead(400, { 'dpop-nonce': 'n1' }).end('{"error":"use_dpop_nonce"}')
      } else if (request.url === '/oauth2/v1/token') {
        response.end('{"token_type":"DPoP","access_token":"t1"}')
      } else response.end(JSON.stringify([request.headers.authorization]))
    })
    const { api } = client(org.url, app(PEM))
    assert.deepEqual(await api.list('/api/v1/things?limit=2'), ['DPoP t1'])
    const hash = createHash('sha256').update('t1').digest('base64url')
    assert.deepEqual(proofs, [
      ['POST', '/oauth2/v1/token', undefined, undefined],
      ['POST', '/oauth2/v1/token', 'n1', undefined],
      ['GET', '/api/v1/things', undefined, hash],
    ])
  })

  test('requests a new token once if Okta no longer accepts the old one', async () => {
    let tokens = 0
    await using org = await orgThat((request, response) => {
      if (request.url === '/oauth2/v1/token') {
        tokens += 1
        response.end(`{"token_type":"Bearer","access_token":"t${tokens}"}`)
      } else if (request.url === '/never' || request.headers.authorization === 'Bearer t1') {
        response.writeHead(401).end('{"errorCode":"E0000011","errorSummary":"Invalid token provided"}')
      } else response.end('[1]')
    })
    const { api } = client(org.url, app(PEM))
    assert.deepEqual(await api.list('/api/v1/things'), [1])
    assert.equal(tokens, 2)
    await assert.rejects(api.get('/never'), { status: 401, errorCode: 'E0000011' })
    assert.equal(tokens, 3)
  })

  test('an unreadable key is reported without any of its text', () => {
    const broken = `-----BEGIN PRIVATE KEY-----\n${'QUJD'.repeat(20)}\n-----END PRIVATE KEY-----`
    assert.throws(() => client('http://127.0.0.1:1', app(broken)), /cannot be read; expected RSA or EC/)
  })
})

describe("compared with Okta's own SDK", () => {
  const calls = [
    ['get', '/api/v1/apps/0oa1', undefined],
    ['post', '/api/v1/inlineHooks', { name: 'n', channel: { type: 'HTTP' } }],
    ['post', '/api/v1/inlineHooks/1/lifecycle/activate', undefined],
    ['put', '/api/v1/apps/0oa1', { label: 'é' }],
    ['delete', '/api/v1/apps/0oa1', undefined],
  ] as const
  const answers = [
    [200, '{"id":"1"}'],
    [204, ''],
    [
      400,
      '{"errorCode":"E0000001","errorSummary":"Api validation failed","errorCauses":[{"errorSummary":"a"}]}',
    ],
    [404, '{"errorCode":"E0000007","errorSummary":"Not found","errorCauses":[]}'],
    [502, '<html>Bad gateway</html>'],
  ] as const

  test('sends the same requests, and reads the same from the answers', async () => {
    for (const [status, text] of answers) {
      const seen: unknown[] = []
      await using org = await orgThat(async (request, response) => {
        const { authorization, accept, 'content-type': type } = request.headers
        const body = Buffer.concat(await request.toArray()).toString()
        seen.push([request.method, request.url, authorization, accept, type, body])
        response.writeHead(status).end(text)
      })
      const { api } = client(org.url)
      const { http } = new Client({
        orgUrl: org.url,
        token: '00token',
        requestExecutor: new RequestExecutor(),
        cacheMiddleware: null,
      })
      for (const [method, path, body] of calls) {
        const own = await settled(() =>
          method === 'delete' ? api.remove(path) : api[method](path, body ?? {}),
        )
        const headers = { Accept: 'application/json', 'Content-Type': 'application/json' }
        const options: object = {
          method,
          headers,
          ...(method !== 'get' && method !== 'delete' && { body: JSON.stringify(body ?? {}) }),
        }
        const theirs = await settled(async () => {
          const answered = await (await http.http(`${org.url}${path}`, options)).text()
          return answered === '' || method === 'delete' ? undefined : JSON.parse(answered)
        })
        assert.deepEqual(own, theirs)
        assert.deepEqual(seen[0], seen[1])
        seen.length = 0
      }
    }
  })

  async function settled(call: () => Promise<unknown>) {
    try {
      return { answer: await call() }
    } catch (error) {
      const { status, errorCode = '', errorSummary = '', errorCauses = [] } = error as Record<string, unknown>
      return { status, errorCode, errorSummary, errorCauses }
    }
  }
})

/** The claims of a proof that its own public key verifies. */
async function readProof(header: string | string[] | undefined) {
  const proof = String(header)
  const { jwk } = decodeProtectedHeader(proof)
  assert.ok(jwk && !('d' in jwk))
  const options = { typ: 'dpop+jwt', requiredClaims: ['jti', 'iat', 'htm', 'htu'] }
  return (await jwtVerify(proof, await importJWK(jwk, 'ES256'), options)).payload
}

function keyOf(text: string): Parameters<typeof createPublicKey>[0] {
  return text.startsWith('{') ? { key: JSON.parse(text), format: 'jwk' } : text
}

function app(key: string): Parameters<typeof createOktaApi>[1] {
  return { kind: 'app', clientId: '0oa1', privateKey: new Secret(key), keyId: 'k1', scopes: ['a', 'b'] }
}

function client(orgUrl: string, credential: Parameters<typeof createOktaApi>[1] = TOKEN) {
  const pauses: number[] = []
  const notices: number[] = []
  const patience = {
    pause: async (ms: number) => void pauses.push(ms),
    onWait: (seconds: number) => void notices.push(seconds),
  }
  return { api: createOktaApi(orgUrl, credential, patience), pauses, notices }
}

async function orgThat(answer: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections()
      return new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}
