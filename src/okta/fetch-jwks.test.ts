import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { jwksFetcher } from './fetch-jwks.ts'

const never = new AbortController().signal
const JWKS = { keys: [] }

/** Fetches once from an issuer on loopback. */
async function fetchFrom(listener: RequestListener, path = '/oauth2/default', signal = never) {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    return await jwksFetcher(`http://127.0.0.1:${port}${path}`)(signal)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe("the issuer's keys", () => {
  for (const issuer of ['/oauth2/default', '/oauth2/default/']) {
    it(`are read from its /v1/keys: ${issuer}`, async () => {
      let asked = ''
      const fetched = await fetchFrom((request, response) => {
        asked = `${request.method} ${request.url}`
        response
          .setHeader('cache-control', 'public, max-age=86400, must-revalidate')
          .end(JSON.stringify(JWKS))
      }, issuer)
      assert.equal(asked, 'GET /oauth2/default/v1/keys')
      assert.deepEqual(fetched, { jwks: JWKS, maxAgeSeconds: 86_400 })
    })
  }

  it('may come without an age', async () => {
    const fetched = await fetchFrom((_, response) => response.end(JSON.stringify(JWKS)))
    assert.deepEqual(fetched, { jwks: JWKS })
  })

  for (const [what, listener, problem] of [
    [
      'with another status than 200',
      (_, response) => response.writeHead(503).end(),
      /answered HTTP 503; expected 200/,
    ],
    [
      'by a redirect',
      (_, response) => response.writeHead(302, { location: '/other' }).end(),
      /answered HTTP 302/,
    ],
    ['that are no JSON', (_, response) => response.end('<html>'), SyntaxError],
    [
      'that are too many',
      (_, response) => response.end(JSON.stringify('k'.repeat(100_000))),
      /more than 100000 bytes/,
    ],
    [
      'that never end, nor read any further',
      (_, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write('k'.repeat(16_384)));
        }
        response.on('drain', more)
        more()
      },
      /more than 100000 bytes/,
    ],
    [
      'cut off',
      (_, response) => response.writeHead(200, { 'content-length': 99 }).end('{', () => response.destroy()),
      /.*/,
    ],
  ] as readonly (readonly [string, RequestListener, RegExp | typeof SyntaxError])[]) {
    it(`are not taken ${what}`, async () => {
      await assert.rejects(fetchFrom(listener), problem)
    })
  }

  it('are not waited for longer than the signal says', async () => {
    const controller = new AbortController()
    const fetched = fetchFrom(() => controller.abort(new Error('too late')), '', controller.signal)
    await assert.rejects(fetched, /too late/)
  })
})
