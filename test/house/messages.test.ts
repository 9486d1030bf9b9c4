import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { ANDROIDS_CODE } from '../../src/advice/lint/lint-autofill.ts'
import { argumentsOf, prepareAnyTemplate } from '../../src/core/message/icu-template.ts'
import { writeMessage } from '../../src/core/message/message.ts'
import { charactersOutsideGsm, measureText } from '../../src/core/message/message-parts.ts'
import { isPlainTemplate } from '../../src/core/message/plain-template.ts'
import { fillIn } from '../../src/core/message/template.ts'
import { longestValues, type TemplateValues } from '../../src/core/message/template-values.ts'
import type { NewTemplate } from '../../src/core/policy/policy-store.ts'
import { purposes } from '../../src/core/values/request.ts'
import { localeOfVoice, voiceFor } from '../../src/core/values/voices.ts'
import { optionalLanguages } from '../../src/main/all-languages.ts'
import { type ShippedCall, type ShippedLanguage, shippedLanguages } from '../../src/main/shipped-languages.ts'
import { templatesOf } from '../../src/main/shipped-templates.ts'
import { templateValuesOf } from '../fixtures/planning.ts'

const BRANDS = ['Okta', 'X', '3M', "Barnes & Noble-O'Neil", 'ACME International 2', 'W'.repeat(20)].map(
  brand => brand.slice(0, 20),
)
const SCRIPTS: Readonly<Record<string, readonly string[] | undefined>> = {
  Hans: ['Hani'],
  Hant: ['Hani'],
  Jpan: ['Hani', 'Hira', 'Kana'],
  Kore: ['Hang', 'Hani'],
}
/** Turkish grammar puts a comma there, which Android takes for the end of a code. */
const COMMA_AFTER_CODE: ReadonlySet<string> = new Set(['tr'])
/** Mandarin is not Cantonese: `zh-HK` is written, and its calls are those of `zh-TW`. */
const WRITTEN_ONLY: ReadonlySet<string> = new Set(['zh-HK'])
const PACK_BYTES_MAX = 20_000
/** The brand of a lock screen: it begins within this many characters. */
const SEEN_AT_ONCE = 25
/** A full form has room in one part for six digits, five minutes and a brand of this many letters. */
const USUAL_BRAND = 7

const FOLDER = fileURLToPath(new URL('../../messages/', import.meta.url))
const files = globSync(`${FOLDER}*.json`).sort()
const all: readonly ShippedLanguage[] = [...shippedLanguages, ...optionalLanguages]
const plurals = new Map(
  files.map(file => [basename(file, '.json'), readJson(file).plurals as readonly string[]]),
)

describe('the shipped pack', () => {
  const okta =
    'zh-CN zh-TW cs da de el en es fi fr ht hu id it ja ko ms nb nl-NL pl pt-BR ro ru sv th tr uk vi'.split(
      ' ',
    )

  it('has each file of messages/ once', () => {
    assert.deepEqual(all.map(({ locale }) => locale).sort(), [...plurals.keys()].sort())
  })

  it("gives a new store the languages of Okta's messages in all their regions, and no other that nobody has confirmed", () => {
    const languages = new Set(okta.map(locale => new Intl.Locale(locale).language))
    const isOn = ({ locale, confirmed }: ShippedLanguage) =>
      confirmed || languages.has(new Intl.Locale(locale).language)
    assert.deepEqual(
      shippedLanguages.filter(language => !isOn(language)),
      [],
    )
    assert.deepEqual(optionalLanguages.filter(isOn), [])
    for (const locale of okta)
      assert.ok(
        shippedLanguages.some(language => language.locale === locale),
        locale,
      )
  })

  it('says each name once', () => {
    assert.equal(new Set(all.map(({ language }) => language)).size, all.length)
    assert.equal(new Set(all.map(({ ownName }) => ownName)).size, all.length)
  })

  it(`takes less than ${PACK_BYTES_MAX} bytes compressed`, () => {
    const bytes = gzipSync(JSON.stringify(all), { level: 9 }).length
    assert.ok(bytes < PACK_BYTES_MAX, `${bytes} bytes`)
  })

  it('needs no ICU formatter', () => {
    const others = all.flatMap(templatesOf).filter(({ text, short = '' }) => !isPlainTemplate(text + short))
    assert.deepEqual(others, [])
  })
})

