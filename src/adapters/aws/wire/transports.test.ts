import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import {
  freePort,
  type Listening,
  listenHttp,
  listenHttps,
  listenRaw,
} from '../../../../test/fixtures/listening.ts'
import { NoAnswer, type Transport, type TransportLimits } from './exchange.ts'
import { createHttpsTransport } from './https-transport.ts'
import { createUndiciTransport } from './undici-transport.ts'

const transports = { 'node:https': createHttpsTransport, undici: createUndiciTransport } as const

/** What became of one exchange. */
type Outcome = {
  readonly status?: number
  readonly body?: string
  readonly error?: string
  readonly nothingSent?: boolean
}

function usable(transport: Transport) {
  return {
    [Symbol.dispose]: transport.close,
    exchange: async (address: string, signal?: AbortSignal): Promise<Outcome> => {
      const endpoint = new URL(address)
      const headers = { host: endpoint.host, 'content-length': '4' }
      try {
        const { status, body } = await transport.exchange({ endpoint, headers, body: 'body' }, signal)
        return { status, body: String(body) }
      } catch (error) {
        assert.ok(error instanceof NoAnswer)
        return { error: error.code ?? error.name, nothingSent: error.nothingSent }
      }
    },
  }
}

const ok = (response: { end: (body: string) => unknown }): unknown => response.end('fine')
const LIMITS: TransportLimits = { connectMs: 10_000, answerMaxBytes: 1_000, now: () => 0 }
const FINE = { status: 200, body: 'fine' }
const at = ({ port }: Listening): string => `http://127.0.0.1:${port}`

const skipIPv6 = await listenRaw(() => undefined, '::1').then(
  server => server[Symbol.asyncDispose]().then(() => false),
  () => 'This machine has no IPv6.',
)

