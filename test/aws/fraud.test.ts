import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import { eventsBody, logEvent } from '../fixtures/okta-events.ts'
import type { DeployedWorld } from '../world/deployed.ts'
import { startWorld } from '../world/world.ts'

/** A criminal's numbers: one block of a country in which no one has ever answered. */
const NUMBERS = Array.from({ length: 60 }, (_, index) => `+584127771${String(100 + index)}`)
const ADDRESS = '198.51.100.7'
/** Of a block (`creditRules`). */
const CREDIT = 5

let world: DeployedWorld
before(async () => {
  world = await startWorld({
    hook: 'deployed',
    parameters: { OktaEvents: 'true', BudgetMs: '2500' }, // a slow machine must not fail this test
    routes: { '*': '+12065550100' },
  })
  const editor = { author: 'a test', at: 0 }
  await world.store.saveFraudPolicy({ mode: 'enforce', modes: {}, overrides: [] }, editor)
})
after(() => world?.[Symbol.asyncDispose]())

const from = (ipAddress: string, order: CallOrder): CallOrder => ({
  ...order,
  overrides: { data: { context: { request: { ipAddress } } } },
})
const user = (userId: string) => ({ userId, login: `${userId}@example.com` })
const sentTo = async (prefix: string): Promise<number> =>
  (await world.messages()).filter(({ to }) => to.startsWith(prefix)).length

async function answer(userId: string): Promise<void> {
  const { text = '{}' } = world.secrets.get(world.stack.outputs.EventSecretArn) ?? {}
  const { HOOKLINE_EVENT_SECRETS: authorization } = JSON.parse(text)
  const actor = { id: userId, type: 'User', alternateId: `${userId}@example.com` }
  const published = new Date(world.clock.now()).toISOString()
  const body = JSON.stringify(eventsBody(logEvent({ actor, published })))
  const headers = { authorization }
  const { status } = await fetch(new URL('events/okta', world.hookUrl), { method: 'POST', body, headers })
  assert.equal(status, 204)
}

test('a person enrols and signs in', async () => {
  for (const purpose of ['pre-enrollment', 'mfa-verification']) {
    await world.call(from('203.0.113.7', { to: '+12065550111', purpose, user: user('ana') }))
    await answer('ana')
    world.clock.skip(60_000)
  }
  assert.equal(await sentTo('+1206'), 2)
})

test('a flood of enrolments gets a handful of codes, from however many functions', async () => {
  for (let index = 0; index < NUMBERS.length; index += 12) {
    const burst = NUMBERS.slice(index, index + 12)
    await Promise.all(
      burst.map(to => world.call(from(ADDRESS, { to, purpose: 'pre-enrollment', user: user(`u${to}`) }))),
    )
    world.clock.skip(1_000)
  }
  assert.ok(world.functions.named('hook').processes() > 1)
  const sent = await sentTo('+58')
  // On a slow machine, a function may decide without the table.
  const lines = world.functions.named('hook').logs()
  const undecided = lines.filter(line => line.includes('"admit"') && line.includes('"store-unavailable"'))
  assert.ok(sent >= 1 && sent <= CREDIT + undecided.length, `${sent} codes were sent`)
  const listed = await world.store.listDeliveries({ limit: 1_000 })
  const held = listed.filter(({ end }) => end.state === 'refused')
  assert.equal(held.length, NUMBERS.length - sent)
  for (const { end, credit } of held) {
    assert.ok(end.state === 'refused' && credit?.hold !== undefined)
    assert.match(end.code, /^FRAUD_/)
  }
})

test('whoever answered before gets codes meanwhile, and so does somebody new elsewhere', async () => {
  const known = { to: '+12065550111', purpose: 'mfa-verification', user: user('ana') }
  const fresh = { to: '+12065550112', purpose: 'pre-enrollment', user: user('ben') }
  for (const order of [from('203.0.113.7', known), from('203.0.113.9', fresh)])
    assert.equal((await world.call(order)).verdict.kind, 'delivered-by-hook')
  assert.equal(await sentTo('+1206'), 4)
})

test('every call to AWS was allowed', async () => {
  await world.allDelivered()
  assert.deepEqual(
    world.calls().filter(({ granted }) => !granted),
    [],
  )
  assert.deepEqual(world.lost(), [])
})
