import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import type { TableCall, TableOperation } from './table.ts'

export type SdkTableOptions = {
  /** Default: the region that the SDK finds. */
  readonly region: string | undefined
  /** The address of a stand-in, instead of AWS's. */
  readonly endpoint?: string
  /** Maximum milliseconds for each of the two tries of a call. */
  readonly attemptMs: number
}

/** The table's operations by AWS's SDK, for commands, which get region and credentials from it. */
export function createSdkTableCall({ region, endpoint, attemptMs }: SdkTableOptions): {
  readonly call: TableCall
  readonly close: () => void
} {
  const client = new DynamoDBClient({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: attemptMs,
      requestTimeout: attemptMs,
      throwOnRequestTimeout: true,
    },
  })
  // The SDK's types do not connect input and output with a command that is chosen by name.
  const call = (operation: TableOperation, input: object): Promise<object> =>
    client.send(new COMMANDS[operation](input as never) as GetItemCommand)
  return { call: call as TableCall, close: () => client.destroy() }
}

const COMMANDS: Readonly<Record<TableOperation, new (input: never) => object>> = {
  GetItem: GetItemCommand,
  UpdateItem: UpdateItemCommand,
  DeleteItem: DeleteItemCommand,
  Query: QueryCommand,
  Scan: ScanCommand,
  BatchGetItem: BatchGetItemCommand,
}
