import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ReasonEntry, reasons } from './reasons.ts'

describe('every reason', () => {
  for (const [code, reason] of Object.entries<ReasonEntry>(reasons)) {
    it(`says what happened and what to do, in sentences: ${code}`, () => {
      assert.match(code, /^[A-Z]+(_[A-Z]+)*$/)
      for (const text of [reason.meaning, reason.remedy]) assert.match(text, /^[A-Z0-9].{10,}/s)
      assert.match(reason.meaning, /\.$/)
    })

    it(`names a place in Okta's body exactly if the request is invalid: ${code}`, () => {
      if (reason.answer === 'invalid')
        assert.match(reason.location ?? '', /^(data\.messageProfile\.\w+|eventId)$/)
      else assert.equal(reason.location, undefined)
    })
  }
})
