import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { askHealth, ownUrl } from './healthz.ts'

describe('hookline healthz', () => {
  test('calls the server of these settings, on loopback if it listens on every address', () => {
    assert.equal(ownUrl('127.0.0.1', 8080), 'http://127.0.0.1:8080')
    assert.equal(ownUrl('0.0.0.0', 9000), 'http://127.0.0.1:9000')
    assert.equal(ownUrl('::', 9000), 'http://[::1]:9000')
    assert.equal(ownUrl('fd00::1', 1), 'http://[fd00::1]:1')
    assert.equal(ownUrl('hook.internal', 80), 'http://hook.internal:80')
  })

  test('succeeds only for status 200, and otherwise gives the reason', async () => {
    let status = 200
    let asked = ''
    const server = createServer((request, response) => {
      asked = request.url ?? ''
      response.writeHead(status).end('{}')
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const environment = { PORT: String((server.address() as AddressInfo).port) }
    try {
      await askHealth(environment)
      assert.equal(asked, '/healthz')
      status = 503
      await assert.rejects(askHealth(environment), { exitCode: 5, message: /answered with HTTP 503$/ })
    } finally {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
    await assert.rejects(askHealth(environment), { exitCode: 5, message: /does not answer/ })
    await assert.rejects(askHealth({ PORT: 'http' }), { exitCode: 3 })
  })
})
