import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createAccountServices } from '../../src/adapters/aws/account-services.ts'
import { runCanary } from '../../src/advice/canary/canary.ts'
import type { Cloud } from '../../src/cli/terminal/cloud.ts'
import { openStacksCanary } from '../../src/main/commands/canary-access.ts'
import { startLambdaInvoke } from '../stand-ins/lambda-invoke.ts'
import type { DeployedWorld } from '../world/deployed.ts'
import { startWorld } from '../world/world.ts'
import { shapes } from './shapes.ts'

for (const { shape, parameters, hook } of shapes) {
  describe(`the canary of a deployment: ${shape}`, () => {
    let world: DeployedWorld
    before(async () => {
      world = await startWorld({
        hook: 'deployed',
        parameters: { ...parameters, Canary: 'GB', BudgetMs: '2500' }, // a slow machine must not fail this test
        routes: { '*': '+12065550100' },
      })
      await world.callCarrier('PUT', '/events', { url: world.events.url, delayMs: 0 })
    })
    after(() => world?.[Symbol.asyncDispose]())

    test('goes from the door to the receipt each hour, as one text and one metric', async () => {
      await world.hour()
      const { outcome, failed, CanaryPassed, deliveryId } = lastCanary()
      assert.deepEqual([outcome, failed, CanaryPassed], ['passed', undefined, 1])
      const messages = await world.messages()
      assert.deepEqual(
        messages.map(({ to }) => to),
        ['+447860019066'],
      )
      const delivery = await world.store.findDelivery(String(deliveryId))
      assert.deepEqual([delivery?.caller, delivery?.progress?.stage], ['hookline canary', 'delivered'])
    })

    test('uses every right of its function, and lacks none', async () => {
      const calls = world.calls().filter(call => call.function === 'canary')
      assert.deepEqual(
        calls.filter(({ granted }) => !granted),
        [],
      )
      const unused = world.neverCalled().filter(right => right.startsWith('canary:'))
      assert.deepEqual(
        unused.filter(right => !/xray|logs:/.test(right)),
        [],
      )
      assert.deepEqual(world.lost(), [])
    })

    test('that is told twice is sent once', async () => {
      const before = (await world.messages()).length
      const event = {
        ...{ source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} },
        time: new Date(world.clock.now()).toISOString(),
      }
      const { arn } = world.functions.named(hook)
      for (const _ of [1, 2]) await world.invokeAsync(arn, event)
      assert.equal((await world.messages()).length, before + 1)
    })

    test('is sent by hookline canary --stack as well, to another country, with what a person needs to know', async () => {
      await using lambda = await startLambdaInvoke(world.stack, world.functions)
      Object.assign(process.env, {
        AWS_ENDPOINT_URL_LAMBDA: lambda.url,
        AWS_ENDPOINT_URL_DYNAMODB: world.env.AWS_ENDPOINT_URL_DYNAMODB,
      })
      const services = createAccountServices(world.stack.region)
      const named = { LambdaAPITriggerFunctionName: 'hookline-hook', OneFunction: 'false', ...parameters }
      const outputs = { ...world.stack.outputs, HookUrl: world.hookUrl }
      const stack = {
        parameters: new Map(Object.entries(named)),
        outputs: new Map(Object.entries(outputs)),
      }
      const cloud = {
        region: world.stack.region,
        stacks: { find: async (name: string) => (name === 'hookline' ? stack : undefined) },
        services,
        close: services.close,
      } as unknown as Cloud // what the command uses of it
      const target = { ...{ stack: 'hookline', region: undefined, url: undefined }, receiptMs: 60_000 }
      const open = (country: 'ES' | undefined) =>
        openStacksCanary({ open: async () => cloud }, 'hookline', undefined, { ...target, country })
      const canary = await open('ES')
      const result = await runCanary(Date.now(), canary.parts).finally(canary.close)
      assert.deepEqual([result.failed, canary.country], [undefined, 'ES'], JSON.stringify(result.steps))
      assert.equal((await world.messages()).at(-1)?.to, '+34683783440')
      await assert.rejects(
        openStacksCanary({ open: async () => cloud }, 'other', undefined, { ...target, country: undefined }),
        /other/,
      )
    })

    test('says that the carrier refused it, and counts as failed', async () => {
      await world.armFault({ kind: 'error', name: 'AccessDeniedException' })
      world.clock.skip(3_600_000)
      await world.hour()
      const { outcome, failed, CanaryPassed, detail } = lastCanary()
      assert.deepEqual([outcome, failed, CanaryPassed], ['failed', 'carrier', 0])
      assert.match(String(detail), /CARRIER_REFUSED/)
      await world.takeFaultCount()
    })

    test('changes no figures', async () => {
      await world.minute()
      const to = world.clock.now() + 60_000
      const { stats } = (await world.store.readStats({ from: to - 86_400_000, to })) ?? assert.fail()
      assert.deepEqual([stats.total.asked, stats.by.org.size], [0, 0])
    })

    function lastCanary(): Readonly<Record<string, unknown>> {
      const lines = world.functions
        .named('canary')
        .logs()
        .filter(line => line.includes('"step":"canary"'))
      return JSON.parse(lines.at(-1) ?? assert.fail('no line'))
    }
  })
}
