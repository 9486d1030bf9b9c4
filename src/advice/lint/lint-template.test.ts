import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { templateValuesOf } from '../../../test/fixtures/planning.ts'
import type { NewTemplate } from '../../core/policy/policy-store.ts'
import { checkTemplate } from '../check-template.ts'
import type { Finding, LintRule, LintRules } from './finding.ts'
import { lintTemplates } from './lint-template.ts'

const RULES: LintRules = {
  typicalValues: templateValuesOf(),
  ending: undefined,
  partsMax: 2,
  defaultLocale: 'en',
  isComplete: false,
}

function text(words: string, changed: Partial<NewTemplate> = {}): NewTemplate {
  const plain = {
    channel: 'sms',
    locale: 'en',
    purpose: 'any',
    voiceId: '',
    indiaTemplateId: undefined,
  } as const
  return { ...plain, text: words, ...changed }
}
const call = (words: string, changed: Partial<NewTemplate> = {}) =>
  text(`<speak>${words}</speak>`, { channel: 'voice', ...changed })

/** The findings of one rule about one template. */
function findingsOf(
  rule: LintRule,
  template: NewTemplate,
  rules: Partial<LintRules> = {},
): readonly Finding[] {
  return lintTemplates([template], { ...RULES, ...rules }).filter(finding => finding.rule === rule)
}
const sentences = (...input: Parameters<typeof findingsOf>): string =>
  findingsOf(...input)
    .map(
      ({ severity, place, sentence }) =>
        `${severity}${place === undefined ? '' : ` at ${place}`}: ${sentence}`,
    )
    .join('\n')

describe('lint, about what cannot be saved,', () => {
  it('reports every error of saving, with the place', () => {
    const template = text('Hello {name}')
    const errors = findingsOf('savable', template)
    assert.deepEqual(
      errors.map(({ sentence }) => sentence),
      checkTemplate(template).errors,
    )
    assert.equal(errors[0]?.place, 'line 1, column 7')
    assert.ok(errors.every(({ severity, remedy }) => severity === 'error' && remedy !== ''))
  })

  for (const broken of [text('{code'), call('{code}<p>'), call('{code}', { locale: 'fi' })]) {
    it(`finds a reason in ${broken.text} (${broken.locale}) and judges nothing else of it`, () => {
      assert.deepEqual(
        [...new Set(lintTemplates([broken], RULES).map(({ severity }) => severity))].slice(0, 1),
        ['error'],
      )
      assert.equal(findingsOf('parts', broken).length + findingsOf('spoken-length', broken).length, 0)
    })
  }
})

describe('lint, about the cost of a text,', () => {
  it('explains the one letter that costs a second part', () => {
    const guidance = text('Este es su código de acceso de un solo uso para el servicio de ejemplo: {code}', {
      locale: 'es',
    })
    const [parts] = findingsOf('parts', guidance)
    assert.equal(parts?.severity, 'warning')
    assert.equal(parts?.place, 'line 1, column 13')
    assert.equal(
      parts?.sentence,
      'It costs 2 message parts, twice the price of one. One letter is the reason: "ó" (U+00F3), not in the GSM alphabet. The text is therefore sent in UCS-2, where one part holds 70 characters instead of 160. It has 82.',
    )
    assert.match(
      parts?.remedy ?? '',
      /^Use words without "ó" \(then it takes 1 part\), or shorten it by 12 characters\./,
    )
  })

  for (const [words, expected] of [
    ['{code} is it.', 'info: 1 part, the lowest price: at most 17 of 160 characters.'],
    [
      `{code}${'a'.repeat(151)}`,
      'warning: It costs 2 message parts, twice the price of one. With the longest values it has 161 characters, and one part holds 160.',
    ],
    [
      `{code}${'ж'.repeat(61)}`,
      'warning: It costs 2 message parts, twice the price of one. With the longest values it has 71 characters, and one part holds 70.',
    ],
    [`{code}${'a'.repeat(310)}`, /^warning: It costs 3 message parts, 3 times the price of one/],
    [`{code} áí${'a'.repeat(60)}`, /2 letters are the reason: "á" \(U\+00E1\), "í" \(U\+00ED\), not in/],
  ] as const) {
    it(`says of ${words.slice(0, 16)}…: ${expected}`, () => {
      const found = sentences('parts', text(words))
      if (typeof expected === 'string') assert.equal(found, expected)
      else assert.match(found, expected)
    })
  }

  it('names exactly the characters that need UCS-2, and the first place', () => {
    assert.equal(sentences('encoding', text('{code} is it.')), 'info: GSM-7: one part holds 160 characters.')
    assert.equal(
      sentences('encoding', text('{code}\nç, ł, é and ł')),
      'info at line 2, column 1: UCS-2: one part holds 70 characters. The GSM alphabet does not have "ç" (U+00E7), "ł" (U+0142).',
    )
  })

  it('sees that the brand of the settings is the reason', () => {
    const typicalValues = { ...RULES.typicalValues, brand: 'Ócta' }
    assert.match(
      sentences('encoding', text('{code} {brand}'), { typicalValues }),
      /^warning: UCS-2 because of the brand .*"Ó"/,
    )
    assert.match(sentences('encoding', text('{code}'), { typicalValues }), /^info: GSM-7/)
  })
})

