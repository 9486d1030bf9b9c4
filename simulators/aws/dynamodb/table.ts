import { once } from 'node:events'
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'
import type { Resource } from '../template/stack.ts'

/** DynamoDB in memory, with the tables of a template. Ends with `await using`. */
export type Tables = AsyncDisposable & {
  readonly url: string
  /** Everything in all tables. */
  readonly items: () => Promise<readonly unknown[]>
}

export async function startTables(tables: readonly Resource[], region: string): Promise<Tables> {
  const server = dynalite({ createTableMs: 0 })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('DynamoDB has no port')
  const url = `http://127.0.0.1:${address.port}`
  const credentials = { accessKeyId: 'harness', secretAccessKey: 'harness' }
  const client = new DynamoDBClient({ endpoint: url, region, credentials })
  for (const table of tables) await client.send(new CreateTableCommand(inputOf(table)))
  return {
    url,
    items: async () => {
      const pages = tables.map(({ ref }) => client.send(new ScanCommand({ TableName: ref })))
      return (await Promise.all(pages)).flatMap(({ Items = [] }) => Items)
    },
    [Symbol.asyncDispose]: async () => {
      client.destroy()
      server.closeAllConnections()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

/** The properties of a table that are also inputs of CreateTable. */
function inputOf({ ref, properties }: Resource): CreateTableCommandInput {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } = properties
  const shape = { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode }
  return { TableName: ref, ...definedOf(shape) } as CreateTableCommandInput
}

function definedOf(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}
