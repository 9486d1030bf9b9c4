import { after, before } from 'node:test'
import { type Dynamo, isDynamoDbLocal, openOn, startDynamo, tableClients } from '../fixtures/dynamo.ts'
import { testStore } from './store.ts'
import { thirtyDays } from './stores.ts'

let dynamo: Dynamo
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())

// AWS's own DynamoDB sees the same from our client, whatever connection it has.
const repeated = isDynamoDbLocal ? ['our client over undici'] : []
for (const client of Object.keys(tableClients).filter(name => !repeated.includes(name))) {
  const open = () => openOn(dynamo, { now: () => 1_000, retention: thirtyDays }, client)
  testStore(`the DynamoDB store, by ${client}`, open)
}
