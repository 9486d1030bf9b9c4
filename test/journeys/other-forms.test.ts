import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { createSdkTableCall } from '../../src/adapters/dynamodb/sdk-call.ts'
import { openDynamoStore } from '../../src/adapters/dynamodb/store.ts'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import { seedTemplates } from '../../src/main/seed-templates.ts'
import { type Dynamo, startDynamo } from '../fixtures/dynamo.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'
import { FREE_PORTS } from '../world/processes.ts'
import { runHookline } from '../world/run-hookline.ts'

const LIMIT = { timeout: 120_000 }
const retention = { deliveriesMs: 86_400_000, receiptsMs: 86_400_000 }
const SETTINGS = {
  HOOKLINE_OKTA_ISSUER: 'http://127.0.0.1:1/oauth2/default',
  HOOKLINE_OKTA_AUDIENCE: 'https://hook.example',
  HOOKLINE_OKTA_CLIENT_ID: '0oa1',
  HOOKLINE_OKTA_SCOPE: 'telephony.send',
  HOOKLINE_HASH_KEY: 'k'.repeat(43),
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'a test',
  AWS_SECRET_ACCESS_KEY: 'a test',
  PORT: '0',
}
const COMMANDS = [
  ['serve'],
  ['deliveries'],
  ['routes', 'export'],
  ['templates', 'list'],
  ['changes'],
  ['console', '--port', '0'],
]

describe('a database that a newer Hookline wrote', LIMIT, () => {
  let folder: TemporaryFolder
  let file: string
  before(async () => {
    folder = temporaryFolder()
    file = join(folder.path, 'hookline.db')
    const store = await openSqliteStore(folder.path, () => 1_000, retention)
    await seedTemplates(store, () => 1_000)
    // With this, serve starts if the database cannot be read for another reason.
    const copy = JSON.stringify({ form: 1, policy: await store.readPolicy() })
    await store.close()
    writeFileSync(join(folder.path, 'last-policy.json'), copy)
    const database = new DatabaseSync(file)
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA user_version = 9')
    database.close()
  })
  after(() => folder[Symbol.dispose]())

  for (const args of [['start', '--once', ...FREE_PORTS], ...COMMANDS])
    test(`${args[0]} ${args[1] ?? ''} says what to do, with exit code 3, and changes nothing`, async () => {
      const bytes = readFileSync(file)
      const { code, stderr } = await runHookline(args, {
        env: { ...SETTINGS, HOOKLINE_DATA_DIR: folder.path },
      })
      assert.equal(
        stderr,
        `${file} has form 9; this Hookline uses form 1. Nothing was changed. A newer Hookline wrote it. Install that one again, or restore a backup from before the upgrade (docs/operating.md, "Upgrade").\n`,
      )
      assert.equal(code, 3)
      assert.deepEqual(readFileSync(file), bytes)
    })
})

describe('a table that a newer Hookline wrote', LIMIT, () => {
  let dynamo: Dynamo
  let table: string
  before(async () => {
    dynamo = await startDynamo()
    table = await dynamo.createTable()
    const call = createSdkTableCall({ region: 'us-east-1', endpoint: dynamo.endpoint, attemptMs: 5_000 })
    const store = openDynamoStore({ table, ...call, now: () => 1_000, retention })
    await seedTemplates(store, () => 1_000)
    await store.close()
  })
  after(() => dynamo.close())

  const setForm = (update: string) =>
    dynamo.client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { pk: { S: 'policy' }, sk: { S: 'head' } },
        UpdateExpression: update,
        ExpressionAttributeNames: { '#form': 'form' },
        ...(update.startsWith('SET') && { ExpressionAttributeValues: { ':form': { N: '9' } } }),
      }),
    )
  const runOnTable = (args: readonly string[]) =>
    runHookline(args, {
      env: { ...SETTINGS, HOOKLINE_TABLE: table, AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint },
    })

  test('is used by commands while it has the form of this Hookline', async () => {
    const { code, stderr } = await runOnTable(['changes'])
    assert.deepEqual([code, stderr], [0, ''])
  })

  for (const args of COMMANDS)
    test(`${args[0]} ${args[1] ?? ''} says what to do, with exit code 3, and writes nothing`, async () => {
      await setForm('SET #form = :form')
      dynamo.calls.length = 0
      const { code, stderr } = await runOnTable(args)
      assert.match(stderr, new RegExp(`^The table ${table} has form 9; this Hookline uses form 1\\. Nothing`))
      assert.equal(code, 3)
      assert.deepEqual(new Set(dynamo.calls), new Set(['GetItem policy']))
    })

  test('is refused too if it is from before 0.1.0, which says no form', async () => {
    await setForm('REMOVE #form')
    const { code, stderr } = await runOnTable(['serve'])
    assert.match(
      stderr,
      /from before 0\.1\.0, which no release reads\. .* \(hookline deploy --stack <another name>\)/,
    )
    assert.equal(code, 3)
  })
})
