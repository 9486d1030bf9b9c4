import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { Secret } from '../../core/values/secret.ts'
import { createOktaApi } from './client.ts'

const TOKEN = { kind: 'token', token: new Secret('00token') } as const

describe("Okta's SDK as the commands use it", () => {
  test('all pages are read, empty ones too', async () => {
    await using org = await orgThat((request, response) => {
      const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page') ?? 0)
      const next = `<http://${request.headers.host}/api/v1/apps?page=${page + 1}>; rel="next"`
      if (page < 3) response.setHeader('Link', next)
      response.end(JSON.stringify([[{ id: 1 }, { id: 2 }], [], [{ id: 3 }], []][page]))
    })
    const { api } = client(org.url)
    assert.deepEqual(await api.list('/api/v1/apps'), [{ id: 1 }, { id: 2 }, { id: 3 }])
  })

  test('the token goes to the org alone, wherever the next page or a redirect may be', async () => {
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

  test('it waits until the limit resets by Okta’s own clock, and then sends the same again', async () => {
    const bodies: string[] = []
    await using org = await orgThat(async (request, response) => {
      bodies.push(Buffer.concat(await request.toArray()).toString())
      response.setHeader('Date', 'Mon, 04 May 2026 03:02:00 GMT')
      response.setHeader('X-Rate-Limit-Reset', String(Date.parse('2026-05-04T03:02:20Z') / 1000))
      if (bodies.length === 1) response.writeHead(429).end('{"errorCode":"E0000047"}')
      else response.end('{"id":"a"}')
    })
    const { api, pauses, told } = client(org.url)
    assert.deepEqual(await api.post('/api/v1/things', { name: 'n' }), { id: 'a' })
    assert.deepEqual([pauses, told, bodies], [[21_000], [21], ['{"name":"n"}', '{"name":"n"}']])
  })

  test('what is not a window of a minute is not waited for', async () => {
    await using org = await orgThat((_request, response) => {
      response.setHeader('Date', 'Mon, 04 May 2026 03:02:00 GMT')
      response.setHeader('X-Rate-Limit-Reset', String(Date.parse('2026-05-04T05:00:00Z') / 1000))
      response.writeHead(429).end('{"errorCode":"E0000047","errorSummary":"API call exceeded rate limit"}')
    })
    const { api, pauses } = client(org.url)
    await assert.rejects(api.get('/api/v1/things'), { errorCode: 'E0000047' })
    assert.deepEqual(pauses, [])
  })

  test('a service app that Okta refuses is said, and nothing is asked for with "undefined"', async () => {
    const paths: string[] = []
    await using org = await orgThat((request, response) => {
      paths.push(request.url ?? '')
      response.writeHead(401).end('{"error":"invalid_client","error_description":"No such key."}')
    })
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const app = {
      kind: 'app',
      clientId: '0oa1',
      privateKey: new Secret(pem),
      keyId: 'k1',
      scopes: ['okta.apps.manage'],
    } as const
    const refused = { name: 'OktaTokenError', errorCode: 'invalid_client', errorSummary: 'No such key.' }
    await assert.rejects(client(org.url, app).api.get('/api/v1/things'), refused)
    assert.ok(paths.every(path => path === '/oauth2/v1/token'))
  })
})

function client(orgUrl: string, credential: Parameters<typeof createOktaApi>[1] = TOKEN) {
  const pauses: number[] = []
  const told: number[] = []
  const patience = {
    pause: async (ms: number) => void pauses.push(ms),
    onWait: (seconds: number) => void told.push(seconds),
  }
  return { api: createOktaApi(orgUrl, credential, patience), pauses, told }
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
