import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  activeOverrides,
  defaultFraudPolicy,
  type FraudPolicy,
  fraudModeOf,
  OVERRIDES_MAX,
  type Override,
  type Whom,
  withOverride,
  withoutOverride,
} from './fraud-policy.ts'

const NOW = Date.UTC(2026, 5, 15)
const VENEZUELA: Whom = { kind: 'country', country: 'VE' }
const by = { author: 'lee', because: 'an office opens', at: NOW, until: NOW + 1_000 }
const allow = (whom: Whom, changed: Partial<Override> = {}): Override =>
  ({ what: 'allow', whom, ...by, ...changed }) as Override
const policyOf = (...overrides: readonly Override[]): FraudPolicy => ({ ...defaultFraudPolicy, overrides })

describe('the mode of the fraud rule', () => {
  it('is that of the caller, else the common one', () => {
    const policy: FraudPolicy = { ...defaultFraudPolicy, modes: { acme: 'enforce' } }
    assert.equal(fraudModeOf(policy, 'acme'), 'enforce')
    assert.equal(fraudModeOf(policy, 'other'), 'observe')
    assert.equal(fraudModeOf(policy, 'constructor'), 'observe')
  })
})

describe('overrides', () => {
  it('apply from their beginning until they end', () => {
    const policy = policyOf(allow(VENEZUELA))
    assert.equal(activeOverrides(policy, NOW - 1).length, 0)
    assert.equal(activeOverrides(policy, NOW).length, 1)
    assert.equal(activeOverrides(policy, NOW + 999).length, 1)
    assert.equal(activeOverrides(policy, NOW + 1_000).length, 0)
  })

  it('replace the one about the same, but a denial does not replace an expectation', () => {
    const expect: Override = { what: 'expect', whom: VENEZUELA, count: 60, ...by }
    const deny = allow(VENEZUELA, { what: 'deny' })
    const first = withOverride(policyOf(expect), allow(VENEZUELA), NOW)
    const second = withOverride({ ...defaultFraudPolicy, ...first }, deny, NOW)
    assert.deepEqual(second?.overrides, [expect, deny])
  })

  it('are left out once they ended', () => {
    const other = allow({ kind: 'prefix', digits: '58412' })
    assert.deepEqual(
      withOverride(policyOf(allow(VENEZUELA)), { ...other, until: NOW + 9_000 }, NOW + 1_000),
      {
        mode: 'observe',
        modes: {},
        overrides: [{ ...other, until: NOW + 9_000 }],
      },
    )
  })

  it('are removed by whom they are about', () => {
    const network = allow({ kind: 'network', cidr: '203.0.113.0/24' })
    const policy = policyOf(allow(VENEZUELA), network)
    assert.deepEqual(withoutOverride(policy, VENEZUELA, NOW).overrides, [network])
    assert.equal(withoutOverride(policy, { kind: 'country', country: 'CO' }, NOW).overrides.length, 2)
  })

  it('are limited in number, but one can always be replaced', () => {
    const many = Array.from({ length: OVERRIDES_MAX }, (_, index) =>
      allow({ kind: 'prefix', digits: String(1_000 + index) }),
    )
    assert.equal(withOverride(policyOf(...many), allow(VENEZUELA), NOW), undefined)
    const again = allow({ kind: 'prefix', digits: '1000' }, { author: 'kim' })
    assert.equal(withOverride(policyOf(...many), again, NOW)?.overrides.at(-1), again)
  })
})
