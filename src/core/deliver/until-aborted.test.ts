import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { describe, it } from 'node:test'
import { untilAborted } from './until-aborted.ts'

describe('waiting until aborted', { timeout: 10_000 }, () => {
  it('gives the result, or the error, of what it waits for', async () => {
    const { signal } = new AbortController()
    assert.equal(await untilAborted(Promise.resolve(7), signal), 7)
    await assert.rejects(untilAborted(Promise.reject(new Error('no')), signal), /^Error: no$/)
  })

  it('leaves with the reason of the signal, whatever the promise does', async () => {
    const controller = new AbortController()
    const waiting = untilAborted(new Promise(() => undefined), controller.signal)
    controller.abort(new Error('too late'))
    await assert.rejects(waiting, /too late/)
  })

  it('leaves at once when the signal has aborted before', async () => {
    await assert.rejects(
      untilAborted(Promise.resolve(7), AbortSignal.abort(new Error('too late'))),
      /too late/,
    )
  })

  it('drops an error that comes later', async () => {
    const { promise, reject } = Promise.withResolvers<never>()
    const waiting = untilAborted(promise, AbortSignal.abort(new Error('too late')))
    reject(new Error('nobody hears this')) // an unhandled rejection would fail this test
    await assert.rejects(waiting, /too late/)
    await new Promise(setImmediate)
  })

  it('leaves nothing behind on a signal that lives longer', async () => {
    const { signal } = new AbortController()
    await untilAborted(Promise.resolve(), signal)
    await untilAborted(Promise.reject(new Error('no')), signal).catch(() => undefined)
    await new Promise(setImmediate)
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  })
})
