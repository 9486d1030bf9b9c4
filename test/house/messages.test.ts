import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { charactersOutsideGsm, measureText } from '../../src/core/message/message-parts.ts'
import { argumentsOf, escapeXml, fillIn, prepareTemplate } from '../../src/core/message/template.ts'
import type { TemplateValues } from '../../src/core/message/template-values.ts'
import { purposes } from '../../src/core/values/request.ts'
import { Secret } from '../../src/core/values/secret.ts'
import { localeOfVoice, voiceFor } from '../../src/core/values/voices.ts'

type Texts = Readonly<Record<string, string>>
type Pack = {
  readonly locale: string
  readonly language: string
  readonly ownName: string
  readonly script: string
  readonly direction: string
  readonly plurals: readonly string[]
  readonly encoding: string
  readonly encodingReason?: string
  readonly confirmed: boolean
  readonly voiceId: string
  readonly sms: Texts
  readonly voice?: Texts
}

const CODE = '01234567'
const LONGEST: TemplateValues = {
  code: new Secret(CODE),
  minutes: 10,
  brand: 'W'.repeat(20),
  domain: '',
  firstName: '',
}
const BRANDS = ['Okta', 'X', "Barnes & Noble-O'Neil", 'ACME International 2', 'W'.repeat(20)].map(brand =>
  brand.slice(0, 20),
)
const SCRIPTS: Readonly<Record<string, readonly string[] | undefined>> = {
  Hans: ['Hani'],
  Hant: ['Hani'],
  Jpan: ['Hani', 'Hira', 'Kana'],
  Kore: ['Hang', 'Hani'],
}
const DOT_IS_ORDINAL: ReadonlySet<string> = new Set(['cs', 'da', 'de', 'fi', 'hu', 'nb', 'pl', 'tr'])

describe('the shipped pack', () => {
  it('has all languages of Okta, and Arabic, Hebrew, Hindi, European Portuguese and Canadian French', () => {
    const okta =
      'zh-CN zh-TW cs da de el en es fi fr ht hu id it ja ko ms nb nl-NL pl pt-BR ro ru sv th tr uk vi'
    const wanted = `${okta} ar he hi pt-PT fr-CA`.split(' ')
    assert.deepEqual(packs.map(({ locale }) => locale).sort(), wanted.sort())
  })

  it('has each name once', () => {
    assert.equal(new Set(packs.map(({ language }) => language)).size, packs.length)
    assert.equal(new Set(packs.map(({ ownName }) => ownName)).size, packs.length)
  })
})

const FOLDER = fileURLToPath(new URL('../../messages/', import.meta.url))
const packs = globSync(`${FOLDER}*.json`)
  .sort()
  .map(file => ({ file, ...(JSON.parse(readFileSync(file, 'utf8')) as Pack) }))

for (const pack of packs) {
  describe(`${pack.locale}, ${pack.language},`, () => {
    it('has the required facts, and no others', () => {
      const { file, ...said } = pack
      assert.equal(basename(file, '.json'), said.locale)
      const needsReason = said.encoding === 'UCS-2' && said.script === 'Latn'
      assert.deepEqual(Object.keys(said), [
        ...['locale', 'language', 'ownName', 'script', 'direction', 'plurals', 'encoding'],
        ...(needsReason ? ['encodingReason'] : []),
        ...['confirmed', 'voiceId', 'sms'],
        ...(said.voiceId === '' ? [] : ['voice']),
      ])
      for (const words of [said.language, said.ownName, said.encodingReason ?? 'none'])
        assert.ok(words.length > 1, words)
      // A review by a native reader is a fact about a person: a change to true must change this line as well.
      assert.equal(said.confirmed, false)
    })

    it('has the script, direction and plurals of its language in Unicode', () => {
      const locale = new Intl.Locale(pack.locale)
      assert.equal(pack.script, locale.maximize().script)
      assert.equal(pack.direction, directionOf(locale))
      assert.deepEqual(pack.plurals, pluralsOf(pack.locale))
    })

    it('has a different template for every purpose', () => {
      for (const texts of [pack.sms, ...(pack.voice ? [pack.voice] : [])]) {
        assert.deepEqual(Object.keys(texts), ['any', ...purposes])
        assert.equal(new Set(Object.values(texts)).size, purposes.length + 1)
      }
    })

    it('is spoken by a voice of its language, or not at all', () => {
      assert.equal(pack.voiceId === '', voiceFor(pack.locale) === undefined)
      if (pack.voiceId === '') return
      const spoken = new Intl.Locale(localeOfVoice(pack.voiceId) ?? 'und')
      assert.equal(spoken.language, new Intl.Locale(pack.locale).language)
      const isOtherRegionToo = !pack.locale.includes('-') || spoken.region === undefined
      if (!isOtherRegionToo) assert.equal(spoken.toString(), pack.locale)
    })

    it('needs the encoding that it states', () => {
      const needed = Object.values(pack.sms).flatMap(text =>
        charactersOutsideGsm(filledIn(text, pack.locale)),
      )
      assert.equal(pack.encoding, needed.length > 0 ? 'UCS-2' : 'GSM-7', needed.join(''))
    })

    for (const [purpose, text] of Object.entries(pack.sms)) checkText(pack, purpose, text)
    for (const [purpose, text] of Object.entries(pack.voice ?? {})) checkCall(pack, purpose, text)
  })
}

