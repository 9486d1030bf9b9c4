import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { Secret } from '../../core/values/secret.ts'
import { keepHashKey, keyedDigest, readKeptHashKey } from './hash-key.ts'

describe('the hash key of a data folder', () => {
  it('is created on first use: 32 random bytes that only the owner can read', () => {
    using folder = temporaryFolder()
    const data = folder.path
    assert.equal(readKeptHashKey(data), undefined)
    const key = keepHashKey(data).reveal()
    assert.match(key, /^[0-9a-f]{64}$/)
    assert.deepEqual(readdirSync(data), ['hash-key'])
    if (process.platform === 'win32') return
    assert.equal(statSync(join(data, 'hash-key')).mode & 0o777, 0o600)
  })

  it('is kept', () => {
    using folder = temporaryFolder()
    const key = keepHashKey(folder.path).reveal()
    assert.equal(keepHashKey(folder.path).reveal(), key)
    assert.equal(readKeptHashKey(folder.path)?.reveal(), key)
    assert.equal(readFileSync(join(folder.path, 'hash-key'), 'utf8'), key)
  })

  it('differs in each folder', () => {
    using one = temporaryFolder()
    using other = temporaryFolder()
    assert.notEqual(keepHashKey(one.path).reveal(), keepHashKey(other.path).reveal())
  })

  it('is the same for all processes that create it at the same time', async () => {
    using folder = temporaryFolder()
    const code = `
      import { parentPort, workerData } from 'node:worker_threads'
      const { keepHashKey } = await import(workerData.module)
      parentPort.postMessage('ready')
      parentPort.once('message', () => parentPort.postMessage(keepHashKey(workerData.folder).reveal()))`
    const workerData = {
      module: new URL('./hash-key.ts', import.meta.url).href,
      folder: folder.path,
    }
    const nextMessage = (worker: Worker): Promise<string> =>
      new Promise(resolve => worker.once('message', resolve))
    const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`)
    const workers = Array.from({ length: 4 }, () => new Worker(url, { workerData }))
    await Promise.all(workers.map(nextMessage))
    const keys = workers.map(nextMessage)
    for (const worker of workers) worker.postMessage('go')
    assert.equal(new Set(await Promise.all(keys)).size, 1)
    assert.deepEqual(readdirSync(workerData.folder), ['hash-key'])
  })
})

describe('the keyed digest', () => {
  const number = '+34683783440'
  const digest = keyedDigest(new Secret('a key of tests'))

  it('is the same for the same text and key, and different for any other', () => {
    assert.equal(digest(number), digest(number))
    assert.notEqual(digest(number), digest('+34683783441'))
    assert.notEqual(digest(number), keyedDigest(new Secret('another key'))(number))
  })

  it('needs the key, so the store alone does not allow trying all numbers', () => {
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      assert.notEqual(digest(number), createHash('sha256').update(number).digest(encoding))
    }
  })
})