for (const pack of all) {
  describe(`${pack.locale}, ${pack.language},`, () => {
    it('states its facts, and nothing else', () => {
      const needsReason = pack.encoding === 'UCS-2' && pack.script === 'Latn'
      assert.deepEqual(Object.keys(readJson(`${FOLDER}${pack.locale}.json`)), [
        ...['locale', 'language', 'ownName', 'script', 'direction', 'plurals', 'encoding'],
        ...(needsReason ? ['encodingReason'] : []),
        ...['address', 'confirmed', 'voiceId'],
        ...(pack.note === undefined ? [] : ['note']),
        'sms',
        ...(pack.voiceId === '' ? [] : ['call']),
      ])
      for (const words of [pack.language, pack.ownName, pack.encodingReason ?? 'none', pack.note ?? 'none'])
        assert.ok(words.length > 1, words)
      assert.match(pack.address, /^(?:formal|familiar|neutral)$/)
      // A native reader's word is a fact about a person: setting it to true also changes this line.
      assert.equal(pack.confirmed, false)
    })

    it('has the script, direction and plurals that Unicode gives to its language', () => {
      const locale = new Intl.Locale(pack.locale)
      assert.equal(pack.script, locale.maximize().script)
      assert.equal(pack.direction, directionOf(locale))
      assert.deepEqual(plurals.get(pack.locale), pluralsOf(pack.locale))
    })

    it('has two forms of a text for every purpose, each a different one', () => {
      assert.deepEqual(Object.keys(pack.sms), ['any', ...purposes])
      const texts = Object.values(pack.sms)
      for (const text of texts) assert.equal(text.length, 2)
      assert.equal(new Set(texts.flat()).size, 2 * texts.length)
    })

    it('is spoken by a voice of its language, or not at all', () => {
      assert.equal(pack.voiceId === '', voiceFor(pack.locale) === undefined || WRITTEN_ONLY.has(pack.locale))
      if (pack.voiceId === '') return
      const spoken = new Intl.Locale(localeOfVoice(pack.voiceId) ?? 'und')
      assert.equal(spoken.language, new Intl.Locale(pack.locale).language)
      const isOtherRegionToo = !pack.locale.includes('-') || spoken.region === undefined
      if (!isOtherRegionToo) assert.equal(spoken.toString(), pack.locale)
    })

    it('really needs the encoding that it states', () => {
      const needed = templatesOf(pack)
        .filter(({ channel }) => channel === 'sms')
        .flatMap(({ text, short = '' }) => charactersOutsideGsm((text + short).replace(/\{\w+\}/g, '')))
      assert.equal(pack.encoding, needed.length > 0 ? 'UCS-2' : 'GSM-7', needed.join(''))
    })

    for (const template of templatesOf(pack)) {
      if (template.channel === 'sms') {
        checkText(pack, template)
        for (const [form, text = ''] of [
          ['full', template.text],
          ['short', template.short],
        ])
          checkWords(pack, template, `${form}`, text)
      } else checkCall(pack, template)
    }
    if (pack.call !== undefined) checkSentences(pack, pack.call)
  })
}

