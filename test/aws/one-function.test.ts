import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { eventsBody, logEvent } from '../fixtures/okta-events.ts'
import { findLeaks, type Place, tokenSecrets } from '../support/leaks.ts'
import { goodBody } from '../support/requests.ts'
import { goodToken } from '../world/controls.ts'
import type { DeployedWorld } from '../world/deployed.ts'
import { startWorld } from '../world/world.ts'
import { codeIn, valueIn } from './answers.ts'

/**
 * What is different, or could be, without an authorizer, with everything on. Callers, secrets and several orgs are tested in
 * both shapes; what happens once the caller is known is the same code, which `journeys.test.ts` tests.
 */
const PARAMETERS = {
  OneFunction: 'true',
  OktaEvents: 'true',
  MessageFeedback: 'true',
  Tracing: 'true',
  ReceiptsFromEventBridge: 'true',
  Firewall: 'block',
  ProvisionedConcurrency: '1',
  ProvisionedConcurrencyMax: '2',
  BudgetMs: '2500', // a slow machine must not fail this test
}

describe('a deployment with one function and everything on', () => {
  let world: DeployedWorld
  before(async () => {
    world = await startWorld({ hook: 'deployed', parameters: PARAMETERS })
  })
  after(() => world?.[Symbol.asyncDispose]())
  const hook = () => world.functions.named('one-function')
  const runs = () => world.functions.all.map(({ invocations }) => invocations())

  test('answers its first call by one start of one function', async () => {
    const { verdict, answer } = await world.call({ to: '+12065550111', channel: 'voice' })
    assert.equal(verdict.kind, 'delivered-by-hook', JSON.stringify(answer))
    assert.equal(
      world.functions.all.reduce((sum, { invocations }) => sum + invocations(), 0),
      1,
    )
    assert.equal(hook().processes(), 1)
    assert.throws(() => world.functions.named('authorizer'), /no function authorizer/)
  })

  test('many copies at once, in several processes that each verify the token, are one message', async () => {
    const before = (await world.messages()).length
    const order = { to: '+12065550121', code: '87654321', eventId: 'at once', user: { userId: '00umany' } }
    const exactly = { ...order, otpExpires: '2099-01-01T00:00:00.000Z' }
    const results = await Promise.all(Array.from({ length: 8 }, () => world.call(exactly)))
    const ids = new Set(results.map(result => valueIn(result).transactionId))
    assert.deepEqual([ids.size, (await world.messages()).length - before], [1, 1], results.map(codeIn).join())
    assert.ok(hook().processes() > 1)
  })

  test('a token signed by a key that Okta has just made is verified, also once the old key is removed', async () => {
    const fresh = { fresh: true }
    await world.okta.rotateKeys()
    world.clock.skip(15_000) // an unknown key makes each process fetch at most every ten seconds
    const first = await world.call(fresh)
    assert.equal(first.verdict.kind, 'delivered-by-hook', JSON.stringify(first.answer))
    await world.okta.rotateKeys({ drop: true })
    world.clock.skip(3_600_001)
    const otpExpires = new Date(world.clock.now() + 300_000).toISOString()
    world.okta.setTokenFault({ lifetimeSeconds: 20_000 })
    const second = await world.call({ ...fresh, otpExpires })
    world.okta.setTokenFault({})
    assert.equal(second.verdict.kind, 'delivered-by-hook', JSON.stringify(second.answer))
  })

  test('a function that was frozen for long sends once, over a new connection', async () => {
    for (const lambda of world.functions.all) lambda.freeze()
    world.front.dropConnections()
    world.clock.skip(30_000)
    const before = (await world.messages()).length
    const otpExpires = new Date(world.clock.now() + 300_000).toISOString()
    world.okta.setTokenFault({ lifetimeSeconds: 20_000 })
    const { verdict, answer } = await world.call({ to: '+12065550131', otpExpires, fresh: true })
    world.okta.setTokenFault({})
    assert.equal(verdict.kind, 'delivered-by-hook', JSON.stringify(answer))
    assert.equal((await world.messages()).length - before, 1)
  })

  test('the firewall refuses what has no credential before the function runs', async () => {
    const before = runs()
    for (const authorization of ['', 'Bearer ', 'Bearer a.b.c or so', 'Basic dXNlcjpwYXNzd29yZA==']) {
      const { status } = await fetch(world.hookUrl, {
        method: 'POST',
        body: goodBody(),
        headers: { authorization },
      })
      assert.equal(status, 401)
    }
    assert.deepEqual(runs(), before)
  })

  test("receipts and Okta's events have their own functions, as with an authorizer", async () => {
    await world.callCarrier('PUT', '/events', { url: world.events.url, delayMs: 0 })
    const otpExpires = new Date(world.clock.now() + 300_000).toISOString()
    world.okta.setTokenFault({ lifetimeSeconds: 20_000 })
    const { transactionMetadata: id } = valueIn(
      await world.call({ to: '+12065550140', otpExpires, fresh: true }),
    )
    world.okta.setTokenFault({})
    await world.allDelivered()
    const [{ sent } = assert.fail('no call')] = world.okta.calls().slice(-1)
    const { userProfile } = sent.data as { readonly userProfile: { readonly userId: string } }
    const actor = { id: userProfile.userId, type: 'User', alternateId: 'ana@example.com' }
    const published = new Date(world.clock.now()).toISOString()
    const { HOOKLINE_EVENT_SECRETS: authorization } = JSON.parse(
      world.secrets.get(world.stack.outputs.EventSecretArn)?.text ?? '{}',
    )
    const before = hook().invocations()
    const response = await fetch(new URL('events/okta', world.hookUrl), {
      method: 'POST',
      body: JSON.stringify(eventsBody(logEvent({ actor, published }))),
      headers: { authorization },
    })
    assert.deepEqual([response.status, hook().invocations()], [204, before])
    const found = await world.store.findDelivery(id)
    assert.deepEqual([found?.progress?.stage, found?.answered?.at], ['delivered', Date.parse(published)])
  })

  test('no log or record contains a code or a token', async () => {
    const calls = world.okta.calls()
    const codes = calls.map(
      ({ sent }) => (sent.data as { messageProfile: { otpCode: string } }).messageProfile,
    )
    const secrets = [
      ...codes
        .filter(({ otpCode }) => otpCode.length >= 8)
        .map(({ otpCode }) => ({ name: otpCode, value: otpCode })),
      ...tokenSecrets('a token', await goodToken(world.okta)),
    ]
    const places: Readonly<Record<string, unknown>> = { logs: world.logs(), table: await world.items() }
    const written = Object.entries(places).map(([name, content]): Place => {
      return { name, bytes: Buffer.from(JSON.stringify(content)) }
    })
    assert.ok(secrets.length > 8)
    assert.deepEqual(findLeaks(secrets, written), [])
  })

  test('every call to AWS was allowed, and the function fits its memory', () => {
    assert.deepEqual(
      world.calls().filter(({ granted }) => !granted),
      [],
    )
    assert.deepEqual(world.lost(), [])
    const { peakMb, limitMb } = hook().memory()
    assert.ok(peakMb > 0 && peakMb < limitMb * 0.9, `${peakMb} of ${limitMb} MB`)
  })
})
