import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, it } from 'node:test'
import { type AppParts, createApp } from './app.ts'
import type { Hook, HookCall } from './hook.ts'
import type { JsonBody } from './read-json-body.ts'

const BODY = '{"a":"验证码"}'

/**
 * A server with a hook that answers with the request that it got. `ask` writes lines and a body as they are, and reads
 * to the end.
 */
async function serving(hook: Hook = echo, others: Partial<AppParts> = {}) {
  const app = createApp({
    path: '/mfa',
    hook,
    receipts: undefined,
    events: async () => ({ httpStatus: 404 }),
    readiness: async () => ({ httpStatus: 503, body: { status: 'not ready' } }),
    ...others,
  })
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ask: async (lines: readonly string[], body = '') => {
      const socket = connect(port, '127.0.0.1')
      socket.write([...lines, 'host: here', '', body].join('\r\n'))
      let text = ''
      for await (const chunk of socket.setEncoding('utf8')) text += chunk
      const [head = '', ...rest] = text.split('\r\n\r\n')
      return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), text: rest.join('\r\n\r\n') }
    },
    /** Writes and leaves. */
    leave: async (text: string) => {
      const socket = connect(port, '127.0.0.1')
      await new Promise<void>(written => socket.write(text, () => written()))
      socket.destroy()
    },
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

const echo: Hook = async ({ header, headerNames, readBody, gateway }: HookCall) => ({
  httpStatus: 200,
  body: {
    secret: header('X-Secret'),
    none: header('x-none'),
    names: headerNames(),
    body: await readBody(),
    gateway,
  },
})
const post = (target: string, ...more: string[]): string[] => [
  `POST ${target} HTTP/1.1`,
  'connection: close',
  ...more,
]
const lengthOf = (body: string): string => `content-length: ${Buffer.byteLength(body)}`

describe('the hook of a Node server', { timeout: 10_000 }, () => {
  it('gets headers, in any case, and the body, and its answer is JSON with a length', async () => {
    await using server = await serving()
    const answer = await server.ask(post('/mfa', 'x-SECRET: one', lengthOf(BODY)), BODY)
    assert.deepEqual(
      [answer.status, JSON.parse(answer.text)],
      [
        200,
        {
          secret: 'one',
          none: null,
          names: ['connection', 'x-SECRET', 'content-length', 'host'],
          body: { kind: 'json', json: { a: '验证码' } },
        },
      ],
    )
    assert.match(answer.head, /content-type: application\/json/)
    assert.match(answer.head, new RegExp(`content-length: ${Buffer.byteLength(answer.text)}`))
  })

  it('gets all of several headers with one name', async () => {
    await using server = await serving()
    const lines = post('/mfa', 'x-secret: one', 'x-secret: two', lengthOf(BODY))
    assert.equal(JSON.parse((await server.ask(lines, BODY)).text).secret, 'one, two')
  })

  it('gets a body in pieces', async () => {
    await using server = await serving()
    const pieces = '4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n'
    const { text } = await server.ask(post('/mfa', 'transfer-encoding: chunked'), pieces)
    assert.deepEqual(JSON.parse(text).body, { kind: 'json', json: { a: 1 } })
  })

  it('is only at its path, with any query, also if a proxy sends the absolute address', async () => {
    await using server = await serving()
    for (const target of ['/mfa', '/mfa?a=/b', 'http://here/mfa', 'HTTPS://here:1/mfa?x'])
      assert.match((await server.ask(post(target, lengthOf(BODY)), BODY)).text, /"kind":"json"/, target)
    for (const target of ['/', '/mfa/', '/MFA', '/healthz', 'http://here', 'http://mfa/'])
      assert.equal((await server.ask(post(target, 'content-length: 0'))).text.includes('kind'), false, target)
    const get = await server.ask(['GET /mfa HTTP/1.1', 'connection: close'])
    assert.equal(get.text.includes('kind'), false)
  })

  it('answers without a body if there is none', async () => {
    await using server = await serving(async () => ({ httpStatus: 401, body: undefined }))
    const { status, head, text } = await server.ask(post('/mfa', lengthOf(BODY)), BODY)
    assert.deepEqual([status, text.replace(/^0\r\n\r\n$/, '')], [401, ''])
    assert.match(head, /www-authenticate: bearer/)
  })

  it('stops at 64 KB, whether the length was announced or not', async () => {
    await using server = await serving()
    const large = JSON.stringify({ x: 'x'.repeat(65 * 1024) })
    const chunked = `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`
    for (const [line, body] of [
      [lengthOf(large), large],
      ['transfer-encoding: chunked', chunked],
    ] as const) {
      const { text } = await server.ask(post('/mfa', line), body)
      assert.deepEqual(JSON.parse(text).body, { kind: 'refusal', code: 'BODY_TOO_LARGE' })
    }
  })

  it('answers a caller that does not finish its request, and lets it go', async () => {
    await using server = await serving(async () => ({ httpStatus: 400, body: {} }))
    const lines = ['POST /mfa HTTP/1.1', 'content-length: 1000']
    const { status, text } = await server.ask(lines, '{"a":')
    assert.deepEqual([status, text], [400, '{}'])
  })

  it('detects an incomplete body', async () => {
    const heard = Promise.withResolvers<JsonBody>()
    await using server = await serving(async ({ readBody }) => {
      readBody().then(heard.resolve, heard.reject)
      return new Promise(() => undefined)
    })
    const left = assert.rejects(heard.promise)
    const lines = ['POST /mfa HTTP/1.1', 'content-length: 1000', 'host: here', '', '{"a":']
    await server.leave(lines.join('\r\n'))
    await left
  })

  it('closes the connection of a call that it cannot answer', async () => {
    await using server = await serving(() => Promise.reject(new Error('no')))
    assert.equal((await server.ask(post('/mfa', lengthOf(BODY)), BODY)).head, '')
  })
})

