import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { timedId } from './timed-id.ts'

describe('an ID with its time', () => {
  it('is a UUID of version 7 that begins with the moment', () => {
    // The moment of RFC 9562, appendix A.6.
    assert.match(timedId(0x017f22e279b0), /^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('is never the same twice', () => {
    assert.equal(new Set(Array.from({ length: 1_000 }, () => timedId(1))).size, 1_000)
  })
})
