import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { crc32 } from 'node:zlib'
import { type CallsOptions, clients, type JudgedService } from '../../../../test/fixtures/aws-calls.ts'
import { useTestCredentials } from '../../../../test/fixtures/aws-credentials.ts'
import { listenHttp } from '../../../../test/fixtures/listening.ts'
import { type Members, ServiceError } from './answer.ts'
import { createAwsClient } from './client.ts'
import { environmentCredentials } from './credentials.ts'
import { NoAnswer } from './exchange.ts'

useTestCredentials()
before(() => {
  process.env.AWS_SESSION_TOKEN = 'token'
})
after(() => {
  delete process.env.AWS_SESSION_TOKEN // files share a process
})

const JUDGE = "AWS's SDK"
const OURS = Object.keys(clients).filter(name => name !== JUDGE)

type Reply = readonly [status: number, body: string, headers?: Readonly<Record<string, string>>]
type Received = {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A server that returns these answers in order, then the last one repeatedly, and its requests. */
async function listenFor(replies: readonly Reply[]) {
  const received: Received[] = []
  const server = await listenHttp((response: ServerResponse, count, request) => {
    const { method, url, headers } = request
    received.push({ method, url, headers, body: server.requests[count - 1] ?? '' })
    const [status, body, more = {}] = replies[Math.min(count, replies.length) - 1] ?? [500, '']
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...more }).end(body)
  })
  return Object.assign(server, { received })
}

type Ended =
  | { readonly output: Members }
  | { readonly name: string; readonly status: number; readonly requestId: string | undefined }
  | { readonly name: string; readonly code: string | undefined; readonly nothingSent: boolean }

type CallOptions = Omit<Partial<CallsOptions>, 'endpoint'> & {
  readonly service?: JudgedService
  readonly operation?: string
  readonly input?: object
}

/** One call of a client, its result, and the requests of the service. */
async function callOnce(
  name: string,
  replies: readonly Reply[],
  { service = 'sms-voice', operation = 'SendTextMessage', input = {}, ...options }: CallOptions = {},
): Promise<{ readonly ended: Ended; readonly received: readonly Received[] }> {
  await using server = await listenFor(replies)
  const open = clients[name] ?? assert.fail(name)
  using client = open(service, { endpoint: `http://127.0.0.1:${server.port}`, ...options })
  return { ended: await endOf(client.call(operation, input)), received: server.received }
}

async function endOf(calling: Promise<Members>): Promise<Ended> {
  try {
    return { output: await calling }
  } catch (error) {
    if (error instanceof ServiceError)
      return { name: error.name, status: error.status, requestId: error.requestId }
    assert.ok(error instanceof NoAnswer, String(error))
    return { name: error.name, code: error.code, nothingSent: error.nothingSent }
  }
}

const again: CallsOptions['again'] = { triesMax: 2, pause: async () => undefined, random: () => 0 }

