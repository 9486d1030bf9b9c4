import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { orderByHealth, type PlannedRung, type RungState } from './planned-rung.ts'

const rung = (identity: string): PlannedRung => ({
  key: `sms//${identity}`,
  identity,
  region: undefined,
  maxPrice: 1,
  paces: [],
  notifyTemplateId: undefined,
  indiaEntityId: undefined,
  indiaTemplateId: undefined,
})

function order(states: Readonly<Record<string, RungState>>): { tried: string; note: string } {
  const [first = rung('none'), ...others] = Object.keys(states).map(rung)
  const { rungs, note } = orderByHealth([first, ...others], ({ identity }) => states[identity] ?? 'ready')
  return { tried: rungs.map(({ identity }) => identity).join(), note }
}

describe('the order of rungs', () => {
  it('is that of the route when all are ready', () => {
    assert.deepEqual(order({ one: 'ready', two: 'ready' }), { tried: 'one,two', note: '2 ready.' })
  })

  it('leaves out what is broken or at its pace', () => {
    assert.equal(
      order({ one: 'broken', two: 'ready', three: 'at its pace', four: 'ready' }).tried,
      'two,four',
    )
  })

  it('keeps all when none is ready, those at their pace before the broken ones', () => {
    assert.deepEqual(order({ one: 'broken', two: 'at its pace', three: 'broken', four: 'at its pace' }), {
      tried: 'two,four,one,three',
      note: 'None is ready (one is broken; two is at its pace; three is broken; four is at its pace): tried all the same.',
    })
  })
})
