import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { delivery } from '../../../test/contracts/stores.ts'
import { type Counting, count } from './count.ts'
import { allHistoriesOf, rulesOf } from './history.ts'
import { entryOf } from './keys.ts'
import type { Pauses } from './pauses.ts'
import type { Item, Table } from './table.ts'

const asked = delivery()
const [history] = allHistoriesOf(asked, undefined)
const counting: Counting = {
  history: history ?? assert.fail(),
  entry: entryOf(asked),
  now: asked.openedAt,
  keptMs: 1_000,
}
const limit = { scope: 'number', windowSeconds: 60, max: 1 } as const
const rules = rulesOf(counting.history, [limit], asked.openedAt)

/** A table in which another admission is counted at each of the first `refusals` updates, and undone before the item is read. */
function setUp(refusals: number, read: Item = {}) {
  let updates = 0
  const table = {
    update: async () => {
      updates += 1
      return updates <= refusals ? { kind: 'refused' } : { kind: 'changed', item: {} }
    },
    get: async () => read,
  } as unknown as Table
  const paused: number[] = []
  const pauses = { beforeAnother: async (attempt: number) => paused.push(attempt) } as unknown as Pauses
  return { table, pauses, paused }
}

describe('counting a code', () => {
  it('goes on, with longer and longer pauses, while others are counted and undone in the same item', async () => {
    const { table, pauses, paused } = setUp(12)
    assert.equal((await count(table, counting, rules, pauses)).kind, 'counted')
    assert.deepEqual(
      paused,
      Array.from({ length: 12 }, (_, index) => index + 1),
    )
  })

  it('waits for nobody where the item shows why it was refused', async () => {
    const { table, pauses, paused } = setUp(12, { sent: { L: [{ S: entryOf(delivery({ id: 'other' })) }] } })
    const counted = await count(table, counting, rules, pauses)
    assert.deepEqual(counted.kind === 'limited' && counted.limits, [limit])
    assert.deepEqual(paused, [])
  })

  it('fails rather than go on for ever', async () => {
    const { table, pauses } = setUp(Infinity)
    await assert.rejects(count(table, counting, rules, pauses), /20 times others changed the same item/)
  })
})
