import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { templateText, templateValuesOf } from '../../../test/fixtures/planning.ts'
import { argumentsOf, prepareAnyTemplate } from './icu-template.ts'
import { escapeXml, fillIn, prepareTemplate, quoteLiteral } from './template.ts'

const template = (text: string, locale = 'en') =>
  prepareAnyTemplate({
    channel: 'sms',
    locale,
    purpose: 'any',
    text,
    voiceId: '',
    indiaTemplateId: undefined,
    version: 1,
  })
const fill = (text: string, code: string): string => fillIn(template(text), templateValuesOf({ code }))

describe('filling in', () => {
  for (const value of [
    '{code}',
    '{',
    '}',
    '}{',
    "'",
    "''",
    "'{code}'",
    '#',
    '<b>',
    '&',
    '$&',
    '$1',
    '%s',
    '{constructor}',
    '__proto__',
    '{n, plural, one {x} other {y}}',
    '\\',
    '004217',
  ]) {
    it(`never reads a value as a pattern: ${value}`, () => {
      assert.equal(fill('[{code}]', value), `[${value}]`)
    })
  }

  it('fills in the value at every place', () => {
    assert.equal(fill('{code}, I repeat: {code}', '0042'), '0042, I repeat: 0042')
  })

  it('keeps markup and apostrophes of the template', () => {
    assert.equal(
      fill(`<speak rate="slow">L'heure, it''s {code}</speak>`, '1'),
      `<speak rate="slow">L'heure, it's 1</speak>`,
    )
  })

  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    it(`does not reach the prototype: {${name}}`, () => {
      assert.throws(() => fill(`{${name}} {code}`, '1234'), /not provided/)
    })
  }

  it('parses a template only at its first use', () => {
    let reads = 0
    const counted = (text: string) =>
      prepareTemplate(templateText({ text }), () => {
        reads += 1
        return ({ code }) => code
      })
    const template = counted("'{'{code}")
    assert.equal(reads, 0)
    for (const code of ['1', '2']) assert.equal(fillIn(template, templateValuesOf({ code })), code)
    assert.equal(reads, 1)
    const broken = prepareAnyTemplate(templateText({ text: '{code' }))
    assert.throws(() => fillIn(broken, templateValuesOf()))
  })

  it('works in a locale without ICU data', () => {
    assert.equal(fillIn(template('Kòd ou: {code}', 'ht'), templateValuesOf({ code: '1234' })), 'Kòd ou: 1234')
    assert.equal(fillIn(template('{code}', 'qaa'), templateValuesOf({ code: '1234' })), '1234')
  })
})

describe('the arguments of a template', () => {
  const names = (text: string): readonly string[] => argumentsOf(text, 'en').map(({ name }) => name)

  it('are found in order, repeated ones repeated', () => {
    assert.deepEqual(names('{code} for {who}, again {code}'), ['code', 'who', 'code'])
  })

  it('are found inside plurals and selections, however deep', () => {
    const text = '{n, plural, one {{a}} other {{kind, select, x {{b} #} other {<b>{c}</b>}}}} {d, date}'
    assert.deepEqual(names(text), ['n', 'a', 'kind', 'b', 'c', 'd'])
  })

  it('are found inside tags, which are text', () => {
    assert.deepEqual(names('<speak><p>{code}</p></speak>'), ['code'])
  })

  it('do not include those that an apostrophe quotes', () => {
    assert.deepEqual(names("'{code}'"), [])
    assert.deepEqual(names("l'{code}"), [])
    assert.deepEqual(names("l''{code}"), ['code'])
  })

  it('are plain if they are replaced by the unchanged value', () => {
    for (const text of [
      '{code, number}',
      '{code, plural, other {#}}',
      '{code, select, other {x}}',
      '{code, date}',
    ]) {
      assert.deepEqual(
        argumentsOf(text, 'en').map(({ isPlain }) => isPlain),
        [false],
      )
    }
    assert.deepEqual(argumentsOf('a\n{ code }', 'en'), [
      { name: 'code', isPlain: true, isInChoice: false, place: 'line 2, column 1' },
    ])
  })

  it('are in a choice if they are used only in some cases', () => {
    const found = argumentsOf('{code} {n, plural, one {{a}} other {}}', 'en')
    assert.deepEqual(
      found.map(({ isInChoice }) => isInChoice),
      [false, false, true],
    )
  })

  for (const text of ['{code', '{}', '{code, plural, one {x}}', '{code, wrong}', '}']) {
    it(`throws on what is not MessageFormat: ${text}`, () => {
      // A lone } is text to ICU.
      if (text === '}') assert.deepEqual(names(text), [])
      else assert.throws(() => names(text))
    })
  }
})

describe('plain text as a template', () => {
  for (const words of [
    "it's",
    '{}',
    "{'}",
    "'{a}'",
    "''",
    '{{code}}',
    "rate='slow'",
    '#',
    '<b>it</b>',
    "'<b>'",
    '{',
    "{'",
  ]) {
    it(`is unchanged: ${words}`, () => {
      assert.equal(fill(`${quoteLiteral(words)} {code}`, '1234'), `${words} 1234`)
    })
  }

  it('is unchanged, whatever it contains', () => {
    const piece = fc.constantFrom("'", '{', '}', '#', '<', '>', '|', 'a', ' ', '€', 'code', ',')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
        const words = pieces.join('')
        assert.equal(fill(quoteLiteral(words), '1234'), words)
        assert.deepEqual(argumentsOf(quoteLiteral(words), 'en'), [])
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('XML', () => {
  it('is escaped', () => {
    assert.equal(
      escapeXml(`<a b="c" d='e'>&amp;</a>`),
      '&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;&#38;amp;&#60;/a&#62;',
    )
    assert.equal(escapeXml('0042 ó 😀'), '0042 ó 😀')
  })
})
