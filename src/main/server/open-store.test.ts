import assert from 'node:assert/strict'
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { keepHashKey } from '../../adapters/node/hash-key.ts'
import { openSqliteStore } from '../../adapters/sqlite/store.ts'
import { dataFolderProblem } from './open-store.ts'

const retention = { deliveriesMs: 86_400_000, receiptsMs: 86_400_000 }

describe('the data folder', { skip: process.platform === 'win32' && 'no modes there' }, () => {
  for (const mode of [0o755, 0o750, 0o701, 0o777]) {
    it(`is reported with what to do if others may enter it: ${mode.toString(8)}`, () => {
      using folder = temporaryFolder()
      chmodSync(folder.path, mode)
      const problem = dataFolderProblem(folder.path) ?? ''
      assert.ok(problem.includes(`(mode ${mode.toString(8)}). Run: chmod 700 ${folder.path}`), problem)
      assert.equal(statSync(folder.path).mode & 0o777, mode)
    })
  }

  it('is not reported if only its owner may enter it, or if it does not exist', () => {
    using folder = temporaryFolder()
    chmodSync(folder.path, 0o700)
    assert.equal(dataFolderProblem(folder.path), undefined)
    assert.equal(dataFolderProblem(join(folder.path, 'missing')), undefined)
  })

  it('has only files that are readable by the owner, whatever the folder contained', async () => {
    using folder = temporaryFolder()
    const before = process.umask(0)
    try {
      chmodSync(folder.path, 0o777)
      for (const name of ['hookline.db', 'hookline.db-wal']) writeFileSync(join(folder.path, name), '')
      keepHashKey(folder.path)
      const store = await openSqliteStore(folder.path, () => 1_000, retention)
      await store.saveRoutes([{ country: '*', channel: 'sms', candidates: [{ identity: '+18665550100' }] }], {
        author: 'a test',
        at: 0,
      })
      for (const name of readdirSync(folder.path))
        assert.equal(statSync(join(folder.path, name)).mode & 0o777, 0o600, name)
      await store.close()
    } finally {
      process.umask(before)
    }
  })
})
