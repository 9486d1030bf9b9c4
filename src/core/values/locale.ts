/**
 * Okta's and Java's spellings of a locale as one BCP 47 tag of language, script and region: `EN-US` to `en-US`,
 * `es_MX` to `es-MX`, `zh_TW_#Hant` to `zh-Hant-TW`, `en_US.UTF-8` to `en-US`. Undefined if it is not a locale.
 */
export function normalizeLocale(text: string | undefined): string | undefined {
  const [, plain = '', land] = PLAIN_LOCALE.exec(text ?? '') ?? []
  if (plain !== '' && !REPLACED_LANGUAGES.has(plain) && !REPLACED_REGIONS.has(land ?? ''))
    return tagOf(plain, land)
  const tag = (text ?? '')
    .trim()
    .replace(POSIX_LOCALE, (_, language, region, script) =>
      tagOf(language, SCRIPT_OF_MODIFIER[script?.toLowerCase() ?? ''], region),
    )
    .replace(JAVA_LOCALE, (_, ...[language, region, script]: (string | undefined)[]) =>
      tagOf(language, script, region),
    )
    .replaceAll('_', '-')
    .replace(/^zh-(?=(?:yue|cmn)(?:-|$))/i, '') // RFC 5646 §2.2.2: the extended language alone is the canonical form
  if (tag === '') return undefined
  try {
    const { language, script, region } = new Intl.Locale(tag)
    // No language of more than three letters is registered: `english` is a word, not a tag.
    return /^(?!und$)[a-z]{2,3}$/.test(language) ? tagOf(language, script, region) : undefined
  } catch {
    return undefined // not a locale
  }
}

/**
 * The locales to look a template up in, best first: RFC 4647 §3.4 (drop subtags from the right), with the
 * regional defaults of Okta's own languages after each step. `locale` is a normalised one.
 */
export function lookupChain(locale: string): readonly string[] {
  const { language, script, region } = subtagsOf(locale)
  // Chinese is written two ways: the script decides, named or implied by the region (HK, MO, TW: Traditional).
  const written = script ?? (language === 'zh' ? likelyScript(language, region) : undefined)
  const isImplied = script !== undefined && script === likelyScript(language, region)
  const chain = [
    locale,
    isImplied ? tagOf(language, region) : locale, // zh-Hant-HK is zh-HK, es-Latn-MX is es-MX
    tagOf(language, written, region),
    ...(parentOf(language, region, written) ?? []),
    tagOf(language, written),
    ...(REGIONAL_DEFAULTS[tagOf(language, written)] ?? []),
    language,
    ...(REGIONAL_DEFAULTS[language] ?? []),
  ]
  return [...new Set(chain)]
}

/**
 * A locale without a region, as it is read in the country of the number: `es` to Spain is `es-ES`. A locale with a region stays
 * as it is, and so does a language that is not at home in that country.
 */
export function localeIn(country: string, locale: string): string {
  const { language, script, region } = subtagsOf(locale)
  const isAtHome = region === undefined && COUNTRIES_OF[language]?.has(country) === true
  return isAtHome ? tagOf(language, script, country) : locale
}

/** The language of a normalised locale, without its script and region. */
export function languageOf(locale: string): string {
  return subtagsOf(locale).language
}

type Subtags = {
  readonly language: string
  readonly script?: string | undefined
  readonly region?: string | undefined
}

function subtagsOf(locale: string): Subtags {
  const [, language, script, region] = NORMALIZED.exec(locale) ?? []
  return language === undefined ? new Intl.Locale(locale) : { language, script, region }
}

/** The template shared by a whole part of the world, before the language's own (CLDR, parent locales). */
function parentOf(language: string, region = '', script?: string): readonly string[] | undefined {
  if (language === 'es' && LATIN_AMERICA.has(region)) return ['es-419']
  if (language === 'pt' && !['', 'BR'].includes(region)) return ['pt-PT']
  if (language === 'zh' && script === 'Hant' && region === 'MO') return ['zh-HK']
  return undefined
}

function likelyScript(language: string, region: string | undefined): string | undefined {
  return new Intl.Locale(tagOf(language, region)).maximize().script
}

function tagOf(...subtags: readonly (string | undefined)[]): string {
  return subtags.filter(Boolean).join('-')
}

// Most locales are like this. Node takes several milliseconds to load what `Intl.Locale` knows, at a process's first use.
const PLAIN_LOCALE = /^([a-z]{2})(?:[-_]([A-Z]{2}))?$/
const NORMALIZED = /^([a-z]{2,3})(?:-([A-Z][a-z]{3}))?(?:-([A-Z]{2}|[0-9]{3}))?$/
// CLDR, `languageAlias` and `territoryAlias`: old codes of two letters, for which `Intl.Locale` has the new ones.
const REPLACED_LANGUAGES: ReadonlySet<string> = new Set('bh in iw ji jw mo sh tl tw'.split(' '))
const REPLACED_REGIONS: ReadonlySet<string> = new Set(
  'AN BU CS CT DD DY FQ FX HV JT MI NH NQ NT PC PU PZ QU RH SU TP UK VD WK YD YU ZR'.split(' '),
)

// POSIX: language, territory, code set and modifier, which names a script for a few languages. `sr_RS.UTF-8@latin`
const POSIX_LOCALE = /^([a-z]{2,3})(?:[_-]([a-z]{2}|[0-9]{3}))?(?:\.[^@]*)?(?:@(.*))?$/is
const SCRIPT_OF_MODIFIER: Readonly<Record<string, string | undefined>> = {
  __proto__: null as never,
  latin: 'Latn',
  cyrillic: 'Cyrl',
  devanagari: 'Deva',
}

// java.util.Locale: language, region, variant, then script and extensions after `#`. `zh_TW_#Hant`, `no_NO_NY`
const JAVA_LOCALE = /^([a-z]{2,3})[_-]([a-z]{2}|[0-9]{3})?[_-][a-z0-9_-]*(?:#([a-z]{4}(?![a-z0-9]))?.*)?$/is

const LATIN_AMERICA: ReadonlySet<string> = new Set(
  'AR BO BR BZ CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV US UY VE'.split(' '),
)

/** Where a language differs by country, in text or voice: the countries in which it is at home. */
const COUNTRIES_OF: Readonly<Record<string, ReadonlySet<string> | undefined>> = {
  en: new Set(['AU', 'CA', 'GB', 'IE', 'IN', 'NZ', 'US', 'ZA']),
  es: new Set(['ES', ...LATIN_AMERICA]),
  fr: new Set(['BE', 'CA', 'CH', 'FR', 'LU', 'MC']),
  pt: new Set(['AO', 'BR', 'CV', 'GW', 'MZ', 'PT', 'ST', 'TL']),
  zh: new Set(['CN', 'HK', 'MO', 'SG', 'TW']),
}

const REGIONAL_DEFAULTS: Readonly<Record<string, readonly string[] | undefined>> = {
  nb: ['no'],
  nl: ['nl-NL'],
  nn: ['nb', 'no'],
  no: ['nb'],
  pt: ['pt-BR'],
  sr: ['sr-Latn'], // Serbians read both scripts
  yue: ['zh-HK', 'zh-Hant', 'zh-TW'], // Cantonese is written in Hong Kong's Chinese
  'yue-Hans': ['zh-Hans', 'zh-CN'],
  'zh-Hans': ['zh-CN'],
  'zh-Hant': ['zh-TW'],
}
