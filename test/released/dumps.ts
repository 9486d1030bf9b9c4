import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { Item } from '../../src/adapters/dynamodb/table.ts'

/** A database as SQL that makes it again: its form, its schema, and a row of values in each line. */
export function dumpDatabase(folder: string): string {
  using database = opened(folder)
  const all = (sql: string) => database.prepare(sql).all() as readonly Record<string, string>[]
  const pragmas = ['application_id', 'user_version'].map(
    name => `PRAGMA ${name} = ${Object.values(all(`PRAGMA ${name}`)[0] ?? {})[0]};`,
  )
  const entries = all(
    "SELECT type, name, sql FROM sqlite_schema WHERE sql NOT NULL AND name NOT LIKE 'sqlite_%'",
  )
  const rows = entries
    .filter(({ type }) => type === 'table')
    .flatMap(({ name }) => {
      const columns = all(`SELECT name FROM pragma_table_info('${name}')`).map(column => column.name)
      return all(
        `SELECT ${columns.map(column => `quote(${column})`).join(" || ', ' || ")} AS row FROM ${name}`,
      ).map(({ row }) => `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${row});`)
    })
  return `${[...pragmas, ...entries.map(({ sql }) => `${sql};`), ...rows].join('\n')}\n`
}

/** The schema of a dump, as SQLite has it. */
export function schemaOf(folder: string): readonly string[] {
  using database = opened(folder)
  return database
    .prepare("SELECT sql FROM sqlite_schema WHERE sql NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all()
    .map(({ sql }) => String(sql))
}

export function emptyTablesIn(folder: string): readonly string[] {
  using database = opened(folder)
  const tables = database.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  )
  return tables
    .all()
    .map(({ name }) => String(name))
    .filter(name => database.prepare(`SELECT 1 FROM ${name} LIMIT 1`).get() === undefined)
}

export function loadDatabase(folder: string, dump: string): void {
  mkdirSync(folder, { recursive: true })
  using database = opened(folder)
  database.exec(dump)
}

function opened(folder: string): DatabaseSync & Disposable {
  const database = new DatabaseSync(join(folder, 'hookline.db'))
  return Object.assign(database, { [Symbol.dispose]: () => database.close() })
}

/** The items of a table in DynamoDB's JSON, one in each line, in the order of their keys. */
export function dumpItems(items: readonly Item[]): string {
  const keyOf = ({ pk, sk }: Item): string => `${pk?.S} ${sk?.S}`
  const lines = items
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
    .map(({ pk, sk, ...rest }) => {
      const sorted = Object.entries(rest).toSorted(([one], [other]) => (one < other ? -1 : 1))
      return JSON.stringify({ pk, sk, ...Object.fromEntries(sorted) })
    })
  return `${lines.join('\n')}\n`
}

export async function loadItems(client: DynamoDBClient, TableName: string, dump: string): Promise<void> {
  for (const line of dump.trim().split('\n'))
    await client.send(new PutItemCommand({ TableName, Item: JSON.parse(line) as Record<string, never> }))
}