describe('a request', () => {
  const text = {
    DestinationPhoneNumber: '+34683783440',
    MessageBody: '493817 „“ é 💬\n\u2028',
    TimeToLive: 300,
    Context: { deliveryId: 'delivery-1' },
    OriginationIdentity: undefined,
  }
  const update = {
    TableName: 'table',
    Key: { pk: { S: 'a' }, sk: { S: 'b' } },
    UpdateExpression: 'SET #a = :a',
    ConditionExpression: undefined,
    ExpressionAttributeNames: { '#a': 'a' },
    ExpressionAttributeValues: { ':a': { SS: ['x', 'é'] }, ':b': { N: '1' }, ':c': { L: [{ S: 'x' }] } },
    ReturnValues: 'ALL_NEW',
  }
  for (const [service, operation, input] of [
    ['sms-voice', 'SendTextMessage', { ...text, MaxPrice: '0.50000' }],
    ['sms-voice', 'SendVoiceMessage', { ...text, VoiceId: 'JOANNA', MaxPricePerMinute: '1.00000' }],
    ['sms-voice', 'SendNotifyTextMessage', { TemplateVariables: { code: '493817' } }],
    ['sms-voice', 'SendNotifyVoiceMessage', { TemplateVariables: { code: '493817' } }],
    ['dynamodb', 'GetItem', { TableName: 'table', Key: update.Key, ConsistentRead: true }],
    ['dynamodb', 'UpdateItem', update],
    ['dynamodb', 'DeleteItem', { TableName: 'table', Key: update.Key }],
    ['dynamodb', 'Query', { TableName: 'table', KeyConditionExpression: '#a = :a', Limit: 10 }],
    ['dynamodb', 'BatchGetItem', { RequestItems: { table: { Keys: [update.Key] } } }],
    ['secretsmanager', 'GetSecretValue', { SecretId: 'secret' }],
  ] as const) {
    it(`equals that of the SDK: ${operation}`, async () => {
      const [expected, ...sent] = await Promise.all(
        [JUDGE, ...OURS].map(async name => {
          const { received } = await callOnce(name, [[200, '{}']], { service, operation, input })
          assert.equal(received.length, 1)
          return withoutAgent(received[0] ?? assert.fail())
        }),
      )
      for (const each of sent) assert.deepEqual(each, expected)
    })
  }
})

const SIGNED_TOO = ['host', 'x-amz-content-sha256', 'x-amz-date']

it('names the caller, as shown in CloudTrail', async () => {
  for (const name of OURS) {
    const { received } = await callOnce(name, [[200, '{}']])
    assert.equal(received[0]?.headers['user-agent'], 'hookline')
  }
})

/** Without headers about the client, the time or the connection, and the signature without its digest. */
function withoutAgent({ method, url, headers, body }: Received) {
  const { authorization = '', host, 'x-amz-date': time, 'x-amz-content-sha256': bodyHash, ...rest } = headers
  assert.equal(bodyHash, hash('sha256', body)) // the order of members is each client's own
  assert.match(host ?? '', /^127\.0\.0\.1:\d+$/)
  assert.match(String(time), /^\d{8}T\d{6}Z$/)
  const ours = Object.fromEntries(
    Object.entries(rest).filter(
      ([name]) => !/^(user-agent|x-amz-user-agent|amz-sdk-.*|connection)$/.test(name),
    ),
  )
  const signed = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? []
  const signedOfOurs = signed.filter(name => name in ours || SIGNED_TOO.includes(name))
  assert.deepEqual(signedOfOurs, [...Object.keys(ours), ...SIGNED_TOO].sort(), 'a header is not signed')
  const scope = /Credential=([^,]+)/.exec(authorization)?.[1]
  return { method, url, headers: ours, scope, body: JSON.parse(body) as unknown }
}

