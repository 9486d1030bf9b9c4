import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createWorld, onlyDelivery, startProcess } from '../../../test/fixtures/delivering.ts'
import { NOW, otpRequest } from '../../../test/fixtures/planning.ts'
import { canaryRequest } from '../../advice/canary/canary-request.ts'
import { readHookRequest } from '../../okta/hook-request.ts'
import { CANARY_CALLER, CANARY_EVENT_ID, isCanary } from '../records/canary.ts'
import { OWN_PREVIEW } from '../records/delivery.ts'
import { isRefusal } from '../values/reasons.ts'
import type { OtpRequest } from '../values/request.ts'
import { Secret } from '../values/secret.ts'
import { simulatorCountries } from '../values/simulator-numbers.ts'
import { isCanaryRequest } from './canary-rules.ts'

const by = { author: 'a test', at: NOW }

function canaryAt(at: number, country: (typeof simulatorCountries)[number] = 'US'): OtpRequest {
  const read = readHookRequest(canaryRequest({ country, at }))
  return isRefusal(read) ? assert.fail(read.code) : read
}

describe('a canary', () => {
  it('requests only a text to the simulator, in every country of it, as a preview for no user', () => {
    assert.ok(CANARY_EVENT_ID.startsWith(OWN_PREVIEW))
    for (const country of simulatorCountries) assert.equal(isCanaryRequest(canaryAt(NOW, country)), true)
    const request = canaryAt(NOW)
    const others: readonly Partial<OtpRequest>[] = [
      { channel: 'voice' },
      { preview: false },
      { eventId: undefined },
      { eventId: 'event-1' },
      { phoneNumber: new Secret('+34600000001') },
      { phoneNumber: new Secret('14254147755') },
      { phoneNumber: new Secret('+14254147167') },
      { user: { ...request.user, id: '00u1' } },
      { user: { ...request.user, login: 'ada@example.com' } },
      { user: { ...request.user, firstName: new Secret('Ada') } },
    ]
    for (const other of others) assert.equal(isCanaryRequest({ ...request, ...other }), false)
  })

  it('is another code each millisecond, of ten digits at any time', () => {
    for (const at of [0, 1, NOW, 9_999_999_999, 10_000_000_000, 8_640_000_000_000_000 - 300_000])
      assert.match(canaryAt(at).code.reveal(), /^\d{10}$/)
    assert.notEqual(canaryAt(NOW).code.reveal(), canaryAt(NOW + 1).code.reveal())
  })

  it('is sent once, however often it comes', async () => {
    const world = await createWorld()
    const [one, other] = [startProcess(world), startProcess(world, {}, 'other')]
    const first = await one.deliver(canaryAt(NOW), CANARY_CALLER)
    const again = await other.deliver(canaryAt(NOW), CANARY_CALLER)
    assert.deepEqual([first.kind, again], ['accepted', first])
    assert.equal(world.carrier.delivered.length, 1)
    assert.equal(isCanary(await onlyDelivery(world.store)), true)
  })

  it('goes out while the limits of its number are exhausted, and uses none of them up', async () => {
    const world = await createWorld()
    await world.store.saveLimits(
      { mode: 'enforce', windows: [{ scope: 'number', windowSeconds: 86_400, max: 1 }] },
      by,
    )
    const hookline = startProcess(world)
    const phoneNumber = canaryAt(NOW).phoneNumber.reveal()
    for (const at of [NOW, NOW + 1]) {
      const outcome = await hookline.deliver(canaryAt(at), CANARY_CALLER)
      assert.equal(outcome.kind, 'accepted')
    }
    const toNumber = (eventId: string) => hookline.deliver(otpRequest({ phoneNumber, eventId }))
    assert.equal((await toNumber('event-1')).kind, 'accepted')
    const limited = await toNumber('event-2')
    assert.equal(limited.kind === 'refused' && limited.code, 'LIMIT_NUMBER')
    assert.equal((await hookline.deliver(canaryAt(NOW + 2), CANARY_CALLER)).kind, 'accepted')
  })

  it('has limits of its own, which no operator lifts: five in ten minutes', async () => {
    const world = await createWorld()
    await world.store.saveLimits({ mode: 'observe', windows: [] }, by)
    const processes = [startProcess(world), startProcess(world, {}, 'other')]
    const kinds: string[] = []
    for (let count = 0; count < 6; count += 1) {
      const outcome = await processes[count % 2]?.deliver(canaryAt(NOW + count), CANARY_CALLER)
      kinds.push(outcome?.kind ?? '')
    }
    assert.deepEqual(kinds, ['accepted', 'accepted', 'accepted', 'accepted', 'accepted', 'refused'])
    assert.equal(world.carrier.delivered.length, 5)
    assert.equal((await processes[0]?.deliver(canaryAt(NOW, 'ES'), CANARY_CALLER))?.kind, 'accepted')
  })

  it('keeps its limits without the store', async () => {
    const world = await createWorld()
    const hookline = startProcess(world, { admit: () => Promise.reject(new Error('away')) })
    for (let count = 0; count < 7; count += 1) await hookline.deliver(canaryAt(NOW + count), CANARY_CALLER)
    assert.equal(world.carrier.delivered.length, 5)
  })

  it('is not judged by the fraud rule, whose records it does not change', async () => {
    const world = await createWorld()
    await world.store.saveFraudPolicy({ mode: 'enforce', modes: {}, overrides: [] }, by)
    const hookline = startProcess(world)
    for (let count = 0; count < 5; count += 1)
      assert.equal((await hookline.deliver(canaryAt(NOW + count), CANARY_CALLER)).kind, 'accepted')
    const deliveries = await world.store.listDeliveries({ limit: 10 })
    assert.deepEqual(new Set(deliveries.map(({ credit }) => credit)), new Set([undefined]))
  })

  it('changes no figures', async () => {
    const world = await createWorld()
    await startProcess(world).deliver(canaryAt(NOW), CANARY_CALLER)
    const read = await world.store.readStats({ from: 0, to: NOW + 86_400_000 })
    assert.deepEqual([read?.stats.total.asked, read?.stats.by.org.size], [0, 0])
  })
})
