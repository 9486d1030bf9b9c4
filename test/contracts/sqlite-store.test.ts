import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, afterEach, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts'
import type { NewTemplate } from '../../src/core/policy/policy-store.ts'
import type { Store } from '../../src/core/records/store.ts'
import { RefusedForm } from '../../src/core/records/stored-form.ts'
import { editor, readPolicy, route, template, testStore } from './store.ts'
import { thirtyDays } from './stores.ts'

const run = promisify(execFile)
const temporaryConnection = (path: string): DatabaseSync & Disposable => {
  const database = new DatabaseSync(path)
  return Object.assign(database, { [Symbol.dispose]: () => database.close() })
}
const folders: string[] = []
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-store-'))
  folders.push(folder)
  return join(folder, 'data') // the store creates it
}
const opened: Store[] = []
const open = async (folder: string): Promise<Store> => {
  const store = await openSqliteStore(folder, () => 1_000, thirtyDays)
  opened.push(store)
  return store
}
// Also after a failed test, because an open store keeps the process alive.
afterEach(async () => {
  await Promise.all(opened.splice(0).map(store => store.close().catch(() => undefined)))
})
after(async () => {
  await Promise.all(folders.map(folder => rm(folder, { recursive: true, force: true })))
})

testStore('the SQLite store', async () => open(await newFolder()))

describe('a SQLite file', () => {
  it('keeps everything when it is opened again', async () => {
    const folder = await newFolder()
    const before = await open(folder)
    await before.saveTemplates([template()], editor)
    await before.saveRoutes([route()], editor)
    const policy = await readPolicy(before)
    await before.close()
    const again = await open(folder)
    assert.deepEqual(await readPolicy(again), policy)
    await again.close()
  })

  it("is shared by two stores: each sees the other's changes", async () => {
    const folder = await newFolder()
    const [one, other] = await Promise.all([open(folder), open(folder)])
    const { version } = await readPolicy(one)
    await one.saveTemplates([template({ text: 'by one' })], editor)
    assert.equal((await other.readPolicy(version))?.templates[0]?.text, 'by one')
    await other.saveTemplates([template({ text: 'by the other' })], editor)
    const { templates } = await readPolicy(one)
    assert.deepEqual(
      templates.map(({ text, version }) => [text, version]),
      [['by the other', 2]],
    )
    await Promise.all([one.close(), other.close()])
  })

  it('loses no change by stores that write at the same time', async () => {
    const folder = await newFolder()
    const stores = await Promise.all([open(folder), open(folder)])
    await Promise.all(
      stores.flatMap(store => Array.from({ length: 20 }, () => store.saveTemplates([template()], editor))),
    )
    assert.equal((await readPolicy(stores[0])).templates[0]?.version, 40)
    await Promise.all(stores.map(store => store.close()))
  })

  it('is changed completely or not at all', async () => {
    const store = await open(await newFolder())
    await store.saveTemplates([template({ text: 'before' })], editor)
    const before = await readPolicy(store)
    const broken = template({ locale: 'es', text: null as never })
    const saved = store.saveTemplates([template({ text: 'after' }), broken] as readonly NewTemplate[], editor)
    await assert.rejects(saved, /^Error: store: NOT NULL constraint failed/)
    assert.deepEqual(await readPolicy(store), before)
    assert.equal(
      (await store.listChanges({ limit: 10 })).length,
      1,
      'the change that was undone is not logged',
    )
    await store.close()
  })

  it('can be created by several threads at once', async () => {
    const folder = await newFolder()
    const stores = await Promise.all(Array.from({ length: 4 }, () => open(folder)))
    await Promise.all(stores.map(store => store.saveTemplates([template()], editor)))
    for (const store of stores) assert.equal((await readPolicy(store)).templates[0]?.version, 4)
    await Promise.all(stores.map(store => store.close()))
  })

  it('can be created by two processes at once', async () => {
    const folder = await newFolder()
    const script = `void (async ([adapter, folder, template, retention]) => {
      const { openSqliteStore } = await import(adapter)
      const store = await openSqliteStore(folder, () => 1_000, JSON.parse(retention))
      await store.saveTemplates([JSON.parse(template)], { author: 'a process', at: 1_000 })
      await store.close()
    })(process.argv.slice(1))`
    const adapter = new URL('../../src/adapters/sqlite/store.ts', import.meta.url).href
    const start = () =>
      run(process.execPath, [
        '--eval',
        script,
        adapter,
        folder,
        ...[template(), thirtyDays].map(input => JSON.stringify(input)),
      ])
    await Promise.all([start(), start()])
    const store = await open(folder)
    assert.equal((await readPolicy(store)).templates[0]?.version, 2)
    await store.close()
  })

  it('cannot be read by other users', {
    skip: process.platform === 'win32' && 'no modes there',
  }, async () => {
    const folder = await newFolder()
    await (await open(folder)).close()
    assert.equal((await stat(folder)).mode & 0o077, 0)
  })

  it('of another form is refused with the remedy, also from the thread, until it is replaced', async () => {
    const folder = await newFolder()
    await (await open(folder)).close()
    const setForm = (form: number): void => {
      const database = new DatabaseSync(join(folder, 'hookline.db'))
      database.exec(`PRAGMA user_version = ${form}`)
      database.close()
    }
    setForm(99)
    await assert.rejects(open(folder), error => {
      assert.ok(error instanceof RefusedForm)
      assert.match(
        error.message,
        /hookline\.db has form 99; .* uses form \d+\. Nothing was changed\. A newer/,
      )
      return true
    })
    setForm(1)
    await (await open(folder)).close()
  })

  it('is neither read nor written any more once a newer Hookline has changed its form', async () => {
    const folder = await newFolder()
    const store = await open(folder)
    await store.saveTemplates([template({ text: 'before' })], editor)
    using newer = temporaryConnection(join(folder, 'hookline.db'))
    newer.exec('PRAGMA user_version = 99')
    const calls = [store.saveTemplates([template({ text: 'after' })], editor), store.readPolicy()]
    for (const call of calls) await assert.rejects(call, /^Error: store: .* has form 99; .*A newer Hookline/)
    assert.deepEqual(
      { ...newer.prepare('SELECT text, version FROM templates').get() },
      { text: 'before', version: 1 },
    )
    newer.exec('PRAGMA user_version = 1') // as after a backup was restored
    assert.equal((await readPolicy(store)).templates[0]?.text, 'before')
  })

  it('cannot be created where there is a file instead of a folder', async () => {
    const folder = await newFolder()
    await (await open(folder)).close()
    await assert.rejects(open(join(folder, 'hookline.db')), /^Error: store: /)
  })

  it('is not available after it is closed', async () => {
    const store = await open(await newFolder())
    await store.close()
    await assert.rejects(store.readPolicy(), /^Error: store: closed$/)
  })
})
