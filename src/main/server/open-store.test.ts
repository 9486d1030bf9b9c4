import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createFakeClock } from '../../../test/fixtures/fake-clock.ts'
import { read } from '../../../test/fixtures/settings.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { keepHashKey } from '../../adapters/node/hash-key.ts'
import { policyWithCopy } from '../../adapters/node/policy-copy.ts'
import { openSqliteStore } from '../../adapters/sqlite/store.ts'
import { dataFolderProblem, openNamed } from './open-store.ts'

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

describe('an erasure by a command', () => {
  const person = { numberDigests: ['digest-of-a-number'], userDigests: [] }
  const by = { author: 'a test', at: 1 }
  async function withCopy(folder: string) {
    const store = await openNamed(read({ HOOKLINE_DATA_DIR: folder }))
    const whom = { kind: 'number', digest: 'digest-of-a-number', lastDigits: '40' } as const
    const override = { what: 'deny', whom, at: 1, until: 2, author: 'ana', because: 'x' } as const
    await store.saveRoutes([{ country: '*', channel: 'sms', candidates: [{ identity: '+18665550100' }] }], by)
    await store.saveFraudPolicy({ mode: 'observe', modes: {}, overrides: [override] }, by)
    await policyWithCopy(store, folder, createFakeClock(), () => undefined).readPolicy()
    const copy = join(folder, 'last-policy.json')
    assert.match(readFileSync(copy, 'utf8'), /digest-of-a-number/)
    await store.saveFraudPolicy({ mode: 'observe', modes: {}, overrides: [] }, by)
    return { store, copy }
  }

  it('is one in the copy of the policy, when no server runs', async () => {
    using folder = temporaryFolder()
    const { store, copy } = await withCopy(folder.path)
    assert.equal((await store.erasePerson(person)).leftInFile, undefined)
    assert.doesNotMatch(readFileSync(copy, 'utf8'), /digest-of-a-number/)
    assert.match(readFileSync(copy, 'utf8'), /\+18665550100/)
    rmSync(copy)
    await store.erasePerson(person)
    assert.ok(!readdirSync(folder.path).includes('last-policy.json'), 'it makes no copy where there is none')
    await store.close()
  })

  it('says that the copy still has the person if it cannot be written', async () => {
    using folder = temporaryFolder()
    const { store, copy } = await withCopy(folder.path)
    rmSync(copy)
    mkdirSync(copy)
    assert.match((await store.erasePerson(person)).leftInFile ?? '', /^the copy of the policy cannot be/)
    await store.close()
  })
})

describe('a store that a command cannot use', () => {
  it('is refused with its folder, the reason and what to check', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'a-file')
    writeFileSync(path, '')
    await assert.rejects(openNamed(read({ HOOKLINE_DATA_DIR: path })), ({ message }: Error) => {
      assert.ok(message.startsWith(`The store in ${path} cannot be used: `), message)
      assert.match(message, /: .+\. Check that the disk has space .* set HOOKLINE_DATA_DIR /)
      return true
    })
  })
})
