import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Budgets } from '../fraud-policy.ts'
import { defaultLimits } from '../limits.ts'
import { budgetAlarms, budgetHold, spendBudgets } from './budget.ts'
import { DAY_MS } from './counts.ts'
import { decide } from './decide.ts'
import { newCountry, newOrg, newPhone, newUser, type Records } from './records.ts'

const NOW = Date.UTC(2026, 5, 15, 12)
const MIDNIGHT = Date.UTC(2026, 5, 16)
const empty: Records = { phone: newPhone, user: newUser, country: newCountry, org: newOrg, groups: {} }
const after = (codes: number, dollars = 0.1, at = NOW): Records =>
  Array.from({ length: codes }).reduce<Records>(records => spendBudgets(records, dollars, at), empty)
const held = (budgets: Budgets, records: Records, now = NOW) =>
  budgetHold(budgets, records, { country: 'VE', dollars: 0.1 }, now)

describe('a daily budget', () => {
  it('is none unless it is set', () => {
    assert.equal(held({}, after(100_000)), undefined)
    assert.equal(held({ countries: { FR: { messages: 0 } } }, after(100)), undefined)
  })

  it('holds the first code that does not fit, of a country until midnight UTC', () => {
    const budgets = { countries: { VE: { messages: 3 } } }
    assert.equal(held(budgets, after(2)), undefined)
    const hold = held(budgets, after(3))
    assert.deepEqual(
      [hold?.reason, hold?.group, hold?.codes, hold?.since, hold?.probeAt],
      ['FRAUD_BUDGET', 'country:VE', 3, MIDNIGHT - DAY_MS, MIDNIGHT],
    )
    assert.equal(held(budgets, after(3), MIDNIGHT), undefined)
  })

  it('says how many of the codes of today were answered', () => {
    const day = Math.floor(NOW / DAY_MS)
    const groups = { 'country:VE': { days: { [day - 1]: [9, 8], [day]: [3, 2] }, halfHours: {} } } as const
    const org = { ...after(3).org, enrolments: { [day]: [7, 5] } } as const
    const records = { ...after(3), org, groups }
    assert.equal(held({ countries: { VE: { messages: 3 } } }, records)?.answers, 2)
    assert.equal(held({ total: { messages: 3 } }, records)?.answers, 5)
  })

  it('counts dollars with the price of the code itself', () => {
    assert.equal(held({ total: { dollars: 0.5 } }, after(4, 0.0999)), undefined)
    const hold = held({ total: { dollars: 0.5 } }, after(4, 0.11))
    assert.equal(hold?.reason, 'FRAUD_BUDGET')
    assert.equal(hold?.group, undefined)
  })

  it('of a country goes before the one of each country', () => {
    const budgets = { eachCountry: { messages: 1 }, countries: { VE: { messages: 5 } } }
    assert.equal(held(budgets, after(4)), undefined)
    assert.equal(held({ eachCountry: { messages: 1 } }, after(1))?.group, 'country:VE')
    assert.equal(held({ eachCountry: { messages: 1 }, countries: { VE: {} } }, after(9)), undefined)
  })

  it('raises an alarm once at half, and once when all is spent', () => {
    const budgets = { total: { messages: 4, dollars: 100 } }
    const shares = [0, 1, 2, 3, 4].map(codes =>
      budgetAlarms(budgets, after(codes), after(codes + 1), 'VE', NOW).map(({ share }) => share),
    )
    assert.deepEqual(shares, [[], ['half'], [], ['all'], []])
    const next = budgetAlarms(budgets, after(4), spendBudgets(after(4), 0.1, MIDNIGHT), 'VE', MIDNIGHT)
    assert.deepEqual(next, [])
  })
})

describe('a request under a budget that is spent', () => {
  const code = {
    id: 'r1',
    number: 'n1',
    block: '58412771',
    country: 'VE',
    network: '203.0.113',
    user: 'u1',
    purpose: 'pre-enrollment',
  } as const
  const nothing = { number: [], user: [], 'number-and-channel': [] }
  const decided = (input: Partial<Records>, changed: object = {}, terms: object = {}) =>
    decide(
      { ...code, ...changed },
      { ...after(1), ...input },
      {
        mode: 'enforce',
        overrides: { expected: 0 },
        budget: { budgets: { total: { messages: 1 } }, dollars: 0.1 },
        ...terms,
      },
      { limits: defaultLimits, history: nothing },
      NOW,
    )

  it('is held for a new number, and spends nothing', () => {
    const decision = decided({})
    assert.equal(decision.kind === 'held' && decision.hold.reason, 'FRAUD_BUDGET')
    assert.deepEqual(decision.records, after(1))
  })

  it('is sent to a phone that answered, and to one that signs in; neither spends the budget', () => {
    const phone = {
      ...newPhone,
      answers: 1,
      provenAt: NOW - DAY_MS,
      answeredFrom: { '203.0.113': NOW - DAY_MS },
    }
    for (const decision of [
      decided({ phone }, { purpose: 'password-reset' }),
      decided({}, { purpose: 'mfa-verification' }),
    ]) {
      assert.equal(decision.kind, 'send')
      assert.deepEqual(decision.records.org.spent, after(1).org.spent)
    }
  })

  it('is sent where the mode observes, with what would have held it, and where an operator allows it', () => {
    const observed = decided({}, {}, { mode: 'observe' })
    assert.equal(observed.kind === 'send' && observed.hold?.reason, 'FRAUD_BUDGET')
    assert.equal(observed.records.org.spent?.messages, 2)
    const override = {
      what: 'allow',
      whom: { kind: 'country', country: 'VE' },
      at: NOW - 1,
      until: NOW + 1,
      author: 'lee',
      because: 'test',
    } as const
    const allowed = decided({}, {}, { overrides: { expected: 0, decision: override } })
    assert.equal(allowed.kind === 'send' && allowed.hold, undefined)
  })
})
