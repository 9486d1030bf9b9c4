import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createReplay, type ReplayDecision, type TrafficEvent } from './replay.ts'

const START = Date.UTC(2026, 0, 5, 8)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

type Request = TrafficEvent & { readonly event: 'request' }

/** Traffic in order of time: requests one minute apart, unless they say otherwise. */
function traffic() {
  const decide = createReplay()
  let at = START
  let count = 0
  const request = (input: Partial<Request> = {}): ReplayDecision => {
    at = input.at ?? at + MINUTE
    count += 1
    const decision = decide({
      event: 'request',
      id: `r${count}`,
      org: 'acme',
      user: `u${count}`,
      number: `+1415555${String(1000 + count)}`,
      ip: `198.51.${count % 250}.7`,
      purpose: 'pre-enrollment',
      channel: 'sms',
      ...input,
      at,
    })
    assert.ok(decision !== undefined)
    return decision
  }
  const answer = ({ id }: ReplayDecision, { afterMs = 20_000, lateMs = 5_000 } = {}): void => {
    const answeredAt = at + afterMs
    at = answeredAt + lateMs
    decide({ event: 'answered', id, at, answeredAt })
  }
  return {
    request,
    answer,
    answered: (input: Partial<Request> = {}) => {
      const decision = request(input)
      answer(decision)
      return decision
    },
    delivered: ({ id }: ReplayDecision) => decide({ event: 'delivered', id, at }),
    wait: (ms: number) => {
      at += ms
    },
  }
}

/** People of an established org: phones in France that answer, each on a network of its own. */
function established(count = 30) {
  const world = traffic()
  for (let index = 0; index < count; index += 1)
    world.answered({
      number: `+3361${String(2_000_000 + 101_003 * index)}`,
      user: `p${index}`,
      ip: `82.6.${index}.9`,
    })
  return world
}
const reasonOf = (decision: ReplayDecision): string =>
  decision.decision === 'held' ? decision.reason : decision.decision
const groupOf = (decision: ReplayDecision): string | undefined =>
  decision.decision === 'held' ? decision.hold?.group : undefined

