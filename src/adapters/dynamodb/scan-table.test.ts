import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { type Dynamo, startDynamo } from '../../../test/fixtures/dynamo.ts'
import { scanTable } from './scan-table.ts'

describe('another table', () => {
  let dynamo: Dynamo
  before(async () => {
    dynamo = await startDynamo()
    process.env.AWS_ENDPOINT_URL_DYNAMODB = dynamo.endpoint
  })
  after(async () => {
    delete process.env.AWS_ENDPOINT_URL_DYNAMODB
    await dynamo.close()
  })

  it('is read completely, page by page', async () => {
    const TableName = await dynamo.createTable()
    const large = 'x'.repeat(300_000) // a page has one megabyte
    for (const id of ['1', '2', '3', '4', '5']) {
      const Item = { pk: { S: id }, sk: { S: '-' }, message: { S: large } }
      await dynamo.client.send(new PutItemCommand({ TableName, Item }))
    }
    const items = (await scanTable(TableName, 'us-east-1')) as readonly {
      readonly pk: { readonly S: string }
    }[]
    assert.deepEqual(items.map(({ pk }) => pk.S).sort(), ['1', '2', '3', '4', '5'])
    assert.ok(dynamo.calls.filter(call => call.startsWith('Scan')).length > 1, dynamo.calls.join())
  })

  it("that does not exist is reported with DynamoDB's error", async () => {
    await assert.rejects(scanTable('no-such-table', 'us-east-1'), { name: 'ResourceNotFoundException' })
  })
})
