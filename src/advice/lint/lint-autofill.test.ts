import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { templateText } from '../../../test/fixtures/planning.ts'
import { lintAutofill } from './lint-autofill.ts'

function found(text: string): string {
  return lintAutofill(templateText({ text }))
    .map(({ sentence }) => sentence)
    .join('\n')
}

describe('Android', () => {
  for (const text of [
    '{code}',
    '{code} is your code',
    'Your code is {code}.',
    'Your code is: {code}',
    'Code:{code}',
    'Code ({code})',
    'Code "{code}"',
    '您的验证码是{code}有效',
    'รหัส {code} ค่ะ',
    'code\n{code}\nHookline',
    '{code}, kodunuz',
    'A {brand} code: {code}! {minutes} min',
  ]) {
    it(`finds the code in ${JSON.stringify(text)}`, () => assert.equal(found(text), ''))
  }

  for (const [text, sides] of [
    ['code{code}', '"e" before it'],
    ['{code}is your code', '"i" after it'],
    ['#{code} ', '"#" before it'],
    ['Code: {code}: do not share', '":" after it'],
    ['{code}(Okta)', '"(" after it'],
    ['验证码 {code}（勿转发）', '"（" after it'],
    ['验证码{code}，勿转发', '"，" after it'],
    ['验证码：{code} 勿转发', '"：" before it'],
    ['Код_{code}_', '"_" before it and "_" after it'],
    ['12 {code} 5', 'it is next to another number'],
  ] as const) {
    it(`does not find it in ${JSON.stringify(text)}, and lint says which character is in the way`, () => {
      assert.equal(
        found(text).split('\n')[0],
        `Android does not find the code and cannot offer to fill it in: ${
          sides.startsWith('it ') ? sides : `it has ${sides}`
        }.`,
      )
    })
  }

  it('can take another number for the code', () => {
    assert.equal(found('Since 1999: {code} is your code'), '')
    assert.equal(found('Call 5550 or 88443 with {code}.'), 'Android can take "5550", "88443" for the code.')
  })
})

describe('a last line of its own', () => {
  for (const text of [
    'Your code is {code}.\n\n@{domain} #{code}',
    'Your code is {code}.\n@login.example.com #{code} @frame.example.com',
    'Write to a@b.example, {code}',
    'Code {code}\nFA+9qCX9VSu',
  ]) {
    it(`is one that phones read: ${JSON.stringify(text)}`, () => assert.equal(found(text), ''))
  }

  for (const text of [
    'Code {code}\n@example.com #{code}\nDo not share.',
    'Code {code}\n@example.com {code}',
    'Code {code}\n@example #{code}',
    'Code {code}\n@example.com  #{code}',
    'Code {code}\n@https://example.com #{code}',
  ]) {
    it(`is not one that browsers read: ${JSON.stringify(text)}`, () =>
      assert.match(found(text), /a line that begins with "@", but not a last line of the form/))
  }

  it('is one too many if the settings add another', () => {
    const lint = (text: string) =>
      lintAutofill(templateText({ text }), {}, { kind: 'domain', domain: 'example.com' }).map(
        ({ sentence }) => sentence,
      )
    assert.match(
      lint('Code {code}\n@{domain} #{code}').join(),
      /last line for browsers, and the settings add the last line "@example\.com #…" after it/,
    )
    assert.deepEqual(lint('Code {code}'), [])
  })

  it('for an app is too long with more than 140 bytes', () => {
    const text = (count: number) => `${'a'.repeat(count)} {code}\nFA+9qCX9VSu`
    // 160 characters of the GSM alphabet are 140 bytes.
    assert.equal(found(text(160 - 23)), '')
    assert.match(found(text(161 - 23)), /it has 141 bytes, and SMS Retriever reads at most 140/)
    assert.match(found(`é${'ж'.repeat(60)} {code}\nFA+9qCX9VSu`), /it has 168 bytes/)
  })
})
