import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { matchesPattern } from '../../simulators/aws/events/event-pattern.ts'
import { type ApiGateway, startApiGateway } from '../../simulators/aws/gateway/api-gateway.ts'
import type { Invocation } from '../../simulators/aws/lambda/execution-environment.ts'
import { readStack } from '../../simulators/aws/template/stack.ts'
import type { TemplateDocument } from '../../simulators/aws/template/template.ts'
import { createTestClock } from '../world/deployed.ts'
import { withoutResource, withProperties } from './change-template.ts'
import { authorizer, fixtureTemplate } from './fixtures/template.ts'

/** The gateway alone: this test acts as the functions. */
type Functions = { hook: (event: ProxyEvent) => Invocation | Promise<Invocation>; asked: object[] }
type ProxyEvent = Readonly<Record<string, unknown>> & {
  readonly headers: Readonly<Record<string, string>>
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>
  readonly requestContext: Readonly<Record<string, unknown>>
}

const clock = createTestClock()
const functions: Functions = { hook: () => ok({ statusCode: 200 }), asked: [] }
const ok = (payload: unknown): Invocation => ({ kind: 'answer', payload: JSON.stringify(payload) })
const failed = (errorMessage: string): Invocation => ({ kind: 'error', errorType: 'Error', errorMessage })

function start(template: TemplateDocument = fixtureTemplate()): Promise<ApiGateway> {
  const stack = readStack(template, { parameters: { CodeBucket: 'bucket' } })
  return startApiGateway({
    stack,
    now: clock.now,
    invoke: async (arn, event) => {
      functions.asked.push(event)
      return arn.includes('authorizer')
        ? authorize(event as AuthorizerEvent)
        : functions.hook(event as ProxyEvent)
    },
  })
}

type AuthorizerEvent = { readonly authorizationToken?: string; readonly methodArn: string }

/** The token chooses the authorizer's answer. */
function authorize({ authorizationToken, methodArn }: AuthorizerEvent): Invocation {
  const word = authorizationToken?.replace('Bearer ', '') ?? ''
  if (word === 'unauthenticated') return failed('Unauthorized')
  if (word === 'almost') return failed('Unauthorized.')
  const [api, stage] = methodArn.split('/')
  const Resource = { elsewhere: `${api}/${stage}/GET/*` }[word] ?? `${api}/${stage}/POST/*`
  const Statement = [{ Action: 'execute-api:Invoke', Effect: word === 'denied' ? 'Deny' : 'Allow', Resource }]
  return ok({
    ...(word !== 'nobody' && { principalId: 'somebody' }),
    ...(word !== 'lawless' && { policyDocument: { Version: '2012-10-17', Statement } }),
    context: word === 'nested' ? { deep: {} } : { caller: 'issuer', count: 7, isFresh: true },
  })
}

let gateway: ApiGateway
before(async () => {
  gateway = await start()
})
after(() => gateway?.[Symbol.asyncDispose]())
beforeEach(() => {
  functions.hook = () => ok({ statusCode: 200 })
  functions.asked.length = 0
})

const post = (token: string, init: RequestInit = {}, { url } = gateway): Promise<Response> =>
  fetch(`${url}/mfa`, {
    method: 'POST',
    body: '{"a": "ü"}',
    ...init,
    headers: { ...(token && { Authorization: token }), 'X-Two': 'x', ...init.headers },
  })

test('the hook gets the event of a proxy integration', async () => {
  let event: ProxyEvent | undefined
  functions.hook = input => {
    event = input
    return ok({ statusCode: 200 })
  }
  await post('Bearer good')
  assert.ok(event)
  const { headers, multiValueHeaders, requestContext, ...rest } = event
  assert.deepEqual(rest, {
    resource: '/mfa',
    path: '/mfa',
    httpMethod: 'POST',
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    body: '{"a": "ü"}',
    isBase64Encoded: false,
  })
  assert.equal(headers['X-Two'] ?? headers['x-two'], 'x')
  assert.deepEqual(multiValueHeaders['X-Forwarded-Proto'], ['https'])
  assert.match(headers.Host ?? '', /^[0-9a-f]{10}\.execute-api\.us-east-1\.amazonaws\.com$/)
  const { authorizer, identity, requestTimeEpoch, requestTime, stage, path } = requestContext
  assert.deepEqual(authorizer, {
    principalId: 'somebody',
    caller: 'issuer',
    count: '7',
    isFresh: 'true',
    integrationLatency: '1',
  })
  assert.deepEqual([stage, path], ['v1', '/v1/mfa'])
  assert.ok(matchesPattern({ sourceIp: ['127.0.0.1', '::1'] }, identity))
  assert.ok(Math.abs(Number(requestTimeEpoch) - clock.now()) < 60_000)
  assert.match(String(requestTime), /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/)
})