function checkText({ locale, script, direction }: Pack, purpose: string, text: string): void {
  it(`${purpose}: a text of code, brand and perhaps minutes, in clean letters`, () => {
    assert.deepEqual(countsOf(text, locale, 'minutes'), { code: 1, brand: 1, other: 0 })
    assertClean(text, script)
    const words = text.replace(/\{\w+\}/g, 'X')
    assert.doesNotMatch(words, /https?:|www|[\p{L}\p{N}]\.[\p{L}\p{N}]|[@#/\\]|click/iu, 'looks like a link')
    assert.doesNotMatch(words, /\p{Nd}|[!！¡]|\p{Extended_Pictographic}|\s\s|^\s|\s$|\n/u)
  })

  it(`${purpose}: one part, whatever the brand`, () => {
    for (const brand of BRANDS) {
      const { parts, septetsOrUnits } = measureText(filledIn(text, locale, { brand }))
      assert.equal(parts, 1, `${septetsOrUnits} for ${brand}`)
    }
  })

  it(`${purpose}: the whole code within the first 25 characters, before the brand`, () => {
    for (const brand of BRANDS) {
      const filled = filledIn(text, locale, { brand })
      assert.ok(filled.indexOf(CODE) + CODE.length <= 25, filled)
    }
    assert.ok(text.indexOf('{code}') < text.indexOf('{brand}'))
  })

  if (direction === 'rtl') {
    it(`${purpose}: its first letter is of its own script, so that a phone sets it from the right`, () => {
      assert.match(/\p{L}/u.exec(filledIn(text, locale))?.[0] ?? '', ownLetters(script))
    })
  }
}

function checkCall({ locale, script }: Pack, purpose: string, text: string): void {
  it(`${purpose}: a call says brand, code, and the code again`, () => {
    assert.deepEqual(countsOf(text, locale), { code: 2, brand: 1, other: 0 })
    assert.ok(text.indexOf('{brand}') < text.indexOf('{code}'), 'says who calls before the code')
    assert.equal(text.split('<break time="600ms"/>{code}').length, 3)
  })

  it(`${purpose}: SSML that every voice understands`, () => {
    const spoken = filledIn(text, locale, {
      brand: escapeXml("A & B's <Co>"),
      code: new Secret('0<break time="400ms"/>0'),
    })
    assert.equal(XMLValidator.validate(spoken), true)
    assert.match(spoken, /^<speak>.*<\/speak>$/)
    const tags = new XMLParser({ ignoreAttributes: false }).parse(spoken) as object
    assert.deepEqual(Object.keys(tags), ['speak'])
    const others = (text.match(/<[^>]*>/g) ?? []).filter(
      tag =>
        !/^(?:<\/?(?:speak|p|s)>|<prosody rate="slow">|<\/prosody>|<break time="(?:600ms|1s)"\/>)$/.test(tag),
    )
    assert.deepEqual(others, [])
  })

  it(`${purpose}: text that a voice can speak, in at most 60 words`, () => {
    const said = text.replace(/<[^>]*>|\{\w+\}/g, ' ')
    assertClean(said, script)
    assert.match(said, /^[\p{L}\p{M}\s.,:，。、：،-]*$/u)
    const words = [...new Intl.Segmenter(locale, { granularity: 'word' }).segment(said)]
    const count = words.filter(({ isWordLike }) => isWordLike).length
    assert.ok(count >= 12 && count <= 60, `${count} words`)
  })

  if (DOT_IS_ORDINAL.has(locale)) {
    it(`${purpose}: no full stop after the code, which would make "3." the third`, () => {
      assert.doesNotMatch(text, /\{code\}\s*\./)
    })
  }
}

function countsOf(text: string, locale: string, optional?: string): object {
  const found = argumentsOf(text, locale)
  assert.ok(
    found.every(({ name, isPlain }) => isPlain || name === 'minutes'),
    'changes a value',
  )
  const count = (wanted: string): number => found.filter(({ name }) => name === wanted).length
  const other = found.filter(({ name }) => name !== 'code' && name !== 'brand' && name !== optional)
  return { code: count('code'), brand: count('brand'), other: other.length }
}

/** Composed characters, and letters of one script only: no look-alike of another. */
function assertClean(text: string, script: string): void {
  const words = text.replace(/\{[^}]*\}/g, '')
  assert.equal(text, text.normalize('NFC'))
  assert.doesNotMatch(words, /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u, 'has an invisible character')
  for (const letter of words.match(/\p{L}/gu) ?? []) assert.match(letter, ownLetters(script), text)
}

function ownLetters(script: string): RegExp {
  const scripts = SCRIPTS[script] ?? [script]
  return new RegExp(`[${scripts.map(name => `\\p{Script_Extensions=${name}}`).join('')}]`, 'u')
}

function filledIn(text: string, locale: string, values: Partial<TemplateValues> = {}): string {
  const template = { channel: 'sms', locale, purpose: 'any', text, voiceId: '' } as const
  return fillIn(prepareTemplate({ ...template, indiaTemplateId: undefined, version: 1 }), {
    ...LONGEST,
    ...values,
  })
}

function directionOf(locale: Intl.Locale): string {
  // Node 24 has it; TypeScript's library does not declare it yet.
  return (locale as Intl.Locale & { getTextInfo(): { direction: string } }).getTextInfo().direction
}

function pluralsOf(locale: string): readonly string[] {
  // A language without plural rules would get those of the machine's language: CLDR's root has `other` alone.
  if (Intl.PluralRules.supportedLocalesOf(locale).length === 0) return ['other']
  return new Intl.PluralRules(locale).resolvedOptions().pluralCategories
}
