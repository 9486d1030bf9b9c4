import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { startSqliteStore } from '../../src/adapters/sqlite/store.ts'
import type { ThreadEvent } from '../../src/adapters/sqlite/thread.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { accepted, delivery, noLimits, thirtyDays } from './stores.ts'

const MB = 1024 * 1024

/** A server's store, which keeps its log short in its own thread. */
async function openStore(reportLogBytes: number) {
  const folder = temporaryFolder()
  const data = join(folder.path, 'data')
  const events: ThreadEvent[] = []
  const store = startSqliteStore(data, () => 1_000, thirtyDays, {
    reportLogBytes,
    onEvent: event => void events.push(event),
  })
  await store.readPolicy()
  let written = 0
  return {
    data,
    store,
    events,
    logBytes: () => statSync(join(data, 'hookline.db-wal'), { throwIfNoEntry: false })?.size ?? 0,
    /** Opens and settles many deliveries at once, as fast as the store accepts them. */
    write: async (count: number, afterEach: () => void = () => undefined) => {
      const last = written + count
      const writer = async (): Promise<void> => {
        while (written < last) {
          written += 1
          const one = delivery({ id: `delivery-${written}`, duplicateKey: `request-${written}` })
          await store.admit({ delivery: one, limits: noLimits })
          await store.settle({ ...one, end: accepted(`message-${written}`) })
          afterEach()
        }
      }
      await Promise.all(Array.from({ length: 20 }, writer))
    },
    [Symbol.asyncDispose]: async () => {
      await store.close()
      folder[Symbol.dispose]()
    },
  }
}

describe('the log of the SQLite store', () => {
  it('stays under 32 MB with continuous writing at the highest rate', async () => {
    await using world = await openStore(32 * MB)
    let largest = 0
    await world.write(6_000, () => {
      largest = Math.max(largest, world.logBytes())
    })
    assert.ok(largest > 0 && largest < 32 * MB, `${largest} bytes`)
    assert.deepEqual(
      world.events.filter(({ kind }) => kind !== 'back'),
      [],
    )
  })

  it('grows while a program reads the database, which is reported, and is short again afterwards', async () => {
    await using world = await openStore(4 * MB)
    const reader = new DatabaseSync(join(world.data, 'hookline.db'))
    reader.exec('BEGIN; SELECT count(*) FROM deliveries')
    while (world.events.length === 0) await world.write(500)
    const [event] = world.events
    assert.ok(event?.kind === 'log-grows' && event.bytes >= 4 * MB, JSON.stringify(event))
    reader.exec('COMMIT')
    reader.close()
    const high = world.logBytes()
    await pause(500) // two checkpoints: the end of one is not visible otherwise
    await world.write(500)
    assert.ok(world.logBytes() <= Math.max(high, 16 * MB), `${world.logBytes()} bytes, ${high} before`)
  })

  it('is deleted when the store is closed, and everything is in the database', async () => {
    await using world = await openStore(32 * MB)
    await world.write(50)
    await world.store.close()
    assert.equal(world.logBytes(), 0)
    const database = new DatabaseSync(join(world.data, 'hookline.db'), { readOnly: true })
    const row = database.prepare(`SELECT count(*) AS count FROM deliveries WHERE state = 'accepted'`).get()
    database.close()
    assert.deepEqual({ ...row }, { count: 50 })
  })
})

describe('calls that the SQLite store runs in one transaction', () => {
  it('succeed or fail separately: one that fails does not roll back the others', async () => {
    await using world = await openStore(32 * MB)
    const { store } = world
    const wrong = { ...delivery({ id: 'wrong' }), openedAt: 'never' as never } // the tables are strict
    const ends = await Promise.allSettled([
      store.admit({ delivery: delivery({ id: 'first', duplicateKey: 'a' }), limits: noLimits }),
      store.admit({ delivery: wrong, limits: noLimits }),
      store.admit({ delivery: delivery({ id: 'second', duplicateKey: 'b' }), limits: noLimits }),
      store.admit({ delivery: delivery({ id: 'third', duplicateKey: 'a' }), limits: noLimits }),
    ])
    assert.deepEqual(
      ends.map(end => (end.status === 'fulfilled' ? end.value.kind : 'rejected')),
      ['opened', 'rejected', 'opened', 'duplicate'],
    )
    const listed = await store.listDeliveries({ limit: 10 })
    assert.deepEqual(
      listed.map(({ id }) => id),
      ['first', 'second'],
    )
  })
})