describe('a replay, asked about new numbers', () => {
  it('holds a block after five numbers without an answer, and lets a probe through after ten minutes', () => {
    const { request } = established()
    const decisions = Array.from({ length: 5 }, (_, index) =>
      request({ number: `+49151234500${10 + index}` }),
    )
    assert.deepEqual(decisions.map(reasonOf), Array(5).fill('sent'))
    const sixth = request({ number: '+4915123450020' })
    assert.equal(reasonOf(sixth), 'FRAUD_BLOCK')
    assert.equal(groupOf(sixth), 'p4:491512345')
    assert.ok(sixth.decision === 'held' && sixth.hold?.probeAt !== undefined)
    const { probeAt, since, codes, answers } = sixth.hold
    assert.deepEqual([probeAt - since, codes, answers], [10 * MINUTE, 5, 0])
    assert.equal(reasonOf(request({ number: '+4915123450021', at: probeAt - 1 })), 'FRAUD_BLOCK')
    assert.equal(reasonOf(request({ number: '+4915123450022', at: probeAt })), 'sent')
    assert.equal(reasonOf(request({ number: '+4915123450023', at: probeAt + 19 * MINUTE })), 'FRAUD_BLOCK')
    assert.equal(reasonOf(request({ number: '+4915123450024', at: probeAt + 20 * MINUTE })), 'sent')
  })

  it('opens a group whose probe was answered, with room for three more', () => {
    const { request, answer } = established()
    for (let index = 0; index < 6; index += 1) request({ number: `+49151234500${10 + index}` })
    const probe = request({ number: '+4915123450030', at: START + 5 * HOUR })
    assert.equal(reasonOf(probe), 'sent')
    answer(probe)
    const next = Array.from({ length: 4 }, (_, index) => request({ number: `+49151234500${40 + index}` }))
    assert.deepEqual(next.map(reasonOf), ['sent', 'sent', 'sent', 'FRAUD_BLOCK'])
  })

  it('counts a number once a day, however many codes it gets', () => {
    const { request } = established()
    const same = Array.from({ length: 3 }, () => request({ number: '+4915123450010', user: 'one' }))
    assert.deepEqual(same.map(reasonOf), ['sent', 'sent', 'sent'])
    const others = Array.from({ length: 4 }, (_, index) => request({ number: `+49151234500${20 + index}` }))
    assert.deepEqual(others.map(reasonOf), Array(4).fill('sent'))
  })

  it('holds a number that never answers after four codes in an hour and five in a day', () => {
    const { request } = traffic()
    const number = '+4915123450010'
    const times = [0, 1, 11, 12, 13, 73, 74].map(minutes => START + minutes * MINUTE)
    const decisions = times.map(at => reasonOf(request({ number, user: 'one', at })))
    const UNPROVEN = 'NUMBER_UNPROVEN'
    assert.deepEqual(decisions, ['sent', 'sent', 'sent', 'sent', UNPROVEN, 'sent', UNPROVEN])
    assert.equal(reasonOf(request({ number, user: 'one', at: START + 25 * HOUR + 5 * MINUTE })), 'sent')
  })

  it('holds a user who enrols a fourth number in a day, and a known one who enrols a third', () => {
    const { request, answered } = established()
    const numbers = ['+4915111111111', '+4916022222222', '+4917033333333', '+4917144444444']
    const ofOne = numbers.map(number => reasonOf(request({ number, user: 'one' })))
    assert.deepEqual(ofOne, ['sent', 'sent', 'sent', 'USER_MANY_NUMBERS'])
    answered({ number: '+33612345678', user: 'two' })
    answered({ number: '+33612345678', user: 'two', purpose: 'mfa-verification' })
    const ofTwo = numbers
      .slice(0, 3)
      .map(number => reasonOf(request({ number: number.replace('1', '5'), user: 'two' })))
    assert.equal(ofTwo[2], 'USER_MANY_NUMBERS')
  })

  it('holds all countries without proven phones together, and none where many phones answered', () => {
    const { request } = established()
    const prefixes = [
      '+99450',
      '+99293',
      '+9477',
      '+92301',
      '+234803',
      '+21620',
      '+21355',
      '+25261',
      '+58412',
      '+37253',
    ]
    const reasons = Array.from({ length: 18 }, (_, index) =>
      reasonOf(
        request({
          number: `${prefixes[index % 10]}${String(2_345_678 + 1_111_111 * Math.floor(index / 10))}`,
        }),
      ),
    )
    // Eight codes, and one that two answers from France earned while it was new.
    assert.deepEqual(reasons, [...Array(9).fill('sent'), ...Array(9).fill('FRAUD_NEW_COUNTRIES')])
    assert.equal(reasonOf(request({ number: '+33699887766' })), 'sent')
  })

  it('holds nobody before the first answer was ever heard', () => {
    const { request } = traffic()
    const decisions = Array.from({ length: 40 }, (_, index) =>
      request({ number: `+49151234${50_000 + index}` }),
    )
    assert.deepEqual(new Set(decisions.map(reasonOf)), new Set(['sent']))
  })

  it('keeps orgs apart', () => {
    const { request } = established()
    for (let index = 0; index < 6; index += 1) request({ number: `+49151234500${10 + index}` })
    assert.equal(reasonOf(request({ number: '+4915123450050' })), 'FRAUD_BLOCK')
    assert.equal(reasonOf(request({ number: '+4915123450050', org: 'globex' })), 'sent')
  })
})

