import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY_MS } from './counts.ts'
import { earn, judgePhone, type OwnRequest } from './phone.ts'
import { newPhone, newPurse, type PhoneRecord, type PurseName, type PurseRecord } from './records.ts'
import { creditRules } from './rules.ts'

const NOW = Date.UTC(2026, 5, 15, 12)
const HOUR = 3_600_000
const TODAY = Math.floor(NOW / DAY_MS)

const request = (purse: PurseName, changed: Partial<OwnRequest> = {}): OwnRequest => ({
  network: 'away',
  purse,
  sentAt: [NOW - HOUR],
  isBlind: false,
  isAmongSilent: false,
  ...changed,
})
const judge = (phone: PhoneRecord, purse: PurseName, changed: Partial<OwnRequest> = {}, now = NOW) =>
  judgePhone(phone, request(purse, changed), creditRules, now)
/** A purse whose last four codes were not answered. */
const silent: PurseRecord = { ...newPurse, inARow: 4 }
/** Answers on two of the last days, to as many codes as are named. */
const answeredOnTwoDays = (codes: number): PurseRecord => ({
  ...silent,
  days: { [TODAY]: [codes - 1, 1], [TODAY - 1]: [1, 1] },
})
/** A proven phone with too few answers for a good record. */
const proven: PhoneRecord = { ...newPhone, provenAt: NOW - DAY_MS, unansweredKnown: 4 }

describe('a phone that left four codes in a row unanswered', () => {
  it('is held until twelve hours after its last code, then gets one, and the next after a day', () => {
    const first = judge({ ...proven, purses: { 'sign-in': silent } }, 'sign-in')
    assert.deepEqual([first.isHeld, first.probeAt], [true, NOW + 11 * HOUR])
    const later = judge(first.phone, 'sign-in', { sentAt: [NOW + 9 * HOUR] }, NOW + 10 * HOUR)
    assert.deepEqual([later.isHeld, later.probeAt], [true, NOW + 11 * HOUR], 'a hold does not move the probe')
    const probe = judge(later.phone, 'sign-in', {}, NOW + 11 * HOUR)
    assert.equal(probe.isHeld, false)
    const after = judge(probe.phone, 'sign-in', {}, NOW + 12 * HOUR)
    assert.deepEqual([after.isHeld, after.probeAt], [true, NOW + 35 * HOUR])
  })

  it('waits seven days at most, however often a probe stays without an answer', () => {
    let now = NOW
    let phone: PhoneRecord = { ...proven, purses: { 'sign-in': silent } }
    for (let probes = 0; probes < 8; probes += 1) {
      const { probeAt = assert.fail('it is not held') } = judge(phone, 'sign-in', {}, now)
      now = probeAt
      phone = judge(phone, 'sign-in', {}, now).phone
    }
    assert.equal(judge(phone, 'sign-in', {}, now + 1).probeAt, now + 7 * DAY_MS)
  })

  it('is silent for recoveries as well, and on strange networks, but not the other way round', () => {
    const all = ['sign-in', 'recovery', 'strange'] as const
    const heldBy = (purse: PurseName): readonly PurseName[] =>
      all.filter(
        each => judge({ ...proven, purses: { [purse]: silent } }, each, { network: undefined }).isHeld,
      )
    assert.deepEqual(heldBy('sign-in'), all)
    assert.deepEqual(heldBy('recovery'), ['recovery', 'strange'])
    assert.deepEqual(heldBy('strange'), ['strange'])
  })
})

describe('a phone on a network where nobody knows it', () => {
  const away = { ...newPhone, purses: { strange: silent } }

  it('that never answered gets three codes within an hour, and then none on this network', () => {
    let phone: PhoneRecord = away
    for (let code = 1; code <= 3; code += 1) {
      const judged = judge(phone, 'strange', {}, NOW + code)
      assert.equal(judged.isHeld, false, `code ${code}`)
      phone = judged.phone
    }
    assert.equal(judge(phone, 'strange', {}, NOW + 4).isHeld, true)
    assert.equal(judge(phone, 'strange', { network: 'elsewhere' }, NOW + HOUR).isHeld, true, 'once a day')
    assert.equal(judge(phone, 'strange', { network: 'elsewhere' }, NOW + DAY_MS + 1).isHeld, false)
  })

  it('gets none where something was requested in vain, or from a network that Okta did not name', () => {
    const inVain = { ...away, vainFrom: { away: NOW - DAY_MS } }
    assert.equal(judge(inVain, 'strange').isHeld, true)
    assert.equal(judge(away, 'strange', { network: undefined }).isHeld, true)
  })

  it('that answered before gets some as well; while others fall silent, only with a good record or if it answers from ever other networks', () => {
    const isHeld = (changed: Partial<PhoneRecord>, isAmongSilent = true): boolean => {
      const purses = { strange: silent, ...changed.purses }
      const phone = { ...away, provenAt: NOW - DAY_MS, ...changed, purses }
      return judge(phone, 'strange', { isAmongSilent }).isHeld
    }
    assert.equal(isHeld({}, false), false)
    assert.equal(isHeld({}), true)
    assert.equal(isHeld({ purses: { 'sign-in': { ...answeredOnTwoDays(5), inARow: 0 } } }), false)
    assert.equal(isHeld({ purses: { 'sign-in': { ...answeredOnTwoDays(6), inARow: 0 } } }), true)
    const networks = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`network ${index}`, NOW - HOUR]))
    const roaming = { purses: { strange: answeredOnTwoDays(9) }, answeredFrom: networks(2) }
    assert.equal(isHeld({ ...roaming, vainFrom: networks(3) }), false, 'two of five')
    assert.equal(isHeld({ ...roaming, vainFrom: networks(4) }), true, 'two of six')
    assert.equal(isHeld({ answeredFrom: networks(2) }), true, 'on fewer than two days')
  })
})

describe('a phone that answers', () => {
  const travel = { network: 'away', since: NOW - HOUR, codes: 3, pauseMs: DAY_MS }
  const answer = (phone: PhoneRecord, network: string | undefined, purse: PurseName | undefined) =>
    earn(phone, { network, purse }, creditRules, NOW)

  it('ends its travel by an answer from there, and by no other', () => {
    const phone = { ...newPhone, travel }
    assert.equal(answer(phone, 'away', 'strange').travel, undefined)
    assert.deepEqual(answer(phone, 'home', 'sign-in').travel, travel)
    assert.deepEqual(answer(phone, undefined, 'strange').travel, travel)
    assert.equal(answer(newPhone, 'home', 'sign-in').travel, undefined)
  })

  it('on a known network has left nothing unanswered there; elsewhere that says nothing about it', () => {
    const phone = { ...newPhone, unansweredKnown: 3, unanswered: 5 }
    assert.equal(answer(phone, 'home', 'sign-in').unansweredKnown, 0)
    assert.equal(answer(phone, 'home', 'recovery').unansweredKnown, 0)
    assert.equal(answer(phone, 'away', 'strange').unansweredKnown, 3)
    assert.equal(answer(phone, 'away', undefined).unansweredKnown, 3)
    assert.equal(answer(phone, 'away', undefined).unanswered, 0)
  })
})
