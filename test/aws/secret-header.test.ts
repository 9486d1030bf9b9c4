import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { findLeaks } from '../support/leaks.ts'
import { goodBody } from '../support/requests.ts'
import type { DeployedWorld } from '../world/deployed.ts'
import { startWorld } from '../world/world.ts'

const HEADER = 'X-Hookline-Secret'

/** The least that can be deployed: AWS's own keys, no firewall, one way for receipts; and the second authentication method. */
describe('a deployment for orgs without API Access Management', () => {
  let world: DeployedWorld
  before(async () => {
    world = await startWorld({
      hook: 'deployed',
      parameters: {
        SecretHeaderName: HEADER,
        OwnKey: 'false',
        Firewall: 'off',
        Dashboard: 'false',
        ReceiptsFromEventBridge: 'false',
      },
    })
  })
  after(() => world?.[Symbol.asyncDispose]())
  const post = (headers: Readonly<Record<string, string>>): Promise<Response> =>
    fetch(world.hookUrl, { method: 'POST', body: goodBody(), headers })

  test('the secret that AWS made lets Okta in', async () => {
    const { verdict, answer } = await world.call()
    assert.equal(verdict.kind, 'delivered-by-hook', JSON.stringify(answer))
  })

  test('its results are kept: the authorizer is asked once', async () => {
    const authorizer = world.functions.named('authorizer')
    const before = authorizer.invocations()
    await world.call()
    assert.equal(authorizer.invocations(), before)
  })

  test('another secret is 401, and the hook does not run', async () => {
    const before = world.functions.named('hook').invocations()
    assert.equal((await post({ [HEADER]: 'x'.repeat(64) })).status, 401)
    assert.equal(world.functions.named('hook').invocations(), before)
  })

  test('no secret, one that is too short, or a token instead: no function runs', async () => {
    const runs = () => world.functions.all.map(({ invocations }) => invocations())
    const before = runs()
    for (const headers of [{}, { [HEADER]: 'short' }, { authorization: 'Bearer a.b.c' }]) {
      assert.equal((await post(headers)).status, 401)
    }
    assert.deepEqual(runs(), before)
  })

  test('receipts come from the topic alone', async () => {
    await world.callCarrier('PUT', '/events', { url: world.events.url, delayMs: 0 })
    await world.call()
    await world.allTold()
    const received = world.functions.named('receipts').logs().join('\n')
    assert.match(received, /"outcome":"kept"/)
    assert.deepEqual(world.stack.ofType('AWS::Events::Rule'), [])
    assert.deepEqual(world.lost(), [])
  })

  test('the secret is in no log', () => {
    const { text = '' } = world.secrets.get(world.stack.outputs.HookSecretArn) ?? {}
    const secret = JSON.parse(text).HOOKLINE_SECRETS
    assert.equal(typeof secret, 'string')
    const logs = Buffer.from(world.logs().join('\n'))
    assert.deepEqual(findLeaks([{ name: 'the secret', value: secret }], [{ name: 'logs', bytes: logs }]), [])
  })

  test('the authorizer asks AWS for its secret and nothing else, and every call is granted', () => {
    const calls = world.calls()
    assert.deepEqual(
      calls.filter(({ granted }) => !granted),
      [],
    )
    const asked = calls.filter(({ function: name }) => name === 'authorizer').map(({ action }) => action)
    assert.deepEqual(
      new Set(asked),
      new Set(['secretsmanager:GetSecretValue', 'logs:CreateLogStream', 'logs:PutLogEvents']),
    )
    assert.deepEqual(
      world.neverCalled().filter(grant => grant.startsWith('authorizer')),
      [],
    )
  })
})