describe('an answer', () => {
  for (const [service, operation, output] of [
    ['sms-voice', 'SendTextMessage', { MessageId: 'm' }],
    ['dynamodb', 'UpdateItem', { Attributes: { pk: { S: 'é' }, n: { N: '1.50' }, s: { SS: ['a', 'b'] } } }],
    ['dynamodb', 'Query', { Items: [{ l: { L: [{ S: 'x' }] } }], LastEvaluatedKey: { pk: { S: 'a' } } }],
    ['secretsmanager', 'GetSecretValue', { SecretString: '{"A":"b"}' }],
  ] as const) {
    it(`of ${operation} has the members that the SDK returns`, async () => {
      for (const name of Object.keys(clients)) {
        const { ended } = await callOnce(name, [[200, JSON.stringify(output)]], { service, operation })
        assert.deepEqual(ended, { output })
      }
    })
  }

  const ofAws = { 'x-amzn-requestid': 'request-1' }
  const long = 'x'.repeat(300_000)
  for (const [what, reply] of [
    ['without members', [200, '{}']],
    ['with nothing', [200, '']],
    ['that is no JSON', [200, '<html></html>']],
    ['whose JSON breaks off', [200, '{"x":"y']],
    ['that is a list', [200, '[]']],
    ['an error by type', [400, '{"__type":"ThrottlingException","message":"x"}', ofAws]],
    ['an error by type and namespace', [400, '{"__type":"a.b#ThrottlingException"}', ofAws]],
    ['an error by type and address', [400, '{"__type":"ThrottlingException:http://x"}', ofAws]],
    ['an error by code', [400, '{"code":"ThrottlingException"}', ofAws]],
    ['an error by a code in another case', [400, '{"Code":"ThrottlingException"}', ofAws]],
    ['an error by header', [400, '{}', { ...ofAws, 'x-amzn-errortype': 'ThrottlingException:' }]],
    ['an error by header without a body', [403, '', { ...ofAws, 'x-amzn-errortype': 'X#Y:z' }]],
    ['an error of two names', [400, '{"__type":"A","code":"B"}', { 'x-amzn-errortype': 'C' }]],
    ['an error by number', [400, '{"__type":7}']],
    ['an unknown error', [400, '{"__type":"TeapotException"}', ofAws]],
    ['an error without a name', [400, '{}', ofAws]],
    ['an error with nothing', [403, '']],
    ['an error in HTML', [403, '<html></html>', ofAws]],
    ['an error of something between', [407, '{}']],
    ['an error with the other request ID', [400, '{}', { 'x-amz-request-id': 'request-2' }]],
    ['a fault', [500, '{"__type":"InternalServerException"}', ofAws]],
    ['a fault in HTML', [503, '<html></html>']],
    ['a redirection', [302, '', { location: 'http://127.0.0.1:1/' }]],
    ['not modified', [304, '']],
    ['no content', [204, '']],
    ['one that is too large', [200, JSON.stringify({ x: long })]],
  ] as const satisfies readonly (readonly [string, Reply])[]) {
    for (const service of ['sms-voice', 'dynamodb', 'secretsmanager'] as const) {
      it(`of ${service} is read as by the SDK: ${what}`, async () => {
        const operation = {
          'sms-voice': 'SendTextMessage',
          dynamodb: 'GetItem',
          secretsmanager: 'GetSecretValue',
        }
        const [expected, ...results] = await Promise.all(
          [JUDGE, ...OURS].map(async name => {
            const result = await callOnce(name, [reply], { service, operation: operation[service] })
            assert.equal(result.received.length, 1)
            return result.ended
          }),
        )
        for (const result of results) assert.deepEqual(result, expected)
      })
    }
  }
})

describe('the clock', () => {
  const real = Date.now
  /** Without the words by which the error is transient anyway. */
  const wrong = (): Reply => [
    400,
    JSON.stringify({ __type: 'InvalidSignatureException', message: 'Signature not yet current' }),
    { date: new Date(real() + 3_600_000).toUTCString() },
  ]
  for (const name of Object.keys(clients)) {
    it(`of AWS is used once it is known to differ: ${name}`, async () => {
      const now = Date.UTC(2026, 0, 1, 12)
      const ahead = { date: new Date(now + 3_600_000).toUTCString() }
      await using server = await listenFor([
        [400, '{"__type":"InvalidSignatureException"}', ahead],
        [200, '{}', ahead],
      ])
      Date.now = () => now
      try {
        const open = clients[name] ?? assert.fail()
        using client = open('sms-voice', { endpoint: `http://127.0.0.1:${server.port}`, now: () => now })
        await endOf(client.call('SendTextMessage', {}))
        await endOf(client.call('SendTextMessage', {}))
      } finally {
        Date.now = real
      }
      const times = server.received.map(({ headers }) => headers['x-amz-date'])
      assert.deepEqual(times, ['20260101T120000Z', '20260101T130000Z'])
    })

    it(`that was wrong is a reason to try again, if a call may be repeated: ${name}`, async () => {
      const { ended, received } = await callOnce(name, [wrong(), [200, '{}']], {
        service: 'dynamodb',
        operation: 'GetItem',
        again,
        now: real,
      })
      assert.deepEqual(ended, { output: {} })
      assert.equal(received.length, 2)
    })
  }
})

