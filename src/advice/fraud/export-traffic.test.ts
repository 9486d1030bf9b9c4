import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { networkOf } from '../../core/policy/credit/network.ts'
import type { FollowedDelivery } from '../../core/records/delivery.ts'
import { exportTraffic } from './export-traffic.ts'
import { countryOfNumber, createReplay, type TrafficEvent } from './replay.ts'

const START = Date.UTC(2026, 0, 5)
type RequestEvent = TrafficEvent & { readonly event: 'request' }

/** A delivery of this request, as it is kept. */
function kept(request: RequestEvent, answeredMs: number | undefined): FollowedDelivery {
  const { id, at, org, user, number, ip, purpose, channel } = request
  return {
    id,
    openedAt: at,
    caller: org,
    eventId: undefined,
    oktaRequestId: undefined,
    duplicateKey: undefined,
    numberDigest: `digest of ${number}`,
    userDigest: user,
    loginDigest: undefined,
    country: countryOfNumber(number),
    lastDigits: number.slice(-2),
    channel,
    purpose,
    templateUsed: undefined,
    parts: 1,
    expiresAt: undefined,
    credit: { block: number.slice(1, -4), network: networkOf(ip) },
    end: { state: 'accepted', at, messageId: id, attempts: [] },
    progress: undefined,
    answered: answeredMs === undefined ? undefined : { at: at + answeredMs, afterMs: answeredMs },
  }
}

const request = fc.record({
  gapMs: fc.integer({ min: 1_000, max: 3 * 3_600_000 }),
  org: fc.constantFrom('acme', 'other'),
  user: fc.constantFrom('u1', 'u2', 'u3', 'u4'),
  number: fc.oneof(
    fc.integer({ min: 0, max: 99 }).map(n => `+3361234${String(5_600 + n)}`),
    fc.integer({ min: 0, max: 999_999 }).map(n => `+1415555${String(n).padStart(6, '0')}`.slice(0, 12)),
    fc.integer({ min: 0, max: 9_999 }).map(n => `+58412771${String(n).padStart(4, '0')}`),
    fc.constantFrom('+447911123456', '+447781123456', '+77011234567', '+79161234567'),
  ),
  ip: fc.constantFrom('203.0.113.5', '198.51.100.1', '2001:db8:1::1', undefined),
  purpose: fc.constantFrom('pre-enrollment', 'mfa-verification', 'password-reset', 'account-unlock'),
  channel: fc.constantFrom('sms', 'voice'),
  answeredMs: fc.option(fc.integer({ min: 5_000, max: 280_000 }), { nil: undefined }),
})

describe('an export of deliveries', () => {
  it('is decided like the traffic that it was made of, group by group', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 60 }), fc.nat(), (made, seed) => {
        let at = START
        const traffic = made.map(({ gapMs, answeredMs, ...one }, index) => {
          at += gapMs
          return { answeredMs, event: { event: 'request', id: `d${index}`, at, ...one } as RequestEvent }
        })
        const original: readonly TrafficEvent[] = traffic
          .flatMap(({ event, answeredMs }): TrafficEvent[] => [
            event,
            ...(answeredMs === undefined
              ? []
              : [
                  {
                    event: 'answered',
                    id: event.id,
                    at: event.at + answeredMs,
                    answeredAt: event.at + answeredMs,
                  } as const,
                ]),
          ])
          .sort((one, other) => one.at - other.at)
        const deliveries = traffic.map(({ event, answeredMs }) => kept(event, answeredMs)).toReversed()
        let next = seed
        const { events, skipped } = exportTraffic(deliveries, count => (next++ * 7_919) % count)
        assert.equal(skipped, 0)
        assert.deepEqual(decisionsOf(events), decisionsOf(original))
        const numbers = events.filter(event => event.event === 'request').map(event => event.number)
        const originals = traffic.map(({ event }) => event.number)
        assert.deepEqual(groupingOf(numbers), groupingOf(originals))
        assert.deepEqual(
          numbers.map(number => [number.slice(0, -4), countryOfNumber(number)]),
          originals.map(number => [number.slice(0, -4), countryOfNumber(number)]),
        )
      }),
      { numRuns: 40 },
    )
  })

  it('has numbers for users, orgs and networks, and nothing of the deliveries that names a person', () => {
    const [one] = exportTraffic([kept(SAMPLE, 9_000)], () => 42).events
    assert.deepEqual(one, {
      ...{ event: 'request', at: START, id: 'r1', org: 'org1', user: 'user1', number: '+584127710042' },
      ...{ ip: 'fd00:0:1::1', purpose: 'pre-enrollment', channel: 'sms' },
    })
  })

  it('has what became of each code, in order of time', () => {
    const progress = {
      stage: 'delivered',
      type: 'TEXT_DELIVERED',
      at: START + 2_000,
    } as FollowedDelivery['progress']
    const second = kept({ ...SAMPLE, id: 'd2', at: START + 5_000 }, undefined)
    const { events } = exportTraffic([second, { ...kept(SAMPLE, 9_000), progress }], () => 0)
    assert.deepEqual(
      events.map(({ event, id, at }) => [event, id, at - START]),
      [
        ['request', 'r1', 0],
        ['delivered', 'r1', 2_000],
        ['request', 'r2', 5_000],
        ['answered', 'r1', 9_000],
      ],
    )
  })

  it('has no delivery without the digits of its block, and none that was proven not to be sent', () => {
    const sent = kept(SAMPLE, undefined)
    const end = (code: 'NO_ROUTE' | 'LIMIT_USER' | 'CARRIER_REFUSED', state: 'refused' | 'failed') =>
      ({ ...sent, end: { state, at: START, code, detail: '', attempts: [] } }) as const
    const { events, skipped } = exportTraffic(
      [
        { ...sent, credit: undefined },
        end('NO_ROUTE', 'refused'),
        end('CARRIER_REFUSED', 'failed'),
        end('LIMIT_USER', 'refused'),
        {
          ...end('LIMIT_USER', 'refused'),
          end: { ...end('LIMIT_USER', 'refused').end, code: 'FRAUD_BLOCK' },
          credit: HELD,
        },
      ],
      () => 0,
    )
    assert.deepEqual([events.length, skipped], [2, 3])
  })
})

const SAMPLE: RequestEvent = {
  ...{ event: 'request', at: START, id: 'd1', org: 'acme', user: 'u1', number: '+584127712345' },
  ...{ ip: '203.0.113.5', purpose: 'pre-enrollment', channel: 'sms' },
}
const HELD: FollowedDelivery['credit'] = {
  block: '58412771',
  hold: { reason: 'FRAUD_BLOCK', group: 'p4:58412771', codes: 5, answers: 0, since: START },
}

/** Decisions in order, without IDs; networks have other names in an export. */
function decisionsOf(events: readonly TrafficEvent[]): readonly string[] {
  const decide = createReplay()
  return events.flatMap(event => {
    const decision = decide(event)
    if (decision === undefined) return []
    if (decision.decision !== 'held') return [decision.decision]
    return [`held ${decision.reason} ${(decision.hold?.group ?? '').replace(/^ip:.*/, 'ip')}`]
  })
}

/** Which of the texts are equal, whatever they are. */
function groupingOf(texts: readonly string[]): readonly number[] {
  return texts.map(text => texts.indexOf(text))
}
