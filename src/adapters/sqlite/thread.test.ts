import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { describe, it } from 'node:test'
import { type FromThread, keepThread, type ThreadEvent } from './thread.ts'

/** Threads that do what the test says, and a clock that it moves: nothing waits for real. */
function setUp({ cannotStart = () => false }: { readonly cannotStart?: () => boolean } = {}) {
  const threads: {
    readonly says: (message: FromThread) => void
    readonly ends: (code: number) => void
    readonly fails: (error: Error) => void
    readonly asked: { id: number; verb: string }[]
    /** How many calls came in each message. */
    readonly messages: number[]
  }[] = []
  const events: ThreadEvent[] = []
  const pauses: { readonly ms: number; readonly over: () => void }[] = []
  const thread = keepThread({
    start: () => {
      if (cannotStart()) throw new Error('ERR_WORKER_INIT_FAILED')
      const emitter = new EventEmitter()
      const asked: { id: number; verb: string }[] = []
      const messages: number[] = []
      threads.push({
        says: message => void emitter.emit('message', message),
        ends: code => void emitter.emit('exit', code),
        fails: error => {
          emitter.emit('error', error)
          emitter.emit('exit', 1)
        },
        asked,
        messages,
      })
      return {
        on: (name: string, listener: (argument: unknown) => void) => emitter.on(name, listener),
        postMessage: (message: { id: number; verb: string }[] | 'close') =>
          void (message === 'close' ? undefined : asked.push(...message) && messages.push(message.length)),
        terminate: async () => 1,
      } as never
    },
    onEvent: event => void events.push(event),
    pause: ms => new Promise<void>(resolve => pauses.push({ ms, over: resolve })),
  })
  const last = () => threads.at(-1) ?? assert.fail('no thread was started')
  return {
    thread,
    threads,
    events,
    last,
    /** The end of the wait for another thread; how long it was. */
    waitOver: async () => {
      const pause = pauses.shift() ?? assert.fail('nothing is waited for')
      pause.over()
      await new Promise(setImmediate)
      return pause.ms
    },
    /** The end of the last call, which is posted with the others of its turn. */
    answer: async (result: unknown) => {
      await new Promise(setImmediate)
      last().says([{ id: last().asked.at(-1)?.id ?? 0, result }])
    },
  }
}
const kindsOf = (events: readonly ThreadEvent[]) => events.map(({ kind }) => kind)

describe('the thread of the store', () => {
  it('answers each call with its own result', async () => {
    const { thread, last } = setUp()
    const both = [thread.call('readPolicy', 1), thread.call('readPolicy', 2)]
    await new Promise(setImmediate)
    const [one, other] = last().asked
    last().says([
      { id: other?.id ?? 0, error: 'SQLITE_BUSY' },
      { id: one?.id ?? 0, result: undefined },
    ])
    assert.equal(await both[0], undefined)
    await assert.rejects(both[1] ?? assert.fail(), /^Error: store: SQLITE_BUSY$/)
  })

  it('gets the calls of one turn in one message', async () => {
    const { thread, last } = setUp()
    for (let count = 0; count < 3; count += 1) thread.call('readPolicy').catch(() => undefined)
    await new Promise(setImmediate)
    thread.call('readPolicy').catch(() => undefined)
    await new Promise(setImmediate)
    assert.deepEqual(last().messages, [3, 1])
  })

  it('reports that its log grows', async () => {
    const { last, events } = setUp()
    last().says({ logBytes: 40_000_000 })
    assert.deepEqual(events, [{ kind: 'log-grows', bytes: 40_000_000 }])
  })

  it('is replaced when it has ended: pending calls are rejected, later ones are answered', async () => {
    const { thread, last, threads, events, waitOver, answer } = setUp()
    const asked = thread.call('readPolicy')
    last().ends(1)
    await assert.rejects(asked, /^Error: store: its thread ended \(exit code 1\)$/)
    await assert.rejects(thread.call('readPolicy'), /its thread ended/)
    assert.equal(await waitOver(), 100)
    const next = thread.call('readPolicy')
    last().says({ isOpen: true })
    await answer(undefined)
    await next
    assert.equal(threads.length, 2)
    assert.deepEqual(kindsOf(events), ['ended', 'back'])
  })

  it('is replaced after increasing pauses while it fails, reports that once, and is fast again afterwards', async () => {
    const { thread, last, events, waitOver, answer } = setUp()
    const waits: number[] = []
    for (let round = 0; round < 10; round += 1) {
      last().fails(new Error('database or disk is full'))
      await assert.rejects(thread.call('readPolicy'), /^Error: store: database or disk is full$/)
      waits.push(await waitOver())
    }
    assert.deepEqual(waits, [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000])
    last().says({ isOpen: true })
    const call = thread.call('readPolicy')
    await answer(undefined)
    await call
    assert.deepEqual(events, [{ kind: 'ended', cause: 'database or disk is full' }, { kind: 'back' }])
    last().ends(1)
    assert.equal(await waitOver(), 100)
  })

  it('is replaced if it could not be started', async () => {
    let isOut = true
    const { thread, threads, events, waitOver } = setUp({ cannotStart: () => isOut })
    await assert.rejects(thread.call('readPolicy'), /cannot be started: ERR_WORKER_INIT_FAILED/)
    await waitOver()
    isOut = false
    await waitOver()
    assert.deepEqual([threads.length, kindsOf(events)], [1, ['ended']])
  })

  it('that ends at its first call is not restarted repeatedly without a pause', async () => {
    const { thread, last, waitOver } = setUp()
    const waits: number[] = []
    for (let round = 0; round < 3; round += 1) {
      last().says({ isOpen: true })
      const call = thread.call('readPolicy')
      last().ends(1)
      await assert.rejects(call)
      waits.push(await waitOver())
    }
    assert.deepEqual(waits, [100, 200, 400])
  })

  it('gives a process that replaces the file time to write it', async () => {
    const { thread, last, waitOver } = setUp()
    last().says({ moved: 'hookline.db was removed or replaced: it is opened again' })
    await assert.rejects(thread.call('readPolicy'), /removed or replaced/)
    assert.equal(await waitOver(), 2_000)
    assert.equal(thread.generation(), 2)
  })

  it('is ignored once another has replaced it', async () => {
    const { thread, threads, waitOver, answer } = setUp()
    threads[0]?.ends(1)
    await waitOver()
    const call = thread.call('readPolicy')
    threads[0]?.ends(1)
    threads[0]?.says({ moved: 'late' })
    await answer('policy')
    assert.equal(await call, 'policy')
  })

  it('that hangs lets at most two thousand calls wait', async () => {
    const { thread } = setUp()
    const calls = Array.from({ length: 2_001 }, () => thread.call('readPolicy'))
    for (const call of calls.slice(0, -1)) call.catch(() => undefined)
    await assert.rejects(calls.at(-1) ?? assert.fail(), /2000 calls wait already/)
  })

  it('that hangs does not delay the end', async () => {
    const { thread, waitOver, threads } = setUp()
    const rejected = assert.rejects(thread.call('readPolicy'), /^Error: store: closed$/)
    const closed = thread.close()
    assert.equal(await waitOver(), 500)
    await Promise.all([rejected, closed])
    await thread.close()
    await assert.rejects(thread.call('readPolicy'), /^Error: store: closed$/)
    assert.equal(threads.length, 1)
  })
})
