import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { BatchGetItemInput } from '@aws-sdk/client-dynamodb'
import { createPauses } from './pauses.ts'
import { openTable, type TableCall } from './table.ts'

/** A table that reads at most this many keys in one call, as DynamoDB does when it is busy. */
function busyTable(readsAtOnce: number) {
  const pauses: number[] = []
  const call = async (_: string, input: BatchGetItemInput) => {
    const wanted = input.RequestItems?.table?.Keys ?? []
    assert.ok(wanted.length <= 100)
    const [read, left] = [wanted.slice(0, readsAtOnce), wanted.slice(readsAtOnce)]
    return {
      Responses: { table: read },
      UnprocessedKeys: left.length === 0 ? {} : { table: { Keys: left } },
    }
  }
  const pause = async (ms: number): Promise<void> => void pauses.push(ms)
  // Only BatchGetItem is called.
  const table = openTable(
    call as TableCall,
    'table',
    createPauses(pause, () => 0.5),
  )
  return { table, pauses }
}
const keys = Array.from({ length: 250 }, (_, index) => ({ pk: `${index}`, sk: 'x' }))

describe('reading many items', () => {
  it('reads unprocessed keys again after a pause', async () => {
    const { table, pauses } = busyTable(60)
    const found = await table.getMany(keys)
    assert.deepEqual(new Set(found.map(({ pk }) => pk?.S)), new Set(keys.map(({ pk }) => pk)))
    assert.equal(found.length, 250)
    assert.deepEqual(pauses, [5, 10, 15, 20])
  })

  it('fails if no more keys are processed', async () => {
    const { table } = busyTable(0)
    await assert.rejects(table.getMany(keys), /^Error: store: DynamoDB repeatedly left keys unread$/)
  })
})