describe('a call that may be repeated', () => {
  for (const [what, reply, tries] of [
    ['after throttling', [400, '{"__type":"ProvisionedThroughputExceededException"}'], 2],
    ['after a fault', [500, '{"__type":"InternalServerError"}'], 2],
    ['after a fault in HTML', [503, '<html></html>'], 2],
    ['after a refusal', [400, '{"__type":"ConditionalCheckFailedException"}'], 1],
    ['after a validation', [400, '{"__type":"ValidationException"}'], 1],
    ['after an answer that is no JSON', [200, '<html></html>'], 1],
  ] as const satisfies readonly (readonly [string, Reply, number])[]) {
    for (const name of Object.keys(clients)) {
      it(`is tried ${tries === 1 ? 'once' : 'exactly twice'} ${what}: ${name}`, async () => {
        const { received, ended } = await callOnce(name, [reply], {
          service: 'dynamodb',
          operation: 'GetItem',
          again,
        })
        assert.equal(received.length, tries)
        assert.equal((ended as { status: number }).status, reply[0])
      })
    }
  }

  for (const name of OURS) {
    it(`is tried again after an answer with a wrong checksum, which the SDK does not check: ${name}`, async () => {
      const good = '{"Item":{"pk":{"S":"a"}}}'
      const { ended, received } = await callOnce(
        name,
        [
          [200, good.replace('a', 'b'), { 'x-amz-crc32': String(crc32(good)) }],
          [200, good, { 'x-amz-crc32': String(crc32(good)) }],
        ],
        { service: 'dynamodb', operation: 'GetItem', again },
      )
      assert.deepEqual(ended, { output: JSON.parse(good) })
      assert.equal(received.length, 2)
    })

    it(`pauses before it is tried again, up to the limit of its kind: ${name}`, async () => {
      const pauses: number[] = []
      const pause = async (ms: number): Promise<void> => void pauses.push(ms)
      await callOnce(name, [[500, '{}']], {
        service: 'dynamodb',
        again: { triesMax: 3, pause, random: () => 0.5 },
      })
      assert.deepEqual(pauses, [25, 25])
    })
  }
})

describe('a call that cannot be made proves that nothing was sent', () => {
  const never = { exchange: () => assert.fail('was sent'), close: () => undefined }
  const base = {
    service: 'sms-voice',
    region: 'us-east-1',
    environment: {},
    credentials: environmentCredentials({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }),
    transport: never,
    now: () => 0,
  } as const
  for (const [what, changed, message] of [
    ['without a region', { region: undefined }, /AWS_REGION is missing/],
    ['in a region that is not known', { region: 'moon-east-1' }, /region moon-east-1 are not known/],
    [
      'with settings that contradict',
      { endpoint: 'http://x', environment: { AWS_USE_FIPS_ENDPOINT: 'true' } },
      /FIPS/,
    ],
    ['without credentials', { credentials: environmentCredentials({}) }, /AWS_ACCESS_KEY_ID/],
    [
      'with a provider that fails',
      { credentials: () => Promise.reject(new Error('no provider')) },
      /no provider/,
    ],
  ] as const) {
    it(what, async () => {
      await assert.rejects(createAwsClient({ ...base, ...changed })('SendTextMessage', {}), error => {
        assert.ok(error instanceof NoAnswer && error.nothingSent)
        assert.match(error.message, message)
        return true
      })
    })
  }

  it('when the time is over before there are credentials, even if they arrive later', async () => {
    const abort = new AbortController()
    const late = Promise.withResolvers<ReturnType<typeof base.credentials>>()
    const call = createAwsClient({ ...base, credentials: () => late.promise })
    const calling = endOf(call('SendTextMessage', {}, abort.signal))
    abort.abort()
    assert.deepEqual(await calling, { name: 'AbortError', code: undefined, nothingSent: true })
    late.resolve(base.credentials())
    await new Promise(setImmediate)
  })
})