function checkText({ locale }: ShippedLanguage, template: NewTemplate): void {
  const { purpose, text, short = '' } = template

  it(`${purpose}: a short form of one part, whatever code and brand`, () => {
    for (const brand of BRANDS) {
      const { parts, septetsOrUnits } = measureText(
        filledIn({ ...template, text: short }, { ...longestValues, brand }),
      )
      assert.equal(parts, 1, `${septetsOrUnits} for ${brand}`)
    }
  })

  it(`${purpose}: a full form that says the minutes, and has room for a usual brand in one part`, () => {
    assert.deepEqual(countsOf(text, locale), { code: 1, brand: 1, minutes: 1, other: 0 })
    const filled = filledIn(template, templateValuesOf({ brand: 'W'.repeat(USUAL_BRAND) }))
    const { parts, septetsOrUnits } = measureText(filled)
    assert.equal(parts, 1, `${septetsOrUnits}: ${filled}`)
  })

  it(`${purpose}: the form that is sent has room for everything, with the last line for a browser or an app, too`, () => {
    for (const ending of [
      { kind: 'domain', domain: 'login.example.com' },
      { kind: 'app', appHash: 'FA+9qCX9VSu' },
    ] as const) {
      const rules = { ending, partsMax: 2, voiceId: '' }
      const values = templateValuesOf({ brand: 'Example' })
      const message = writeMessage(prepareAnyTemplate({ ...template, version: 1 }), values, rules)
      assert.ok(message?.channel === 'sms' && message.parts <= 2)
      const lines = message.body.reveal().split('\n')
      if (ending.kind === 'domain') assert.equal(lines[1], '@login.example.com #493817')
      else if (lines.length > 1) assert.equal(lines[1], ending.appHash)
      else assert.ok(message.encoding === 'UCS-2', 'only long texts of two bytes a character have no room')
    }
  })
}

