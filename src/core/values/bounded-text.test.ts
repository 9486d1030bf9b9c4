import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readBoundedText } from './bounded-text.ts'

/** A stream that counts what is taken from it. */
function streamOf(chunk: string, times: number) {
  const seen = { taken: 0, isEnded: false }
  const stream = (async function* () {
    try {
      for (; seen.taken < times; seen.taken += 1) yield new TextEncoder().encode(chunk)
    } finally {
      seen.isEnded = true
    }
  })()
  return { seen, stream }
}

describe('text of bounded length', () => {
  it('is read completely, even if a character is in two chunks', async () => {
    const [one, ...others] = new TextEncoder().encode('é€')
    const stream = (async function* () {
      yield Uint8Array.of(one ?? 0)
      yield Uint8Array.from(others)
    })()
    assert.equal(await readBoundedText(stream, 5), 'é€')
    assert.equal(await readBoundedText(null, 5), '')
  })

  it('is not read beyond its limit, and an endless stream is ended', async () => {
    const { seen, stream } = streamOf('x'.repeat(10), Number.POSITIVE_INFINITY)
    await assert.rejects(readBoundedText(stream, 95), /more than 95 bytes/)
    assert.deepEqual(seen, { taken: 9, isEnded: true })
  })
})
