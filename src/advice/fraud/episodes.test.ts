import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accepted, delivery } from '../../../test/contracts/stores.ts'
import type { GroupKey } from '../../core/policy/credit/records.ts'
import type { Hold } from '../../core/policy/credit/verdict.ts'
import type { FollowedDelivery } from '../../core/records/delivery.ts'
import { countHeld, episodesOf } from './episodes.ts'

const START = Date.UTC(2026, 5, 15, 12)
const MINUTE = 60_000
const holdOf = (group: GroupKey, since: number): Hold => ({
  reason: 'FRAUD_BLOCK',
  group,
  codes: 5,
  answers: 0,
  since,
})

let last = 0
/** One code to a phone of its own; `hold`: why it is held, in mode enforce. */
function code(at: number, hold?: Hold, changed: Partial<FollowedDelivery> = {}): FollowedDelivery {
  last += 1
  const id = `d${last}`
  return {
    ...delivery({ id, openedAt: at, numberDigest: `n${last}`, userDigest: `u${last}`, country: 'VE' }),
    credit: { block: '58412771', hold },
    end:
      hold === undefined
        ? accepted(id)
        : { state: 'refused', at, code: hold.reason, detail: '', attempts: [] },
    progress: undefined,
    answered: undefined,
    ...changed,
  }
}
const priced = (price: number): FollowedDelivery['progress'] =>
  ({ stage: 'delivered', type: 'TEXT_DELIVERED', at: START, price }) as FollowedDelivery['progress']

describe('episodes', () => {
  it('begin with the first held code of a group, and count what was not sent and what it would have cost', () => {
    const hold = holdOf('p4:58412771', START)
    const deliveries = [
      code(START - MINUTE, undefined, { progress: priced(0.2) }),
      code(START - MINUTE, undefined, { progress: priced(0.1) }),
      code(START - MINUTE, undefined, { country: 'CO', progress: priced(9) }),
      code(START, hold),
      code(START + MINUTE, hold),
      code(START + 2 * MINUTE, hold, { end: accepted('observed') }),
    ]
    for (const order of [deliveries, deliveries.toReversed()]) {
      const [episode, ...others] = episodesOf(order, START + 3 * MINUTE)
      assert.deepEqual(others, [])
      assert.deepEqual(
        { ...episode, notSpentUsd: Math.round((episode?.notSpentUsd ?? 0) * 100) / 100 },
        {
          org: delivery().caller,
          group: 'p4:58412771',
          hold,
          country: 'VE',
          ...{ since: START, lastAt: START + 2 * MINUTE, isOver: false },
          ...{ held: 2, observed: 1, phones: 3, answeredLater: 0, notSpentUsd: 0.3 },
        },
      )
    }
  })

  it('are over after two quiet hours, or when the group was open in between', () => {
    const again = START + 60 * MINUTE
    const deliveries = [code(START, holdOf('new:', START)), code(again, holdOf('new:', again))]
    const states = (now: number) => episodesOf(deliveries, now).map(({ since, isOver }) => [since, isOver])
    assert.deepEqual(states(again + 120 * MINUTE), [
      [again, false],
      [START, true],
    ])
    assert.deepEqual(states(again + 120 * MINUTE + 1), [
      [again, true],
      [START, true],
    ])
  })

  it('are those of one org and one group', () => {
    const hold = holdOf('new:', START)
    const deliveries = [
      code(START, hold),
      code(START, hold, { caller: 'other' }),
      code(START, holdOf('country:VE', START)),
    ]
    assert.equal(episodesOf(deliveries, START).length, 3)
    assert.deepEqual(
      episodesOf(deliveries, START).map(({ notSpentUsd }) => notSpentUsd),
      [undefined, undefined, undefined],
    )
  })

  it('count the phones that entered a code later: false alarms', () => {
    const hold = holdOf('new:', START)
    const answered = (at: number) => ({ at, afterMs: 1_000 })
    const deliveries = [
      code(START, hold, { numberDigest: 'again' }),
      code(START + MINUTE, hold, { numberDigest: 'again' }),
      code(START + 5 * MINUTE, undefined, { numberDigest: 'again', answered: answered(START + 6 * MINUTE) }),
      code(START, hold, { userDigest: 'other phone' }),
      code(START + 5 * MINUTE, undefined, {
        userDigest: 'other phone',
        answered: answered(START + 6 * MINUTE),
      }),
      code(START, hold, { end: accepted('observed'), answered: answered(START + MINUTE) }),
      code(START, hold, { numberDigest: 'before' }),
      code(START - MINUTE, undefined, { numberDigest: 'before', answered: answered(START - 1) }),
    ]
    const [episode] = episodesOf(deliveries, START)
    assert.deepEqual([episode?.phones, episode?.answeredLater], [4, 3])
    assert.deepEqual(countHeld(deliveries), { people: 7, refused: 5, answeredLater: 4 })
  })

  it('are not what holds the number or the user itself, or an operator', () => {
    const override = {
      what: 'deny',
      whom: { kind: 'country', country: 'VE' },
      author: 'lee',
      because: 'x',
      at: 0,
      until: 1,
    } as const
    const own = { reason: 'NUMBER_SILENT', codes: 4, answers: 0, since: START } as const
    const deliveries = [code(START, own), code(START, { ...own, reason: 'FRAUD_DENIED', override })]
    assert.deepEqual(episodesOf(deliveries, START), [])
    assert.deepEqual(countHeld(deliveries), { people: 2, refused: 1, answeredLater: 0 })
    assert.deepEqual(countHeld([code(START, undefined, { credit: undefined })]), {
      people: 0,
      refused: 0,
      answeredLater: 0,
    })
  })
})
