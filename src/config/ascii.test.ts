import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fromAscii, toAscii } from './ascii.ts'
import { readSettings } from './settings.ts'

describe('a brand beyond ASCII', () => {
  for (const brand of ['Café', 'Müller & Söhne', '日本', 'Ελλάς', '𐐀bc', 'Okta']) {
    it(`${brand} is carried as ASCII, and read as it was`, () => {
      assert.match(toAscii(brand), /^[ -~]+$/)
      assert.equal(fromAscii(toAscii(brand)), brand)
      const read = readSettings({ HOOKLINE_BRAND: toAscii(brand) })
      assert.equal(read.kind === 'settings' && read.settings.HOOKLINE_BRAND, brand)
    })
  }

  it('is still held to what a brand may be', () => {
    for (const brand of ['a/b', 'a\u0000b', 'evil.com/x'])
      assert.equal(readSettings({ HOOKLINE_BRAND: toAscii(brand) }).kind, 'problems', brand)
  })
})
