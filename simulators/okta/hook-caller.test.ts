import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, beforeEach, test } from 'node:test'
import type { Okta, OktaOptions } from './okta.ts'
import { startOkta } from './server.ts'

type HookCall = { readonly headers: IncomingMessage['headers']; readonly body: unknown }

const delivered = { status: 'SUCCESSFUL', provider: 'AWS', transactionId: 'm-1', transactionMetadata: 'd-1' }
let okta: Okta
let hook: Awaited<ReturnType<typeof startHook>>

before(async () => {
  hook = await startHook()
  okta = await startOkta({ port: 0, hookUrl: hook.url })
})
after(async () => {
  await okta.close()
  await hook.close()
})
beforeEach(() => {
  okta.setTokenFault({})
  hook.answerWith((_req, res) => json(res, command(delivered)))
})

test('a call reaches the hook as Okta writes it, and a SUCCESSFUL answer is accepted', async () => {
  const result = await okta.call({ to: '+12025550123' })
  const [{ headers, body }] = hook.calls.slice(-1) as [HookCall]

  assert.deepEqual(body, result.sent)
  assert.equal(headers.accept, 'application/json')
  assert.equal(headers['content-type'], 'application/json')
  assert.match(headers.authorization ?? '', /^Bearer eyJ/)
  assert.equal(result.httpStatus, 200)
  assert.deepEqual(result.answer, command(delivered))
  assert.equal(result.verdict.kind, 'delivered-by-hook')
  assert.equal(result.eventId, result.sent.eventId)
  assert.ok(result.totalMs >= result.hookMs && result.hookMs > 0)
})

test('FAILED, PENDING, an error object and an invalid status each have their own verdict', async () => {
  const kinds: string[] = []
  for (const answer of [
    command({ status: 'FAILED' }),
    command({ status: 'PENDING' }),
    { error: { errorSummary: 'Not now' } },
    command({ status: 'OK' }),
  ]) {
    hook.answerWith((_req, res) => json(res, answer))
    kinds.push((await okta.call({ to: '+12025550123' })).verdict.kind)
  }
  assert.deepEqual(kinds, ['okta-sends-itself', 'pending', 'okta-sends-itself', 'okta-sends-itself'])
})

test('an answer that is not JSON is kept as text', async () => {
  hook.answerWith((_req, res) => res.end('<html>'))
  const result = await okta.call({ to: '+12025550123' })
  assert.equal(result.raw, '<html>')
  assert.equal('answer' in result, false)
  assert.match(result.verdict.sentence, /not JSON/)
})

test('an answer that is not UTF-8 is not JSON', async () => {
  hook.answerWith((_req, res) => res.end(Buffer.from([0x22, 0xff, 0x22])))
  assert.match((await okta.call({ to: '+12025550123' })).verdict.sentence, /not JSON/)
})

test('a redirect is not followed, and status 500 is not read', async () => {
  const before = hook.calls.length
  hook.answerWith((_req, res) => res.writeHead(302, { Location: hook.url }).end())
  assert.match((await okta.call({ to: '+12025550123' })).verdict.sentence, /redirect/)
  hook.answerWith((_req, res) => json(res, command(delivered), 500))
  const result = await okta.call({ to: '+12025550123' })
  assert.equal(result.httpStatus, 500)
  assert.match(result.verdict.sentence, /HTTP status 500/)
  assert.equal(hook.calls.length - before, 2)
})

test('an answer of 256 KB is too large', async () => {
  hook.answerWith((_req, res) =>
    res.end(JSON.stringify({ ...command(delivered), padding: 'x'.repeat(256 * 1024) })),
  )
  const result = await okta.call({ to: '+12025550123' })
  assert.match(result.verdict.sentence, /256 KB/)
})

test('a connection that the hook cuts is not tried again', async () => {
  const before = hook.calls.length
  hook.answerWith((_req, res) => res.destroy())
  assert.match((await okta.call({ to: '+12025550123' })).verdict.sentence, /broke/)
  assert.equal(hook.calls.length - before, 1)
})

