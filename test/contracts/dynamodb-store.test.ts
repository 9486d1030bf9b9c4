import { after, before } from 'node:test'
import { type Dynamo, openOn, startDynamo, tableClients } from '../fixtures/dynamo.ts'
import { testStore } from './store.ts'
import { thirtyDays } from './stores.ts'

let dynamo: Dynamo
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())

for (const client of Object.keys(tableClients)) {
  const open = () => openOn(dynamo, { now: () => 1_000, retention: thirtyDays }, client)
  testStore(`the DynamoDB store, by ${client}`, open)
}
