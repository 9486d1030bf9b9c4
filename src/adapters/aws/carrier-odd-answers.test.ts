import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import { attempt, never } from '../../../test/fixtures/attempt.ts'
import { clients } from '../../../test/fixtures/aws-calls.ts'
import { useTestCredentials } from '../../../test/fixtures/aws-credentials.ts'
import { carrierOver } from '../../../test/fixtures/carriers.ts'
import { listenHttp, listenRaw } from '../../../test/fixtures/listening.ts'

useTestCredentials()

function answer(response: ServerResponse, status: number, body: string): void {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'request-1' }
  response.writeHead(status, headers).end(body)
}

for (const client of Object.keys(clients)) {
  const carrierAt = (endpoint: string) => carrierOver(client, endpoint)

  describe(`${client}: after an odd answer it is unknown whether the carrier has sent`, () => {
    const nested = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    const ids: Readonly<Record<string, unknown>> = {
      'an empty text': '',
      'longer than 256 characters': 'm'.repeat(257),
      'a number': 7,
      null: null,
      'a list': ['message-1'],
      'an object': { toString: 'message-1' },
      'of several lines': 'message-1\n{"step":"forged"}',
      'with a blank': 'message 1',
      'with colours': '\u001b[31mmessage-1',
      'with its order turned': 'message\u202e1',
      'with letters of another alphabet': 'messаge-1',
    }
    for (const [what, status, body] of [
      ...Object.entries(ids).map(
        ([is, id]) => [`an ID that is ${is}`, 200, JSON.stringify({ MessageId: id })] as const,
      ),
      ['deep nesting as an ID', 200, `{"MessageId":${nested}}`],
      ['nothing but deep nesting', 200, nested],
      ['deep nesting beside the ID that is none', 200, `{"x":${nested}}`],
      ['a huge body', 200, JSON.stringify({ MessageId: 'm'.repeat(300_000) })],
      ['a huge error', 400, JSON.stringify({ __type: 'x'.repeat(300_000) })],
      ['an error with a name that nests', 400, `{"__type":${nested}}`],
      ['an error with a reason that nests', 400, `{"__type":"TeapotException","Reason":${nested}}`],
      ['an error with a message that nests', 400, `{"__type":"TeapotException","Message":${nested}}`],
      ['an error with fields that nest', 400, `{"__type":"TeapotException","Fields":${nested}}`],
      [
        'an error with fields that are none',
        400,
        '{"__type":"TeapotException","Fields":[null,7,{"Name":[]}]}',
      ],
      ['an error that is a text', 400, '"ThrottlingException"'],
      ['an error whose parts are numbers', 400, '{"__type":7,"Reason":8,"Message":9}'],
      ['an error about a prototype', 400, '{"__proto__":{"name":"ThrottlingException"},"constructor":1}'],
      ['a fault with a reason that nests', 500, `{"__type":"InternalServerException","Reason":${nested}}`],
    ] as const) {
      it(`when it answers ${status} with ${what}`, async () => {
        await using server = await listenHttp(response => answer(response, status, body))
        using carrier = carrierAt(`http://127.0.0.1:${server.port}`)
        const result = await carrier.send(attempt(), never)
        assert.ok(
          result.kind === 'unknown' && /^[\x20-\x7e]{1,600}$/.test(result.detail),
          JSON.stringify(result),
        )
      })
    }

    it('when its headers never end', async () => {
      await using server = await listenRaw(socket => {
        socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`))
      })
      using carrier = carrierAt(`http://127.0.0.1:${server.port}`)
      assert.equal((await carrier.send(attempt(), never)).kind, 'unknown')
    })
  })

  describe(`${client}: AWS's own answers`, () => {
    for (const id of ['862a8790-60d0-4430-9b2b-658bdexample', 'm', 'A.b_c-1'.padEnd(256, '0')]) {
      it(`are accepted with an ID like ${id.slice(0, 40)}`, async () => {
        await using server = await listenHttp(response =>
          answer(response, 200, JSON.stringify({ MessageId: id })),
        )
        using carrier = carrierAt(`http://127.0.0.1:${server.port}`)
        assert.deepEqual(await carrier.send(attempt(), never), { kind: 'accepted', messageId: id })
      })
    }
  })
}
