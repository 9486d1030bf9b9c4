import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import { attempt, candidate, never } from '../../../test/fixtures/attempt.ts'
import { clients } from '../../../test/fixtures/aws-calls.ts'
import { useCredentialsFrom, useTestCredentials } from '../../../test/fixtures/aws-credentials.ts'
import { carrierOver } from '../../../test/fixtures/carriers.ts'
import { freePort, listenHttp, listenHttps, listenRaw } from '../../../test/fixtures/listening.ts'
import type { SendResult } from '../../core/deliver/ports.ts'
import { providerCredentials } from './wire/credentials.ts'

useTestCredentials()

/** The class of a result: what fail-over and the record go by. */
function classOf(result: SendResult): string {
  if (result.kind !== 'failure') return result.kind
  return `failure ${result.code}, about ${result.about}`
}
const NOTHING_SENT = 'failure CARRIER_UNREACHABLE, about account'

function answer(response: ServerResponse, status: number, body: string, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...headers }).end(body)
}
const ofAws = { 'x-amzn-requestid': '862a8790-60d0-4430-9b2b-658bdexample' }
const accept = (response: ServerResponse): void => answer(response, 200, '{"MessageId":"message-1"}')

for (const client of Object.keys(clients)) {
  const carrierAt = (endpoint: string, options?: Parameters<typeof carrierOver>[2]) =>
    carrierOver(client, endpoint, options)

  describe(`${client}: a carrier that cannot be reached proves that nothing was sent`, () => {
    it('when it refuses the connection', async () => {
      using carrier = carrierAt(`http://127.0.0.1:${await freePort()}`)
      const result = await carrier.send(attempt(), never)
      assert.equal(classOf(result), NOTHING_SENT)
      assert.match(result.kind === 'failure' ? result.detail : '', /ECONNREFUSED/)
    })

    it('when its name is not known', async () => {
      using carrier = carrierAt('http://carrier.invalid')
      assert.equal(classOf(await carrier.send(attempt(), never)), NOTHING_SENT)
    })

    it('when the TLS handshake exceeds the time for connecting', async () => {
      await using server = await listenRaw(() => undefined)
      using carrier = carrierAt(`https://127.0.0.1:${server.port}`, { connectMs: 30 })
      const result = await carrier.send(attempt(), never)
      assert.equal(classOf(result), NOTHING_SENT)
      assert.match(
        result.kind === 'failure' ? result.detail : '',
        /^ConnectTimeout No connection within 30 ms$/,
      )
    })

    it('when the time ends while TLS hangs', async () => {
      const abort = new AbortController()
      await using server = await listenRaw(socket => socket.once('data', () => abort.abort()))
      using carrier = carrierAt(`https://127.0.0.1:${server.port}`)
      assert.equal(classOf(await carrier.send(attempt(), abort.signal)), NOTHING_SENT)
    })

    it('when the connection is cut during TLS', async () => {
      await using server = await listenRaw(socket => socket.once('data', () => socket.resetAndDestroy()))
      using carrier = carrierAt(`https://127.0.0.1:${server.port}`)
      assert.equal(classOf(await carrier.send(attempt(), never)), NOTHING_SENT)
    })

    it('when its certificate is not trusted: it sees no request', async () => {
      await using server = await listenHttps(false, accept)
      using carrier = carrierAt(`https://localhost:${server.port}`)
      assert.equal(classOf(await carrier.send(attempt(), never)), NOTHING_SENT)
      await once(server.connections[0] ?? assert.fail(), 'close')
      assert.deepEqual(server.requests, [])
    })

    it('when the time is already over: no connection is made', async () => {
      await using server = await listenHttp(accept)
      using carrier = carrierAt(`http://127.0.0.1:${server.port}`)
      assert.equal(classOf(await carrier.send(attempt(), AbortSignal.abort())), NOTHING_SENT)
      assert.equal((await carrier.send(attempt(), never)).kind, 'accepted')
      assert.equal(server.connections.length, 1) // that of the second
      assert.equal(server.requests.length, 1)
    })

    it('when the time ends before the connection is made', async () => {
      await using server = await listenHttp(accept)
      using carrier = carrierAt(`http://127.0.0.1:${server.port}`)
      const abort = new AbortController()
      const sending = carrier.send(attempt(), abort.signal)
      abort.abort()
      assert.equal(classOf(await sending), NOTHING_SENT)
      await carrier.send(attempt(), never)
      assert.equal(server.requests.length, 1)
    })
  })

  describe(`${client}: after the carrier had the request, the result is unknown`, () => {
    for (const [what, respond] of [
      [
        'when it cuts the connection before a byte of its answer',
        response => response.socket?.resetAndDestroy(),
      ],
      ['when it closes the connection before a byte of its answer', response => response.socket?.end()],
      ['when it answers 200 without a message ID', response => answer(response, 200, '{}')],
      [
        'when it answers 200 with something else than JSON',
        response => answer(response, 200, '<html></html>'),
      ],
      ['when it answers 200 with nothing', response => answer(response, 200, '')],
      ['when it answers 500', response => answer(response, 500, '{"__type":"InternalServerException"}')],
      ['when it answers 503 in HTML', response => answer(response, 503, '<html></html>')],
      ['when something between answers 403 in HTML', response => answer(response, 403, '<html></html>')],
      ['when something between answers 429 with nothing', response => answer(response, 429, '')],
      ['when something between answers 407', response => answer(response, 407, '{}', ofAws)],
      [
        'when something between says what AWS says at its door',
        response => answer(response, 400, '{"__type":"ThrottlingException"}'),
      ],
      ['when it answers a redirection', response => answer(response, 302, '')],
      [
        'when its answer breaks off',
        response => {
          response.writeHead(200, { 'content-length': 100 }).write('{"Mess')
          response.socket?.end()
        },
      ],
    ] as const satisfies readonly (readonly [string, (response: ServerResponse) => unknown])[]) {
      it(`${what}, and is called exactly once`, async () => {
        await using server = await listenHttp(respond)
        using carrier = carrierAt(`http://127.0.0.1:${server.port}`)
        assert.equal(classOf(await carrier.send(attempt(), never)), 'unknown')
        assert.equal(server.requests.length, 1)
      })
    }

    it('when the connection is cut at the first byte of the request', async () => {
      await using server = await listenRaw(socket => socket.once('data', () => socket.resetAndDestroy()))
      using carrier = carrierAt(`http://127.0.0.1:${server.port}`)
      assert.equal(classOf(await carrier.send(attempt(), never)), 'unknown')
    })

    it('when the time ends after the request was written', async () => {
      const abort = new AbortController()
      await using server = await listenHttp(() => abort.abort())
      using carrier = carrierAt(`http://127.0.0.1:${server.port}`)
      assert.equal(classOf(await carrier.send(attempt(), abort.signal)), 'unknown')
      assert.equal(server.requests.length, 1)
    })

    it('when the time ends in the middle of its answer', async () => {
      const abort = new AbortController()
      await using server = await listenHttp(response => {
        response.writeHead(200, { 'content-length': 25 }).write('{"Mess', () => abort.abort())
      })
      using carrier = carrierAt(`http://127.0.0.1:${server.port}`)
      assert.equal(classOf(await carrier.send(attempt(), abort.signal)), 'unknown')
    })

    it('when a kept connection is cut during the next request', async () => {
      await using server = await listenHttp((response, count) =>
        count === 1 ? accept(response) : response.socket?.resetAndDestroy(),
      )
      using carrier = carrierAt(`http://127.0.0.1:${server.port}`)
      assert.equal(classOf(await carrier.send(attempt(), never)), 'accepted')
      assert.equal(classOf(await carrier.send(attempt(), never)), 'unknown')
      assert.deepEqual([server.connections.length, server.requests.length], [1, 2])
    })
  })

  describe(`${client}: a carrier that answers`, () => {
    it('accepts with its message ID', async () => {
      await using server = await listenHttp(accept)
      using carrier = carrierAt(`http://127.0.0.1:${server.port}`)
      assert.deepEqual(await carrier.send(attempt(), never), { kind: 'accepted', messageId: 'message-1' })
    })

    it('accepts over TLS', async () => {
      await using server = await listenHttps(true, accept)
      using carrier = carrierAt(`https://localhost:${server.port}`)
      assert.equal((await carrier.send(attempt(), never)).kind, 'accepted')
      assert.equal(server.requests.length, 1)
    })

    for (const error of ['ThrottlingException', 'ServiceQuotaExceededException']) {
      it(`is called exactly once, even if it answers ${error}`, async () => {
        await using server = await listenHttp(response =>
          answer(response, 400, JSON.stringify({ __type: error }), ofAws),
        )
        using carrier = carrierAt(`http://127.0.0.1:${server.port}`)
        assert.equal((await carrier.send(attempt(), never)).kind, 'failure')
        assert.equal(server.requests.length, 1)
      })
    }

    it('has a log without personal data', async () => {
      const refused = { __type: 'ValidationException', Message: 'bad +34683783440 493817' }
      await using server = await listenHttp(response => answer(response, 400, JSON.stringify(refused)))
      using carrier = carrierAt(`http://127.0.0.1:${server.port}`)
      const result = await carrier.send(attempt(), never)
      assert.ok(!/34683783440|493817/.test(JSON.stringify(result)), JSON.stringify(result))
    })
  })

  describe(`${client}: a right that is missing`, () => {
    it('is named, without the rest of what AWS says', async () => {
      const message =
        'User: arn:aws:iam::1:user/ada is not authorized to perform: sms-voice:SendTextMessage on resource: +34683783440'
      const refused = JSON.stringify({ __type: 'AccessDeniedException', Message: message })
      await using server = await listenHttp(response => answer(response, 400, refused, ofAws))
      using carrier = carrierAt(`http://127.0.0.1:${server.port}`)
      const result = await carrier.send(attempt(), never)
      assert.equal(
        'detail' in result && result.detail,
        'AccessDeniedException not authorized to perform: sms-voice:SendTextMessage',
      )
    })
  })

  describe(`${client}: a refusal at AWS's door proves that nothing was sent`, () => {
    for (const [what, status, body] of [
      ['403 in JSON', 403, '{"__type":"com.amazon.coral.service#ExpiredTokenException"}'],
      ['403 with an unknown name', 403, '{"__type":"TeapotException"}'],
      ['403 without a name', 403, '{}'],
      ['403 with nothing', 403, ''],
      ['403 in XML', 403, '<AccessDenied/>'],
      ['429 in HTML', 429, '<html></html>'],
      ['400 by name', 400, '{"__type":"ThrottlingException"}'],
    ] as const) {
      it(`${what}, and is called exactly once`, async () => {
        await using server = await listenHttp(response => answer(response, status, body, ofAws))
        using carrier = carrierAt(`http://127.0.0.1:${server.port}`)
        assert.equal(classOf(await carrier.send(attempt(), never)), 'failure CARRIER_REFUSED, about account')
        assert.equal(server.requests.length, 1)
      })
    }
  })

  describe(`${client}: what a message to another region contains`, () => {
    for (const [what, region, configurationSet, sent] of [
      [
        'at home: the ARNs of the settings',
        undefined,
        'arn:aws:sms-voice:us-east-1:1:configuration-set/codes',
        true,
      ],
      [
        'elsewhere: the name alone',
        'eu-west-1',
        'arn:aws:sms-voice:us-east-1:1:configuration-set/codes',
        false,
      ],
      ['elsewhere: the name as it is', 'eu-west-1', 'codes', false],
    ] as const) {
      it(`is, ${what}`, async () => {
        await using server = await listenHttp(accept)
        using carrier = carrierAt(`http://127.0.0.1:${server.port}`, {
          configurationSet,
          protectConfiguration: 'protect-1',
        })
        await carrier.send(attempt({ candidate: candidate({ region }) }), never)
        const body = JSON.parse(server.requests[0] ?? '{}')
        assert.equal(body.ConfigurationSetName, sent ? configurationSet : 'codes')
        assert.equal(body.ProtectConfigurationId, sent ? 'protect-1' : undefined)
      })
    }
  })

  describe(`${client}: a connection that is kept`, () => {
    for (const [idleMs, connections] of [
      [4_000, 1],
      [4_001, 2],
    ] as const) {
      it(`is ${connections === 1 ? '' : 'not '}used again after ${idleMs} ms by the clock`, async () => {
        let now = 0
        await using server = await listenHttp(accept)
        using carrier = carrierAt(`http://127.0.0.1:${server.port}`, { now: () => now })
        await carrier.send(attempt(), never)
        now += idleMs
        assert.equal((await carrier.send(attempt(), never)).kind, 'accepted')
        assert.equal(server.connections.length, connections)
      })
    }
  })

  describe(`${client}: credentials that are not available in time`, () => {
    it('prove that nothing was sent, and nothing is sent later', async () => {
      const asked = Promise.withResolvers<ServerResponse>()
      await using provider = await listenHttp(response => asked.resolve(response))
      await using server = await listenHttp(accept)
      useCredentialsFrom(`http://127.0.0.1:${provider.port}/`)
      const credentials = providerCredentials(Date.now)
      using carrier = carrierAt(`http://127.0.0.1:${server.port}`, { credentials })
      const abort = new AbortController()
      const late = carrier.send(attempt({ deliveryId: 'late' }), abort.signal)
      const response = await asked.promise
      abort.abort()
      assert.equal(classOf(await late), NOTHING_SENT)

      const Expiration = new Date(Date.now() + 3_600_000).toISOString()
      const provided = {
        AccessKeyId: 'AKIDEXAMPLE',
        SecretAccessKey: 'not-a-secret',
        Token: 't',
        Expiration,
      }
      answer(response, 200, JSON.stringify(provided))
      assert.equal((await carrier.send(attempt({ deliveryId: 'next' }), never)).kind, 'accepted')
      assert.equal((await carrier.send(attempt({ deliveryId: 'last' }), never)).kind, 'accepted')
      assert.deepEqual(
        server.requests.map(
          body => (JSON.parse(body) as { Context: { deliveryId: string } }).Context.deliveryId,
        ),
        ['next', 'last'],
      )
      useTestCredentials()
    })
  })
}