test('a call to a hook that hangs, or stops in the middle of its answer, ends at the limit', async () => {
  await withOkta({ limitMs: 150 }, async hasty => {
    for (const hang of [() => {}, (_req, res) => res.writeHead(200).write('{')] satisfies RequestListener[]) {
      hook.answerWith(hang)
      const result = await hasty.call({ to: '+12025550123' })
      assert.match(result.verdict.sentence, /did not answer within 150 milliseconds/)
      assert.equal('httpStatus' in result, false)
    }
  })
})

test('the token request counts inside the limit', async () => {
  await withOkta({ limitMs: 150 }, async hasty => {
    hasty.setTokenFault({ delayMs: 60_000 })
    const before = hook.calls.length
    const result = await hasty.call({ to: '+12025550123' })
    assert.match(result.verdict.sentence, /access token took the whole 150 milliseconds/)
    assert.equal(hook.calls.length, before)
  })
})

test('a hook at a port without a listener is unreachable', async () => {
  const stopped = await startHook()
  await stopped.close()
  await withOkta({ hookUrl: stopped.url }, async lonely => {
    assert.match((await lonely.call({ to: '+12025550123' })).verdict.sentence, /ECONNREFUSED/)
  })
})

test('the token is fetched once for many concurrent calls, and again if a call asks for a new one', async () => {
  await withOkta({}, async busy => {
    await Promise.all(Array.from({ length: 50 }, () => busy.call({ to: '+12025550123' })))
    assert.equal(busy.stats().tokenRequests, 1)
    await busy.call({ to: '+12025550123', fresh: true })
    await busy.call({ to: '+12025550123' })
    assert.equal(busy.stats().tokenRequests, 2)
    busy.setTokenFault({ lifetimeSeconds: 60 })
    await busy.call({ to: '+12025550123' })
    assert.equal(busy.stats().tokenRequests, 3)
  })
})

test('a secret header replaces the access token', async () => {
  await withOkta({ secretHeader: { name: 'X-Hook-Secret', value: 's3cret' } }, async secretive => {
    await secretive.call({ to: '+12025550123' })
    const [{ headers }] = hook.calls.slice(-1) as [HookCall]
    assert.equal(headers['x-hook-secret'], 's3cret')
    assert.equal(headers.authorization, undefined)
    assert.equal(secretive.stats().tokenRequests, 0)
  })
})

test('the last 200 calls are kept, newest last, without a token', async () => {
  await withOkta({}, async busy => {
    for (let i = 0; i < 201; i++) await busy.call({ to: '+12025550123', eventId: `event-${i}` })
    const calls = busy.calls()
    assert.equal(calls.length, 200)
    assert.equal(calls[0]?.eventId, 'event-1')
    assert.equal(calls.at(-1)?.eventId, 'event-200')
    assert.doesNotMatch(JSON.stringify(calls), /eyJ|Bearer/)
  })
})

test('closing ends a call in progress', async () => {
  const { promise: reached, resolve } = Promise.withResolvers<void>()
  hook.answerWith(() => resolve())
  const closing = await startOkta({ port: 0, hookUrl: hook.url, limitMs: 60_000 })
  const call = closing.call({ to: '+12025550123' })
  await reached
  await closing.close()
  assert.equal((await call).verdict.kind, 'okta-sends-itself')
})

async function withOkta(options: Partial<OktaOptions>, use: (okta: Okta) => Promise<void>): Promise<void> {
  const other = await startOkta({ port: 0, hookUrl: hook.url, ...options })
  try {
    await use(other)
  } finally {
    await other.close()
  }
}

/** A hook that records its requests and gives the configured answer. */
async function startHook() {
  const calls: HookCall[] = []
  let listener: RequestListener = (_req, res) => res.end()
  const server = createServer(async (req, res) => {
    calls.push({ headers: req.headers, body: JSON.parse(await text(req)) })
    listener(req, res)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}/mfa`,
    calls,
    answerWith(next: RequestListener) {
      listener = next
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function json(res: ServerResponse, body: unknown, status = 200): void {
  res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

function command(value: object) {
  return { commands: [{ type: 'com.okta.telephony.action', value: [value] }] }
}
