import assert from 'node:assert/strict'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { writeOwnFile } from './files.ts'

describe('a file that a command writes', { skip: process.platform === 'win32' && 'no modes there' }, () => {
  it('is readable only by its owner, new or not', async () => {
    using folder = temporaryFolder()
    const [made, wide] = [join(folder.path, 'new'), join(folder.path, 'wide')]
    writeFileSync(wide, 'before')
    chmodSync(wide, 0o666)
    for (const path of [made, wide]) {
      await writeOwnFile(path, 'text')
      assert.deepEqual([readFileSync(path, 'utf8'), statSync(path).mode & 0o777], ['text', 0o600])
    }
    await assert.rejects(writeOwnFile(made, 'again', 'wx'), /EEXIST/)
  })

  it('may be a device, whose mode is unchanged', async () => {
    const before = statSync('/dev/null').mode
    await writeOwnFile('/dev/null', 'text')
    assert.equal(statSync('/dev/null').mode, before)
  })
})