describe('the other addresses of a Node server', { timeout: 10_000 }, () => {
  const to = (method: string, target: string, ...more: string[]): string[] => [
    `${method} ${target} HTTP/1.1`,
    'connection: close',
    ...more,
  ]

  it('answer whether the server lives and is ready, to GET and HEAD', async () => {
    await using server = await serving()
    const healthy = await server.ask(to('GET', '/healthz?x'))
    assert.deepEqual([healthy.status, healthy.text], [200, '{"status":"ok"}'])
    const head = await server.ask(to('HEAD', '/healthz'))
    assert.deepEqual([head.status, head.text], [200, ''])
    const ready = await server.ask(to('GET', '/readyz'))
    assert.deepEqual([ready.status, ready.text], [503, '{"status":"not ready"}'])
  })

  it('are not found by another method or path, and the answer names the hook', async () => {
    await using server = await serving()
    for (const [method, target] of [
      ['GET', '/'],
      ['GET', '/mfa'],
      ['PUT', '/mfa'],
      ['POST', '/healthz'],
      ['POST', '/readyz'],
      ['POST', '/events/carrier'],
      ['DELETE', '/events/okta'],
    ] as const) {
      const { status, text } = await server.ask(to(method, target, 'content-length: 0'))
      assert.deepEqual(
        [status, JSON.parse(text)],
        [404, { error: 'Not found. The hook is POST /mfa.' }],
        target,
      )
    }
  })

  it('take receipts and events of up to 256 KB, and answer in plain text or without a body', async () => {
    const body = JSON.stringify({ x: 'x'.repeat(200_000) })
    await using server = await serving(echo, {
      receipts: async ({ header, readBody }) => ({
        httpStatus: 200,
        body: `${header('x-kind')} ${(await readBody()).kind}`,
      }),
      events: async ({ method, readBody }) => {
        assert.deepEqual([method, (await readBody()).kind], ['POST', 'json'])
        return { httpStatus: 401 }
      },
    })
    const receipt = await server.ask(to('POST', '/events/carrier', 'x-kind: one', lengthOf(body)), body)
    assert.deepEqual([receipt.status, receipt.text], [200, 'one json'])
    assert.match(receipt.head, /content-type: text\/plain; charset=utf-8/)
    const event = await server.ask(to('POST', '/events/okta', lengthOf(body)), body)
    assert.equal(event.status, 401)
    assert.doesNotMatch(event.head, /www-authenticate|content-type/)
    const long = JSON.stringify({ x: 'x'.repeat(300_000) })
    const refused = await server.ask(to('POST', '/events/carrier', lengthOf(long)), long)
    assert.equal(refused.text, 'null refusal')
  })
})
