import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { templateValuesOf } from '../../../test/fixtures/planning.ts'
import { lintSpeech } from './lint-speech.ts'

const RULES = {
  typicalValues: templateValuesOf(),
  ending: undefined,
  partsMax: 2,
  defaultLocale: 'en',
  isComplete: false,
}
const lint = (words: string) =>
  lintSpeech(
    {
      channel: 'voice',
      locale: 'en',
      purpose: 'any',
      voiceId: '',
      indiaTemplateId: undefined,
      text: `<speak>${words}</speak>`,
    },
    RULES,
  )
const warnings = (words: string): readonly string[] =>
  lint(words)
    .filter(({ severity }) => severity === 'warning')
    .map(({ sentence, remedy, place }) => `${place ?? ''}: ${sentence} ${remedy}`)

describe('SSML', () => {
  for (const good of [
    '{code}<break/>{code}',
    '<p><s>{code}</s></p><prosody rate="80%" volume="loud">{code}</prosody>',
    '{code}<break time=\'0.5s\'/>{code}<break time="10s" /><break strength="strong"/>',
    '{code}<say-as interpret-as="digits">{code}</say-as>',
    "it''s {code} <break time=''1s''/> {code}",
  ]) {
    it(`of the portable subset has no warning: ${good}`, () => assert.deepEqual(warnings(good), []))
  }

  for (const [bad, expected] of [
    [
      '{code}{code}<emphasis>now</emphasis>',
      /^line 1, column 20: Not every voice supports <emphasis>\. Use only <speak>/,
    ],
    [
      '{code}{code}<amazon:effect name="whispered">x</amazon:effect>',
      /<amazon:effect> has name="whispered"\. Expected drc/,
    ],
    ['{code}{code}<amazon:domain name="news">x</amazon:domain>', /supports <amazon:domain>/],
    ['{code}{code}<emphasis>x</emphasis>', /supports <emphasis>/],
    ['{code}{code}<lang xml:lang="english">x</lang>', /<lang> has xml:lang="english"/],
    ['{code}{code}<audio src="https://x"/>', /supports <audio>/],
    ['{code}{code}<break time="11s"/>', /<break> has time="11s"\. Expected up to 10 seconds/],
    ['{code}{code}<break time="1 second"/>', /Expected up to 10 seconds/],
    [
      '{code}{code}<break length="1s"/>',
      /has length="1s", which not every voice supports\. Use time or strength/,
    ],
    ['{code}{code}<p class="a">x</p>', /Remove it/],
    ['{code}{code}<prosody pitch="high">x</prosody>', /pitch="high", which not every voice/],
    ['{code}{code}<prosody rate="snail">x</prosody>', /Expected x-slow/],
    ['{code}{code}<say-as>x</say-as>', /<say-as> has no interpret-as/],
    ['{code}{code}<say-as interpret-as="song">x</say-as>', /interpret-as="song"\. Expected characters/],
    ['<p>{code}</p><break/>\n<break time="-1s"/>{code}', /^line 2, column 1:/],
  ] as const) {
    it(`outside it has a warning with its place: ${bad}`, () => {
      const found = warnings(bad)
      assert.equal(found.length, 1, found.join('\n'))
      assert.match(found[0] ?? '', expected)
    })
  }
})

describe('a call', () => {
  it('should say the code twice', () => {
    assert.match(warnings('Code: {code}')[0] ?? '', /^line 1, column 14: It says the code only once\./)
  })

  it('has a note of its length, or a warning if that is more than the 30 seconds of the sandbox', () => {
    const length = (words: string) => lint(words).find(({ rule }) => rule === 'spoken-length')
    assert.deepEqual([length('{code}, {code}')?.severity, length('{code}, {code}')?.remedy], ['info', ''])
    const long = length(`{code}${'<break time="10s"/>'.repeat(3)}{code}`)
    assert.equal(long?.severity, 'warning')
    assert.match(long?.sentence ?? '', /about 37 s with a code of six digits \(an estimate\)\. .* after 30 s/)
  })
})
