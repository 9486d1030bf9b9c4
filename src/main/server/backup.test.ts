import assert from 'node:assert/strict'
import { renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { startSqliteStore } from '../../adapters/sqlite/store.ts'
import { shippedTemplates } from '../shipped-templates.ts'
import { backup } from './backup.ts'

const stdout = new Writable({ write: (_chunk, _encoding, done) => done() }) as unknown as NodeJS.WriteStream
const kept = { deliveriesMs: 86_400_000, receiptsMs: 86_400_000 }
const [template] = shippedTemplates

describe('hookline backup', () => {
  test('copies a store in use, readable only by its owner; the running store can continue with the copy', async () => {
    using folder = temporaryFolder()
    const dataFolder = join(folder.path, 'data')
    const environment = { HOOKLINE_DATA_DIR: dataFolder }
    const file = join(folder.path, 'copy.db')
    assert.ok(template)
    const store = startSqliteStore(dataFolder, () => 1_000, kept, { pause: () => pause(5) })
    try {
      await store.saveTemplates([{ ...template, text: 'before {code}', replaces: 0 }], { author: 'a', at: 1 })
      process.umask(0o077)
      await backup(file, environment, { stdout })
      assert.equal(statSync(file).mode & 0o077, 0)
      await store.saveTemplates([{ ...template, text: 'after {code}', replaces: 1 }], { author: 'a', at: 2 })
      renameSync(file, join(dataFolder, 'hookline.db'))
      // Until it has noticed, which its first call does.
      const textNow = async () => (await store.readPolicy().catch(() => undefined))?.templates[0]?.text
      for (let asked = 1; asked < 400 && (await textNow()) !== 'before {code}'; asked += 1) await pause(5)
      assert.equal(await textNow(), 'before {code}')
    } finally {
      await store.close()
    }
  })

  test('refuses a file that exists, a folder without a store, and a table', async () => {
    using folder = temporaryFolder()
    const environment = { HOOKLINE_DATA_DIR: join(folder.path, 'nothing') }
    const file = join(folder.path, 'copy.db')
    await assert.rejects(backup(folder.path, environment, { stdout }), { exitCode: 2 })
    await assert.rejects(backup(file, environment, { stdout }), {
      exitCode: 3,
      message: /could not be copied/,
    })
    const ofTable = { HOOKLINE_TABLE: 'hookline-Table', AWS_REGION: 'us-east-1' }
    await assert.rejects(backup(file, ofTable, { stdout }), { exitCode: 3, message: /backed up by DynamoDB/ })
  })
})
