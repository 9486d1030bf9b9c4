import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { CallOrder } from '../../simulators/okta/call-order.ts'
import { usNumber } from '../support/numbers.ts'
import { startHookline } from '../world/processes.ts'
import {
  inParallel,
  isLate,
  type ServedHook,
  type ServeWorld,
  serveEnvironment,
  startWorld,
  warmUp,
} from '../world/world.ts'

const LIMIT = { timeout: 120_000 }
const TWO = { HOOKLINE_WORKERS: '2', HOOKLINE_METRICS_PORT: '0' }
const REQUESTS = 250
const KILLED_AFTER = 100
const AT_ONCE = 12

const orderOf = (index: number): CallOrder => ({
  to: usNumber(index),
  code: String(20_000_000 + index),
  eventId: `event-${index}`,
  otpExpires: '2099-01-01T00:00:00.000Z',
  user: { userId: `00u${index}`, login: `user${index}@example.com` },
})

test(
  'a worker that is killed under load is replaced: no code goes out twice, and the others are answered',
  LIMIT,
  async () => {
    await using world = await startWorld({ hook: 'process' })
    const hook = await world.serve(TWO)
    await warmUp(world, hook)
    const orders = Array.from({ length: REQUESTS }, (_, index) => orderOf(index))
    let answered = 0
    const before = await inParallel(orders, AT_ONCE, async order => {
      const result = await world.call(hook, order)
      answered += 1
      if (answered === KILLED_AFTER) process.kill(pidOf(world, 2), 'SIGKILL')
      return result
    })
    const unanswered = before.filter(({ httpStatus }) => httpStatus === undefined)
    assert.ok(
      unanswered.length <= AT_ONCE,
      `${unanswered.length} were in the hands of the worker that was killed`,
    )
    for (const result of before)
      if (result.httpStatus !== undefined && !isLate(result))
        assert.equal(result.verdict.kind, 'delivered-by-hook', result.verdict.sentence)

    await logged(world, line => line.outcome === 'worker-ready' && line.worker === 2, 2)
    const after = await inParallel(orders, AT_ONCE, order => world.call(hook, order))
    const late = new Set<string | undefined>()
    for (const [index, first] of before.entries()) {
      const second = after[index] ?? assert.fail()
      if (isLate(first) || isLate(second)) late.add(orders[index]?.to)
      else if (first.httpStatus !== undefined) assert.deepEqual(second.answer, first.answer)
    }
    const own = new Set(orders.map(({ to }) => to).filter(to => !late.has(to)))
    const numbers = (await world.messages()).map(({ to }) => to).filter(to => own.has(to))
    assert.equal(new Set(numbers).size, numbers.length, 'no number got its code twice')
    assert.ok(numbers.length >= REQUESTS - unanswered.length - late.size)
    assert.equal(await metricOf(hook, 'hookline_steps_total{step="serve",outcome="worker-ended"}'), 1)
    assert.deepEqual(workersOf(world, 'hook-response'), new Set([1, 2]), 'both workers answered')
  },
)

test(
  'without the store, two workers together hold a limit exactly, also after one of them was killed',
  LIMIT,
  async () => {
    await using world = await startWorld({ hook: 'process' })
    const hook = await world.serve(TWO)
    await warmUp(world, hook) // the policy is read
    const database = new DatabaseSync(join(world.dataFolder, 'hookline.db'))
    database.exec('BEGIN IMMEDIATE')
    try {
      const send = (from: number, count: number) =>
        inParallel(
          Array.from({ length: count }, (_, index) => ({ ...orderOf(from + index), to: usNumber(7) })),
          AT_ONCE,
          order => world.call(hook, order),
        )
      const delivered = (results: Awaited<ReturnType<typeof send>>) =>
        results.filter(({ verdict }) => verdict.kind === 'delivered-by-hook').length
      const first = await send(0, 3)
      assert.equal(delivered(first), 3)
      process.kill(pidOf(world, 2), 'SIGKILL')
      await logged(world, line => line.outcome === 'worker-ready' && line.worker === 2, 2)
      const second = await send(100, 20)
      assert.equal(delivered(second), 2)
    } finally {
      database.close()
    }
    const messages = await world.messages()
    assert.equal(messages.filter(({ to }) => to === usNumber(7)).length, 5)
  },
)

