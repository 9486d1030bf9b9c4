import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createReplay, type ReplayDecision, type TrafficEvent } from '../../src/advice/fraud/replay.ts'

/** What anybody may do: outsiders with the owner's number and their own, people, waves; answered or not, late or never. */
const START = Date.UTC(2026, 0, 5)
const HOUR = 3_600_000
const OWNER = { user: 'owner', number: '+33612345678' } as const
const HOME = '192.0.2.10'

const outsider = fc.record({
  gapMs: fc.integer({ min: 1_000, max: 3 * HOUR }),
  number: fc.oneof(
    { weight: 3, arbitrary: fc.constant<string>(OWNER.number) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 9_999 }).map(n => `+336123${String(40_000 + n)}`) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 999_999 }).map(n => `+4915${String(10_000_000 + n)}`) },
  ),
  user: fc.constantFrom('owner', 'u1', 'u2', 'u3', 'u4'),
  ip: fc.constantFrom('203.0.113.5', '198.51.100.1', '2001:db8:1::1', '8.8.8.8', undefined),
  purpose: fc.constantFrom('pre-enrollment', 'mfa-verification', 'password-reset', 'account-unlock'),
  channel: fc.constantFrom('sms', 'voice'),
  answerMs: fc.option(fc.integer({ min: 5_000, max: 2 * HOUR }), { nil: undefined }),
})
type Outsider = typeof outsider extends fc.Arbitrary<infer T> ? T : never

/** The owner signs in at home, answered; then outsiders do as they please; then the owner asks. */
function play(
  outsiders: readonly Outsider[],
  options: { readonly ownersAnswers: number; readonly last: readonly number[]; readonly lastFrom?: number },
): readonly ReplayDecision[] {
  const events: { event: TrafficEvent; order: number }[] = []
  const add = (event: TrafficEvent): void => void events.push({ event, order: events.length })
  const ownRequest = (id: string, at: number, purpose: 'pre-enrollment' | 'mfa-verification'): void =>
    add({ event: 'request', id, at, org: 'acme', ...OWNER, ip: HOME, purpose, channel: 'sms' })
  for (let answer = 0; answer < options.ownersAnswers; answer += 1) {
    const at = START + answer * HOUR
    ownRequest(`own${answer}`, at, answer === 0 ? 'pre-enrollment' : 'mfa-verification')
    add({ event: 'answered', id: `own${answer}`, at: at + 30_000, answeredAt: at + 20_000 })
  }
  let at = START + options.ownersAnswers * HOUR
  outsiders.forEach(({ gapMs, answerMs, ...request }, index) => {
    at += gapMs
    const isOwners = request.number === OWNER.number
    add({ event: 'request', id: `s${index}`, at, org: 'acme', ...request })
    if (answerMs !== undefined && !isOwners)
      add({ event: 'answered', id: `s${index}`, at: at + answerMs + 5_000, answeredAt: at + answerMs })
  })
  at = options.lastFrom ?? at
  options.last.forEach((gapMs, index) => {
    at += gapMs
    ownRequest(`last${index}`, at, 'mfa-verification')
  })
  const decide = createReplay()
  return events
    .sort((one, other) => one.event.at - other.event.at || one.order - other.order)
    .flatMap(({ event }) => decide(event) ?? [])
}

/** The rule, not the limits: five codes in ten minutes are too many for anybody. */
const isHeldByRule = (decision: ReplayDecision): boolean =>
  decision.decision === 'held' && !decision.reason.startsWith('LIMIT_')

describe('the fraud rule, whatever outsiders request', () => {
  it('sends to a phone on a network where it answered', () => {
    fc.assert(
      fc.property(
        fc.array(outsider, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 20 * 24 * HOUR }),
        (outsiders, ownersAnswers, gapMs) => {
          const last = play(outsiders, { ownersAnswers, last: [gapMs] }).find(({ id }) => id === 'last0')
          assert.ok(last !== undefined && !isHeldByRule(last), JSON.stringify(last))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('decides about requests from such a network as if there were no outsiders', () => {
    fc.assert(
      fc.property(
        fc.array(outsider, { maxLength: 40 }),
        fc.array(fc.integer({ min: 15 * 60_000, max: 5 * HOUR }), { minLength: 1, maxLength: 12 }),
        (outsiders, last) => {
          const heldAmong = (others: readonly Outsider[]): readonly string[] =>
            play(others, { ownersAnswers: 3, last, lastFrom: START + 10 * 24 * HOUR })
              .filter(isHeldByRule)
              .flatMap(({ id }) => (id.startsWith('last') ? [id] : []))
          const alone = heldAmong([])
          const among = heldAmong(outsiders.filter(({ number }) => number !== OWNER.number))
          // Others can make the rule blind, which only lets more through.
          assert.ok(
            among.every(id => alone.includes(id)),
            `${among} beside ${alone}`,
          )
        },
      ),
      { numRuns: 200 },
    )
  })

  it('decides the same about the same lines', () => {
    fc.assert(
      fc.property(fc.array(outsider, { maxLength: 60 }), outsiders => {
        const options = { ownersAnswers: 2, last: [HOUR] }
        assert.deepEqual(play(outsiders, options), play(outsiders, options))
      }),
      { numRuns: 50 },
    )
  })
})