for (const [name, create] of Object.entries(transports)) {
  const setUp = (changed: Partial<TransportLimits> = {}) => usable(create({ ...LIMITS, ...changed }))

  describe(`${name}: nothing was sent`, () => {
    it('when the connection is refused', async () => {
      using transport = setUp()
      const outcome = await transport.exchange(`http://127.0.0.1:${await freePort()}`)
      assert.deepEqual(outcome, { error: 'ECONNREFUSED', nothingSent: true })
    })

    it('when the name is not known', async () => {
      using transport = setUp()
      assert.equal((await transport.exchange('http://carrier.invalid')).nothingSent, true)
    })

    it('when TLS hangs until the time for connecting is over', async () => {
      await using server = await listenRaw(() => undefined)
      using transport = setUp({ connectMs: 30 })
      const outcome = await transport.exchange(`https://127.0.0.1:${server.port}`)
      assert.deepEqual(outcome, { error: 'ConnectTimeout', nothingSent: true })
    })

    it('when the signal aborts while TLS hangs', async () => {
      const abort = new AbortController()
      await using server = await listenRaw(socket => socket.once('data', () => abort.abort()))
      using transport = setUp()
      const outcome = await transport.exchange(`https://127.0.0.1:${server.port}`, abort.signal)
      assert.deepEqual(outcome, { error: 'AbortError', nothingSent: true })
    })

    it('when the connection is cut during TLS', async () => {
      await using server = await listenRaw(socket => socket.once('data', () => socket.resetAndDestroy()))
      using transport = setUp()
      const outcome = await transport.exchange(`https://127.0.0.1:${server.port}`)
      assert.deepEqual(outcome, { error: 'ECONNRESET', nothingSent: true })
    })

    it('when TLS ends after any byte of the handshake', async () => {
      await using server = await listenHttps(true, ok)
      using whole = setUp()
      assert.deepEqual(await whole.exchange(`https://localhost:${server.port}`), FINE)
      const hello = 1_200 // less than a server's part of the handshake
      for (let bytes = 0; bytes < hello; bytes += 97) {
        await using between = await forward(server.port, bytes)
        using transport = setUp()
        const outcome = await transport.exchange(`https://localhost:${between.port}`)
        assert.equal(outcome.nothingSent, true, `${bytes} bytes: ${outcome.error}`)
      }
      assert.equal(server.requests.length, 1)
    })

    it('when the certificate is not trusted: the server sees no request', async () => {
      await using server = await listenHttps(false, ok)
      using transport = setUp()
      assert.equal((await transport.exchange(`https://localhost:${server.port}`)).nothingSent, true)
      assert.deepEqual(server.requests, [])
    })

    it('when the signal has already aborted: no connection is made', async () => {
      await using server = await listenHttp(ok)
      using transport = setUp()
      const outcome = await transport.exchange(at(server), AbortSignal.abort())
      assert.deepEqual(outcome, { error: 'AbortError', nothingSent: true })
      assert.deepEqual(await transport.exchange(at(server)), FINE)
      assert.equal(server.connections.length, 1) // that of the second
    })

    it('when the signal aborts before the connection', async () => {
      await using server = await listenHttp(ok)
      using transport = setUp()
      const abort = new AbortController()
      const exchanging = transport.exchange(at(server), abort.signal)
      abort.abort()
      assert.deepEqual(await exchanging, { error: 'AbortError', nothingSent: true })
      assert.deepEqual(await transport.exchange(at(server)), FINE)
      assert.equal(server.requests.length, 1)
    })
  })

  describe(`${name}: something may have been sent`, () => {
    it('once connected, even if the connection is then cut', async () => {
      await using server = await listenRaw(socket => socket.once('data', () => socket.resetAndDestroy()))
      using transport = setUp()
      assert.deepEqual(await transport.exchange(at(server)), { error: 'ECONNRESET', nothingSent: false })
    })

    it('at once on a connection that is used again', async () => {
      await using server = await listenHttp((response, count) => count === 1 && ok(response))
      using transport = setUp()
      await transport.exchange(at(server))
      const abort = new AbortController()
      const second = transport.exchange(at(server), abort.signal)
      await new Promise(setImmediate)
      abort.abort()
      assert.deepEqual(await second, { error: 'AbortError', nothingSent: false })
      assert.equal(server.connections.length, 1)
    })

    it('when the signal aborts in the middle of the answer, and the server receives no more', async () => {
      const abort = new AbortController()
      await using server = await listenHttp(response => {
        response.writeHead(200, { 'content-length': 25 }).write('fi', () => abort.abort())
      })
      using transport = setUp()
      const outcome = await transport.exchange(at(server), abort.signal)
      assert.deepEqual(outcome, { error: 'AbortError', nothingSent: false })
      await closed(server)
    })

    it('when no answer arrives in time', async t => {
      t.mock.timers.enable({ apis: ['setTimeout'] })
      await using server = await listenHttp(() => t.mock.timers.tick(40))
      using transport = setUp({ answerMs: 40 })
      assert.deepEqual(await transport.exchange(at(server)), { error: 'TimeoutError', nothingSent: false })
      await closed(server)
    })

    it('separately for each exchange', async () => {
      await using server = await listenRaw(socket => socket.once('data', () => socket.destroy()))
      using transport = setUp()
      const outcomes = await Promise.all([
        transport.exchange(`http://127.0.0.1:${await freePort()}`),
        transport.exchange(at(server)),
      ])
      assert.deepEqual(
        outcomes.map(outcome => outcome.nothingSent),
        [true, false],
      )
    })
  })

  describe(`${name}: an answer`, () => {
    const whole = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\nx-amzn-requestid: 1\r\n\r\nfine'
    const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nfi\r\n2\r\nne\r\n0\r\n\r\n'
    for (const [what, text] of [
      ['of a known length', whole],
      ['in chunks', chunked],
    ] as const) {
      it(`${what} is valid only if it is complete: cut after any byte it is not`, async () => {
        for (let bytes = 0; bytes <= text.length; bytes += 1) {
          await using server = await listenRaw(socket => {
            socket.once('data', () => {
              if (bytes === 0) socket.resetAndDestroy()
              else socket.write(text.slice(0, bytes), () => socket.end())
            })
          })
          using transport = setUp()
          const outcome = await transport.exchange(at(server))
          if (bytes === text.length) assert.deepEqual(outcome, FINE)
          else assert.equal(outcome.nothingSent, false, `${bytes}: ${JSON.stringify(outcome)}`)
        }
      })
    }

    it('that arrives in small pieces is the same', async () => {
      await using server = await listenRaw(socket => {
        socket.setNoDelay(true)
        socket.once('data', () => writeSlowly(socket, Buffer.from(chunked)))
      })
      using transport = setUp()
      assert.deepEqual(await transport.exchange(at(server)), FINE)
    })

    it('may follow provisional ones', async () => {
      const hints = 'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'
      await using server = await listenRaw(socket => socket.once('data', () => socket.write(hints + whole)))
      using transport = setUp()
      assert.deepEqual(await transport.exchange(at(server)), FINE)
    })

    it('after an unexpected “100 Continue” is valid, or something may have been sent', async () => {
      const unasked = 'HTTP/1.1 100 Continue\r\n\r\n'
      await using server = await listenRaw(socket => socket.once('data', () => socket.write(unasked + whole)))
      using transport = setUp()
      const outcome = await transport.exchange(at(server))
      assert.ok(outcome.nothingSent === false || outcome.body === 'fine', JSON.stringify(outcome))
    })

    it('may take longer than the time for connecting', async t => {
      t.mock.timers.enable({ apis: ['setTimeout'] })
      await using server = await listenHttp(response => {
        t.mock.timers.tick(500)
        ok(response)
      })
      using transport = setUp({ connectMs: 500 })
      assert.deepEqual(await transport.exchange(at(server)), FINE)
    })

    it('arrives over TLS, even if that is slow', async () => {
      await using server = await listenHttps(true, ok)
      await using between = await forward(server.port, Number.POSITIVE_INFINITY, 'slowly')
      using transport = setUp()
      assert.deepEqual(await transport.exchange(`https://localhost:${between.port}`), FINE)
    })

    it('arrives from an IPv6 address', { skip: skipIPv6 }, async () => {
      await using server = await listenHttp(ok)
      await using between = await forward(server.port, Number.POSITIVE_INFINITY, 'at once', '::1')
      using transport = setUp()
      assert.deepEqual(await transport.exchange(`http://[::1]:${between.port}`), FINE)
    })

    it('that is too large is abandoned', async () => {
      await using server = await listenHttp(response => response.end('x'.repeat(300_000)))
      using transport = setUp()
      assert.deepEqual(await transport.exchange(at(server)), { error: 'AnswerTooLarge', nothingSent: false })
    })

    for (const [what, text] of [
      ['with headers that never end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`],
      ['in another protocol', 'SSH-2.0-OpenSSH_9.9\r\n'],
      ['of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
      ['with two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nfine!'],
      ['with a length and in chunks', chunked.replace('\r\n', '\r\ncontent-length: 4\r\n')],
      ['with a length that is none', 'HTTP/1.1 200 OK\r\ncontent-length: four\r\n\r\nfine'],
      ['with a chunk that is none', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nfine'],
      ['that switches protocols', 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
    ] as const) {
      it(`${what} is invalid, and something may have been sent`, async () => {
        await using server = await listenRaw(socket => socket.once('data', () => socket.end(text)))
        using transport = setUp()
        const outcome = await transport.exchange(at(server))
        assert.equal(outcome.nothingSent, false, JSON.stringify(outcome))
      })
    }

    it('that arrives twice is not taken as the answer to the next request', async () => {
      const second = whole.replace('fine', 'evil')
      let requests = 0
      await using server = await listenRaw(socket =>
        socket.on('data', () => {
          requests += 1
          socket.write(requests === 1 ? whole + second : whole)
        }),
      )
      using transport = setUp()
      assert.notEqual((await transport.exchange(at(server))).body, 'evil')
      await new Promise(setImmediate)
      assert.notEqual((await transport.exchange(at(server))).body, 'evil')
    })
  })

  describe(`${name}: connections`, () => {
    for (const [idleMs, connections] of [
      [4_000, 1],
      [4_001, 2],
    ] as const) {
      it(`are ${connections === 1 ? '' : 'not '}used again after ${idleMs} ms by the clock`, async () => {
        let now = 0
        await using server = await listenHttp(ok)
        using transport = setUp({ now: () => now })
        await transport.exchange(at(server))
        now += idleMs
        assert.deepEqual(await transport.exchange(at(server)), FINE)
        assert.equal(server.connections.length, connections)
      })
    }

    it('that were idle for too long are closed, and others are kept', async () => {
      let now = 0
      const waiting: (() => void)[] = []
      await using server = await listenHttp((response, count) => {
        if (count > 2) return ok(response)
        waiting.push(() => ok(response))
        if (waiting.length === 2) for (const answer of waiting) answer()
      })
      using transport = setUp({ now: () => now })
      await Promise.all([transport.exchange(at(server)), transport.exchange(at(server))])
      now = 3_000
      await transport.exchange(at(server))
      now = 4_001
      await transport.exchange(at(server))
      assert.equal(server.connections.length, 2)
      await Promise.any(
        server.connections.map(
          async socket => socket.closed || (await new Promise(resolve => socket.once('close', resolve))),
        ),
      )
    })

    it('that the server closed are replaced', async () => {
      await using server = await listenHttp(response => {
        response.setHeader('connection', 'close')
        ok(response)
      })
      using transport = setUp()
      for (let count = 0; count < 3; count += 1) assert.deepEqual(await transport.exchange(at(server)), FINE)
      assert.equal(server.connections.length, 3)
    })

    it('are at most 500; further requests wait for one, or until their own end', async () => {
      const responses: { end: (body: string) => unknown }[] = []
      const full = Promise.withResolvers<void>()
      await using server = await listenHttp(response => {
        if (responses.push(response) === 500) full.resolve()
        if (responses.length > 500) ok(response)
      })
      using transport = setUp()
      const abort = new AbortController()
      const exchanging = Array.from({ length: 500 }, () => transport.exchange(at(server)))
      const late = transport.exchange(at(server), abort.signal) // the first of those that wait
      exchanging.push(...Array.from({ length: 5 }, () => transport.exchange(at(server))))
      await full.promise
      abort.abort()
      assert.deepEqual(await late, { error: 'AbortError', nothingSent: true })
      for (const response of responses.slice(0, 500)) ok(response)
      for (const outcome of await Promise.all(exchanging)) assert.deepEqual(outcome, FINE)
      assert.equal(server.connections.length, 500)
      assert.equal(server.requests.length, 505) // the one that was given up is never sent
    })

    it('are closed with the transport', async () => {
      await using server = await listenHttp(ok)
      {
        using transport = setUp()
        await transport.exchange(at(server))
      }
      await closed(server)
    })
  })
}

describe('node:https through a proxy', () => {
  /** A proxy that tunnels to one port, or refuses with a status. */
  async function listenProxy(port: number, status = 200) {
    const asked: string[] = []
    const proxy = await listenRaw(socket => {
      socket.once('data', (head: Buffer) => {
        asked.push(String(head).split('\r\n')[0] ?? '')
        if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`)
        const target = connect(port, '127.0.0.1')
        target.on('error', () => socket.destroy())
        socket.on('close', () => target.destroy())
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        socket.pipe(target).pipe(socket)
      })
    })
    return Object.assign(proxy, { asked })
  }
  const through = (environment: Readonly<Record<string, string>>, changed: Partial<TransportLimits> = {}) =>
    usable(createHttpsTransport({ ...LIMITS, ...changed }, environment))

  it('tunnels, and keeps the tunnel', async () => {
    await using server = await listenHttps(true, ok)
    await using proxy = await listenProxy(server.port)
    using transport = through({ HTTPS_PROXY: at(proxy) })
    for (let count = 0; count < 2; count += 1)
      assert.deepEqual(await transport.exchange(`https://localhost:${server.port}`), FINE)
    assert.deepEqual(proxy.asked, [`CONNECT localhost:${server.port} HTTP/1.1`])
  })

  it('reports that nothing was sent if the proxy refuses or hangs, or the certificate is not trusted', async () => {
    await using server = await listenHttps(true, ok)
    await using refusing = await listenProxy(server.port, 403)
    await using hanging = await listenRaw(() => undefined)
    for (const [address, connectMs] of [
      [at(refusing), 10_000],
      [at(hanging), 30],
      [`http://127.0.0.1:${await freePort()}`, 10_000],
    ] as const) {
      using transport = through({ HTTPS_PROXY: address }, { connectMs })
      const outcome = await transport.exchange(`https://localhost:${server.port}`)
      assert.equal(outcome.nothingSent, true, JSON.stringify(outcome))
    }
    await using untrusted = await listenHttps(false, ok)
    await using proxy = await listenProxy(untrusted.port)
    using transport = through({ HTTPS_PROXY: at(proxy) })
    assert.equal((await transport.exchange(`https://localhost:${untrusted.port}`)).nothingSent, true)
    assert.deepEqual(untrusted.requests, [])
  })

  it('does not use the proxy for hosts in NO_PROXY, or for plain HTTP', async () => {
    await using server = await listenHttps(true, ok)
    await using plain = await listenHttp(ok)
    using transport = through({ HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'localhost' })
    assert.deepEqual(await transport.exchange(`https://localhost:${server.port}`), FINE)
    assert.deepEqual(await transport.exchange(at(plain)), FINE)
  })
})

async function closed({ connections }: Listening): Promise<void> {
  const [first = assert.fail('no connection was made')] = connections
  if (!first.closed) await new Promise(resolve => first.once('close', resolve))
}

/** Forwards to a port: this many bytes of what comes back, and then resets. */
function forward(
  port: number,
  bytes: number,
  how: 'at once' | 'slowly' = 'at once',
  host = '127.0.0.1',
): Promise<Listening> {
  return listenRaw(socket => {
    const target = connect(port, '127.0.0.1')
    let left = bytes
    let last = Promise.resolve()
    socket.on('data', data => target.write(data))
    socket.on('close', () => target.destroy())
    target.on('error', () => socket.destroy())
    target.on('end', () => socket.end())
    target.on('data', (data: Buffer) => {
      last = last.then(async () => {
        const part = data.subarray(0, left)
        if (how === 'slowly') await writeSlowly(socket, part)
        else socket.write(part)
        left -= data.length
        if (left <= 0) socket.resetAndDestroy()
      })
    })
    if (left <= 0) socket.once('data', () => socket.resetAndDestroy())
  }, host)
}

async function writeSlowly(socket: Socket, bytes: Buffer): Promise<void> {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    socket.write(bytes.subarray(start, start + PIECE_BYTES))
    await new Promise(setImmediate)
  }
}

const PIECE_BYTES = 7
