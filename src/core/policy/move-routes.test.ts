import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { candidatesOf, moveRoutes } from './move-routes.ts'
import type { Route } from './route.ts'
import type { RouteSample } from './route-shares.ts'
import { defaultRoutingPolicy, type RoutingPolicy } from './routing-policy.ts'

const NOW = 1_800_000_000_000
const routes: readonly Route[] = [
  { country: 'GB', channel: 'sms', candidates: [{ identity: '+447700900100' }, { identity: 'MyCompany' }] },
  { country: '*', channel: 'sms', candidates: [{ identity: 'pool-1' }, { identity: 'pool-2' }] },
  { country: 'GB', channel: 'voice', candidates: [{ identity: 'MyCompany' }, { identity: '+447700900100' }] },
]

function codes(candidate: string, count: number, good: number): RouteSample[] {
  return Array.from({ length: count }, (_, index) => ({
    candidate,
    phone: `${candidate}-${index}`,
    at: NOW - index * 1_000,
    isGood: index < good,
  }))
}
/** The newest codes from the first were not entered; those from the second were. */
const bad = (first: string, second: string) => [
  ...codes(first, 160, 0).map(code => ({ ...code, at: code.at + 1 })),
  ...codes(second, 60, 60),
]
const move = (samples: Readonly<Record<string, RouteSample[]>>, changed: Partial<RoutingPolicy> = {}) =>
  moveRoutes(
    { routes, routing: { ...defaultRoutingPolicy, ...changed } },
    new Map(Object.entries(samples)),
    NOW,
  )

describe('the candidates of a country', () => {
  it('are those of its own route, else of the default route, without what cannot use the channel', () => {
    assert.deepEqual(candidatesOf(routes, 'GB/sms'), ['+447700900100', 'MyCompany'])
    assert.deepEqual(candidatesOf(routes, 'FR/sms'), ['pool-1', 'pool-2'])
    assert.deepEqual(candidatesOf(routes, 'GB/voice'), ['+447700900100'])
    assert.deepEqual(candidatesOf(routes, 'FR/voice'), [])
  })
})

describe('a look at all routes', () => {
  it('only says what would move while codes do not follow', () => {
    const { moves, routing } = move({ 'GB/sms': bad('+447700900100', 'MyCompany') })
    assert.deepEqual(
      moves.map(({ route, move: { from, to } }) => [route, from, to]),
      [['GB/sms', '+447700900100', 'MyCompany']],
    )
    assert.deepEqual(routing.shares, {})
  })

  it('moves a tenth where codes follow, for a country of the default route too', () => {
    const { routing } = move({ 'FR/sms': bad('pool-1', 'pool-2') }, { mode: 'follow' })
    assert.deepEqual(routing.shares['FR/sms']?.tenths, { 'pool-1': 8, 'pool-2': 2 })
    assert.equal(routing.shares['FR/sms']?.lastMove?.why, 'fewer answers')
  })

  it('moves nothing where the route is pinned', () => {
    const { routing } = move({ 'FR/sms': bad('pool-1', 'pool-2') }, { mode: 'follow', pinned: ['FR/sms'] })
    assert.deepEqual(routing.shares, {})
  })

  it('moves nothing towards an identity that AWS refused in this country', () => {
    const refused = { 'FR/sms pool-2': 1 }
    assert.deepEqual(move({ 'FR/sms': bad('pool-1', 'pool-2') }, { mode: 'follow', refused }).moves, [])
    assert.equal(move({ 'DE/sms': bad('pool-1', 'pool-2') }, { mode: 'follow', refused }).moves.length, 1)
  })

  it('moves nothing while none of the newest codes was entered: the answers are missing', () => {
    const silent = [
      ...codes('pool-1', 20, 0).map(code => ({ ...code, at: NOW + 1 })),
      ...bad('pool-1', 'pool-2'),
    ]
    assert.deepEqual(move({ 'FR/sms': silent }, { mode: 'follow' }).moves, [])
  })
})
