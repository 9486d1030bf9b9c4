import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import inCountry from '../../../test/vectors/locale-in-country.json' with { type: 'json' }
import vectors from '../../../test/vectors/locales.json' with { type: 'json' }
import { localeIn, lookupChain, normalizeLocale } from './locale.ts'

describe('a locale', () => {
  for (const { input, normalized, chain, why } of vectors) {
    it(`${JSON.stringify(input)} is ${normalized ?? 'no locale'} (${why})`, () => {
      const locale = normalizeLocale(input ?? undefined)
      assert.equal(locale, normalized ?? undefined)
      assert.deepEqual(locale === undefined ? [] : lookupChain(locale), chain)
    })
  }

  it("covers Okta's languages, each first in its own chain", () => {
    const oktas =
      'zh-CN zh-TW cs da de el en es fi fr ht hu id it ja ko ms nb nl-NL pl pt-BR ro ru sv th tr uk vi'
    for (const locale of oktas.split(' ')) {
      assert.equal(normalizeLocale(locale), locale)
      assert.equal(lookupChain(locale)[0], locale)
    }
  })

  it('of a language and a two-letter region equals that of Intl.Locale, including old codes', () => {
    const letters = [...'abcdefghijklmnopqrstuvwxyz']
    const pairs = letters.flatMap(one => letters.map(other => `${one}${other}`))
    for (const language of pairs) {
      for (const tag of [language, ...['US', 'UK', 'SU', 'AN'].map(region => `${language}-${region}`)])
        assert.equal(normalizeLocale(tag), new Intl.Locale(tag).toString(), tag)
    }
    for (const region of pairs) {
      for (const tag of ['en', 'hy', 'sr'].map(language => `${language}-${region.toUpperCase()}`))
        assert.equal(normalizeLocale(tag.replace('-', '_')), new Intl.Locale(tag).toString(), tag)
    }
  })

  it('is short, however long the input is', () => {
    for (const long of ['a', '-', '_', '.', '@', 'en-', 'en_', 'zh_TW_#', '.\n', '@\n'].map(s =>
      s.repeat(20_000),
    )) {
      const locale = normalizeLocale(long)
      assert.ok(locale === undefined || locale.length < 12, locale)
    }
  })

  it('is either undefined or a normalised tag with a chain that begins with it, for any input', () => {
    const looksLikeOne = fc.stringMatching(/^[a-zA-Z]{1,3}([-_]{1,2}#?[a-zA-Z0-9]{1,8}){0,4}$/)
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), looksLikeOne), input => {
        const locale = normalizeLocale(input)
        if (locale === undefined) return
        assert.match(locale, /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/)
        assert.equal(normalizeLocale(locale), locale)
        const chain = lookupChain(locale)
        assert.equal(chain[0], locale)
        assert.equal(new Set(chain).size, chain.length)
        assert.ok(chain.length <= 6)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a locale without a region', () => {
  for (const { locale, country, expected, why } of inCountry) {
    it(`${locale} to a number of ${country} is ${expected} (${why})`, () => {
      assert.equal(localeIn(country, locale), expected)
      assert.equal(normalizeLocale(expected), expected)
    })
  }
})
