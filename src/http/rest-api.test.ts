import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type RestApiEvent, readRestApiEvent, writeRestApiResult } from './rest-api.ts'

const event = (changed: Partial<RestApiEvent> = {}): RestApiEvent => ({
  headers: { 'Content-Type': 'application/json', 'X-Request': 'é' },
  body: '{"a":"验证码"}',
  isBase64Encoded: false,
  requestContext: { requestTimeEpoch: 1_700_000_000_000, authorizer: { caller: 'x' } },
  ...changed,
})

describe('a request of a REST API', () => {
  it("has its headers in any case, its body, and the gateway's context", async () => {
    const { header, readBody, gateway } = readRestApiEvent(event())
    assert.deepEqual(
      [header('content-TYPE'), header('x-request'), header('x-other')],
      ['application/json', 'é', null],
    )
    assert.deepEqual(await readBody(), { kind: 'json', json: { a: '验证码' } })
    assert.deepEqual(gateway, { arrivedAt: 1_700_000_000_000, authorizer: { caller: 'x' } })
  })

  it('has the same body if it was encoded in Base64', async () => {
    const body = Buffer.from('{"a":"验证码"}').toString('base64')
    const { readBody } = readRestApiEvent(event({ body, isBase64Encoded: true }))
    assert.deepEqual(await readBody(), { kind: 'json', json: { a: '验证码' } })
  })

  it('may have neither headers nor body', async () => {
    const { header, readBody } = readRestApiEvent(event({ headers: null, body: null }))
    assert.equal(header('authorization'), null)
    assert.deepEqual(await readBody(), { kind: 'refusal', code: 'BODY_NOT_JSON' })
  })

  it('may have a body that is too large, counted in bytes, in either form', async () => {
    const letters = 'é'.repeat(32 * 1024)
    for (const [body, isBase64Encoded] of [
      [`"${letters}"`, false],
      [Buffer.from(`"${letters}"`).toString('base64'), true],
    ] as const) {
      const { readBody } = readRestApiEvent(event({ body, isBase64Encoded }))
      assert.deepEqual(await readBody(), { kind: 'refusal', code: 'BODY_TOO_LARGE' })
    }
  })

  it('gets a complete answer: status, headers, text', () => {
    assert.deepEqual(writeRestApiResult({ httpStatus: 413, body: { ok: 'é' } }), {
      statusCode: 413,
      headers: { 'content-type': 'application/json' },
      body: '{"ok":"é"}',
    })
    assert.deepEqual(writeRestApiResult({ httpStatus: 401, body: undefined }), {
      statusCode: 401,
      headers: { 'www-authenticate': 'Bearer' },
      body: '',
    })
  })
})
