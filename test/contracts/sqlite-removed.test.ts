import assert from 'node:assert/strict'
import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openSqliteStore, startSqliteStore } from '../../src/adapters/sqlite/store.ts'
import type { Store } from '../../src/core/records/store.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { editor, template } from './store.ts'
import { thirtyDays } from './stores.ts'

const now = () => 1_000
const moved = /hookline\.db was removed or replaced/

/** However long the store would wait before it tries again: the test does not. */
const soon = () => pause(5)

/** What the store answers once it answers again. */
async function onceBack<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      if (attempt === 400) throw error
      await pause(25)
    }
  }
}
const textsOf = async (store: Store) => (await store.readPolicy())?.templates.map(({ text }) => text)

/** A store whose database has one template, and another folder with a database of its own. */
async function setUp(text: string) {
  const folder = temporaryFolder()
  const data = join(folder.path, 'data')
  const other = join(folder.path, 'other')
  const prepared = await openSqliteStore(other, now, thirtyDays)
  await prepared.saveTemplates([template({ text })], editor)
  await prepared.close()
  const store = startSqliteStore(data, now, thirtyDays, { pause: soon, placeCheckMs: 0 })
  await store.saveTemplates([template({ text: 'before {code}' })], editor)
  return {
    data,
    other,
    store,
    [Symbol.asyncDispose]: async () => {
      await store.close()
      folder[Symbol.dispose]()
    },
  }
}

describe('a database that is removed or replaced while it is used', () => {
  it('is not written to in vain: what is asked is rejected, and a new one is opened without a restart', async () => {
    await using world = await setUp('other {code}')
    rmSync(world.data, { recursive: true })
    await assert.rejects(world.store.saveTemplates([template()], editor), moved)
    assert.deepEqual(await onceBack(() => textsOf(world.store)), [])
    await world.store.saveTemplates([template({ text: 'after {code}' })], editor)
    await using second = {
      store: await openSqliteStore(world.data, now, thirtyDays),
      [Symbol.asyncDispose]: () => second.store.close(),
    }
    assert.deepEqual(await textsOf(second.store), ['after {code}'])
  })

  it('is another whose policy has the same version, and is read all the same', async () => {
    await using world = await setUp('other {code}')
    const known = (await world.store.readPolicy())?.version
    renameSync(join(world.other, 'hookline.db'), join(world.data, 'hookline.db'))
    await assert.rejects(world.store.readPolicy(known), moved)
    const stored = await onceBack(() => world.store.readPolicy(known))
    assert.deepEqual(
      stored?.templates.map(({ text }) => text),
      ['other {code}'],
    )
    assert.equal(await world.store.readPolicy(stored?.version), undefined)
  })

  it('keeps nothing of the one before: its log is not written into the other', async () => {
    await using world = await setUp('other {code}')
    await world.store.saveTemplates([template({ text: 'only in the log {code}' })], editor)
    renameSync(join(world.other, 'hookline.db'), join(world.data, 'hookline.db'))
    assert.deepEqual(await onceBack(() => textsOf(world.store)), ['other {code}'])
    await world.store.close()
    const database = new DatabaseSync(join(world.data, 'hookline.db'), { timeout: 5_000 })
    assert.deepEqual({ ...database.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' })
    database.close()
  })

  it('loses nothing of a folder that was copied to its place with its log', async () => {
    await using world = await setUp('other {code}')
    renameSync(world.data, `${world.data}-away`)
    mkdirSync(world.data)
    cpSync(`${world.data}-away`, world.data, { recursive: true })
    assert.deepEqual(await onceBack(() => textsOf(world.store)), ['before {code}'])
  })
})

describe('a store for a server', () => {
  it('begins beside a database that cannot be opened, and is there once it can', async () => {
    using folder = temporaryFolder()
    const data = join(folder.path, 'data')
    mkdirSync(join(data, 'hookline.db'), { recursive: true }) // a folder where the file should be
    const heard: string[] = []
    const store = startSqliteStore(data, now, thirtyDays, {
      heard: ({ kind }) => void heard.push(kind),
      pause: soon,
    })
    try {
      await assert.rejects(store.readPolicy(), /^Error: store: unable to open database file$/)
      rmSync(join(data, 'hookline.db'), { recursive: true })
      assert.deepEqual(await onceBack(() => textsOf(store)), [])
      assert.deepEqual(heard, ['ended', 'back'])
    } finally {
      await store.close()
    }
  })
})
