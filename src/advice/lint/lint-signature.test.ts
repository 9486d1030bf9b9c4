import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { templateText } from '../../../test/fixtures/planning.ts'
import { isSigned, lintSignature, signatureOf } from './lint-signature.ts'

const SIGNED = '【示例公司】验证码 {code} ，请勿告诉他人。'

describe('a signature of mainland China', () => {
  for (const [text, expected] of [
    [SIGNED, 'valid'],
    ['【示例Ltd】{code}', 'valid'],
    ['【{brand}】{code}', 'valid'],
    ['验证码 {code} 【示例公司】', 'not first'],
    [' 【示例公司】{code}', 'not first'],
    ['【示】{code}', 'not Chinese'],
    ['【Example】{code}', 'not Chinese'],
    ['【】{code}', 'none'],
    ['[示例公司]{code}', 'none'],
    ['【示例公司{code}', 'none'],
    ['{code} is your code', 'none'],
  ] as const) {
    it(`${text}: ${expected}`, () => assert.equal(signatureOf(text), expected))
  }

  it('is part of both forms', () => {
    assert.equal(isSigned({ text: SIGNED }), true)
    assert.equal(isSigned({ text: SIGNED, short: SIGNED }), true)
    assert.equal(isSigned({ text: SIGNED, short: '{code}' }), false)
  })
})

describe('a template with a signature', () => {
  const lint = (text: string, short?: string, domain?: string) =>
    lintSignature(
      templateText({ locale: 'zh-CN', text, ...(short !== undefined && { short }) }),
      domain === undefined ? undefined : { kind: 'domain', domain },
    ).map(({ severity, sentence }) => `${severity}: ${sentence}`)

  it('must be registered word by word: a note says so, and whether the settings add a line', () => {
    assert.match(
      lint(SIGNED).join(),
      /^info: .* Hookline cannot see what is registered as sms\/zh-CN\/any\.$/,
    )
    assert.match(lint(SIGNED, undefined, 'example.com')[1] ?? '', /^info: The settings add the last line/)
  })

  it('has one form', () => {
    assert.match(lint(SIGNED, SIGNED).join(), /^warning: .* but it has two forms\.$/)
  })

  it('begins with it, in Chinese', () => {
    assert.match(lint(`验证码 {code} 【示例公司】`).join(), /^warning: .* not at the beginning/)
    assert.match(lint('【Example】{code}').join(), /^warning: .* fewer than two Chinese characters/)
  })

  it('is the only one with findings', () => assert.deepEqual(lint('{code}', '{code}', 'example.com'), []))
})
