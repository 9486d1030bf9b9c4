import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Okta } from '../../simulators/okta/okta.ts'
import { startOkta } from '../../simulators/okta/server.ts'
import { usNumber } from '../support/numbers.ts'
import type { DeployedWorld } from '../world/deployed.ts'
import { startWorld } from '../world/world.ts'
import { shapes } from './shapes.ts'

for (const { shape, parameters, hook } of shapes)
  describe(`a deployment shared by several orgs, ${shape}`, () => {
    let globex: Okta
    let unknownOrg: Okta
    let world: DeployedWorld
    before(async () => {
      globex = await startOkta({ port: 0 })
      unknownOrg = await startOkta({ port: 0 })
      const { issuer, audience, clientId, scope } = globex
      const OktaOrgs = JSON.stringify({ globex: { issuer, audience, clientId, scope } })
      world = await startWorld({ hook: 'deployed', parameters: { ...parameters, OktaOrgs } })
      for (const okta of [globex, unknownOrg]) okta.setHookUrl(world.hookUrl)
    })
    after(async () => {
      await world?.[Symbol.asyncDispose]()
      await globex?.close()
      await unknownOrg?.close()
    })

    test('authenticates each by its own token, and names the org in the delivery and the log', async () => {
      assert.equal((await world.call()).verdict.kind, 'delivered-by-hook')
      const { verdict, answer } = await globex.call({ to: usNumber(70) })
      assert.equal(verdict.kind, 'delivered-by-hook', JSON.stringify(answer))
      const deliveries = await world.store.listDeliveries({ limit: 10 })
      const callers = deliveries.map(({ caller }) => caller)
      assert.deepEqual(callers, [world.okta.issuer, 'globex'])
      const answers = world.functions
        .named(hook)
        .logs()
        .filter(line => line.includes('"hook-response"'))
      assert.deepEqual(
        answers.map(line => /"org":"(\w+)"/.exec(line)?.[1]),
        [undefined, 'globex'],
      )
      const dimensions = answers.map(line => /"Dimensions":(\[.*?\]\])/.exec(line)?.[1])
      assert.deepEqual(dimensions, ['[[]]', '[[],["org"]]'])
    })

    test('an unlisted org is an unauthenticated caller, even with a valid token', async () => {
      const { httpStatus } = await unknownOrg.call({ to: usNumber(71) })
      assert.equal(httpStatus, 401)
    })

    test('a preview shows the caller and the claims of its token', async () => {
      const { issuer, audience, clientId, scope } = globex
      const { answer } = await globex.call({ to: '+14254147755', preview: true })
      const { debugContext } = answer as { readonly debugContext: Readonly<Record<string, unknown>> }
      const { tokenExpires, ...rest } = debugContext
      assert.deepEqual(rest, {
        caller: 'globex',
        authenticationMethod: 'access token',
        ...{ issuer, audience, clientId },
        scopes: scope,
      })
      assert.ok(Date.parse(String(tokenExpires)) > Date.now())
    })

    test("if an org's issuer hangs while its keys are fetched again, codes of this org and the others are still sent", async () => {
      globex.setTokenFault({ lifetimeSeconds: 20_000 })
      world.okta.setTokenFault({ lifetimeSeconds: 20_000 })
      assert.equal((await globex.call({ to: usNumber(72) })).verdict.kind, 'delivered-by-hook')
      world.clock.skip(3_600_001) // the known keys are still valid, but due to be fetched again
      globex.setKeysFault({ mode: 'slow', ms: 10_000 })
      const otpExpires = new Date(world.clock.now() + 300_000).toISOString()
      const late = { otpExpires, fresh: true }
      // One after the other: a second instance of the function would not know the keys of an issuer that hangs.
      for (const call of [() => globex.call({ to: usNumber(73), ...late }), () => world.call(late)]) {
        const { verdict } = await call()
        assert.equal(verdict.kind, 'delivered-by-hook', verdict.sentence)
      }
    })
  })
