import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type CandidateState, firstToTry, type PlannedCandidate } from './candidates.ts'

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