describe('who is authorized', () => {
  const cases: readonly (readonly [token: string, status: number, body: string, asked: number])[] = [
    ['', 401, '{"message":"Unauthorized"}', 0],
    ['Basic good', 401, '{"message":"Unauthorized"}', 0],
    ['Bearer two words', 401, '{"message":"Unauthorized"}', 0],
    ['Bearer unauthenticated', 401, '{"message":"Unauthorized"}', 1],
    ['Bearer almost', 500, '{"message":null}', 1],
    ['Bearer nobody', 500, '{"message":null}', 1],
    ['Bearer lawless', 500, '{"message":null}', 1],
    ['Bearer nested', 500, '{"message":null}', 1],
    ['Bearer elsewhere', 403, '{"Message":"User is not authorized to access this resource"}', 1],
    [
      'Bearer denied',
      403,
      '{"Message":"User is not authorized to access this resource with an explicit deny"}',
      1,
    ],
  ]
  for (const [token, status, body, asked] of cases) {
    test(`"${token}" is ${status}, with ${asked} question to the authorizer`, async () => {
      const response = await post(token)
      assert.deepEqual([response.status, await response.text()], [status, body])
      assert.equal(functions.asked.length, asked)
    })
  }

  test('a result is cached for as long as the template says, for its token only', async () => {
    const asked = async (token: string): Promise<number> => {
      const before = functions.asked.length
      await post(token)
      return functions.asked.length - before - 1 // the hook
    }
    assert.deepEqual([await asked('Bearer kept'), await asked('Bearer kept')], [1, 0])
    assert.equal(await asked('Bearer other'), 1)
    clock.skip(299_000)
    assert.equal(await asked('Bearer kept'), 0)
    clock.skip(2_000)
    assert.equal(await asked('Bearer kept'), 1)
  })

  test('a refusal by the message "Unauthorized" is not cached', async () => {
    for (const _ of [1, 2]) await post('Bearer unauthenticated')
    assert.equal(functions.asked.length, 2)
  })
})

describe('the answer of a function', () => {
  const answers: readonly (readonly [payload: unknown, status: number])[] = [
    [{ statusCode: 201, body: 'made', headers: { 'x-own': '1' } }, 201],
    [{ statusCode: '204' }, 204],
    [{ statusCode: 200, body: { not: 'a text' } }, 502],
    [{ status: 200 }, 502],
    [{ statusCode: 200, other: 1 }, 502],
    [{ statusCode: 200, headers: { x: {} } }, 502],
    [{ statusCode: 99 }, 502],
    ['text', 502],
    [null, 502],
  ]
  for (const [payload, status] of answers) {
    test(`${JSON.stringify(payload)} is ${status}`, async () => {
      functions.hook = () => ok(payload)
      assert.equal((await post('Bearer good')).status, status)
    })
  }

  test('an error of the function is 502, without its text', async () => {
    functions.hook = () => failed('a secret of ours')
    const response = await post('Bearer good')
    assert.deepEqual([response.status, await response.text()], [502, '{"message":"Internal server error"}'])
  })

  test('headers are passed on, except those that the gateway reserves', async () => {
    const headers = { 'x-own': '1', 'www-authenticate': 'Bearer' }
    functions.hook = () => ok({ statusCode: 401, headers, multiValueHeaders: { 'x-many': ['a', 'b'] } })
    const response = await post('Bearer good')
    assert.deepEqual(
      ['x-own', 'www-authenticate', 'x-amzn-remapped-www-authenticate', 'x-many'].map(name =>
        response.headers.get(name),
      ),
      ['1', null, 'Bearer', 'a, b'],
    )
  })
})

