import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'

/** Every item of another table, in DynamoDB's own types. Rejects with DynamoDB's error. */
export async function scanTable(table: string, region: string | undefined): Promise<readonly unknown[]> {
  const client = new DynamoDBClient(region === undefined ? {} : { region })
  try {
    const items: unknown[] = []
    for await (const page of paginateScan({ client }, { TableName: table })) items.push(...(page.Items ?? []))
    return items
  } finally {
    client.destroy()
  }
}
