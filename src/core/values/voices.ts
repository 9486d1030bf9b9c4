import { languageOf, lookupChain } from './locale.ts'

/** The voice for a locale: of its region, else the default of its language; undefined if there is none. */
export function voiceFor(locale: string): string | undefined {
  const language = languageOf(locale)
  const region = DEFAULT_REGIONS[language]
  const chain = [...lookupChain(locale), ...(region === undefined ? [] : [`${language}-${region}`])]
  return chain.map(tag => voicesByLocale[tag]?.[0]).find(voice => voice !== undefined)
}

const DEFAULT_REGIONS: Readonly<Record<string, string | undefined>> = {
  en: 'US',
  es: 'MX',
  fr: 'FR',
  pt: 'BR',
}

/**
 * AWS End User Messaging's VoiceId values by language. The first of each is the one that Hookline uses.
 * Source: the service model, 2026. A test fails on a voice that AWS adds.
 */
export const voicesByLocale: Readonly<Record<string, readonly string[]>> = {
  ar: ['ZEINA'],
  cy: ['GWYNETH'],
  da: ['NAJA', 'MADS'],
  de: ['VICKI', 'HANS', 'MARLENE'],
  'en-AU': ['NICOLE', 'RUSSELL'],
  'en-GB': ['AMY', 'BRIAN', 'EMMA', 'GERAINT'], // Geraint speaks Welsh English
  'en-IN': ['RAVEENA'],
  'en-US': ['JOANNA', 'IVY', 'JOEY', 'JUSTIN', 'KENDRA', 'KIMBERLY', 'MATTHEW', 'SALLI'],
  'es-ES': ['LUCIA', 'CONCHITA', 'ENRIQUE'],
  'es-MX': ['MIA'],
  'es-US': ['LUPE', 'MIGUEL', 'PENELOPE'],
  'fr-CA': ['CHANTAL'],
  'fr-FR': ['LEA', 'CELINE', 'MATHIEU'],
  is: ['DORA', 'KARL'],
  it: ['BIANCA', 'CARLA', 'GIORGIO'],
  ja: ['MIZUKI', 'TAKUMI'],
  ko: ['SEOYEON'],
  nb: ['LIV'],
  nl: ['LOTTE', 'RUBEN'],
  pl: ['EWA', 'JACEK', 'JAN', 'MAJA'],
  'pt-BR': ['CAMILA', 'RICARDO', 'VITORIA'],
  'pt-PT': ['INES', 'CRISTIANO'],
  ro: ['CARMEN'],
  ru: ['TATYANA', 'MAXIM'],
  sv: ['ASTRID'],
  tr: ['FILIZ'],
  zh: ['ZHIYU'],
}

/**
 * The language of a locale in the names that SSML's `<lang>` knows: with a region, and `arb` and `cmn-CN`. Undefined where no
 * voice of AWS speaks it. Source: Amazon Polly, "Languages in Amazon Polly".
 */
export function spokenLanguageOf(locale: string): string | undefined {
  const spoken = localeOfVoice(voiceFor(locale) ?? '')
  return spoken === undefined ? undefined : (POLLYS_NAMES[spoken] ?? spoken)
}

const POLLYS_NAMES: Readonly<Record<string, string | undefined>> = {
  ar: 'arb',
  cy: 'cy-GB',
  da: 'da-DK',
  de: 'de-DE',
  is: 'is-IS',
  it: 'it-IT',
  ja: 'ja-JP',
  ko: 'ko-KR',
  nb: 'nb-NO',
  nl: 'nl-NL',
  pl: 'pl-PL',
  ro: 'ro-RO',
  ru: 'ru-RU',
  sv: 'sv-SE',
  tr: 'tr-TR',
  zh: 'cmn-CN',
}

/** The locale of a voice; undefined if AWS has no such voice. */
export function localeOfVoice(voiceId: string): string | undefined {
  return Object.entries(voicesByLocale).find(([, voices]) => voices.includes(voiceId))?.[0]
}
