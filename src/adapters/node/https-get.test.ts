import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { listenHttp } from '../../../test/fixtures/listening.ts'
import { httpsGet } from './https-get.ts'

const never = new AbortController().signal

describe("a document fetched with Node's older client", () => {
  it('has its status and age, and redirects are not followed', async () => {
    await using server = await listenHttp(response =>
      response.writeHead(302, { location: '/other', 'cache-control': 'max-age=7' }).end('moved'),
    )
    const got = await httpsGet(`http://127.0.0.1:${server.port}/`, 100, never)
    assert.deepEqual(got, { status: 302, cacheControl: 'max-age=7', text: 'moved' })
    assert.equal(server.requests.length, 1)
  })

  it('is read up to its limit, and then the connection is closed', async () => {
    const ended = Promise.withResolvers<void>()
    await using server = await listenHttp(response => {
      response.once('close', ended.resolve)
      const more = (): void => {
        while (!response.destroyed && response.write('k'.repeat(16_384)));
      }
      response.on('drain', more)
      more()
    })
    await assert.rejects(
      httpsGet(`http://127.0.0.1:${server.port}/`, 100_000, never),
      /more than 100000 bytes/,
    )
    await ended.promise
  })
})
