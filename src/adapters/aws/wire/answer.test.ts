import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crc32 as zlibCrc32 } from 'node:zlib'
import { type Answer, clockSkewMs, crc32, readAnswer, ServiceError } from './answer.ts'

function answer(status: number, text: string, headers: Answer['headers'] = {}): Answer {
  return { status, headers, body: Buffer.from(text) }
}
function errorOf(answer: Answer): ServiceError {
  try {
    readAnswer(answer)
  } catch (error) {
    if (error instanceof ServiceError) return error
    throw error
  }
  return assert.fail('was read as a good answer')
}

describe('a successful answer', () => {
  it('has its members', () => {
    assert.deepEqual(readAnswer(answer(200, '{"MessageId":"m"}')), { MessageId: 'm' })
  })

  for (const text of ['', '{}', 'null', '7', '"text"', '[]'])
    it(`may have no members: ${text}`, () => assert.deepEqual({ ...readAnswer(answer(200, text)) }, {}))

  it('that is not JSON is an error with its status', () => {
    const { name, status } = errorOf(answer(200, '<html></html>'))
    assert.deepEqual([name, status], ['SyntaxError', 200])
  })
})

describe("DynamoDB's checksum", () => {
  it('equals that of zlib, for bodies of any length', () => {
    assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926) // the check value of its catalogue entry
    for (let length = 0; length < 300; length += 1) {
      const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 7 + length) % 256))
      assert.equal(crc32(bytes), zlibCrc32(bytes))
    }
  })

  const text = '{"Item":{"pk":{"S":"é"}}}'
  const headers = { 'x-amz-crc32': String(zlibCrc32(text)) }
  it('that is right changes nothing', () => {
    assert.deepEqual(readAnswer(answer(200, text, headers)), JSON.parse(text))
    assert.equal(errorOf(answer(400, text, headers)).name, 'Unknown')
  })

  it('that is wrong makes an answer invalid, whatever its status', () => {
    for (const status of [200, 400])
      for (const [body, checksum] of [
        [text.replace('é', 'e'), headers['x-amz-crc32']],
        [text, 'x'],
        [text, '-1'],
      ] as const)
        assert.equal(errorOf(answer(status, body, { 'x-amz-crc32': checksum })).name, 'ChecksumMismatch')
  })
})

describe("an error's name", () => {
  for (const [what, body, headers, name] of [
    ['alone', { __type: 'ThrottlingException' }, {}, 'ThrottlingException'],
    ['with its namespace', { __type: 'com.amazonaws.x#ThrottlingException' }, {}, 'ThrottlingException'],
    ['with an address', { __type: 'ThrottlingException:http://x/#y' }, {}, 'ThrottlingException'],
    ['with both', { __type: 'aws.x#ThrottlingException:http://x/' }, {}, 'ThrottlingException'],
    ['followed by more', { __type: 'ThrottlingException,x' }, {}, 'ThrottlingException'],
    ['as a code', { code: 'ThrottlingException' }, {}, 'ThrottlingException'],
    ['as a code in another case', { Code: 'ThrottlingException' }, {}, 'ThrottlingException'],
    ['in the header', {}, { 'x-amzn-errortype': 'ThrottlingException:http://x/' }, 'ThrottlingException'],
    ['as a type before a code', { __type: 'A', code: 'B' }, { 'x-amzn-errortype': 'C' }, 'A'],
    ['as a code before the header', { code: 'B' }, { 'x-amzn-errortype': 'C' }, 'B'],
    ['as a number', { __type: 7 }, {}, '7'],
    ['as something else', { __type: {} }, {}, 'Unknown'],
    ['nowhere', {}, {}, 'Unknown'],
  ] as const) {
    it(`is read: ${what}`, () => assert.equal(errorOf(answer(400, JSON.stringify(body), headers)).name, name))
  }

  it('of an answer that is not JSON is that of the parser', () => {
    assert.equal(errorOf(answer(503, '<html></html>')).name, 'SyntaxError')
  })

  for (const status of [100, 199, 300, 302, 399, 400, 499, 500, 599])
    it(`exists for every status that is not successful: ${status}`, () => {
      assert.equal(errorOf(answer(status, '{}')).status, status)
    })
})

describe('an error', () => {
  it("has AWS's request ID, from any of its headers, and its members", () => {
    for (const header of ['x-amzn-requestid', 'x-amzn-request-id', 'x-amz-request-id']) {
      const error = errorOf(answer(400, '{"__type":"X","Reason":"Y"}', { [header]: 'request-1' }))
      assert.deepEqual([error.requestId, error.members.Reason], ['request-1', 'Y'])
    }
    assert.equal(errorOf(answer(400, '{}')).requestId, undefined)
  })

  it('has the message of the service in either spelling, otherwise its status', () => {
    assert.equal(errorOf(answer(400, '{"message":"one"}')).message, 'one')
    assert.equal(errorOf(answer(400, '{"Message":"two"}')).message, 'two')
    assert.equal(errorOf(answer(400, '{"message":7}')).message, 'HTTP 400')
  })
})

describe("AWS's clock", () => {
  const noon = Date.UTC(2026, 0, 1, 12)
  const skewOf = (atMs: number, headers: Answer['headers'] = {}, sentAt = noon) =>
    clockSkewMs(answer(200, '', { date: new Date(atMs).toUTCString(), ...headers }), sentAt, noon)
  for (const [aheadMs, skewMs] of [
    [0, 0],
    [239_000, 0],
    [-239_000, 0],
    [240_000, 240_000],
    [-240_000, -240_000],
    [3_600_000, 3_600_000],
  ] as const)
    it(`that is ${aheadMs} ms ahead counts as ${skewMs}`, () => assert.equal(skewOf(noon + aheadMs), skewMs))

  it('is unknown without a valid date, from a cache, and after this process slept', () => {
    const late = noon + 3_600_000
    assert.equal(clockSkewMs(answer(200, ''), noon, noon), undefined)
    assert.equal(skewOf(late, { date: 'noon' }), undefined)
    assert.equal(skewOf(late, { age: '1' }), undefined)
    assert.equal(skewOf(late, {}, noon - 60_001), undefined)
  })
})
