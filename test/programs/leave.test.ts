import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { startServing } from '../world/serving.ts'

test('serve that is told to leave answers what is under way, writes it down, then leaves', {
  timeout: 60_000,
}, async () => {
  await using serving = await startServing()
  const hook = await serving.serve()
  const rule = JSON.stringify({ kind: 'latency', ms: 700 })
  await fetch(`${serving.carrier.url}/faults`, { method: 'POST', body: rule })

  const underWay = serving.call(hook, { to: '+14255550142', eventId: 'leaving00000000000000a' })
  while (!(await hasStruck(serving.carrier.url))) await setTimeout(5)
  hook.signal('SIGTERM')

  const { verdict } = await underWay
  assert.equal(verdict.kind, 'delivered-by-hook')
  assert.equal(await hook.ended, 'exit code 0')
  const listed = await serving.hookline('deliveries', '--event', 'leaving00000000000000a', '--json')
  assert.equal(JSON.parse(listed).status, 'accepted')
})

/** The carrier has the request and holds its answer back. */
async function hasStruck(carrierUrl: string): Promise<boolean> {
  const rules = (await (await fetch(`${carrierUrl}/faults`)).json()) as readonly { readonly used: number }[]
  return rules.some(({ used }) => used > 0)
}
