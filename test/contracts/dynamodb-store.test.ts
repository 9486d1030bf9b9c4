import { after, before } from 'node:test'
import { type Dynamo, openOn, startDynamo } from '../fixtures/dynamo.ts'
import { testStore } from './store.ts'
import { thirtyDays } from './stores.ts'

let dynamo: Dynamo
before(async () => {
  dynamo = await startDynamo()
})
after(() => dynamo.close())

testStore('the DynamoDB store', () => openOn(dynamo, { now: () => 1_000, retention: thirtyDays }))
