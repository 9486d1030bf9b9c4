import assert from 'node:assert/strict'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { generate } from 'selfsigned'
import type { Cloud, Stack } from '../terminal/cloud.ts'
import { Problem } from '../terminal/problem.ts'
import { NotApplicable, needed, readFact } from './facts.ts'
import { readStackSettings } from './read-deployment.ts'
import { readClocks, readEndpoint, readIssuer } from './read-network.ts'

type Listening = AsyncDisposable & { readonly port: number; readonly url: string }

async function listening(server: Server): Promise<Listening> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}
const answering = (answer: RequestListener) => listening(createServer(answer))

async function deadPort(): Promise<string> {
  await using gone = await answering(() => {})
  return gone.url
}

describe('a fact', () => {
  test('is read, or has the reason: a problem, an internal error, or that it does not apply', async () => {
    assert.deepEqual(await readFact(async () => 7), { kind: 'read', value: 7 })
    const unread = (error: unknown) =>
      readFact(async () => {
        throw error
      })
    assert.deepEqual(await unread(new Problem('usage', 'Wrong.')), { kind: 'unread', why: 'Wrong.' })
    assert.deepEqual(await unread(new Error('broken')), { kind: 'unread', why: 'broken' })
    assert.deepEqual(await unread('odd'), { kind: 'unread', why: 'odd' })
    assert.deepEqual(await unread(new NotApplicable('Not here.')), { kind: 'skipped', why: 'Not here.' })
  })

  test('that needs an unread fact is not read either', () => {
    assert.equal(needed({ kind: 'read', value: 7 }, 'x'), 7)
    assert.throws(
      () => needed({ kind: 'unread', why: 'broken' }, 'the store'),
      /^Error: It needs the store\.$/,
    )
  })
})

describe('the endpoint, from this machine', () => {
  test('is called a few times, without a credential, and redirects are not followed', async () => {
    const asked: (string | undefined)[] = []
    await using hook = await answering((request, response) => {
      asked.push(`${request.method} ${request.headers.authorization}`)
      response.writeHead(302, { location: '/else' }).end()
    })
    const { status, tookMs, certificate } = await readEndpoint(`${hook.url}/mfa`)
    assert.deepEqual([status, tookMs.length, certificate], [302, 3, undefined])
    assert.deepEqual(new Set(asked), new Set(['POST undefined']))
  })

  test('that is not trusted is distinguished from one that does not answer', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }])
    await using tls = await listening(createTlsServer({ key, cert }, (_, response) => response.end()))
    await assert.rejects(
      readEndpoint(`https://127.0.0.1:${tls.port}/mfa`),
      /certificate that is not trusted \(/,
    )
    await assert.rejects(readEndpoint(`${await deadPort()}/mfa`), /does not answer \(ECONNREFUSED\)\. Is/)
  })
})

describe('the issuer', () => {
  const issuerOf = (metadata: string, keys: string) =>
    answering((request, response) => response.end(request.url?.endsWith('/keys') ? keys : metadata))

  test('is read with its keys that can verify a token', async () => {
    const keys = [{ kty: 'RSA' }, { kty: 'RSA', use: 'sig' }, { kty: 'RSA', use: 'enc' }, { kty: 'EC' }, null]
    await using server = await issuerOf('{"issuer":"me"}', JSON.stringify({ keys }))
    assert.deepEqual(await readIssuer(server.url), { expected: server.url, issuer: 'me', keys: 2 })
  })

  test('may have no name and no keys, but must answer with JSON', async () => {
    await using silent = await issuerOf('{}', '{}')
    assert.deepEqual(await readIssuer(silent.url), { expected: silent.url, issuer: undefined, keys: 0 })
    await using page = await issuerOf('<html>', '{}')
    await assert.rejects(
      readIssuer(page.url),
      /answered something that is not JSON\. Copy the issuer from the/,
    )
    await using gone = await answering((_, response) => response.writeHead(404).end('{}'))
    await assert.rejects(readIssuer(gone.url), /answered HTTP 404\./)
  })
})

describe('other clocks', () => {
  test('are read from any answer; an address that does not answer is left out', async () => {
    const now = Date.parse('2026-03-01T12:00:00.000Z')
    await using other = await answering((_, response) => {
      response.writeHead(403, { date: new Date(now + 90_000).toUTCString() }).end()
    })
    const dead = { who: 'AWS', url: await deadPort() }
    const clocks = await readClocks([{ who: 'Okta', url: other.url }, dead], () => now)
    assert.deepEqual(clocks, [{ who: 'Okta', aheadMs: 90_500 }])
    await assert.rejects(
      readClocks([dead], () => now),
      /AWS did not answer with the time\./,
    )
  })
})

describe('the settings of a stack', () => {
  const cloud: Pick<Cloud, 'region'> = { region: 'eu-west-1' }
  const stack = (parameters: object, outputs: object): Stack => ({
    id: 'id',
    name: 'hookline',
    status: 'CREATE_COMPLETE',
    reason: undefined,
    parameters: new Map(Object.entries(parameters)),
    outputs: new Map(Object.entries(outputs)),
  })
  const read = (one: Stack) => readStackSettings(one, cloud as Cloud)

  test('are those of its functions, each parameter and resource', () => {
    const parameters = { OktaAudience: 'api://x', OktaScope: '', Brand: 'Caf\\u00e9' }
    const result = read(stack(parameters, { TableName: 'codes' }))
    assert.ok(result.kind === 'settings')
    const { callers, store, texts, aws } = result.settings
    assert.deepEqual(
      [callers.audience, callers.scope, texts.brand, store.table, aws.region],
      ['api://x', undefined, 'Café', 'codes', 'eu-west-1'],
    )
  })

  test('that are invalid are problems', () => {
    const result = read(stack({ BudgetMs: '9' }, {}))
    assert.deepEqual(result.kind === 'problems' && result.problems.length, 1)
  })
})
