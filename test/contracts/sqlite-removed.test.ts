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

/** Skips the time that the store waits before it tries again. */
const soon = () => pause(5)

/** The store's answer once it works again. */
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

/** A store whose database has one template, and another folder with its own database. */
async function setUp(text: string) {
  const folder = temporaryFolder()
  const data = join(folder.path, 'data')
  const other = join(folder.path, 'other')
  const prepared = await openSqliteStore(other, now, thirtyDays)
  await prepared.saveTemplates([template({ text })], editor)
  await prepared.close()
  const store = startSqliteStore(data, now, thirtyDays, { pause: soon })
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

describe('a database that is removed or replaced while it is in use', () => {
  it('rejects calls instead of losing them, and a new one is opened without a restart', async () => {
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

  it('is read again, even if its policy has the same version', async () => {
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

  it('keeps nothing of the previous one: its log is not written into the new one', async () => {
    await using world = await setUp('other {code}')
    await world.store.saveTemplates([template({ text: 'only in the log {code}' })], editor)
    renameSync(join(world.other, 'hookline.db'), join(world.data, 'hookline.db'))
    assert.deepEqual(await onceBack(() => textsOf(world.store)), ['other {code}'])
    await world.store.close()
    const database = new DatabaseSync(join(world.data, 'hookline.db'))
    database.exec('PRAGMA busy_timeout = 5000') // Node 22.13 ignores the option `timeout`
    assert.deepEqual({ ...database.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' })
    database.close()
  })

  it('loses nothing of a folder that was copied there with its log', async () => {
    await using world = await setUp('other {code}')
    renameSync(world.data, `${world.data}-away`)
    mkdirSync(world.data)
    cpSync(`${world.data}-away`, world.data, { recursive: true })
    assert.deepEqual(await onceBack(() => textsOf(world.store)), ['before {code}'])
  })
})

describe('a store for a server', () => {
  it('starts without a database that cannot be opened, and works once it can', async () => {
    using folder = temporaryFolder()
    const data = join(folder.path, 'data')
    mkdirSync(join(data, 'hookline.db'), { recursive: true }) // a folder where the file should be
    const events: string[] = []
    const store = startSqliteStore(data, now, thirtyDays, {
      onEvent: ({ kind }) => void events.push(kind),
      pause: soon,
    })
    try {
      await assert.rejects(store.readPolicy(), /^Error: store: unable to open database file$/)
      rmSync(join(data, 'hookline.db'), { recursive: true })
      assert.deepEqual(await onceBack(() => textsOf(store)), [])
      assert.deepEqual(events, ['ended', 'back'])
    } finally {
      await store.close()
    }
  })
})
