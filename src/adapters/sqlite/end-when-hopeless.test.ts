import assert from 'node:assert/strict'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { endWhenHopeless, type HopelessParts } from './end-when-hopeless.ts'
import { openSqliteStore } from './store.ts'

function setUp(changed: Partial<HopelessParts> = {}) {
  const folder = temporaryFolder()
  let now = 1_700_000_000_000
  let minutes: (() => void)[] = []
  const ends: string[] = []
  const start = (more: Partial<HopelessParts> = {}) =>
    endWhenHopeless(folder.path, {
      end: why => void ends.push(why),
      now: () => now,
      pause: () => new Promise<void>(resolve => minutes.push(resolve)),
      opensElsewhere: async () => true,
      ...changed,
      ...more,
    })
  return {
    folder,
    start,
    ends,
    set: (ms: number) => {
      now += ms
    },
    aMinute: async () => {
      now += 60_000
      const over = minutes
      minutes = []
      for (const resolve of over) resolve()
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}

describe('a process whose store thread stays down', () => {
  it('ends after a minute if another process can open the database', async () => {
    using world = setUp()
    world.start().down()
    assert.equal(world.ends.length, 0)
    await world.aMinute()
    assert.equal(world.ends.length, 1)
  })

  it('continues as long as another process would do no better', async () => {
    let isSick = true
    using world = setUp({ opensElsewhere: async () => !isSick })
    world.start().down()
    for (let minute = 0; minute < 30; minute += 1) await world.aMinute()
    assert.equal(world.ends.length, 0)
    isSick = false
    await world.aMinute()
    assert.equal(world.ends.length, 1)
  })

  it('continues once the thread is back, also if it fails again', async () => {
    using world = setUp()
    const watch = world.start()
    watch.down()
    watch.back()
    watch.down()
    watch.back()
    await world.aMinute()
    assert.equal(world.ends.length, 0)
  })

  it('ends at most once in ten minutes, including its successors', async () => {
    using world = setUp()
    world.start().down()
    await world.aMinute()
    world.start().down()
    for (let minute = 1; minute < 10; minute += 1) await world.aMinute()
    assert.equal(world.ends.length, 1)
    await world.aMinute()
    assert.equal(world.ends.length, 2)
  })

  it('ignores a note with a date in the future', async () => {
    using world = setUp()
    world.start().down()
    await world.aMinute()
    world.set(-3_600_000)
    world.start().down()
    await world.aMinute()
    assert.equal(world.ends.length, 2)
  })

  it('does not end if it cannot write the note', async () => {
    using world = setUp()
    mkdirSync(join(world.folder.path, 'last-end'))
    world.start().down()
    await world.aMinute()
    assert.equal(world.ends.length, 0)
  })

  it('starts a real process as a test', async () => {
    for (const isSick of [false, true]) {
      using world = setUp()
      const data = world.folder.path
      const store = await openSqliteStore(data, () => 0, { deliveriesMs: 1e9, receiptsMs: 1e9 })
      await store.close()
      if (isSick) {
        rmSync(join(data, 'hookline.db'))
        writeFileSync(
          join(data, 'hookline.db'),
          'not a database at all, but longer than a header of one hundred bytes '.repeat(20),
        )
      }
      const ended = Promise.withResolvers<boolean>()
      const watch = endWhenHopeless(data, {
        now: () => 0,
        pause: (
          (turns = 0) =>
          async () => {
            turns += 1
            if (turns > 1) {
              watch.back()
              ended.resolve(false)
            }
          }
        )(),
        end: () => ended.resolve(true),
      })
      watch.down()
      assert.equal(await ended.promise, !isSick)
    }
  })
})