test(
  'the metrics of two workers are one page, their log is whole lines, and SIGTERM ends all of them',
  LIMIT,
  async () => {
    await using world = await startWorld({ hook: 'process' })
    const hook = await world.serve(TWO)
    const sent = 200
    const results = await inParallel(
      Array.from({ length: sent }, (_, index) => orderOf(index)),
      AT_ONCE,
      order => world.call(hook, order),
    )
    const accepted = results.filter(({ verdict }) => verdict.kind === 'delivered-by-hook')
    assert.ok(results.every(result => accepted.includes(result) || isLate(result)))
    const counted = await metricOf(hook, 'hookline_steps_total{step="send",outcome="accepted"}')
    assert.ok(counted >= accepted.length && (counted === sent || results.some(isLate)), String(counted))
    assert.equal(await metricOf(hook, 'hookline_answer_seconds_count'), sent)
    const pids = [1, 2].map(number => pidOf(world, number))
    hook.signal('SIGTERM')
    assert.equal(await hook.ended, 'exit code 0')
    for (const pid of pids) assert.throws(() => process.kill(pid, 0), /ESRCH/)
    const lines = linesOf(world)
    assert.equal(lines.filter(({ step, outcome }) => step === 'serve' && outcome === 'listening').length, 1)
    assert.equal(lines.filter(({ step }) => step === 'hook-response').length, sent)
    assert.equal(readFileSync(world.outputs.stderr, 'utf8'), '')
  },
)

test('a port in use ends a server with workers, and is said once', LIMIT, async () => {
  await using world = await startWorld({ hook: 'process' })
  const taken = createServer().listen(0, '127.0.0.1')
  try {
    await new Promise(resolve => taken.once('listening', resolve))
    const { port } = taken.address() as { readonly port: number }
    const env = { ...serveEnvironment(world.okta, world.env), HOOKLINE_WORKERS: '2', PORT: String(port) }
    await using program = startHookline(['serve'], { env })
    const { code, stderr } = await program.ended
    assert.deepEqual([code, program.hasProcesses()], [3, false])
    assert.match(
      stderr,
      new RegExp(
        `^PORT ${port} is in use: [^\n]+\nThe first of 2 workers did not start \\(exit code 3\\)\\. The server ends\\.\n$`,
      ),
    )
  } finally {
    taken.close()
  }
})

type Line = {
  readonly step: string
  readonly outcome: string
  readonly worker?: number
  readonly pid?: number
}

/** Every line of the log: each is whole JSON. */
function linesOf({ outputs }: ServeWorld): readonly Line[] {
  const text = readFileSync(outputs.stdout, 'utf8')
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as Line)
}

async function logged(world: ServeWorld, isIt: (line: Line) => boolean, times: number): Promise<void> {
  while (linesOf(world).filter(isIt).length < times) await pause(50)
}

function pidOf(world: ServeWorld, worker: number): number {
  const line = linesOf(world).findLast(one => one.outcome === 'worker-ready' && one.worker === worker)
  return line?.pid ?? assert.fail(`no worker ${worker}`)
}

function workersOf(world: ServeWorld, step: string): ReadonlySet<number | undefined> {
  return new Set(linesOf(world).flatMap(line => (line.step === step ? [line.worker] : [])))
}

async function metricOf({ ready }: ServedHook, series: string): Promise<number> {
  const page = await (await fetch(ready.metrics ?? '')).text()
  const line = page.split('\n').find(one => one.startsWith(`${series} `))
  return Number(line?.split(' ').at(-1))
}
