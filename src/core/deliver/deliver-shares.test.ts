import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createWorld, startProcess } from '../../../test/fixtures/delivering.ts'
import { otpRequest } from '../../../test/fixtures/planning.ts'
import { defaultRoutingPolicy, type RoutingPolicy } from '../policy/routing-policy.ts'

const FIRST = 'pool-1'
const SECOND = 'pool-2'
const by = { author: 'a test', at: 0 }

/** A hundred codes to as many phones over a route of two identities. */
async function hundred(changed: Partial<RoutingPolicy>, broken?: string) {
  const world = await createWorld([FIRST, SECOND])
  if (broken !== undefined) world.carrier.set(broken, 'refuses the candidate for the country')
  const { version: _, ...routing } = { ...defaultRoutingPolicy, ...changed }
  await world.store.saveRoutingPolicy(routing, by)
  const process = startProcess(world)
  for (let index = 0; index < 100; index += 1) {
    const phoneNumber = `+3468378${String(1_000 + index)}`
    const user = { id: `user-${index}`, login: undefined, firstName: undefined }
    await process.deliver(otpRequest({ phoneNumber, eventId: `event-${index}`, user }))
  }
  const triedFirst = (identity: string): number =>
    world.carrier.tried.filter(tried => tried === identity).length
  return { world, triedFirst }
}

describe('a delivery over a route whose codes follow what works', () => {
  it('begins with the second identity for about a tenth of the codes, before anything has moved', async () => {
    const { triedFirst } = await hundred({ mode: 'follow' })
    assert.equal(triedFirst(FIRST) + triedFirst(SECOND), 100)
    assert.ok(triedFirst(SECOND) >= 3 && triedFirst(SECOND) <= 25, String(triedFirst(SECOND)))
  })

  it('begins with the first one while they are only observed, pinned, or AWS refused the second', async () => {
    for (const changed of [
      {},
      { mode: 'follow', pinned: ['ES/sms'] },
      { mode: 'follow', refused: { [`ES/sms ${SECOND}`]: 1 } },
    ] as const)
      assert.equal((await hundred(changed)).triedFirst(SECOND), 0)
  })

  it('fails over to the first one on proof, so that no code is lost by a probe', async () => {
    const { world } = await hundred({ mode: 'follow' }, SECOND)
    assert.equal(world.carrier.delivered.length, 100)
  })
})
