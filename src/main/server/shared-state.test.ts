import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PlannedCandidate } from '../../core/plan/candidates.ts'
import type { Limits } from '../../core/policy/limits.ts'
import { createSharedState, type FromWorker, joinSharedState, type ToWorker } from './shared-state.ts'

/** A primary process and its workers, joined as by the channels between processes: copies of plain data, later. */
function setUp() {
  let now = 1_000
  const shared = createSharedState(() => now)
  const workers = new Map<number, { readonly receive: (message: ToWorker) => void }>()
  const pauses: (() => void)[] = []
  let isHanging = false
  const join = (number: number) => {
    const channel = (message: FromWorker): void => {
      const copy = JSON.parse(JSON.stringify(message)) as FromWorker
      if (isHanging) return
      setImmediate(() => {
        const answer = (to: ToWorker): void => deliver(number, to)
        shared.receive(copy, answer, toOthers => {
          for (const other of workers.keys()) if (other !== number) deliver(other, toOthers)
        })
      })
    }
    const worker = joinSharedState({
      send: channel,
      now: () => now + number * 1_000_000, // each process has a clock of its own
      pause: () => new Promise(over => pauses.push(() => over(undefined))),
    })
    workers.set(number, worker)
    deliver(number, shared.forNewWorker())
    return { ...worker.state, now: () => now + number * 1_000_000 }
  }
  const deliver = (number: number, message: ToWorker): void => {
    const copy = JSON.parse(JSON.stringify(message)) as ToWorker
    setImmediate(() => workers.get(number)?.receive(copy))
  }
  return {
    join,
    at: (ms: number) => {
      now = ms
    },
    dies: (number: number) => void workers.delete(number),
    hangs: () => {
      isHanging = true
    },
    endPauses: () => {
      for (const over of pauses.splice(0)) over()
    },
  }
}

type Joined = ReturnType<ReturnType<typeof setUp>['join']>
const code = { numberDigest: 'number-1', userDigest: 'user-1', channel: 'sms' } as const
const atMost = (max: number): Limits => ({
  mode: 'enforce',
  windows: [{ scope: 'number', windowSeconds: 600, max }],
})
const count = (worker: Joined, limits = atMost(5)) => worker.floor.count(code, limits, worker.now())

describe('the limits of a server with workers', () => {
  it('admit exactly as many as the limit allows, of forty at once in two workers', async () => {
    const { join } = setUp()
    const workers = [join(1), join(2)]
    const counted = await Promise.all(
      Array.from({ length: 40 }, (_, index) => count(workers[index % 2] as Joined)),
    )
    assert.equal(counted.filter(({ kind }) => kind === 'counted').length, 5)
    const limited = counted.find(({ kind }) => kind === 'limited')
    assert.deepEqual(limited, { kind: 'limited', limit: atMost(5).windows[0] })
  })

  it('are neither lost nor counted twice when a worker is replaced', async () => {
    const { join, dies } = setUp()
    const [one, other] = [join(1), join(2)]
    for (let sent = 0; sent < 2; sent += 1) await count(one)
    await count(other)
    dies(1)
    const successor = join(1)
    assert.equal((await count(successor, atMost(4))).kind, 'counted')
    assert.equal((await count(successor, atMost(4))).kind, 'limited')
    assert.equal((await count(other, atMost(4))).kind, 'limited')
  })

  it('remove a code once, although the clocks of the processes differ', async () => {
    const { join, at } = setUp()
    const [one, other] = [join(1), join(2)]
    const first = await count(one, atMost(2))
    at(2_000)
    await count(other, atMost(2))
    assert.ok(first.kind === 'counted')
    first.takeBack()
    first.takeBack()
    assert.equal((await count(other, atMost(2))).kind, 'counted')
    assert.equal((await count(one, atMost(2))).kind, 'limited')
  })

  it('report what is exceeded if limits are only observed', async () => {
    const { join } = setUp()
    const [one, other] = [join(1), join(2)]
    const limits: Limits = { ...atMost(1), mode: 'observe' }
    await count(one, limits)
    const counted = await count(other, limits)
    assert.deepEqual(counted.kind === 'counted' && counted.exceeded, limits.windows[0])
  })

  it('are counted by a worker alone while the primary process does not answer', async () => {
    const { join, hangs, endPauses } = setUp()
    const worker = join(1)
    hangs()
    const counts = Array.from({ length: 3 }, () => count(worker, atMost(2)))
    endPauses()
    assert.deepEqual(
      (await Promise.all(counts)).map(({ kind }) => kind),
      ['counted', 'counted', 'limited'],
    )
  })
})

describe('the paces of a server with workers', () => {
  const candidate: PlannedCandidate = {
    ...{ key: 'sms/US//+12065550100', identity: '+12065550100', region: undefined, maxPrice: 1 },
    ...{ notifyTemplateId: undefined, indiaEntityId: undefined, indiaTemplateId: undefined },
    paces: [{ key: 'voice/', max: 2, windowSeconds: 60 }],
  }
  const state = ({ health, now }: Joined) => health.stateOf(candidate, now())
  const send = ({ health, now }: Joined) => health.started(candidate, 1, now())

  it('count all workers together, including a later one', async () => {
    const { join, at, dies } = setUp()
    const [one, other] = [join(1), join(2)]
    send(one)
    await messages()
    at(2_000)
    send(other)
    await messages()
    assert.deepEqual([state(one), state(other)], ['at its pace', 'at its pace'])
    dies(1)
    const successor = join(1)
    await messages()
    assert.equal(state(successor), 'at its pace')
    at(61_000) // the first use is a minute ago
    assert.deepEqual([state(other), state(successor)], ['ready', 'ready'])
  })
})

/** Until every message that was sent has arrived. */
async function messages(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(resolve => setImmediate(resolve))
}
