import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { defaultLimits, exceededLimit, type Limits, limitScopes } from '../policy/limits.ts'
import { type CountedDelivery, createLimitFloor, type LocalLimitFloor } from './limit-floor.ts'

const DAY_MS = 86_400_000
const perNumber = (max: number, windowSeconds = 600): Limits => ({
  mode: 'enforce',
  windows: [{ scope: 'number', windowSeconds, max }],
})
const code = (changed: Partial<CountedDelivery> = {}): CountedDelivery => ({
  numberDigest: 'number-1',
  userDigest: 'user-1',
  channel: 'sms',
  ...changed,
})
/** How many of `count` codes are let through, at one moment. */
const letThrough = (floor: LocalLimitFloor, codes: number, limits: Limits, now: number, delivery = code()) =>
  Array.from({ length: codes }, () => floor.count(delivery, limits, now)).filter(
    ({ kind }) => kind === 'counted',
  ).length

describe('the limits inside one process', () => {
  it('admit exactly as many as the limit allows, of thirty at once', () => {
    assert.equal(letThrough(createLimitFloor(), 30, defaultLimits, 1_000), 5)
  })

  it('end with the window, to the millisecond', () => {
    const floor = createLimitFloor()
    assert.equal(letThrough(floor, 30, perNumber(2), 1_000), 2)
    assert.equal(letThrough(floor, 30, perNumber(2), 600_999), 0)
    assert.equal(letThrough(floor, 30, perNumber(2), 601_000), 2)
  })

  it('count by number, by user, and by number and channel', () => {
    for (const [scope, same, other] of [
      ['number', { userDigest: 'user-2', channel: 'voice' }, { numberDigest: 'number-2' }],
      ['user', { numberDigest: 'number-2', channel: 'voice' }, { userDigest: 'user-2' }],
      ['number-and-channel', { userDigest: 'user-2' }, { channel: 'voice' }],
    ] as const) {
      const limits: Limits = { mode: 'enforce', windows: [{ scope, windowSeconds: 60, max: 1 }] }
      const floor = createLimitFloor()
      assert.equal(letThrough(floor, 1, limits, 1_000), 1)
      assert.deepEqual(floor.count(code(same), limits, 1_000), { kind: 'limited', limit: limits.windows[0] })
      assert.equal(letThrough(floor, 1, limits, 1_000, code(other)), 1, scope)
    }
  })

  it('do not count a missing user', () => {
    const limits: Limits = { mode: 'enforce', windows: [{ scope: 'user', windowSeconds: 60, max: 1 }] }
    assert.equal(letThrough(createLimitFloor(), 9, limits, 1_000, code({ userDigest: undefined })), 9)
  })

  it('do not count removed codes', () => {
    const floor = createLimitFloor()
    for (let round = 0; round < 10; round += 1) {
      const counted = floor.count(code(), perNumber(1), 1_000 + round)
      assert.ok(counted.kind === 'counted')
      counted.takeBack()
      counted.takeBack() // once is enough
    }
    assert.equal(letThrough(floor, 5, perNumber(1), 2_000), 1)
  })

  it('count while they are only observed, so that an abused number is limited once they are enforced', () => {
    const floor = createLimitFloor()
    const observed: Limits = { ...perNumber(3), mode: 'observe' }
    assert.equal(letThrough(floor, 5_000, observed, 1_000), 5_000)
    const next = floor.count(code(), observed, 1_000)
    assert.ok(next.kind === 'counted')
    assert.equal(next.exceeded, observed.windows[0])
    assert.equal(letThrough(floor, 30, perNumber(3), 1_000), 0)
    assert.equal(letThrough(floor, 30, perNumber(1_000), 1_000), 0, 'the widest limit that can be set')
  })

  it('agree with a list of all codes, for any times, removals and windows', () => {
    const steps = fc.array(
      fc.record({
        pass: fc.integer({ min: 0, max: 40_000 }),
        number: fc.integer({ min: 1, max: 2 }),
        user: fc.integer({ min: 1, max: 2 }),
        channel: fc.constantFrom('sms' as const, 'voice' as const),
        fails: fc.boolean(),
      }),
      { maxLength: 60 },
    )
    const windows = fc.array(
      fc.record({
        scope: fc.constantFrom(...limitScopes),
        windowSeconds: fc.integer({ min: 1, max: 300 }),
        max: fc.integer({ min: 1, max: 6 }),
      }),
      { maxLength: 4 },
    )
    fc.assert(
      fc.property(steps, windows, (codes, windows) => {
        const floor = createLimitFloor()
        const sent: { at: number; number: number; user: number; channel: string }[] = []
        let now = 0
        for (const { pass, number, user, channel, fails } of codes) {
          now += pass
          const timesOf = (is: (one: (typeof sent)[0]) => boolean) => sent.filter(is).map(({ at }) => at)
          const history = {
            number: timesOf(one => one.number === number),
            user: timesOf(one => one.user === user),
            'number-and-channel': timesOf(one => one.number === number && one.channel === channel),
          }
          const delivery = { numberDigest: `${number}`, userDigest: `${user}`, channel }
          const counted = floor.count(delivery, { mode: 'enforce', windows }, now)
          const limit = counted.kind === 'limited' ? counted.limit : undefined
          assert.equal(limit, exceededLimit(windows, history, now))
          if (counted.kind !== 'counted') continue
          if (fails) counted.takeBack()
          else sent.push({ at: now, number, user, channel })
        }
      }),
    )
  })

  it('drop users without a code for a day, and stay within their bound', () => {
    const floor = createLimitFloor(30)
    const one = (index: number) => code({ numberDigest: `number-${index}`, userDigest: `user-${index}` })
    for (let index = 0; index < 10; index += 1) floor.count(one(index), perNumber(1), 1_000 + index)
    assert.equal(
      letThrough(floor, 1, perNumber(1, 86_400), 2_000, one(0)),
      0,
      'thirty times are room for ten',
    )
    floor.count(one(10), perNumber(1), 3_000)
    assert.equal(letThrough(floor, 1, perNumber(1, 86_400), 4_000, one(0)), 1, 'the oldest made room')
    assert.equal(letThrough(floor, 1, perNumber(1, 86_400), 4_000, one(10)), 0, 'the newest is known')
    assert.equal(letThrough(floor, 1, perNumber(1, 86_400), 4_000 + DAY_MS, one(10)), 1)
  })
})
