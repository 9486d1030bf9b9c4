import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { type ServeWorld, startWorld } from '../world/world.ts'

test('on SIGTERM, serve answers requests in progress, stores them, then exits', {
  timeout: 60_000,
}, async () => {
  await using world = await startWorld({ hook: 'process' })
  const hook = await world.serve()
  await world.armFault({ kind: 'latency', ms: 700 })

  const underWay = world.call(hook, { to: '+14255550142', eventId: 'leaving00000000000000a' })
  while (!(await hasStruck(world))) await setTimeout(5)
  hook.signal('SIGTERM')

  const { verdict } = await underWay
  assert.equal(verdict.kind, 'delivered-by-hook')
  assert.equal(await hook.ended, 'exit code 0')
  const listed = await world.printed('deliveries', '--event', 'leaving00000000000000a', '--json')
  assert.equal(JSON.parse(listed).status, 'accepted')
})

/** The carrier has the request and delays its answer. */
async function hasStruck(world: ServeWorld): Promise<boolean> {
  const rules = (await world.callCarrier('GET', '/faults')) as readonly { readonly used: number }[]
  return rules.some(({ used }) => used > 0)
}
