import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import type { Settings } from '../../config/settings.ts'
import type { FromConsole } from './console-thread.ts'
import { serveConsole } from './serve-console.ts'

/** Threads that do what the test says, and a clock that it moves. */
function setUp(dataFolder: string) {
  const threads: (EventEmitter & { readonly told: unknown[] })[] = []
  const pauses: { readonly ms: number; readonly over: () => void }[] = []
  const logged: object[] = []
  const settings = { server: { consolePort: 8085 }, store: { dataFolder } } as unknown as Settings
  const log = Object.assign((fields: object) => void logged.push(fields), { isRead: () => true })
  const serving = serveConsole(settings, {}, log, {
    start: () => {
      const told: unknown[] = []
      const thread = Object.assign(new EventEmitter(), {
        told,
        postMessage: (message: unknown) => void told.push(message),
        terminate: async () => 0,
      })
      threads.push(thread)
      return thread as never
    },
    pause: ms => new Promise<void>(over => pauses.push({ ms, over })),
  })
  const says = (index: number, message: FromConsole) => threads[index]?.emit('message', message)
  const ends = (index: number) => threads[index]?.emit('exit', 1)
  return { threads, pauses, logged, serving, says, ends }
}

describe('the console of a server', () => {
  it('starts again after its thread ended, with another address, and the server goes on', async () => {
    using folder = temporaryFolder()
    const { threads, pauses, logged, serving, says, ends } = setUp(folder.path)
    says(0, { address: 'http://127.0.0.1:8085/?token=a' })
    const console = await serving
    assert.equal(console?.address(), 'http://127.0.0.1:8085/?token=a')
    threads[0]?.emit('error', new Error('out of memory'))
    ends(0)
    assert.deepEqual(logged, [
      { step: 'serve', outcome: 'console-ended', detail: 'out of memory. It starts again in 10 s.' },
    ])
    assert.equal(pauses[0]?.ms, 10_000)
    pauses[0]?.over()
    await setImmediate()
    // Its port is still in use: it tries again.
    says(1, { failed: 'HOOKLINE_CONSOLE_PORT 8085 is in use' })
    ends(1)
    pauses[1]?.over()
    await setImmediate()
    says(2, { address: 'http://127.0.0.1:8085/?token=b' })
    assert.equal(console?.address(), 'http://127.0.0.1:8085/?token=b')
    assert.equal(threads.length, 3)
  })

  it('fails with the reason if the first thread cannot listen', async () => {
    using folder = temporaryFolder()
    const { threads, pauses, serving, says, ends } = setUp(folder.path)
    says(0, { failed: 'HOOKLINE_CONSOLE_PORT 8085 is in use' })
    ends(0)
    await assert.rejects(serving, { message: 'HOOKLINE_CONSOLE_PORT 8085 is in use', exitCode: 3 })
    assert.deepEqual([threads.length, pauses.length], [1, 0])
  })

  it('ends with the server, and does not start again', async () => {
    using folder = temporaryFolder()
    const { threads, pauses, logged, serving, says, ends } = setUp(folder.path)
    says(0, { address: 'http://127.0.0.1:8085/?token=a' })
    const console = await serving
    assert.match(readFileSync(console?.addressFile ?? '', 'utf8'), /token=a\n$/)
    const closed = console?.close()
    assert.deepEqual(threads[0]?.told, ['close'])
    ends(0)
    await closed
    assert.equal(pauses.filter(({ ms }) => ms === 10_000).length, 0)
    assert.deepEqual(logged, [])
  })
})
