import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { openFigureStore } from '../../src/adapters/dynamodb/figures.ts'
import type { DynamoStoreOptions } from '../../src/adapters/dynamodb/store-options.ts'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import { type RouteSamples, routeSamplesOf } from '../../src/core/records/route-sample.ts'
import { openOn, rawItemsOf, startDynamo, tableClients } from '../fixtures/dynamo.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { dumpDatabase, dumpItems } from './dumps.ts'
import { readDay, retention, spendDay, startDay } from './stored.ts'

/** What this code writes on the recorded day, by the name of its file. */
export async function recordDay(): Promise<ReadonlyMap<string, string>> {
  using _ = countedIds()
  const [database, foundInDatabase] = await recordDatabase()
  const [items, foundInTable] = await recordTable()
  return new Map([
    ['sqlite.sql', database],
    ['sqlite.json', foundInDatabase],
    ['dynamodb.jsonl', items],
    ['dynamodb.json', foundInTable],
  ])
}

async function recordDatabase(): Promise<readonly [string, string]> {
  using folder = temporaryFolder()
  const clock = startDay()
  const store = await openSqliteStore(folder.path, clock.now, retention)
  await spendDay(store, clock, async () => undefined)
  const found = textOf(await readDay(store))
  await store.close()
  return [dumpDatabase(folder.path), found]
}

const client = tableClients["AWS's SDK"] ?? assert.fail('no client')

async function recordTable(): Promise<readonly [string, string]> {
  const dynamo = await startDynamo()
  try {
    const clock = startDay()
    const options = { table: await dynamo.createTable(), now: clock.now, retention, claimsMessages: true }
    const store = await openOn(dynamo, options)
    await spendDay(store, clock, () => runFigures({ ...options, ...client(dynamo.endpoint) }))
    const items = dumpItems(await rawItemsOf(dynamo, options.table))
    const found = textOf(await readDay(store))
    await store.close()
    return [items, found]
  } finally {
    await dynamo.close()
  }
}

/** One run of the function for figures. */
async function runFigures(options: DynamoStoreOptions): Promise<void> {
  const figures = openFigureStore(options)
  const found: RouteSamples[] = []
  await figures.countFigures(
    () => true,
    deliveries => void found.push(routeSamplesOf(deliveries, options.now())),
  )
  for (const samples of found) await figures.keepRouteSamples(samples)
  options.close?.()
}

/** IDs of contents and of entries of the log are random: here they count, so that equal code writes equal bytes. */
function countedIds(): Disposable {
  const { randomUUID } = crypto
  let count = 0
  const replaceBy = (next: typeof randomUUID): void => {
    crypto.randomUUID = next
    syncBuiltinESMExports()
  }
  replaceBy(() => {
    count += 1
    return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}` as ReturnType<typeof randomUUID>
  })
  return { [Symbol.dispose]: () => replaceBy(randomUUID) }
}

/** JSON with a line for each value, and for each element of a list. */
function textOf(read: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(read).map(([name, value]) => {
    const text = Array.isArray(value)
      ? `[\n${value.map(each => `    ${JSON.stringify(each)}`).join(',\n')}\n  ]`
      : JSON.stringify(value)
    return `  ${JSON.stringify(name)}: ${text}`
  })
  return `{\n${lines.join(',\n')}\n}\n`
}