describe('lint, about the ending of a text,', () => {
  const ending = { kind: 'domain', domain: 'login.example.com' } as const
  it('says nothing when it has room, or none is set', () => {
    assert.equal(sentences('ending', text('{code} is it.'), { ending }), '')
    assert.equal(sentences('ending', text(`{code}${'a'.repeat(150)}`)), '')
  })

  it('says when it is never sent, when the longest code pushes it out, and when it takes another part', () => {
    const of = (length: number, partsMax: number) =>
      sentences('ending', text(`{code}${'a'.repeat(length)}`), { ending, partsMax })
    assert.match(of(150, 1), /^warning: It is sent without the last line "@login\.example\.com #…"/)
    assert.match(of(121, 1), /^info: With the longest code it is sent without/)
    assert.match(of(150, 2), /^info: With the last line .* it takes 2 message parts instead of 1\./)
  })

  it("says when SMS Retriever could not read the app's", () => {
    const app = { kind: 'app', appHash: 'FA+9qCX9VSu' } as const
    assert.match(
      sentences('ending', text(`{code} ${'ж'.repeat(60)}`), { ending: app }),
      /^warning: .* 140 bytes/,
    )
  })
})

describe('lint, about characters that are easily overlooked,', () => {
  for (const [words, rule, expected] of [
    [
      '{code} for Oktа',
      'look-alikes',
      'error at line 1, column 12: "Oktа" mixes alphabets: it has "а" (U+0430) among Latin letters.',
    ],
    ['{code} Οkta', 'look-alikes', /"Ο" \(U\+039F\)/],
    [
      '{code} valid ５ min, １０ at most',
      'look-alikes',
      /^warning at line 1, column 14: 3 digits only look like 0 to 9/,
    ],
    ['{code}\u200b is it', 'hidden-characters', 'warning at line 1, column 7: U+200B is invisible.'],
    [
      '{code} \u202eis it',
      'hidden-characters',
      /^error at line 1, column 8: U\+202E is invisible, and changes the order/,
    ],
    ['{code} is\u00adit', 'hidden-characters', /U\+00AD/],
    ['\ufeff{code}', 'hidden-characters', /U\+FEFF/],
    ['{code}\u001b[31m', 'hidden-characters', /^warning at line 1, column 7: U\+001B is invisible\.$/],
    ['{code}\u009b', 'hidden-characters', /U\+009B is invisible/],
    ['{code}\r', 'hidden-characters', /U\+000D is invisible/],
    ['{code}\u3164', 'hidden-characters', /U\+3164 is invisible/],
    [
      '{code} at example.com',
      'links',
      'warning at line 1, column 11: Phones turn "example.com" into a link.',
    ],
    ['{code} https://x.example/a b', 'links', /turn "https:\/\/x\.example\/a" into a link\.$/],
    ['{code} www.example', 'links', /"www\.example"/],
    ['{code} пример.рф', 'links', /"пример\.рф"/],
  ] as const) {
    it(`finds it in ${JSON.stringify(words)}`, () => {
      const found = sentences(rule, text(words))
      if (typeof expected === 'string') assert.equal(found, expected)
      else assert.match(found, expected)
    })
  }

  it('accepts characters that a script needs, and text in one alphabet', () => {
    for (const [words, locale] of [
      ['{code} क्\u200dष', 'hi'],
      ['\u200f{code} רמז', 'he'],
      ['{code} код Okta и Ωμέγα', 'ru'],
      ['Ihr Code: {code}. Gültig 5 Min. bzw. bis 14.30 Uhr', 'de'],
      ['{code} 5分', 'ja'],
    ] as const) {
      const found = lintTemplates([text(words, { locale })], RULES)
      assert.deepEqual(
        found.filter(({ rule }) => ['look-alikes', 'hidden-characters', 'links'].includes(rule)),
        [],
        words,
      )
    }
  })
})
