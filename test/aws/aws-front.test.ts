import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { DeployedWorld } from '../world/deployed.ts'
import { startWorld } from '../world/world.ts'
import { fixtureArchives } from './fixtures/bundles.ts'
import { fixtureTemplate } from './fixtures/template.ts'

/** Calls of the fixture's hook to AWS with the real SDK, and whether its role allows them. */
describe('calls to AWS', () => {
  let world: DeployedWorld
  before(async () => {
    using archives = await fixtureArchives()
    world = await startWorld({
      hook: 'deployed',
      release: { template: fixtureTemplate(), archives: archives.path },
      routes: 'none',
      parameters: { Tracing: 'true' },
    })
  })
  after(() => world?.[Symbol.asyncDispose]())

  const ask = async (does: string, identity?: string) => {
    const before = world.calls().length
    const response = await fetch(world.hookUrl, {
      method: 'POST',
      body: JSON.stringify({ does, identity }),
      headers: { authorization: 'Bearer good' },
    })
    const asked = world.calls().slice(before)
    const calls = asked.filter(({ action }) => /^(dynamodb|secretsmanager|sms-voice)/.test(action))
    return { status: response.status, json: JSON.parse(await response.text()), calls }
  }
  const refOf = (logicalId: string) =>
    world.stack.resources.find(one => one.logicalId === logicalId)?.arn ?? ''

  test('an allowed call is forwarded and recorded', async () => {
    const written = await ask('write')
    assert.deepEqual([written.status, written.json.Attributes.seen.S], [200, 'yes'])
    const resource = refOf('Table')
    assert.deepEqual(written.calls, [
      { function: 'hook', action: 'dynamodb:UpdateItem', resource, granted: true },
    ])
    assert.equal((await ask('read')).json.Item.seen.S, 'yes')
  })

  test('another call is an AccessDeniedException with a message, and is not forwarded', async () => {
    const { status, json, calls } = await ask('query')
    assert.deepEqual([status, json.name], [500, 'AccessDeniedException'])
    assert.match(
      json.message,
      /^User: arn:aws:sts::123456789012:assumed-role\/.+\/hook is not authorized to perform: dynamodb:Query on resource: .+\/index\/by-day/,
    )
    assert.deepEqual(
      calls.map(({ action, granted }) => [action, granted]),
      [['dynamodb:Query', false]],
    )
  })

  test('a secret is generated as in the template', async () => {
    const { json } = await ask('secret')
    const secret = JSON.parse(json.SecretString)
    assert.equal(secret.for, 'tests')
    assert.match(secret.KEY, /^[A-Za-z0-9]{48}$/)
    assert.deepEqual(JSON.parse((await ask('secret')).json.SecretString), secret)
  })

  test('a message needs permission for its identity and its configuration set', async () => {
    const granted = await ask('send', 'pool-tests')
    assert.match(granted.json.MessageId, /^[0-9a-f-]{36}$/)
    assert.deepEqual(
      granted.calls.map(({ resource }) => resource),
      ['arn:aws:sms-voice:us-east-1:123456789012:pool/pool-tests', refOf('ConfigurationSet')],
    )
    const before = (await world.messages()).length
    for (const [identity, resource] of [
      ['+12065550100', /:phone-number\/phone-[0-9a-f]{32}$/],
      ['phone-0123', /:phone-number\/phone-0123$/],
      ['Hookline', /:sender-id\/Hookline\/US$/],
    ] as const) {
      const { status, calls } = await ask('send', identity)
      assert.equal(status, 500)
      assert.match(calls.find(({ granted }) => !granted)?.resource ?? '', resource)
    }
    assert.equal((await world.messages()).length, before)
  })

  test('unknown credentials are refused', async () => {
    const credential = 'ASIANOBODY/20260101/us-east-1/dynamodb/aws4_request'
    const response = await fetch(world.front.url, {
      method: 'POST',
      body: '{}',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
        'x-amz-target': 'DynamoDB_20120810.ListTables',
      },
    })
    assert.equal(response.status, 400)
    assert.match(await response.text(), /UnrecognizedClientException/)
  })

  test("logs and active traces need permission of the function's role", () => {
    const asked = world.calls().filter(({ function: name }) => name === 'hook')
    for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTraceSegments']) {
      const call = asked.find(one => one.action === action)
      assert.equal(call?.granted, !action.startsWith('xray'), action)
    }
  })

  test('unused permissions are listed', () => {
    const { neverCalled } = world
    assert.deepEqual(
      neverCalled().filter(grant => grant.startsWith('hook')),
      [],
    )
    assert.ok(neverCalled().some(grant => grant.startsWith('receipts: sqs:SendMessage on arn:aws:sqs:')))
  })
})