function checkWords(
  { locale, script, direction }: ShippedLanguage,
  template: NewTemplate,
  form: string,
  text: string,
): void {
  const { purpose } = template
  const filled = (values: Partial<Omit<TemplateValues, 'code'>> & { readonly code?: string } = {}): string =>
    filledIn({ ...template, text }, templateValuesOf(values))

  it(`${purpose}, ${form}: a text of code, brand and perhaps minutes, in clean letters`, () => {
    const { minutes, ...counts } = countsOf(text, locale)
    assert.deepEqual(counts, { code: 1, brand: 1, other: 0 })
    assert.ok(minutes <= 1)
    assertClean(text, script)
    const words = text.replace(/\{\w+\}/g, 'X')
    assert.doesNotMatch(words, /https?:|www|[\p{L}\p{N}]\.[\p{L}\p{N}]|[@#/\\]|click/iu, 'looks like a link')
    assert.doesNotMatch(words, /\p{Nd}|[!！¡]|\p{Extended_Pictographic}|\s\s|^\s|\s$|\n/u)
  })

  it(`${purpose}, ${form}: code and beginning of the brand on a lock screen, the code first`, () => {
    for (const brand of BRANDS) {
      const code = '0123456789'
      assert.ok(filled({ code, brand }).indexOf(code) + code.length <= SEEN_AT_ONCE, text)
      assert.ok(filled({ brand }).indexOf(brand) < SEEN_AT_ONCE, text)
    }
    assert.ok(text.indexOf('{code}') < text.indexOf('{brand}'))
  })

  it(`${purpose}, ${form}: Android finds the code, of four to nine digits`, () => {
    for (const brand of BRANDS) {
      for (const code of ['4938', '49381', '493817', '49381756', '493817562']) {
        const body = filled({ code, brand })
        assert.deepEqual(
          [...body.matchAll(ANDROIDS_CODE)].map(([found]) => found),
          [code],
          body,
        )
      }
    }
    assert.match(text, COMMA_AFTER_CODE.has(locale) ? /\{code\}, / : /\{code\} /)
  })

  if (direction === 'rtl') {
    it(`${purpose}, ${form}: its first letter is its own, which tells a phone to set it from the right`, () => {
      assert.match(/\p{L}/u.exec(filled())?.[0] ?? '', ownLetters(script))
    })
  }
}

function checkCall({ locale }: ShippedLanguage, template: NewTemplate): void {
  const { purpose } = template
  for (const [times, text = ''] of [
    [3, template.text],
    [2, template.short],
  ] as const) {
    it(`${purpose}, ${times} times: a call says the brand, then the code as often, then the minutes once`, () => {
      const { minutes, ...counts } = countsOf(text, locale)
      assert.deepEqual(counts, { code: times, brand: 1, other: 0 })
      assert.ok(minutes >= 1)
      assert.ok(text.indexOf('{brand}') < text.indexOf('{code}'), 'says who calls before the code')
      assert.ok(text.lastIndexOf('{code}') < text.indexOf('{minutes'))
      assert.doesNotMatch(
        text,
        /\{code\}\s*(?:<[^>]*>)*[.。]/,
        'no full stop: "3." is the third in many languages',
      )
    })

    it(`${purpose}, ${times} times: SSML that every voice understands`, () => {
      const spoken = filledIn({ ...template, text }, templateValuesOf({ brand: 'A &#38; B' }))
      assert.equal(XMLValidator.validate(spoken), true)
      assert.match(spoken, /^<speak>.*<\/speak>$/)
      assert.deepEqual(Object.keys(new XMLParser().parse(spoken) as object), ['speak'])
      const others = (text.match(/<[^>]*>/g) ?? []).filter(
        tag => !/^(?:<\/?speak>|<prosody rate="slow">|<\/prosody>|<break time="(?:500|800)ms"\/>)$/.test(tag),
      )
      assert.deepEqual(others, [])
      assert.equal(
        text.split('<prosody rate="slow">{code}</prosody>').length - 1,
        times,
        'only the digits are slow',
      )
    })
  }
}

function checkSentences({ locale, script }: ShippedLanguage, call: ShippedCall): void {
  const { greeting, code, again, minutes, goodbye } = call
  it('has sentences that a voice can say, in at most 60 words', () => {
    for (const purpose of Object.values(code)) {
      const spoken = [greeting, purpose, again, minutes.other, goodbye].join(' ').replace(/\{\w+\}/g, ' ')
      assertClean(spoken, script)
      assert.match(spoken, /^[\p{L}\p{M}\s.,:，。、：،’-]*$/u)
      const words = [...new Intl.Segmenter(locale, { granularity: 'word' }).segment(spoken)]
      const count = words.filter(({ isWordLike }) => isWordLike).length
      assert.ok(count >= 12 && count <= 60, `${count} words`)
    }
  })

  it('has a plural of minutes for each category that its grammar tells apart', () => {
    const known = pluralsOf(locale)
    for (const category of Object.keys(minutes)) assert.ok(known.includes(category), category)
    for (const [category, sentence = ''] of Object.entries(minutes)) {
      assertClean(sentence, script)
      // Arabic says one and two without the number.
      const isNumberless = script === 'Arab' && /^(?:one|two)$/.test(category)
      assert.equal(sentence.split('{minutes}').length - 1, isNumberless ? 0 : 1, sentence)
    }
    assert.equal(
      new Set(Object.values(minutes)).size + Number(locale === 'ru' || locale === 'pl'),
      Object.keys(minutes).length,
    )
  })
}

function countsOf(text: string, locale: string) {
  const found = argumentsOf(text, locale)
  assert.ok(
    found.every(({ name, isPlain }) => isPlain || name === 'minutes'),
    'changes a value',
  )
  const count = (wanted: string): number => found.filter(({ name }) => name === wanted).length
  const other = found.filter(({ name }) => !['code', 'brand', 'minutes'].includes(name)).length
  return { code: count('code'), brand: count('brand'), minutes: count('minutes'), other }
}

/** Composed characters, and letters of one script only: no look-alike of another. */
function assertClean(text: string, script: string): void {
  const words = text.replace(/\{[^}]*\}/g, '')
  assert.equal(text, text.normalize('NFC'))
  assert.doesNotMatch(words, /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u, 'has a character that nobody sees')
  for (const letter of words.match(/\p{L}/gu) ?? []) assert.match(letter, ownLetters(script), text)
}

function ownLetters(script: string): RegExp {
  const scripts = SCRIPTS[script] ?? [script]
  const own = scripts.map(name => `\\p{Script_Extensions=${name}}`).join('')

  return new RegExp(`[${own}]`, 'u')
}

function filledIn(template: NewTemplate, values: TemplateValues): string {
  return fillIn(prepareAnyTemplate({ ...template, version: 1 }), values)
}

function readJson(file: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>
}

function directionOf(locale: Intl.Locale): string {
  // Node 24 has it; TypeScript's library does not name it yet.
  return (locale as Intl.Locale & { getTextInfo(): { direction: string } }).getTextInfo().direction
}

function pluralsOf(locale: string): readonly string[] {
  // Without rules of its own a language would get those of the machine's language: CLDR's root has `other` alone.
  if (Intl.PluralRules.supportedLocalesOf(locale).length === 0) return ['other']
  return new Intl.PluralRules(locale).resolvedOptions().pluralCategories
}
