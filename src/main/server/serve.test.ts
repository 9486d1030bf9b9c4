import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Secret } from '../../core/values/secret.ts'
import { keepRetention } from './retention.ts'
import { warningsOf } from './serve.ts'
import { untilStopped } from './service.ts'

describe('the start of serve', () => {
  it('says that a rotation of the hash key is open, what it costs and how it ends', () => {
    const table = { dataFolder: 'data', table: 'hookline' }
    assert.deepEqual(warningsOf({ ...table, otherHashKey: undefined }), [])
    const key = 'the other key of tests, longer than 32 characters'
    const [event, ...others] = warningsOf({ ...table, otherHashKey: new Secret(key) })
    assert.deepEqual([event?.step, event?.outcome, others], ['serve', 'rotation-open', []])
    assert.match(
      event?.detail ?? '',
      /two more write units.* 180 days after the exchange, remove HOOKLINE_OTHER_HASH/,
    )
    assert.ok(!JSON.stringify(event).includes(key))
  })

  it('says that others can enter the folder of the store, where it has one', t => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'hookline-serve-'))
    t.after(() => rmSync(dataFolder, { recursive: true }))
    const outcomes = (table: string | undefined) =>
      warningsOf({ dataFolder, table, otherHashKey: undefined }).map(({ outcome }) => outcome)
    chmodSync(dataFolder, 0o755)
    assert.deepEqual(outcomes(undefined), process.platform === 'win32' ? [] : ['folder-open'])
    assert.deepEqual(outcomes('hookline'), [])
    chmodSync(dataFolder, 0o700)
    assert.deepEqual(outcomes(undefined), [])
  })
})

describe('the end of serve', () => {
  it('says nothing of a job that fails because the store closes', async () => {
    const said: string[] = []
    const removals = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const removeExpired = () => removals.shift()?.promise ?? assert.fail()
    const [earlier, atTheEnd] = removals
    for (const removal of [earlier, atTheEnd]) {
      const jobs = untilStopped(({ outcome }) => void said.push(outcome))
      const { stop } = keepRetention({ removeExpired }, jobs.record)
      if (removal === atTheEnd) jobs.stop()
      removal?.reject(new Error('store: closed'))
      await new Promise(setImmediate)
      stop()
    }
    assert.deepEqual(said, ['store-unavailable'])
  })
})
