import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  constants,
  createReadStream,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { makeFolder, writeOwnFile } from './files.ts'

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

  it('is refused at once, by name, where no file can be', async () => {
    using folder = temporaryFolder()
    const [pipe, link] = [join(folder.path, 'pipe'), join(folder.path, 'link')]
    execFileSync('mkfifo', [pipe])
    symlinkSync('/nowhere/at/all', link)
    for (const path of [
      pipe,
      link,
      folder.path,
      join(folder.path, 'no', 'file'),
      '/proc/nothing',
      '/dev/full',
    ])
      await assert.rejects(writeOwnFile(path, 'text'), {
        message: new RegExp(`^${path} cannot be written: `),
      })
  })

  it('may be a pipe that a program reads, which gets all of it', async () => {
    using folder = temporaryFolder()
    const pipe = join(folder.path, 'pipe')
    execFileSync('mkfifo', [pipe])
    // It has a reader from here on. The one that reads is opened when the writer is, and longer than a pipe is `long`.
    const first = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const long = 'text '.repeat(100_000)
      const [read] = await Promise.all([text(createReadStream(pipe, 'utf8')), writeOwnFile(pipe, long)])
      assert.equal(read, long)
    } finally {
      closeSync(first)
    }
  })

  it('may be a device, whose mode is unchanged', async () => {
    const before = statSync('/dev/null').mode
    await writeOwnFile('/dev/null', 'text')
    assert.equal(statSync('/dev/null').mode, before)
  })
})

describe('a folder that a command makes', { skip: process.platform === 'win32' && 'no modes there' }, () => {
  it('can be entered by its owner only, as those above it, and may exist', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'a', 'b')
    for (const _ of [1, 2]) makeFolder(path)
    for (const each of [path, join(path, '..')]) assert.equal(statSync(each).mode & 0o777, 0o700)
  })

  it('is refused at once, by name, where none can be made', () => {
    using folder = temporaryFolder()
    const link = join(folder.path, 'link')
    symlinkSync('/proc/nowhere', link)
    writeFileSync(join(folder.path, 'file'), '')
    for (const path of [link, join(link, 'a'), '/proc/a', '/proc/a/b', join(folder.path, 'file', 'a')])
      assert.throws(() => makeFolder(path), { message: new RegExp(`^The folder ${path} cannot be made: `) })
    assert.throws(() => makeFolder(link), /is a link to nothing/)
  })
})
