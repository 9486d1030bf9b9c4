import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keepWorkers, type WorkerEvent } from './keep-workers.ts'

/** Workers that do what the test says, and a clock that it moves: nothing waits for real. */
function setUp(count = 2) {
  let now = 0
  const events: WorkerEvent[] = []
  const started: {
    readonly number: number
    readonly signals: string[]
    readonly begins: () => void
    readonly ends: (how: string | number) => Promise<void>
  }[] = []
  const pauses: { readonly ms: number; readonly over: () => void }[] = []
  const workers = keepWorkers({
    count,
    onEvent: event => void events.push(event),
    monotonic: () => now,
    pause: ms => new Promise(over => pauses.push({ ms, over: () => over(undefined) })),
    start: number => {
      const ready = Promise.withResolvers<{ readonly ready: string }>()
      const ended = Promise.withResolvers<string | number>()
      const signals: string[] = []
      started.push({
        number,
        signals,
        begins: () => ready.resolve({ ready: 'http://127.0.0.1:8080' }),
        ends: how => {
          ended.resolve(how)
          return settled()
        },
      })
      return {
        pid: started.length,
        stop: () => void signals.push('stop'),
        kill: () => void signals.push('kill'),
        ready: ready.promise,
        ended: ended.promise,
      }
    },
  })
  const all = async (): Promise<void> => {
    started[0]?.begins()
    await settled()
    for (const { begins } of started) begins()
    await settled()
  }
  return {
    ...{ workers, events, started, pauses, all },
    at: (ms: number) => {
      now = ms
    },
    /** The newest worker of this number. */
    newest: (number: number) => started.findLast(one => one.number === number) ?? assert.fail(),
    /** Ends the pause that began last. */
    wait: async () => {
      pauses.pop()?.over()
      await settled()
    },
  }
}

const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
const isPending = async (promise: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([promise.then(() => false), settled().then(() => true)])) as boolean

describe('the workers of a server', () => {
  it('start after the first one, and are ready when all are', async () => {
    const { workers, started, all } = setUp(3)
    assert.deepEqual(
      started.map(({ number }) => number),
      [1],
    )
    assert.ok(await isPending(workers.ready))
    await all()
    assert.equal(await workers.ready, 'http://127.0.0.1:8080')
    assert.deepEqual(
      started.map(({ number }) => number),
      [1, 2, 3],
    )
  })

  it('are not replaced if the first one does not start: it has printed the reason', async () => {
    const { workers, newest, started } = setUp()
    await newest(1).ends(3)
    assert.deepEqual(await workers.failed, {
      why: 'The first of 2 workers did not start (exit code 3).',
      exitCode: 3,
    })
    assert.equal(started.length, 1)
  })

  it('are replaced one by one, a second after one ended, under its number', async () => {
    const { all, newest, started, pauses, events, at, wait, workers } = setUp()
    await all()
    at(60_000)
    await newest(2).ends('SIGKILL')
    assert.deepEqual(events.at(-1), { kind: 'ended', number: 2, how: 'SIGKILL', againAfterMs: 1_000 })
    assert.deepEqual([started.length, pauses[0]?.ms], [2, 1_000])
    await wait()
    assert.deepEqual([started.length, started.at(-1)?.number], [3, 2])
    assert.ok(await isPending(workers.failed))
  })

  it('are replaced later each time one ends at once; after the fifth time in a row, the server ends', async () => {
    const { all, newest, events, wait, workers } = setUp()
    await all()
    for (let round = 0; round < 5; round += 1) {
      await newest(2).ends(1)
      await wait()
    }
    const pauses = events.flatMap(event => (event.kind === 'ended' ? [event.againAfterMs] : []))
    assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, undefined])
    const { why, exitCode } = await workers.failed
    const expected =
      'Worker 2 ended 5 times in a row within 10 seconds of its start, the last time with exit code 1.'
    assert.deepEqual([why, exitCode], [expected, undefined])
  })

  it('are counted from zero after one that lived for ten seconds', async () => {
    const { all, newest, wait, workers, at } = setUp()
    await all()
    for (let round = 0; round < 20; round += 1) {
      at(10_000 * Math.floor((round + 1) / 4)) // each fourth one lives for ten seconds
      await newest(1).ends(1)
      await wait()
    }
    assert.ok(await isPending(workers.failed))
  })

  it('are stopped together; then none is replaced, and one that hangs is killed', async () => {
    const { all, newest, workers, started, pauses } = setUp()
    await all()
    const stopped = workers.stop()
    await newest(1).ends(0)
    assert.ok(await isPending(stopped))
    pauses.find(({ ms }) => ms === 10_000)?.over()
    await settled()
    assert.deepEqual([newest(1).signals, newest(2).signals], [['stop'], ['stop', 'kill']])
    await newest(2).ends('SIGKILL')
    await stopped
    assert.equal(started.length, 2)
  })

  it('are not started after a stop during the pause', async () => {
    const { all, newest, workers, started, wait } = setUp()
    await all()
    await newest(2).ends(1)
    const stopped = workers.stop()
    await newest(1).ends(0)
    await stopped
    await wait()
    assert.equal(started.length, 2)
  })
})
