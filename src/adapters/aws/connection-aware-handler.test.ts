import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import type { HttpRequest } from '@smithy/types'
import {
  freePort,
  type Listening,
  listenHttp,
  listenHttps,
  listenRaw,
} from '../../../test/fixtures/listening.ts'
import { createConnectionAwareHandler, type WriteTrace } from './connection-aware-handler.ts'

function setUp({ connectMs = 10_000, now = (): number => 0 } = {}) {
  const handler = createConnectionAwareHandler(connectMs, now)
  return {
    [Symbol.dispose]: handler.destroy,
    /** One request; what became of it, and whether a byte of it may have left. */
    exchange: async (
      port: number,
      { protocol = 'http:', hostname = '127.0.0.1', signal = new AbortController().signal } = {},
    ) => {
      const trace: WriteTrace = { mayHaveWritten: false }
      handler.trace(signal, trace)
      const request: HttpRequest = {
        protocol,
        hostname,
        port,
        method: 'POST',
        path: '/',
        headers: { 'content-length': '4' },
        query: {},
        body: 'body',
      }
      try {
        const { response } = await handler.handle(request, { abortSignal: signal })
        return { status: response.statusCode, body: String(response.body), error: undefined, ...trace }
      } catch (error) {
        return { status: undefined, body: undefined, error: (error as Error).name, ...trace }
      }
    },
  }
}
const ok = (response: { end: (body: string) => unknown }): unknown => response.end('fine')

describe('whether a byte may have left', () => {
  it('is false until there is a connection', async () => {
    using handler = setUp()
    const { mayHaveWritten } = await handler.exchange(await freePort())
    assert.equal(mayHaveWritten, false)
  })

  it('is false during TLS, and true after it', async () => {
    await using hanging = await listenRaw(() => undefined)
    using impatient = setUp({ connectMs: 30 })
    const during = await impatient.exchange(hanging.port, { protocol: 'https:' })
    assert.deepEqual([during.error, during.mayHaveWritten], ['ConnectTimeout', false])

    await using server = await listenHttps(true, ok)
    using handler = setUp()
    const after = await handler.exchange(server.port, { protocol: 'https:', hostname: 'localhost' })
    assert.deepEqual([after.body, after.mayHaveWritten], ['fine', true])
  })

  it('is true from the connection on, also when it is cut then', async () => {
    await using server = await listenRaw(socket => socket.once('data', () => socket.resetAndDestroy()))
    using handler = setUp()
    assert.equal((await handler.exchange(server.port)).mayHaveWritten, true)
  })

  it('is true at once on a connection that is used again', async () => {
    await using server = await listenHttp((response, count) => count === 1 && ok(response))
    using handler = setUp()
    await handler.exchange(server.port)
    const abort = new AbortController()
    const second = handler.exchange(server.port, { signal: abort.signal })
    await new Promise(setImmediate)
    abort.abort()
    const { error, mayHaveWritten } = await second
    assert.deepEqual([error, mayHaveWritten], ['AbortError', true])
    assert.equal(server.connections.length, 1)
  })

  it('is of each request its own', async () => {
    await using server = await listenHttp(ok)
    using handler = setUp()
    const [bad, good] = await Promise.all([handler.exchange(await freePort()), handler.exchange(server.port)])
    assert.deepEqual([bad.mayHaveWritten, good.mayHaveWritten], [false, true])
  })
})

describe('the time for connecting', () => {
  it('is over for the connection only: an answer may take longer', async () => {
    await using server = await listenHttp(response => setTimeout(() => ok(response), 600))
    using handler = setUp({ connectMs: 500 })
    assert.equal((await handler.exchange(server.port)).body, 'fine')
  })
})

describe('a signal', () => {
  it('that has aborted before makes no connection', async () => {
    await using server = await listenHttp(ok)
    using handler = setUp()
    const late = await handler.exchange(server.port, { signal: AbortSignal.abort() })
    assert.deepEqual([late.error, late.mayHaveWritten], ['AbortError', false])
    await handler.exchange(server.port)
    assert.equal(server.connections.length, 1)
  })

  it('that aborts ends the connection: the carrier hears no more', async () => {
    const abort = new AbortController()
    await using server = await listenHttp(() => abort.abort())
    using handler = setUp()
    assert.equal((await handler.exchange(server.port, { signal: abort.signal })).error, 'AbortError')
    await closed(server)
  })

  it('that aborts after the answer has come changes nothing', async () => {
    const abort = new AbortController()
    await using server = await listenHttp(ok)
    using handler = setUp()
    assert.equal((await handler.exchange(server.port, { signal: abort.signal })).status, 200)
    abort.abort()
    assert.equal((await handler.exchange(server.port)).status, 200)
    assert.equal(server.connections.length, 1)
  })
})

describe('connections', () => {
  it('that were idle for more than four seconds are closed, those beside them are kept', async () => {
    let now = 0
    await using server = await listenHttp(ok)
    await using other = await listenHttp(ok)
    using handler = setUp({ now: () => now })
    await handler.exchange(server.port)
    now = 3_000
    await handler.exchange(other.port)
    now = 4_001
    await handler.exchange(other.port)
    await closed(server)
    assert.deepEqual([server.connections.length, other.connections.length], [1, 1])
  })

  it('are closed with the handler', async () => {
    await using server = await listenHttp(ok)
    {
      using handler = setUp()
      await handler.exchange(server.port)
    }
    await closed(server)
  })
})

async function closed({ connections }: Listening): Promise<void> {
  const [first = assert.fail('no connection was made')] = connections
  if (!first.closed) await once(first, 'close')
}

it('an answer that is larger than any of the carrier is given up', async () => {
  await using server = await listenHttp(response => response.end('x'.repeat(300_000)))
  using handler = setUp()
  const { error, mayHaveWritten } = await handler.exchange(server.port)
  assert.deepEqual([error, mayHaveWritten], ['AnswerTooLarge', true])
})
