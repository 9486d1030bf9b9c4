import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fromAscii, toAscii } from './setting.ts'
import { readSettings } from './settings.ts'

describe('a brand beyond ASCII', () => {
  for (const brand of ['Café', 'Müller & Söhne', '日本', 'Ελλάς', '𐐀bc', 'Okta']) {
    it(`${brand} is encoded in ASCII, and decoded again`, () => {
      assert.match(toAscii(brand), /^[ -~]+$/)
      assert.equal(fromAscii(toAscii(brand)), brand)
      const read = readSettings({ HOOKLINE_BRAND: toAscii(brand) })
      assert.equal(read.kind === 'settings' && read.settings.texts.brand, brand)
    })
  }

  it('has the limits of every brand', () => {
    for (const brand of ['a/b', 'a\u0000b', 'evil.com/x'])
      assert.equal(readSettings({ HOOKLINE_BRAND: toAscii(brand) }).kind, 'problems', brand)
  })
})
