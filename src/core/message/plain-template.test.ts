import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { allShippedTexts, templateValuesOf } from '../../../test/fixtures/planning.ts'
import { readIcuTemplate } from './icu-template.ts'
import { isPlainTemplate, readPlainTemplate } from './plain-template.ts'
import { asText } from './template.ts'

const values = (minutes: number) => asText(templateValuesOf({ minutes, brand: "A'{b}" }))

describe('a plain template', () => {
  it('equals the result of ICU MessageFormat, for every shipped template and number of minutes', () => {
    for (const { text, short = '', locale } of allShippedTexts) {
      for (const form of [text, short]) {
        const plain = readPlainTemplate(form, locale) ?? assert.fail(form)
        const icu = readIcuTemplate(form, locale)
        for (let minutes = 1; minutes <= 60; minutes += 1)
          assert.equal(plain(values(minutes)), icu(values(minutes)), form)
      }
    }
  })

  it('equals the result of ICU for every text that it accepts', () => {
    const piece = fc.constantFrom(
      ...['{code}', '{brand}', '{minutes}', "'", '#', '<b>', 'x', ' ', '}', '{', '{other}', '|'],
      ...['{minutes, plural, one {a} other {b}}', '{minutes, plural, one {1 {minutes}} other {#}}'],
      ...['{minutes, plural, few {x} other {{minutes} y}}', '{minutes, plural, =5 {five} other {}}'],
      ...['{minutes, plural, one {x}}', '{minutes, plural, other {x} other {y}}', '{minutes, number}'],
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.constantFrom('en', 'ru', 'ar', 'ja'),
        (pieces, locale) => {
          const text = pieces.join('')
          const plain = readPlainTemplate(text, locale)
          if (plain === undefined) return
          for (const minutes of [1, 2, 5, 21])
            assert.equal(plain(values(minutes)), readIcuTemplate(text, locale)(values(minutes)), text)
        },
      ),
      { numRuns: 3_000 },
    )
  })

  it('does not accept what needs ICU: quotes, formats, selections, unknown arguments, broken syntax', () => {
    for (const text of [
      "l'{code}",
      "'{'code'}'",
      "it''s {code}",
      '{code, number}',
      '{ code }',
      '{minutes, plural, =1 {one} other {more}}',
      '{minutes, plural, one {x}}',
      '{minutes, plural, one {#} other {#}}',
      '{brand, select, Okta {x} other {y}}',
      '{constructor}',
      '{code',
      'code}',
    ])
      assert.equal(isPlainTemplate(text), false, text)
  })

  it('is recognised quickly, however long', () => {
    const long = `${"{minutes, plural, one {'".repeat(800)}${'{code} '.repeat(2_000)}`
    const startedAt = process.cpuUsage()
    isPlainTemplate(long)
    isPlainTemplate('{code} '.repeat(3_000))
    const { user } = process.cpuUsage(startedAt)
    assert.ok(user < 500_000, `${user} microseconds`)
  })
})
