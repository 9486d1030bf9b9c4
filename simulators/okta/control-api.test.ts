import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { decodeJwt } from 'jose'
import type { Okta } from './okta.ts'
import { startOkta } from './server.ts'

let okta: Okta
const hook = createServer((_req, res) => res.end('{"error":{"errorSummary":"No"}}'))
before(async () => {
  okta = await startOkta({ port: 0 })
})
after(async () => {
  await okta.close()
  hook.close()
  hook.closeAllConnections()
})

test("a call before the hook's address is set is refused, and the answer says what to do", async () => {
  const { status, body } = await send('POST', '/caller/calls', { to: '+12025550123' })
  assert.equal(status, 409)
  assert.match(String(body.problem), /PUT \/caller\/hook/)
})

test('the hook can be set later, and calls are made and listed over HTTP', async () => {
  await new Promise<void>(resolve => hook.listen(0, '127.0.0.1', resolve))
  const address = hook.address()
  const port = typeof address === 'object' ? address?.port : undefined
  assert.equal((await send('PUT', '/caller/hook', { url: `http://127.0.0.1:${port}/mfa` })).status, 200)

  const { status, body } = await send('POST', '/caller/calls', { to: '+12025550123', channel: 'voice' })
  assert.equal(status, 200)
  const { body: calls } = await send('GET', '/caller/calls')
  assert.deepEqual(calls, [body])
  assert.equal(okta.calls()[0]?.verdict.kind, 'okta-sends-itself')
})

for (const [problem, method, path, request] of [
  ['a call without a number', 'POST', '/caller/calls', {}],
  ['a call with a misspelt field', 'POST', '/caller/calls', { to: '1', chanel: 'sms' }],
  ['a call with a number that is not a string', 'POST', '/caller/calls', { to: 1 }],
  ['a hook without an address', 'PUT', '/caller/hook', { url: 'file:///etc' }],
  ['an unknown fault', 'POST', '/faults/keys', { mode: 'sideways' }],
  ['a lifetime that is not a number', 'POST', '/faults/token', { lifetimeSeconds: 'long' }],
  ['a body that is not an object', 'POST', '/faults/token', []],
] as const) {
  test(`${problem} is refused`, async () => {
    const { status, body } = await send(method, path, request)
    assert.equal(status, 400)
    assert.equal(typeof body.problem, 'string')
  })
}

test('faults, rotations, tokens and statistics work over HTTP', async () => {
  await send('POST', '/faults/token', { lifetimeSeconds: 300, claims: { cid: 'other' } })
  const { body: token } = await send('POST', '/caller/token')
  const claims = decodeJwt(String(token.accessToken))
  assert.equal(claims.cid, 'other')
  assert.equal(token.expiresInSeconds, 300)
  assert.equal((await send('POST', '/caller/token', { scope: 'other' })).status, 502)

  await send('POST', '/faults/keys', { mode: 'down' })
  assert.equal((await fetch(`${okta.issuer}/v1/keys`)).status, 503)
  await send('POST', '/faults/keys', { mode: 'up' })

  const { body: rotated } = await send('POST', '/keys/rotate', { drop: true })
  const keySet = await (await fetch(`${okta.issuer}/v1/keys`)).json()
  const { keys } = keySet as { keys: readonly { readonly kid: string }[] }
  assert.deepEqual(
    keys.map(key => key.kid),
    rotated.kids,
  )
  const { body: stats } = await send('GET', '/stats')
  assert.deepEqual(stats, okta.stats())
})

async function send(method: string, path: string, body?: unknown) {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const response = await fetch(`${okta.url}${path}`, init)
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
