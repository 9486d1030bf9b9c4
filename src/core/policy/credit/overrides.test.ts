import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Override, Whom } from '../fraud-policy.ts'
import { bookCode, groupsOf } from './groups.ts'
import { effectOf, isEnforced, judgeUnder, type OverrideTarget, rulesUnder } from './overrides.ts'
import { type GroupRecord, newCountry, newGroup, newOrg, newPhone, newUser, type Records } from './records.ts'
import { creditRules } from './rules.ts'
import type { CreditRequest } from './verdict.ts'

const NOW = Date.UTC(2026, 5, 15, 12)
const by = { author: 'lee', because: 'an office opens', at: NOW - 1, until: NOW + 1_000 }
const target: OverrideTarget = {
  numberDigests: ['n1'],
  block: '58412771',
  country: 'VE',
  network: '203.0.113',
  userDigests: ['u1', 'login1'],
}
const decide = (what: 'allow' | 'deny', whom: Whom, at = by.at): Override => ({ ...by, what, whom, at })
const expect: Override = { ...by, what: 'expect', whom: { kind: 'country', country: 'VE' }, count: 60 }

describe('whom an override is about', () => {
  const cases: readonly (readonly [Whom, boolean])[] = [
    [{ kind: 'number', digest: 'n1', lastDigits: '23' }, true],
    [{ kind: 'number', digest: 'n2', lastDigits: '23' }, false],
    [{ kind: 'number', digest: 'n2', otherDigest: 'n1', lastDigits: '23' }, true],
    [{ kind: 'user', digests: ['x', 'login1'] }, true],
    [{ kind: 'user', digests: ['x'] }, false],
    [{ kind: 'prefix', digits: '5841277' }, true],
    [{ kind: 'prefix', digits: '58412771' }, true],
    [{ kind: 'prefix', digits: '584127712' }, false],
    [{ kind: 'prefix', digits: '57' }, false],
    [{ kind: 'country', country: 'VE' }, true],
    [{ kind: 'country', country: 'CO' }, false],
    [{ kind: 'network', cidr: '203.0.113.0/24' }, true],
    [{ kind: 'network', cidr: '203.0.112.0/23' }, true],
    [{ kind: 'network', cidr: '203.0.114.0/23' }, false],
    [{ kind: 'network', cidr: '0.0.0.0/0' }, true],
    [{ kind: 'network', cidr: '::/0' }, false],
  ]
  for (const [whom, isMeant] of cases)
    it(`${JSON.stringify(whom)}: ${isMeant ? 'this request' : 'others'}`, () => {
      assert.equal(effectOf([decide('allow', whom)], target, NOW).decision !== undefined, isMeant)
    })

  it('compares networks of IPv6 by their bits', () => {
    const of = (network: string, cidr: string): boolean =>
      effectOf([decide('deny', { kind: 'network', cidr })], { ...target, network }, NOW).decision !==
      undefined
    assert.equal(of('2001:db8:12', '2001:db8:12::/48'), true)
    assert.equal(of('2001:db8:12', '2001:db8:10::/44'), true)
    assert.equal(of('2001:db8:12', '2001:db8:20::/44'), false)
  })

  it('is nobody where the request has no network and no user', () => {
    const bare = { ...target, network: undefined, userDigests: [], country: undefined }
    for (const whom of [
      { kind: 'network', cidr: '0.0.0.0/0' },
      { kind: 'user', digests: [] },
      { kind: 'country', country: 'VE' },
    ] as const)
      assert.deepEqual(effectOf([decide('deny', whom)], bare, NOW), { expected: 0 })
  })
})

describe('several overrides', () => {
  it('the one about the fewest decides, in any order', () => {
    const country = decide('deny', { kind: 'country', country: 'VE' })
    const prefix = decide('allow', { kind: 'prefix', digits: '58412' })
    const longer = decide('deny', { kind: 'prefix', digits: '5841277' })
    const user = decide('allow', { kind: 'user', digests: ['u1'] })
    assert.equal(effectOf([country, prefix], target, NOW).decision, prefix)
    assert.equal(effectOf([longer, prefix, country], target, NOW).decision, longer)
    assert.equal(effectOf([user, longer], target, NOW).decision, user)
  })

  it('of two about equally many, the newest decides', () => {
    const older = decide('allow', { kind: 'country', country: 'VE' }, NOW - 20)
    const newer = decide('deny', { kind: 'country', country: 'VE' }, NOW - 10)
    assert.equal(effectOf([older, newer], target, NOW).decision, newer)
    assert.equal(effectOf([newer, older], target, NOW).decision, newer)
  })

  it('does not apply before its beginning or after its end', () => {
    assert.deepEqual(effectOf([{ ...expect, until: NOW }], target, NOW), { expected: 0 })
    assert.deepEqual(effectOf([{ ...expect, at: NOW + 1 }], target, NOW), { expected: 0 })
  })
})

