import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Override, Whom } from '../fraud-policy.ts'
import { explainHold, explainOverride, type FraudExplanation, textOfExplanation } from './explain.ts'
import type { Hold, HoldReason } from './verdict.ts'

const SINCE = Date.UTC(2026, 10, 28, 10, 2)
const hold = (
  reason: HoldReason,
  group?: Hold['group'],
  probeAt: number | undefined = SINCE + 600_000,
): Hold => ({
  reason,
  ...(group !== undefined && { group }),
  codes: 8,
  answers: 1,
  since: SINCE,
  ...(probeAt !== undefined && { probeAt }),
})

/** Every reason, with each kind of group that can have it. */
const holds: Readonly<Record<Exclude<HoldReason, 'FRAUD_DENIED'>, readonly Hold[]>> = {
  FRAUD_BLOCK: [hold('FRAUD_BLOCK', 'p4:58412771')],
  FRAUD_PREFIX: [hold('FRAUD_PREFIX', 'p6:584127')],
  FRAUD_COUNTRY: [hold('FRAUD_COUNTRY', 'country:VE')],
  FRAUD_NETWORK: [hold('FRAUD_NETWORK', 'ip:203.0.113'), hold('FRAUD_NETWORK', 'ip:2001:db8:12')],
  FRAUD_NEW_COUNTRIES: [hold('FRAUD_NEW_COUNTRIES', 'new:')],
  FRAUD_SMALL_COUNTRIES: [hold('FRAUD_SMALL_COUNTRIES', 'small:')],
  FRAUD_BUDGET: [hold('FRAUD_BUDGET', 'country:VE'), hold('FRAUD_BUDGET', undefined)],
  FRAUD_RARE_PREFIXES: [hold('FRAUD_RARE_PREFIXES', 'prefixes:')],
  FRAUD_SILENT_BLOCKS: [hold('FRAUD_SILENT_BLOCKS', 'blocks:')],
  FRAUD_RECOVERIES: [hold('FRAUD_RECOVERIES', 'recoveries:')],
  FRAUD_RESERVE: [hold('FRAUD_RESERVE', 'reserve:'), hold('FRAUD_RESERVE', 'reserve:others')],
  FRAUD_KNOWN_USERS: [hold('FRAUD_KNOWN_USERS', 'spared:')],
  NUMBER_SILENT: [hold('NUMBER_SILENT')],
  NUMBER_STRANGE_NETWORK: [hold('NUMBER_STRANGE_NETWORK')],
  NUMBER_UNPROVEN: [{ ...hold('NUMBER_UNPROVEN'), probeAt: undefined } as unknown as Hold],
  USER_MANY_NUMBERS: [{ ...hold('USER_MANY_NUMBERS'), probeAt: undefined } as unknown as Hold],
}
const whoms: Readonly<Record<Whom['kind'], Whom>> = {
  number: { kind: 'number', digest: 'd', lastDigits: '45' },
  user: { kind: 'user', digests: ['u'] },
  prefix: { kind: 'prefix', digits: '58412' },
  network: { kind: 'network', cidr: '203.0.113.0/24' },
  country: { kind: 'country', country: 'VE' },
}
const by = { author: 'lee', because: 'an office opens', at: SINCE, until: SINCE + 7 * 86_400_000 }
const overrides: readonly Override[] = [
  ...(['allow', 'deny'] as const).flatMap(what => Object.values(whoms).map(whom => ({ ...by, what, whom }))),
  { ...by, what: 'expect', whom: { kind: 'country', country: 'VE' }, count: 60 },
]

const all: readonly (readonly [string, FraudExplanation])[] = [
  ...Object.values(holds)
    .flat()
    .map(one => [`${one.reason} ${one.group ?? ''}`.trim(), explainHold(one, 'VE')] as const),
  ...overrides.map(one => [`${one.what} ${one.whom.kind}`, explainOverride(one, [8, 1])] as const),
  ...overrides.map(one => {
    const reason = one.what === 'deny' ? 'FRAUD_DENIED' : 'FRAUD_BLOCK'
    const held: Hold = { ...hold(reason, one.what === 'deny' ? undefined : 'p4:58412771'), override: one }
    return [`a code under ${one.what} ${one.whom.kind}`, explainHold(held, 'VE')] as const
  }),
]

describe('the explanation of a hold or an override', () => {
  for (const [name, explanation] of all)
    it(`${name}: has the five parts, with a command to type, and no internal name`, () => {
      assert.deepEqual(Object.keys(explanation), ['reason', 'group', 'counts', 'since', 'next'])
      assert.match(explanation.reason, /^(?:FRAUD|NUMBER|USER)_[A-Z_]+$/)
      assert.match(explanation.group, /\b(?:number|phone|user|requests)/)
      assert.match(explanation.counts, /^8 .*\b1 answered\.$/)
      assert.match(explanation.since, /since 2026-11-28 10:02 UTC/)
      assert.match(explanation.next, /The security team can (?:allow|end) it: hookline fraud \S/)
      const text = textOfExplanation(explanation)
      assert.doesNotMatch(
        text,
        /\b(?:p4|p6|ip|new|small|prefixes|blocks|recoveries|spared|reserve|silent):|P4|P6|NEW|blind|purse|spared|pool|undefined|NaN/,
      )
    })

  it('reads like this', () => {
    const [block, network, silent, unproven] = [
      hold('FRAUD_BLOCK', 'p4:58412771'),
      hold('FRAUD_NETWORK', 'ip:2001:db8:12'),
      hold('NUMBER_SILENT'),
      holds.NUMBER_UNPROVEN[0] as Hold,
    ].map(one => textOfExplanation(explainHold(one, 'VE')))
    assert.equal(
      block,
      'New numbers that begin with +58412771. 8 numbers got a code in the last 14 days, 1 answered. Held since 2026-11-28 10:02 UTC. One code is let through from 2026-11-28 10:12 UTC on, and an answer ends the hold. The security team can allow it: hookline fraud allow "+58412771*" --for 7d --because "…"',
    )
    assert.match(
      network ?? '',
      /^New numbers requested from 2001:db8:12::\/48\. .* hookline fraud allow 2001:db8:12::\/48 /,
    )
    assert.match(
      silent ?? '',
      /^This phone, on networks where it answered before\. 8 codes since its last answer/,
    )
    assert.match(unproven ?? '', /A code is sent again when fewer were sent in the last hour and day\./)
  })

  it('names the author and the end of an override', () => {
    const [allow] = overrides
    assert.ok(allow)
    assert.equal(
      textOfExplanation(explainOverride(allow, [3, 2])),
      'The phone …45. 3 codes requested, 2 answered. Allowed since 2026-11-28 10:02 UTC by lee: an office opens. Until 2026-12-05 10:02 UTC. The security team can end it: hookline fraud remove "+number"',
    )
    const expected = explainHold(
      { ...hold('FRAUD_DENIED'), override: { ...by, what: 'deny', whom: whoms.prefix } },
      'VE',
    )
    assert.match(
      textOfExplanation(expected),
      /^Numbers that begin with \+58412\. .* Denied since .* hookline fraud remove "\+58412\*"$/,
    )
  })
})
