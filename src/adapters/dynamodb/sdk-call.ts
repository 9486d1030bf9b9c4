import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import type { TableCall, TableOperation } from './table.ts'

export type SdkTableOptions = {
  /** Undefined: wherever the SDK finds one. */
  readonly region: string | undefined
  /** Instead of AWS's own address, for a stand-in. */
  readonly endpoint?: string
  /** Most milliseconds that one try of a call may take, of two. */
  readonly attemptMs: number
}

/** The table's operations by AWS's SDK: for commands, which find region and credentials wherever it does. */
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
  // Input and output belong to the operation, which the SDK's types do not say of a command chosen by name.
  const call = (operation: TableOperation, input: object): Promise<object> =>
    client.send(new COMMANDS[operation](input as never) as GetItemCommand)
  return { call: call as TableCall, close: () => client.destroy() }
}

const COMMANDS: Readonly<Record<TableOperation, new (input: never) => object>> = {
  GetItem: GetItemCommand,
  UpdateItem: UpdateItemCommand,
  DeleteItem: DeleteItemCommand,
  Query: QueryCommand,
  BatchGetItem: BatchGetItemCommand,
}