test('a function that exceeds the time limit is 504', async () => {
  const impatient = withProperties(fixtureTemplate(), 'PostMfa', ({ Integration, ...rest }) => ({
    ...rest,
    Integration: { ...Object(Integration), TimeoutInMillis: 50 },
  }))
  await using api = await start(impatient)
  const { promise, resolve } = Promise.withResolvers<Invocation>()
  functions.hook = () => promise
  const response = await post('Bearer good', {}, api)
  assert.deepEqual(
    [response.status, await response.text()],
    [504, '{"message":"Endpoint request timed out"}'],
  )
  resolve(ok({ statusCode: 200 }))
})

test('a REQUEST authorizer gets the whole request, and the cache key is all of its identity sources', async () => {
  const Authorizer = authorizer({
    Type: 'REQUEST',
    IdentitySource: 'method.request.header.Authorization, method.request.header.X-Two',
    IdentityValidationExpression: { Ref: 'AWS::NoValue' },
  })
  await using api = await start(fixtureTemplate({ Authorizer }))
  await post('Bearer good', {}, api)
  await post('Bearer good', {}, api)
  await post('Bearer good', { headers: { 'X-Two': 'y' } }, api)
  const asked = functions.asked.filter(event => 'type' in event && event.type === 'REQUEST')
  assert.equal(asked.length, 2)
  const { methodArn, path, httpMethod } = asked[0] as Readonly<Record<string, string>>
  assert.match(methodArn ?? '', /\/v1\/POST\/mfa$/)
  assert.deepEqual([path, httpMethod], ['/mfa', 'POST'])
  assert.equal((await post('Bearer good', { headers: { 'X-Two': '' } }, api)).status, 401)
})

test('an unknown path, stage or method is 403, and no function is invoked', async () => {
  const { origin } = new URL(gateway.url)
  for (const [path, method] of [
    ['/v1/other', 'POST'],
    ['/v2/mfa', 'POST'],
    ['/v1/mfa', 'GET'],
  ] as const) {
    const response = await fetch(origin + path, { method, headers: { authorization: 'Bearer good' } })
    assert.deepEqual(
      [response.status, await response.text()],
      [403, '{"message":"Missing Authentication Token"}'],
    )
  }
  assert.equal(functions.asked.length, 0)
})

test('more than 10 MB is 413', async () => {
  const response = await post('Bearer good', { body: 'x'.repeat(10 * 1024 * 1024 + 1) })
  assert.equal(response.status, 413)
})

test('every call is a line of the access log, in the format of the stage', async () => {
  const before = gateway.accessLog().length
  await post('Bearer good')
  assert.match(gateway.accessLog()[before] ?? '', /^[0-9a-f-]{36} 200 \S+$/)
})

test("a gateway response of the template replaces AWS's", async () => {
  const Unauthorized = {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: {
      RestApiId: { Ref: 'Api' },
      ResponseType: 'DEFAULT_4XX',
      ResponseTemplates: { 'application/json': '{"sorry":$context.error.messageString}' },
      ResponseParameters: { 'gatewayresponse.header.x-own': "'yes'" },
    },
  }
  await using own = await start(fixtureTemplate({ Unauthorized }))
  const response = await post('Bearer unauthenticated', {}, own)
  assert.deepEqual([response.status, await response.text()], [401, '{"sorry":"Unauthorized"}'])
  assert.equal(response.headers.get('x-own'), 'yes')
})

test('without permission the gateway invokes no function', async () => {
  for (const permission of ['ApiMayCallHook', 'ApiMayCallAuthorizer']) {
    await using mute = await start(withoutResource(fixtureTemplate(), permission))
    const before = functions.asked.length
    assert.equal((await post('Bearer good', {}, mute)).status, 500)
    assert.equal(functions.asked.length - before, permission === 'ApiMayCallHook' ? 1 : 0)
  }
})
