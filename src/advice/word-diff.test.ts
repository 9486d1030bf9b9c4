import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { diffWords } from './word-diff.ts'

const marked = (before: string, after: string, locale = 'en'): string =>
  diffWords(before, after, locale)
    .map(({ kind, text }) => ({ same: text, removed: `[-${text}-]`, added: `[+${text}+]` })[kind])
    .join('')

describe('the words that changed', () => {
  for (const [what, before, after, expected, locale] of [
    ['a word', '{code} is your code.', '{code} is the code.', '{code} is [-your-][+the+] code.'],
    ['the first', 'Your code: {code}', 'A code: {code}', '[-Your-][+A+] code: {code}'],
    ['one that came', 'code {code}', 'code {code} now', 'code {code}[+ now+]'],
    ['one that went', 'code {code} now', 'code {code}', 'code {code}[- now-]'],
    ['a phrase', 'give it to nobody.', 'keep it for you.', '[-give-][+keep+] it [-to nobody-][+for you+].'],
    ['an argument, whole', 'for {brand}', 'for {domain}', 'for [-{brand}-][+{domain}+]'],
    [
      'a tag, whole',
      '<break time="1s"/>{code}',
      '<break time="2s"/>{code}',
      '[-<break time="1s"/>-][+<break time="2s"/>+]{code}',
    ],
    ['everything', '', 'new', '[+new+]'],
    ['a space', 'a b', 'a  b', 'a[- -][+  +]b'],
    ['a line', 'a\nb', 'a\nc', 'a\n[-b-][+c+]'],
    ['words without spaces', '验证码是{code}', '代码是{code}', '[-验证码-][+代码+]是{code}', 'zh-CN'],
    [
      'Japanese',
      '認証コードは{code}です',
      '確認コードは{code}です',
      '[-認証-][+確認+]コードは{code}です',
      'ja',
    ],
    ['Korean', '인증 코드는 {code}', '확인 코드는 {code}', '[-인증-][+확인+] 코드는 {code}', 'ko'],
    ['an accent', 'Su codigo', 'Su código', 'Su [-codigo-][+código+]', 'es'],
  ] as const) {
    it(`are shown: ${what}`, () => assert.equal(marked(before, after, locale), expected))
  }

  it('are empty if nothing changed', () => {
    assert.deepEqual(diffWords('{code} is yours', '{code} is yours', 'en'), [
      { kind: 'same', text: '{code} is yours' },
    ])
    assert.deepEqual(diffWords('', '', 'en'), [])
  })

  it('contain both texts completely, whatever they are', () => {
    // A small generator of its own: every run tries the same texts.
    let seed = 7
    const random = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    const words = ['{code}', ' ', 'a', 'b', '\n', '<p>', '{', '}', '<', '>', 'é', '码', '😀', ' ']
    const text = (): string => Array.from({ length: random(12) }, () => words[random(words.length)]).join('')
    for (let round = 0; round < 2_000; round += 1) {
      const [before, after] = [text(), text()]
      const pieces = diffWords(before, after, 'en')
      const without = (kind: string): string =>
        pieces
          .filter(piece => piece.kind !== kind)
          .map(piece => piece.text)
          .join('')
      assert.deepEqual([without('added'), without('removed')], [before, after])
    }
  })

  it('are found in the longest texts', () => {
    const long = 'word {code} '.repeat(500)
    assert.deepEqual(
      diffWords(long, `${long}end`, 'en').map(({ kind }) => kind),
      ['same', 'added'],
    )
  })
})
