import assert from 'node:assert/strict'
import { cpSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { editor, template } from './store.ts'
import { thirtyDays } from './stores.ts'

test('a database that was removed or replaced is out of reach, not written to in vain', async () => {
  using folder = temporaryFolder()
  const data = join(folder.path, 'data')
  const store = await openSqliteStore(data, () => 1_000, thirtyDays)
  await store.saveTemplates([template()], editor)
  try {
    renameSync(data, `${data}-away`)
    await assert.rejects(store.saveTemplates([template()], editor), /hookline\.db was removed or replaced/)
    cpSync(`${data}-away`, data, { recursive: true })
    await assert.rejects(store.readPolicy(), /hookline\.db was removed or replaced/)
    rmSync(data, { recursive: true })
    renameSync(`${data}-away`, data)
    assert.equal((await store.readPolicy())?.templates.length, 1, 'back in its place it serves again')
  } finally {
    await store.close()
  }
})
