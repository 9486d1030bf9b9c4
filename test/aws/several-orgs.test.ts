import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Okta } from '../../simulators/okta/okta.ts'
import { startOkta } from '../../simulators/okta/server.ts'
import { usNumber } from '../support/numbers.ts'
import type { DeployedWorld } from '../world/deployed.ts'
import { startWorld } from '../world/world.ts'

describe('a deployment that several orgs share', () => {
  let globex: Okta
  let unknownOrg: Okta
  let world: DeployedWorld
  before(async () => {
    globex = await startOkta({ port: 0 })
    unknownOrg = await startOkta({ port: 0 })
    const { issuer, audience, clientId, scope } = globex
    const OktaOrgs = JSON.stringify({ globex: { issuer, audience, clientId, scope } })
    world = await startWorld({ hook: 'deployed', parameters: { OktaOrgs } })
    for (const okta of [globex, unknownOrg]) okta.setHookUrl(world.hookUrl)
  })
  after(async () => {
    await world?.[Symbol.asyncDispose]()
    await globex?.close()
    await unknownOrg?.close()
  })

  test('lets each in by its own token, and says in the delivery and the log whose code it was', async () => {
    assert.equal((await world.call()).verdict.kind, 'delivered-by-hook')
    const { verdict, answer } = await globex.call({ to: usNumber(70) })
    assert.equal(verdict.kind, 'delivered-by-hook', JSON.stringify(answer))
    const deliveries = await world.store.listDeliveries({ limit: 10 })
    const callers = deliveries.map(({ caller }) => caller)
    assert.deepEqual(callers, [world.okta.issuer, 'globex'])
    const answers = world.functions
      .named('hook')
      .logs()
      .filter(line => line.includes('"hook-response"'))
    assert.deepEqual(
      answers.map(line => /"org":"(\w+)"/.exec(line)?.[1]),
      [undefined, 'globex'],
    )
    const dimensions = answers.map(line => /"Dimensions":(\[.*?\]\])/.exec(line)?.[1])
    assert.deepEqual(dimensions, ['[[]]', '[[],["org"]]'])
  })

  test('an org that it does not name is an unauthenticated caller, with a token as good as theirs', async () => {
    const { httpStatus } = await unknownOrg.call({ to: usNumber(71) })
    assert.equal(httpStatus, 401)
  })

  test('a preview is shown who is asking, and what its token says', async () => {
    const { issuer, audience, clientId, scope } = globex
    const { answer } = await globex.call({ to: '+14254147755', preview: true })
    const { debugContext } = answer as { readonly debugContext: Readonly<Record<string, unknown>> }
    const { tokenExpires, ...said } = debugContext
    assert.deepEqual(said, {
      caller: 'globex',
      authenticationMethod: 'access token',
      ...{ issuer, audience, clientId },
      scopes: scope,
    })
    assert.ok(Date.parse(String(tokenExpires)) > Date.now())
  })

  test("an org's issuer that hangs while its keys are fetched anew does not keep its codes, nor the others', from going out", async () => {
    globex.setTokenFault({ lifetimeSeconds: 20_000 })
    world.okta.setTokenFault({ lifetimeSeconds: 20_000 })
    assert.equal((await globex.call({ to: usNumber(72) })).verdict.kind, 'delivered-by-hook')
    world.clock.skip(3_600_001) // the keys that are known are good still, and due to be fetched
    globex.setKeysFault({ mode: 'slow', ms: 10_000 })
    const otpExpires = new Date(world.clock.now() + 300_000).toISOString()
    const late = { otpExpires, fresh: true }
    // One after the other: a second instance of the authorizer would know no keys of an issuer that hangs.
    for (const call of [() => globex.call({ to: usNumber(73), ...late }), () => world.call(late)]) {
      const { verdict } = await call()
      assert.equal(verdict.kind, 'delivered-by-hook', verdict.sentence)
    }
  })
})