describe('a replay, asked about phones that answered before', () => {
  const owner = { number: '+33612345678', user: 'owner', ip: '192.0.2.10' } as const

  it('sends to the owner while an outsider requests resets from elsewhere', () => {
    const { request, answered } = established()
    answered(owner)
    answered({ ...owner, purpose: 'mfa-verification' })
    const attack = Array.from({ length: 30 }, () =>
      request({ ...owner, ip: '203.0.113.5', purpose: 'password-reset' }),
    )
    assert.ok(attack.filter(({ decision }) => decision === 'sent').length <= 5)
    for (let sign = 0; sign < 2; sign += 1)
      assert.equal(reasonOf(answered({ ...owner, ip: '192.0.2.99', purpose: 'mfa-verification' })), 'sent')
  })

  it('holds a phone after four unanswered codes from its own network, and sends the probe half a day later', () => {
    const { request, answered, wait } = established()
    answered(owner)
    answered({ ...owner, purpose: 'mfa-verification' })
    wait(2 * HOUR)
    const codes = Array.from({ length: 5 }, () => {
      wait(25 * MINUTE)
      return reasonOf(request({ ...owner, purpose: 'mfa-verification' }))
    })
    assert.deepEqual(codes, ['sent', 'sent', 'sent', 'sent', 'NUMBER_SILENT'])
    wait(11 * HOUR)
    assert.equal(reasonOf(request({ ...owner, purpose: 'mfa-verification' })), 'NUMBER_SILENT')
    wait(HOUR)
    assert.equal(reasonOf(request({ ...owner, purpose: 'mfa-verification' })), 'sent')
  })

  it('keeps the last two codes of each limit for networks where the phone answered', () => {
    const { request, answered } = established()
    answered(owner)
    answered({ ...owner, purpose: 'mfa-verification' })
    const strange = { ...owner, ip: '203.0.113.5', purpose: 'mfa-verification' } as const
    const times = Array.from({ length: 4 }, () => reasonOf(request(strange)))
    assert.ok(times.includes('LIMIT_NUMBER'), times.join(' '))
    assert.equal(reasonOf(request({ ...owner, purpose: 'mfa-verification' })), 'sent')
  })
})

describe('a replay, while answers do not reach us', () => {
  it('holds no country in which ten phones answered, but bounds its new numbers', () => {
    const { request, wait } = established(40)
    wait(DAY)
    for (let index = 0; index < 8; index += 1)
      request({
        number: `+3361${String(2_000_000 + 101_003 * index)}`,
        user: `p${index}`,
        ip: `82.6.${index}.9`,
        purpose: 'mfa-verification',
      })
    wait(10 * MINUTE)
    const decisions = Array.from({ length: 300 }, (_, index) =>
      reasonOf(
        request({ number: `+336${String(50_000_000 + 12_345 * index)}`, ip: `90.${index % 200}.1.1` }),
      ),
    )
    const sent = decisions.filter(reason => reason === 'sent').length
    assert.ok(sent >= 100 && sent <= 130, `${sent} sent`)
  })
})

describe('a replay', () => {
  it('skips a request whose condition does not hold, and ignores answers to codes that were not sent', () => {
    const decide = createReplay()
    const base = {
      event: 'request',
      org: 'acme',
      user: 'u',
      number: '+4915123450010',
      ip: undefined,
      purpose: 'pre-enrollment',
      channel: 'sms',
    } as const
    assert.equal(decide({ ...base, id: 'a', at: 1 })?.decision, 'sent')
    assert.equal(decide({ ...base, id: 'b', at: 2, onlyIf: { id: 'a', was: 'held' } })?.decision, 'skipped')
    assert.equal(decide({ ...base, id: 'c', at: 3, onlyIf: { id: 'b', was: 'sent' } })?.decision, 'skipped')
    assert.equal(decide({ ...base, id: 'd', at: 4, onlyIf: { id: 'a', was: 'sent' } })?.decision, 'sent')
    for (const id of ['b', 'nothing'])
      assert.equal(decide({ event: 'answered', id, at: 5, answeredAt: 5 }), undefined)
  })
})
