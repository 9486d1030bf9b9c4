import type {
  AttributeValue,
  BatchGetItemInput,
  BatchGetItemOutput,
  DeleteItemInput,
  DeleteItemOutput,
  GetItemInput,
  GetItemOutput,
  QueryInput,
  QueryOutput,
  ScanInput,
  ScanOutput,
  UpdateItemInput,
  UpdateItemOutput,
} from '@aws-sdk/client-dynamodb'
import type { Pauses } from './pauses.ts'

/** DynamoDB's names of the operations that the table needs. Functions may not scan: only commands do. */
type Operations = {
  readonly GetItem: { readonly input: GetItemInput; readonly output: GetItemOutput }
  readonly UpdateItem: { readonly input: UpdateItemInput; readonly output: UpdateItemOutput }
  readonly DeleteItem: { readonly input: DeleteItemInput; readonly output: DeleteItemOutput }
  readonly Query: { readonly input: QueryInput; readonly output: QueryOutput }
  readonly Scan: { readonly input: ScanInput; readonly output: ScanOutput }
  readonly BatchGetItem: { readonly input: BatchGetItemInput; readonly output: BatchGetItemOutput }
}
export type TableOperation = keyof Operations

/**
 * One operation of DynamoDB. Each is tried twice. That is safe, because it only reads, or its condition detects its own
 * first write. Rejects with an error that has DynamoDB's name and message.
 */
export type TableCall = <O extends TableOperation>(
  operation: O,
  input: Operations[O]['input'],
) => Promise<Operations[O]['output']>

export type Item = Readonly<Record<string, AttributeValue>>
export type Key = { readonly pk: string; readonly sk: string }

/**
 * An update in DynamoDB's syntax. Every attribute is written as `#name`, because the name may be a reserved word.
 * `names` has those with other characters.
 */
export type Change = {
  readonly update: string
  readonly condition?: string
  readonly values?: Item
  readonly names?: Readonly<Record<string, string>>
  readonly gives?: 'ALL_OLD' | 'ALL_NEW'
}

/** `refused`: the condition was false, and nothing was changed. */
export type Changed = { readonly kind: 'changed'; readonly item: Item } | { readonly kind: 'refused' }

type Paging = { readonly pageSize?: number | undefined; readonly newestFirst?: boolean }

export type Table = ReturnType<typeof openTable>

/** Keyed reads, and updates of single items. All reject with DynamoDB's error. */
export function openTable(call: TableCall, TableName: string, pauses: Pauses) {
  /** A strongly consistent read. */
  const get = async (key: Key): Promise<Item | undefined> => {
    const input = { TableName, Key: keyItem(key), ConsistentRead: true }
    return (await call('GetItem', input).catch(explain)).Item
  }

  const update = async (key: Key, change: Change): Promise<Changed> => {
    const { condition, values, names } = change
    const input = {
      TableName,
      Key: keyItem(key),
      UpdateExpression: change.update,
      ConditionExpression: condition,
      ExpressionAttributeNames: namesIn(`${change.update} ${condition ?? ''}`, names),
      ExpressionAttributeValues: values,
      ReturnValues: change.gives,
    }
    try {
      return { kind: 'changed', item: (await call('UpdateItem', input)).Attributes ?? {} }
    } catch (error) {
      return isRefusal(error) ? { kind: 'refused' } : explain(error)
    }
  }

  const remove = async (key: Key, condition?: string, values?: Item): Promise<void> => {
    const input = {
      TableName,
      Key: keyItem(key),
      ...(condition !== undefined && {
        ConditionExpression: condition,
        ExpressionAttributeNames: namesIn(condition),
        ExpressionAttributeValues: values,
      }),
    }
    await call('DeleteItem', input).catch(error => (isRefusal(error) ? undefined : explain(error)))
  }

  /**
   * One read of items in the order of their sort key; by default, those of an index newest first. `next` continues it.
   * Default `pageSize`: as many as DynamoDB reads at once, 1 MB.
   */
  const queryPage = async (
    condition: string,
    values: Item,
    index?: string,
    { pageSize, newestFirst = index !== undefined, from }: Paging & { readonly from?: Item | undefined } = {},
  ): Promise<{ readonly items: readonly Item[]; readonly next: Item | undefined }> => {
    const { Items = [], LastEvaluatedKey } = await call('Query', {
      TableName,
      IndexName: index,
      KeyConditionExpression: condition,
      ExpressionAttributeNames: namesIn(condition),
      ExpressionAttributeValues: values,
      ConsistentRead: index === undefined,
      ScanIndexForward: !newestFirst,
      Limit: pageSize,
      ExclusiveStartKey: from,
    }).catch(explain)
    return { items: Items, next: LastEvaluatedKey }
  }

  async function* query(
    condition: string,
    values: Item,
    index?: string,
    paging: Paging = {},
  ): AsyncGenerator<readonly Item[]> {
    let from: Item | undefined
    do {
      const page = await queryPage(condition, values, index, { ...paging, from })
      yield page.items
      from = page.next
    } while (from !== undefined)
  }

  /** Every item, page by page, as it is when its page is read. */
  async function* scan(): AsyncGenerator<readonly Item[]> {
    let from: Record<string, AttributeValue> | undefined
    do {
      const input = { TableName, ConsistentRead: true, ExclusiveStartKey: from }
      const page: ScanOutput = await call('Scan', input).catch(explain)
      yield page.Items ?? []
      from = page.LastEvaluatedKey
    } while (from !== undefined)
  }

  /** Many items at once, in any order. Unless `isConsistent`, as they were a moment ago: for lists that people read. */
  const getMany = async (keys: readonly Key[], isConsistent = false): Promise<readonly Item[]> => {
    const found: Item[] = []
    let wanted = keys.map(keyItem)
    for (let attempt = 1; wanted.length > 0; attempt += 1) {
      if (attempt > BATCHES_MAX) throw new Error('store: DynamoDB repeatedly left keys unread')
      const batch = wanted.slice(0, KEYS_MAX)
      const input = { RequestItems: { [TableName]: { Keys: batch, ConsistentRead: isConsistent } } }
      const { Responses, UnprocessedKeys } = await call('BatchGetItem', input).catch(explain)
      found.push(...(Responses?.[TableName] ?? []))
      const left = UnprocessedKeys?.[TableName]?.Keys ?? []
      if (left.length > 0) await pauses.beforeAnother(attempt) // throttled
      wanted = [...left, ...wanted.slice(KEYS_MAX)]
    }
    return found
  }

  return { get, update, remove, query, queryPage, scan, getMany }
}

function keyItem({ pk, sk }: Key): Record<string, AttributeValue> {
  return { pk: { S: pk }, sk: { S: sk } }
}

function namesIn(expressions: string, names: Readonly<Record<string, string>> = {}): Record<string, string> {
  const used: Record<string, string> = {}
  for (const placeholder of expressions.match(/#\w+/g) ?? []) used[placeholder] = placeholder.slice(1)
  return Object.assign(used, names)
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException'
}

/** The item would be larger than DynamoDB's limit of 400 KB. */
export function isTooLarge(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && cause.name === 'ValidationException' && /item size/i.test(cause.message)
}

function explain(error: unknown): never {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  throw new Error(`store: ${name}: ${message}`, { cause: error })
}

const KEYS_MAX = 100 // of BatchGetItem
const BATCHES_MAX = 200
