import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defaultRoutingPolicy, type RoutingPolicy, sharesInForce } from './routing-policy.ts'

const candidates = ['first', 'second', 'third']
const inForce = (changed: Partial<RoutingPolicy>, route = 'ES/sms') =>
  sharesInForce({ ...defaultRoutingPolicy, mode: 'follow', ...changed }, route, candidates)?.tenths

describe('the shares in force of a route', () => {
  it('are none while they are only observed, or where the route is pinned', () => {
    assert.equal(inForce({ mode: 'observe', shares: { 'ES/sms': { tenths: { first: 1 } } } }), undefined)
    assert.equal(inForce({ pinned: ['ES/sms'] }), undefined)
  })

  it('give the others a tenth each before anything has moved, so that it is known whether they work', () => {
    assert.deepEqual(inForce({}), { first: 8, second: 1, third: 1 })
    assert.deepEqual(inForce({ pinned: ['FR/sms'] }, '__proto__'), { first: 8, second: 1, third: 1 })
  })

  it('are those that moved, until the operator changes the candidates', () => {
    const moved = { first: 3, second: 6, third: 1 }
    assert.deepEqual(inForce({ shares: { 'ES/sms': { tenths: moved } } }), moved)
    const before = { 'ES/sms': { tenths: { first: 2, second: 8 } } }
    assert.deepEqual(inForce({ shares: before }), { first: 8, second: 1, third: 1 })
  })

  it('give nothing to what AWS refused in this country', () => {
    const refused = { 'ES/sms second': 1, 'FR/sms third': 1 }
    assert.deepEqual(inForce({ refused }), { first: 8, third: 1 })
    const shares = { 'ES/sms': { tenths: { first: 1, second: 8, third: 1 } } }
    assert.deepEqual(inForce({ refused, shares }), { first: 1, third: 1 })
  })
})
