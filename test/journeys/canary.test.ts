import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { createCanaryCredential } from '../../src/adapters/node/canary-credential.ts'
import { canaryRequest } from '../../src/advice/canary/canary-request.ts'
import { Secret } from '../../src/core/values/secret.ts'
import type { HookWorld } from '../world/controls.ts'
import { HASH_KEY_OF_TESTS, startWorld } from '../world/world.ts'

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:hookline-receipts'

describe('hookline canary', () => {
  let world: HookWorld
  before(async () => {
    world = await startWorld({ hook: 'in-process', settings: { HOOKLINE_RECEIPT_TOPICS: TOPIC } })
    const url = new URL('/events/carrier', world.hookUrl).href
    await world.callCarrier('PUT', '/events', { url, topicArn: TOPIC })
  })
  after(() => world?.[Symbol.asyncDispose]())
  afterEach(async () => {
    await world.takeFaultCount()
    await world.takeMessages()
  })

  async function canary(args: readonly string[] = [], changed: Readonly<Record<string, string>> = {}) {
    const { code, stdout, stderr } = await world.hookline(
      ['canary', '--json', '--url', world.hookUrl, ...args],
      changed,
    )
    return { code, stderr, result: JSON.parse(stdout || '{}') }
  }

  test('goes through everything: its text, its delivery and its receipt, and changes no figures', async () => {
    const { code, result } = await canary()
    assert.deepEqual([code, result.failed], [0, null])
    const results = result.steps.map((step: { readonly result: string }) => step.result)
    assert.deepEqual(results, ['passed', 'passed', 'passed', 'passed', 'passed'])
    const messages = await world.takeMessages()
    assert.deepEqual(
      messages.map(({ to, context }) => [to, Object.values(context ?? {})]),
      [['+14254147755', [result.deliveryId]]],
    )
    const delivery = JSON.parse(await world.printed('deliveries', '--event', 'hookline-canary', '--json'))
    assert.deepEqual([delivery.id, delivery.caller], [result.deliveryId, 'hookline canary'])
    const { asked } = JSON.parse(await world.printed('stats', '--since', 'hour', '--json'))
    assert.equal(asked, 0)
  })

  test('says that the carrier refused it, and why', async () => {
    await world.armFault({ match: { to: '+34683783440' }, kind: 'error', name: 'AccessDeniedException' })
    const { code, result } = await canary(['--country', 'ES'])
    assert.deepEqual([code, result.failed], [4, 'carrier'])
    assert.match(JSON.stringify(result.steps[2]), /CARRIER_REFUSED.* AccessDeniedException/)
  })

  test('needs the hash key of the server: with another, nothing is sent', async () => {
    const { code, result } = await canary([], {
      HOOKLINE_HASH_KEY: 'another key of tests, longer than 32 characters',
    })
    assert.deepEqual([code, result.failed], [4, 'hook'])
    assert.deepEqual(await world.takeMessages(), [])
  })

  test('has a credential that sends nothing but a canary', async () => {
    const { write } = createCanaryCredential([new Secret(HASH_KEY_OF_TESTS)])
    const request = JSON.stringify(canaryRequest({ country: 'US', at: Date.now() }))
    const others = [
      request.replace('+14254147755', '+12065550123'),
      request.replace('"SMS"', '"voice call"'),
      request.replace('/generatePreview', ''),
      request.replace('hookline-canary"', 'hookline-other"'),
      request.replace('"data":{', '"data":{"userProfile":{"userId":"00u1"},'),
    ]
    for (const body of others) {
      const answer = await world.post(body, { authorization: write(Date.now()) })
      assert.match(await answer.text(), /CANARY_NOT_SIMULATOR/)
    }
    assert.equal((await world.post(request, { authorization: write(Date.now() - 120_000) })).status, 401)
    assert.deepEqual(await world.takeMessages(), [])
  })

  test('says which address it cannot reach', async () => {
    const { code, result } = await canary(['--url', 'http://127.0.0.1:1/mfa'])
    assert.deepEqual([code, result.failed], [4, 'door'])
    assert.match(result.steps[0].detail, /ECONNREFUSED/)
  })
})
