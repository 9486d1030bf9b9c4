import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defaultFraudPolicy } from '../policy/fraud-policy.ts'
import { defaultLimits } from '../policy/limits.ts'
import type { StoredPolicy } from '../policy/policy.ts'
import { defaultRoutingPolicy } from '../policy/routing-policy.ts'
import { keepPolicy } from './live-policy.ts'

const MAX_AGE_MS = 1_000
const never = new AbortController().signal

/** A store that answers when told to, and a clock that is moved by hand. */
function setUp(staleMs?: number) {
  let now = 0
  const reads: { known: number | undefined; answer: PromiseWithResolvers<StoredPolicy | undefined> }[] = []
  const policy = keepPolicy(
    {
      readPolicy: known => {
        const answer = Promise.withResolvers<StoredPolicy | undefined>()
        reads.push({ known, answer })
        return answer.promise
      },
    },
    () => now,
    MAX_AGE_MS,
    staleMs,
  )
  const last = () => reads.at(-1)?.answer ?? assert.fail('the store was not asked')
  return {
    policy,
    reads,
    pass: (ms: number) => {
      now += ms
    },
    answer: (version: number) =>
      last().resolve({
        version,
        templates: [],
        routes: [],
        limits: defaultLimits,
        fraud: defaultFraudPolicy,
        routing: defaultRoutingPolicy,
      }),
    answerUnchanged: () => last().resolve(undefined),
    fail: () => last().reject(new Error('store: out of reach')),
    /** A policy of version 1, read and then too old. */
    async readOnce() {
      const first = policy(never)
      this.answer(1)
      await first
      this.pass(MAX_AGE_MS)
    },
  }
}

describe('the live policy', { timeout: 10_000 }, () => {
  it('is read once, and kept until it is too old', async () => {
    const live = setUp()
    const first = live.policy(never)
    live.answer(1)
    assert.equal((await first).version, 1)
    live.pass(MAX_AGE_MS - 1)
    assert.equal(await live.policy(never), await first)
    assert.equal(live.reads.length, 1)
  })

  it('is read again by its version when it is too old, and replaced by a newer one', async () => {
    const live = setUp()
    await live.readOnce()
    const second = live.policy(never)
    assert.equal(live.reads[1]?.known, 1)
    live.answer(2)
    assert.equal((await second).version, 2)
    live.pass(MAX_AGE_MS - 1)
    assert.equal((await live.policy(never)).version, 2)
    assert.equal(live.reads.length, 2)
  })

  it('is kept if the store has no newer one, and counts as fresh again', async () => {
    const live = setUp()
    await live.readOnce()
    const second = live.policy(never)
    live.answerUnchanged()
    assert.equal((await second).version, 1)
    live.pass(MAX_AGE_MS - 1)
    assert.equal((await live.policy(never)).version, 1)
    assert.equal(live.reads.length, 2)
  })

  it('is read once for all concurrent requests', async () => {
    const live = setUp()
    const all = Array.from({ length: 100 }, () => live.policy(never))
    assert.equal(live.reads.length, 1)
    live.answer(1)
    assert.equal(new Set(await Promise.all(all)).size, 1)
  })

  it('stays in use when the store fails, and is read again at the next request', async () => {
    const live = setUp()
    await live.readOnce()
    const second = live.policy(never)
    live.fail()
    assert.equal((await second).version, 1)
    const third = live.policy(never)
    assert.equal(live.reads.length, 3)
    live.answer(2)
    assert.equal((await third).version, 2)
  })

  it('stays in use when the store hangs: waiting requests continue on time with the cached one', async () => {
    const live = setUp()
    await live.readOnce()
    const inTime = new AbortController()
    const second = live.policy(inTime.signal)
    const third = live.policy(never)
    inTime.abort(new Error('too late'))
    assert.equal((await second).version, 1)
    assert.equal(live.reads.length, 2) // one read at a time, however many leave it
    live.answer(2)
    assert.equal((await third).version, 2)
  })

  it("is updated by a slow store's late answer", async () => {
    const live = setUp()
    await live.readOnce()
    assert.equal((await live.policy(AbortSignal.abort())).version, 1)
    live.answer(2)
    await new Promise(setImmediate)
    assert.equal((await live.policy(never)).version, 2)
    assert.equal(live.reads.length, 2)
  })

  it('is an error only if none was ever read, and recovers', async () => {
    const live = setUp()
    const failed = live.policy(never)
    live.fail()
    await assert.rejects(failed, /out of reach/)
    const left = live.policy(AbortSignal.abort(new Error('too late')))
    await assert.rejects(left, /too late/)
    const third = live.policy(never)
    live.answer(1)
    assert.equal((await third).version, 1)
  })

  it('is an error if the store reports no change before the first policy', async () => {
    const live = setUp()
    const first = live.policy(never)
    live.answerUnchanged()
    await assert.rejects(first, /returned no policy/)
  })

  it('is used once more if that is allowed when stale, while the new one is read once in the background', async () => {
    const live = setUp(5 * MAX_AGE_MS)
    await live.readOnce()
    assert.equal((await live.policy(never)).version, 1)
    assert.equal((await live.policy(never)).version, 1)
    assert.equal(live.reads.length, 2)
    live.answer(2)
    await new Promise(setImmediate)
    assert.equal((await live.policy(never)).version, 2)
  })

  it('is used when stale while the store fails, but not when too stale', async () => {
    const live = setUp(5 * MAX_AGE_MS)
    await live.readOnce()
    assert.equal((await live.policy(never)).version, 1)
    live.fail()
    await new Promise(setImmediate)
    live.pass(5 * MAX_AGE_MS)
    const waiting = live.policy(never)
    live.answer(2)
    assert.equal((await waiting).version, 2)
  })
})
