import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery, ended } from '../../../test/contracts/stores.ts'
import type { FollowedDelivery } from '../../core/records/delivery.ts'
import { lockOut, underBudgets, underDenial, underLimits } from './lock-out.ts'

const HOUR_MS = 3_600_000
const NOON = Date.UTC(2026, 10, 28, 12)
const code = (hours: number, changed: Partial<FollowedDelivery> = {}): FollowedDelivery => ({
  ...delivery({ openedAt: NOON + hours * HOUR_MS, end: accepted() }),
  ...{ progress: undefined, answered: undefined },
  ...changed,
})

describe('whom a rule would have locked out', () => {
  it('counts codes that were sent, people once, and those who entered one', () => {
    const answered = { at: NOON, afterMs: 1 }
    const codes = [
      code(0, { userDigest: 'a', answered }),
      code(1, { userDigest: 'a' }),
      code(2, { userDigest: 'b' }),
      code(3, { userDigest: 'c', end: ended('failed') }),
    ]
    assert.deepEqual(
      lockOut(codes, () => true),
      { codes: 3, people: 2, answered: 1 },
    )
    assert.deepEqual(
      lockOut([], () => true),
      { codes: 0, people: 0, answered: 0 },
    )
  })

  for (const [whom, changed] of [
    [{ kind: 'number', digest: 'n', lastDigits: '40' }, { numberDigest: 'n' }],
    [{ kind: 'user', digests: ['u'] }, { loginDigest: 'u' }],
    [{ kind: 'prefix', digits: '5841' }, { credit: { block: '584127712' } }],
    [{ kind: 'network', cidr: '198.51.100.0/24' }, { credit: { block: '1', network: '198.51.100' } }],
    [{ kind: 'country', country: 'VE' }, { country: 'VE' }],
  ] as const)
    it(`knows the codes of a denied ${whom.kind}`, () => {
      const refuses = underDenial(whom)
      assert.equal(refuses(code(0, changed)), true)
      assert.equal(refuses(code(0, { country: 'ES' })), false)
    })

  it('counts a limit as the hook does: a code at the edge of the window no longer counts', () => {
    const limit = { scope: 'number', windowSeconds: 3_600, max: 1 } as const
    const spread = (hours: readonly number[]) =>
      lockOut(
        hours.map(at => code(at)),
        underLimits([limit]),
      ).codes
    assert.equal(spread([0, 1]), 0)
    assert.equal(spread([0, 0.99]), 1)
    assert.equal(spread([2, 0, 1]), 0, 'in any order')
    // What is refused is not sent, so it does not count.
    assert.equal(spread([0, 0.5, 1, 1.5]), 2)
  })

  it('counts a limit of users for those alone whom Okta named', () => {
    const limit = { scope: 'user', windowSeconds: 3_600, max: 1 } as const
    const two = (userDigest: string | undefined) =>
      lockOut([code(0, { userDigest }), code(0.1, { userDigest })], underLimits([limit])).codes
    assert.deepEqual([two('a'), two(undefined)], [1, 0])
  })

  it('counts budgets by day, of a country and of all, in codes and in dollars', () => {
    const codes = [0, 1, 2, 13].map(at => code(at, { purpose: 'pre-enrollment', country: 'VE' }))
    const over = (budgets: Parameters<typeof underBudgets>[0]['budgets'], prices = {}) =>
      lockOut(codes, underBudgets({ budgets, prices })).codes
    assert.equal(over({}), 0)
    assert.equal(over({ total: { messages: 2 } }), 1)
    assert.equal(over({ eachCountry: { messages: 1 } }), 2)
    assert.equal(over({ countries: { VE: { messages: 0 } } }), 4)
    assert.equal(over({ countries: { ES: { messages: 0 } } }), 0)
    assert.equal(over({ total: { dollars: 0.1 } }, { default: { sms: 0.05 } }), 1)
    assert.equal(
      lockOut([code(0, { country: 'VE' })], underBudgets({ budgets: { total: { messages: 0 } }, prices: {} }))
        .codes,
      0,
    )
  })
})
