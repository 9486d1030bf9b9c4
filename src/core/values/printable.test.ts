import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { hiddenCharactersIn, printable, printableLines } from './printable.ts'

describe('printable text', () => {
  for (const [what, text, expected] of [
    ['colours and cursors', '\u001b[2J\u001b]0;x\u0007', '\\u001b[2J\\u001b]0;x\\u0007'],
    ['C1', '\u009b31m\u0085', '\\u009b31m\\u0085'],
    ['ends of lines of every kind', 'a\nb\rc\u2028d\u2029', 'a\\u000ab\\u000dc\\u2028d\\u2029'],
    ['tabs, zero and delete', '\t\u0000\u007f', '\\u0009\\u0000\\u007f'],
    [
      'direction',
      '\u202etxt\u202c \u2066x\u2069 \u200f\u061c',
      '\\u202etxt\\u202c \\u2066x\\u2069 \\u200f\\u061c',
    ],
    ['no width', 'a\u200bb\u200c\u200d\ufeff\u2060\u00ad', 'a\\u200bb\\u200c\\u200d\\ufeff\\u2060\\u00ad'],
    ['joiners that join nothing', 'a\u200db 😀\u200d \ufe0f', 'a\\u200db 😀\\u200d \\ufe0f'],
    ['no shape', '\u3164\u115f\u2800\u034f\ufe0f', '\\u3164\\u115f\\u2800\\u034f\\ufe0f'],
    ['tags', '\u{e0041}', '\\udb40\\udc41'],
    ['half of a character', '\ud83d x', '\\ud83d x'],
  ] as const) {
    it(`has its codes in place of ${what}`, () => assert.equal(printable(text), expected))
  }

  for (const text of [
    'Zoë, Ünï',
    '验证码。',
    'שלום',
    'नमस्ते',
    '😀 €',
    '⚠️ ❤️‍🔥 👨‍👩‍👧 👍🏽 ©',
    'a\u00a0b',
    '',
  ]) {
    it(`is unchanged if everything is visible: ${text}`, () => {
      assert.equal(printable(text), text)
      assert.deepEqual(hiddenCharactersIn(text), [])
    })
  }

  it('keeps its lines if requested', () => {
    assert.equal(printableLines('a\n\u001bb\r\n'), 'a\n\\u001bb\\u000d\n')
  })

  it('has no invisible characters, is unchanged when printed again, and keeps JSON equal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (text, json) => {
        assert.deepEqual(hiddenCharactersIn(printable(text)), [])
        assert.equal(printable(printable(text)), printable(text))
        const written = JSON.stringify([text.toWellFormed(), json])
        assert.deepEqual(JSON.parse(printable(written)), JSON.parse(written))
      }),
    )
  })
})
