import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type PolicyContent, policyDifferences } from './change-log.ts'
import type { FraudPolicy } from './fraud-policy.ts'
import { defaultFraudPolicy } from './fraud-policy.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { defaultRoutingPolicy, type RoutingPolicy } from './routing-policy.ts'

const policy: PolicyContent = {
  templates: [],
  routes: [],
  limits: defaultLimits,
  fraud: defaultFraudPolicy,
  routing: defaultRoutingPolicy,
}
const whom = { kind: 'prefix', digits: '33612' } as const
/** Another value of every part: one that is missing here does not compile. */
const others: {
  readonly limits: Required<Limits>
  readonly fraud: Required<Omit<FraudPolicy, 'version'>>
  readonly routing: Required<Omit<RoutingPolicy, 'version'>>
} = {
  limits: { mode: 'observe', windows: [{ scope: 'user', windowSeconds: 77, max: 7 }] },
  fraud: {
    mode: 'enforce',
    modes: { acme: 'off' },
    overrides: [{ what: 'deny', whom, at: 1, until: 2, author: 'ana', because: 'x' }],
    budgets: { budgets: { total: { messages: 1 } }, prices: {} },
  },
  routing: {
    mode: 'follow',
    pinned: ['GB/sms'],
    shares: { 'GB/sms': { tenths: { one: 8, two: 2 } } },
    refused: { 'GB/sms one': 1 },
  },
}

describe('the log of changes', () => {
  for (const [section, parts] of Object.entries(others))
    for (const [part, value] of Object.entries(parts))
      it(`has a change of ${part} of ${section}`, () => {
        const before = policy[section as keyof typeof others]
        const changed = { ...policy, [section]: { ...before, [part]: value } }
        for (const [from, to] of [
          [policy, changed],
          [changed, policy],
        ] as const) {
          const [found, ...more] = policyDifferences(from, to)
          assert.deepEqual([found?.what, more], [section, []])
          assert.notDeepEqual(found?.differences, [])
        }
      })

  it('has no change where nothing changed but the order of properties', () => {
    const { mode, ...rest } = defaultRoutingPolicy
    assert.deepEqual(policyDifferences(policy, { ...policy, routing: { ...rest, mode } }), [])
  })
})
