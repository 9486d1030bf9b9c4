import assert from 'node:assert/strict'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { openDatabase } from './database.ts'

describe('the data folder', { skip: process.platform === 'win32' && 'no links there' }, () => {
  it('may be a link to a disk: refused at once while that is not mounted, and opened when it is', () => {
    using folder = temporaryFolder()
    const [disk, link] = [join(folder.path, 'disk'), join(folder.path, 'link')]
    symlinkSync(disk, link)
    for (const path of [link, join(link, 'data')]) {
      assert.throws(() => openDatabase(path), { message: `${link} is a link to nothing` })
      assert.ok(!existsSync(disk))
    }
    mkdirSync(disk)
    openDatabase(join(link, 'data')).close()
    assert.ok(existsSync(join(disk, 'data', 'hookline.db')))
  })
})
