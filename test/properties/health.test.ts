import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  createWorld,
  type DeliveryWorld,
  type HooklineProcess,
  startProcess,
} from '../fixtures/delivering.ts'
import type { CarrierBehaviour } from '../fixtures/fake-carrier.ts'
import { otpRequest } from '../fixtures/planning.ts'

const NUMBERS = { CA: '+14165550123', US: '+12065550123', PR: '+17875550123', ES: '+34683783440' } as const
type Country = keyof typeof NUMBERS
const POOLS = ['pool-1', 'pool-2', 'pool-3'] // AWS does not publish the rate of a pool's texts
const BEHAVIOURS: readonly CarrierBehaviour[] = [
  ...([
    'accepts',
    'refuses the candidate',
    'refuses the candidate for the country',
    'refuses the account',
  ] as const),
  ...([
    'cannot be reached',
    'refuses the recipient',
    'refuses the message',
    'may have sent',
    'hangs',
  ] as const),
]

type Event = {
  readonly behaviours: readonly CarrierBehaviour[]
  readonly afterMs: number
}
const events = fc.array(
  fc.record<Event>({
    behaviours: fc.array(fc.constantFrom(...BEHAVIOURS), { minLength: 3, maxLength: 3 }),
    afterMs: fc.constantFrom(0, 1_000, 3_000, 31_000),
  }),
  { minLength: 5, maxLength: 25 },
)

let requests = 0
/** A code that does not expire, however much time passes. */
function sendTo(hookline: HooklineProcess, country: Country, channel: 'sms' | 'voice' = 'sms') {
  requests += 1
  const phoneNumber = NUMBERS[country]
  return hookline.deliver(
    otpRequest({ eventId: `event-${requests}`, phoneNumber, channel, expiresAt: undefined }),
  )
}

async function worldOf(identities: readonly string[]): Promise<DeliveryWorld> {
  const world = await createWorld(identities)
  await world.store.saveLimits({ mode: 'observe', windows: [] }, { author: 'a test', at: 0 })
  return world
}

/** Any results in one country, from any identity. */
async function happen(
  world: DeliveryWorld,
  hookline: HooklineProcess,
  country: Country,
  history: readonly Event[],
) {
  for (const { behaviours, afterMs } of history) {
    POOLS.forEach((pool, index) => {
      world.carrier.set(pool, behaviours[index] ?? 'accepts', 0, country)
    })
    await sendTo(hookline, country)
    world.clock.pass(afterMs)
  }
}

describe('any results of identities in one country', () => {
  const pairs = fc
    .tuple(
      fc.constantFrom(...(Object.keys(NUMBERS) as Country[])),
      fc.constantFrom(...(Object.keys(NUMBERS) as Country[])),
    )
    .filter(([one, other]) => one !== other)

  it('change nothing in another: the same candidates are tried in the same order, with the same result', async () => {
    const answers = fc.array(fc.constantFrom(...BEHAVIOURS), { minLength: 3, maxLength: 3 })
    const property = fc.asyncProperty(pairs, events, answers, async ([here, other], history, behaviours) => {
      const ends = []
      for (const past of [history, []]) {
        const world = await worldOf(POOLS)
        const hookline = startProcess(world)
        await happen(world, hookline, here, past)
        POOLS.forEach((pool, index) => {
          world.carrier.set(pool, behaviours[index] ?? 'accepts', 0, other)
        })
        world.carrier.tried.length = 0
        const { kind } = await sendTo(hookline, other)
        ends.push({ kind, tried: [...world.carrier.tried] })
      }
      assert.deepEqual(ends[0], ends[1])
    })
    await fc.assert(property, { numRuns: 100 })
  })

  it('leave every candidate available there, also if its pace is used up', async () => {
    const paced = ['+12065550100', '+18665550100', 'MyCompany', '12345', 'pool-1']
    const property = fc.asyncProperty(
      pairs,
      fc.integer({ min: 0, max: 12 }),
      async ([here, other], count) => {
        const world = await worldOf(paced)
        const hookline = startProcess(world)
        for (let index = 0; index < count; index += 1) await sendTo(hookline, here)
        for (const identity of paced) world.carrier.set(identity, 'refuses the candidate for the country')
        world.carrier.tried.length = 0
        await sendTo(hookline, other)
        assert.deepEqual(world.carrier.tried.toSorted(), paced.toSorted())
      },
    )
    await fc.assert(property, { numRuns: 50 })
  })

  it('change nothing for calls, and the other way round', async () => {
    const world = await worldOf(['pool-1', 'pool-2'])
    const hookline = startProcess(world)
    world.carrier.set('pool-1', 'refuses the candidate')
    for (let index = 0; index < 6; index += 1) await sendTo(hookline, 'CA')
    world.carrier.tried.length = 0
    await sendTo(hookline, 'CA', 'voice')
    assert.equal(world.carrier.tried[0], 'pool-1')
    await sendTo(hookline, 'CA')
    assert.equal(world.carrier.tried.at(-1), 'pool-2')
  })
})
