import { after, before } from 'node:test'
import { type Dynamo, openOn, startDynamo } from '../fixtures/dynamo.ts'
import { type Shared, testSharing, withKeys } from './sharing.ts'
import { thirtyDays } from './stores.ts'

let dynamo: Dynamo
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())

/** Two stores on one table, as in two functions. */
async function openTwo(): Promise<Shared> {
  const table = await dynamo.createTable()
  const open = () => openOn(dynamo, { table, now: () => 1_000, retention: thirtyDays })
  const [one, other] = [await open(), await open()]
  return {
    one,
    other,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([one.close(), other.close()])
    },
  }
}

testSharing('two stores on one DynamoDB table', openTwo, { rounds: 20, atOnce: 20, fills: 'at once' })

testSharing(
  'two stores on one DynamoDB table, one before and one after the hash keys changed places',
  async () => {
    const { one, other, ...shared } = await openTwo()
    return { ...shared, one: withKeys(one, ['a', 'b']), other: withKeys(other, ['b', 'a']) }
  },
  // One that came first under one key may give up before another has taken itself out under the other key.
  { rounds: 20, atOnce: 20, fills: 'later' },
)
