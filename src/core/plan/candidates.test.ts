import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type CandidateState, firstToTry, inOrderOfShares, type PlannedCandidate } from './candidates.ts'

const candidate = (identity: string): PlannedCandidate => ({
  key: `sms//${identity}`,
  identity,
  region: undefined,
  maxPrice: 1,
  paces: [],
  notifyTemplateId: undefined,
  indiaEntityId: undefined,
  indiaTemplateId: undefined,
})

/** The order in which they are tried while each attempt fails. */
function order(states: Readonly<Record<string, CandidateState>>): string {
  const left = Object.keys(states).map(candidate)
  const tried: string[] = []
  for (;;) {
    const next = firstToTry(left, ({ identity }) => states[identity] ?? 'ready')
    if (next === undefined) return tried.join()
    tried.push(next.candidate.identity)
    left.splice(left.indexOf(next.candidate), 1)
  }
}

describe('the order of candidates', () => {
  it('is that of the route if all are ready', () => {
    assert.equal(order({ one: 'ready', two: 'ready' }), 'one,two')
  })

  it('has those at their pace after the ready ones, and broken ones last, without leaving any out', () => {
    assert.equal(
      order({ one: 'broken', two: 'ready', three: 'at its pace', four: 'ready' }),
      'two,four,three,one',
    )
    assert.equal(
      order({ one: 'broken', two: 'at its pace', three: 'broken', four: 'at its pace' }),
      'two,four,one,three',
    )
  })

  it('of an empty route is empty', () =>
    assert.equal(
      firstToTry([], () => 'ready'),
      undefined,
    ))
})

describe('the order of candidates by shares', () => {
  const route = [candidate('one'), candidate('two'), candidate('three')] as const
  const first = (tenths: Readonly<Record<string, number>> | undefined, id = 'delivery-1'): string =>
    inOrderOfShares(route, tenths && { tenths }, id)
      .map(({ identity }) => identity)
      .join()

  it('begins with the drawn one, and keeps the others in the order of the route', () => {
    assert.equal(first({ one: 0, two: 0, three: 10 }), 'three,one,two')
  })

  it('is that of the route without shares, and where the shares name none of its candidates', () => {
    assert.equal(first(undefined), 'one,two,three')
    assert.equal(first({ gone: 10 }), 'one,two,three')
  })

  it('differs between deliveries by the shares, and is the same for the same delivery', () => {
    const counts = { one: 0, two: 0 }
    for (let index = 0; index < 1_000; index += 1) {
      const drawn = first({ one: 5, two: 5 }, `delivery-${index}`).startsWith('one') ? 'one' : 'two'
      counts[drawn] += 1
    }
    assert.ok(counts.one > 400 && counts.two > 400, JSON.stringify(counts))
    assert.equal(first({ one: 5, two: 5 }), first({ one: 5, two: 5 }))
  })
})