/** A number whose groups had this many codes, all without an answer. */
function recordsAfter(codes: number): { readonly request: CreditRequest; readonly records: Records } {
  const request: CreditRequest = {
    id: 'r',
    number: 'n1',
    block: '58412771',
    country: 'VE',
    network: '203.0.113',
    user: 'u1',
    purpose: 'pre-enrollment',
    sentAt: [],
  }
  let group: GroupRecord = newGroup
  for (let code = 0; code < codes; code += 1) group = bookCode(group, NOW - 1_000)
  const keys = groupsOf(request, newCountry, creditRules)
  const org = { ...newOrg, answerHeardAt: NOW - 1_000 }
  const groups = Object.fromEntries(keys.map(key => [key, group]))
  return { request, records: { phone: newPhone, user: newUser, country: newCountry, org, groups } }
}
const decisionOf = (override: Override | undefined): ReturnType<typeof effectOf> =>
  effectOf(override === undefined ? [] : [override], target, NOW)

describe('a request under an override', () => {
  it('is sent if it is allowed, and what the rule would have held changes no record', () => {
    const { request, records } = recordsAfter(20)
    assert.equal(judgeUnder(decisionOf(undefined), request, records, creditRules, NOW).kind, 'hold')
    const override = decide('allow', { kind: 'country', country: 'VE' })
    const verdict = judgeUnder(decisionOf(override), request, records, creditRules, NOW)
    assert.equal(verdict.kind, 'send')
    assert.equal(verdict.records, records)
    assert.equal(verdict.kind === 'send' && verdict.allowed?.hold.reason, 'FRAUD_BLOCK')
    assert.equal(verdict.kind === 'send' && verdict.allowed?.by, override)
  })

  it('is judged as usual if it is allowed and the rule sends it as well', () => {
    const { request, records } = recordsAfter(0)
    const effect = decisionOf(decide('allow', { kind: 'country', country: 'VE' }))
    const verdict = judgeUnder(effect, request, records, creditRules, NOW)
    assert.deepEqual(verdict, judgeUnder({}, request, records, creditRules, NOW))
  })

  it('is held if it is denied, with the reason, and changes no record', () => {
    const { request, records } = recordsAfter(0)
    const override = decide('deny', { kind: 'number', digest: 'n1', lastDigits: '45' })
    assert.deepEqual(judgeUnder(decisionOf(override), request, records, creditRules, NOW), {
      kind: 'hold',
      purse: undefined,
      records,
      hold: { reason: 'FRAUD_DENIED', codes: 0, answers: 0, since: override.at, override },
    })
  })

  it('has credit in advance where new phones are expected, and pays into no pool of countries', () => {
    for (const [codes, kind] of [
      [64, 'send'],
      [67, 'hold'],
    ] as const) {
      const { request, records } = recordsAfter(codes)
      const effect = decisionOf(expect)
      const rules = rulesUnder(effect, creditRules)
      const verdict = judgeUnder(effect, request, records, rules, NOW)
      assert.equal(verdict.kind, kind)
      const paid = verdict.kind === 'send' ? verdict.records.phone.countedIn : []
      assert.ok(!paid.includes('new:') && !paid.includes('small:'))
    }
    assert.equal(rulesUnder({ expected: 0 }, creditRules), creditRules)
  })
})

describe('what mode observe enforces', () => {
  const hold = { reason: 'FRAUD_BLOCK', codes: 5, answers: 0, since: NOW } as const
  it('is the denial of an operator, not the rule', () => {
    const denied = { ...hold, override: decide('deny', { kind: 'country', country: 'VE' }) }
    assert.deepEqual(
      (['off', 'observe', 'enforce'] as const).map(mode => [
        isEnforced(hold, mode),
        isEnforced(denied, mode),
      ]),
      [
        [false, false],
        [false, true],
        [true, true],
      ],
    )
  })
})
