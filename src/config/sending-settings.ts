import type { CodeEnding } from '../core/message/code-ending.ts'
import { defaultBrand, isBrand, isSpokenBrand } from '../core/message/template-values.ts'
import type { PlanRules } from '../core/plan/plan.ts'
import { normalizeLocale } from '../core/values/locale.ts'
import { type CountryCode, callingCodeOf, isCountry } from '../core/values/phone-number.ts'
import { spokenLanguageOf } from '../core/values/voices.ts'
import { aws } from './aws-settings.ts'
import { canary } from './canary-settings.ts'
import {
  accepted,
  flag,
  fromAscii,
  fromParameter,
  matching,
  oneOf,
  partsOf,
  setting,
  usd,
  type ValuesOf,
  wholeNumber,
} from './setting.ts'
import { store } from './store-settings.ts'

const LANGUAGE_TAG = '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$'
const APP_HASH = '[A-Za-z0-9+/]{11}'
const PRICE_REFUSED =
  'US dollars. The carrier refuses anything more expensive, unless the route has its own limit.'

/** The settings of the hook once its caller is known. In a separate file because the hook function reads only these. */
export const sendingSettings = {
  store,

  numbers: {
    defaultCountry: setting({
      name: 'HOOKLINE_DEFAULT_COUNTRY',
      read: readCountry,
      allowed: 'a country code (ISO 3166 alpha-2) such as US',
      meaning:
        'Country of numbers without `+`: they are read as dialled there, or with its calling code. Without this setting, such a number is used only if it has one possible reading; eleven digits that begin with 1 are always refused.',
      deployed: fromParameter(['hook'], 'DefaultCountry', {
        group: 'decisions',
        label: 'Default country',
        pattern: '^([A-Z]{2})?$',
        allowed: 'a country code of two capital letters, such as US, or nothing',
        description:
          'Country of numbers without +: they are read as dialled there, or with its calling code. Without it, such a number is used only if it has one possible reading; eleven digits that begin with 1 are always refused.',
      }),
    }),
    unknownRanges: setting({
      name: 'HOOKLINE_UNKNOWN_RANGES',
      read: readCountries,
      allowed: 'country codes (ISO 3166 alpha-2) separated by commas, such as BJ,CI',
      default: '',
      meaning:
        'Countries in which a number of a valid length is used even if this version does not know its range: new ranges are opened every month. Hookline does not know whether such a range costs more; the highest price still applies.',
      deployed: fromParameter(['hook'], 'UnknownRanges', {
        group: 'decisions',
        label: 'Countries with new ranges',
        pattern: '^([A-Z]{2}(, *[A-Z]{2})*)?$',
        allowed: 'country codes of two capital letters, separated by commas, such as BJ,CI, or nothing',
        description:
          'Countries in which a number of a valid length is used even if this version does not know its range. The highest price still applies.',
      }),
    }),
  },

  texts: {
    defaultLocale: setting({
      name: 'HOOKLINE_DEFAULT_LOCALE',
      read: normalizeLocale,
      allowed: 'a language tag (BCP 47) such as en or pt-BR',
      default: 'en',
      meaning:
        "Language that is used if there is no template in the user's language and Okta's own text cannot be used.",
      deployed: fromParameter(['hook'], 'DefaultLocale', {
        group: 'texts',
        label: 'Default language',
        pattern: LANGUAGE_TAG,
      }),
    }),
    fallbackVoiceLocale: setting({
      name: 'HOOKLINE_FALLBACK_VOICE_LOCALE',
      read: normalizeLocale,
      allowed: 'a language tag (BCP 47) that AWS has a voice for, such as en or es-MX',
      default: 'en',
      meaning:
        "Language of a call (text and voice) if AWS has no voice for the user's language or the default language.",
      deployed: fromParameter(['hook'], 'FallbackVoiceLocale', {
        group: 'texts',
        label: 'Language of calls without a voice',
        pattern: LANGUAGE_TAG,
      }),
    }),
    oktasTextFor: setting({
      name: 'HOOKLINE_OKTAS_TEXT_FOR',
      read: readLanguages,
      allowed: 'languages separated by commas, such as ht,hi',
      default: '',
      meaning:
        "Languages in which Okta's own text is preferred to Hookline's, for example because no native reader has confirmed the template (docs/languages.md).",
      deployed: fromParameter(['hook'], 'OktasTextFor', {
        group: 'texts',
        label: "Languages of Okta's own text",
        pattern: '^([A-Za-z]{2,3}(, *[A-Za-z]{2,3})*)?$',
        description: "Languages in which Okta's own text is preferred to Hookline's.",
      }),
    }),
    brand: setting({
      name: 'HOOKLINE_BRAND',
      read: text => accepted(fromAscii(text), isBrand),
      allowed:
        "1 to 20 letters, digits, spaces and . & ' -, without a link and without three digits in a row",
      default: defaultBrand,
      meaning: 'Name of the sender in messages (`{brand}`).',
      deployed: fromParameter(['hook'], 'Brand', {
        group: 'texts',
        label: 'Brand',
        pattern: "^([A-Za-z0-9 .&'-]|\\\\u[0-9a-f]{4}){1,20}$",
        allowed: "1 to 20 letters, digits, spaces and . & ' -, a letter beyond ASCII as \\u00e9",
        description:
          'Name of the sender in messages. CloudFormation accepts ASCII only: `hookline deploy` writes other letters as \\u00e9, which the hook decodes.',
      }),
    }),
    brandSpoken: setting({
      name: 'HOOKLINE_BRAND_SPOKEN',
      read: text => accepted(fromAscii(text), isSpokenBrand),
      allowed: "1 to 40 letters, digits, spaces and . & ' -",
      meaning:
        'What calls say for the brand, where a voice reads its letters wrong: `Akme` for Acme (SSML `<sub>`). Texts keep the brand as it is.',
      deployed: fromParameter(['hook'], 'BrandSpoken', {
        group: 'texts',
        label: 'Brand in calls',
        pattern: "^([A-Za-z0-9 .&'-]|\\\\u[0-9a-f]{4}){0,40}$",
        description: 'What calls say for the brand, where a voice reads its letters wrong: Akme for Acme.',
      }),
    }),
    brandLanguage: setting({
      name: 'HOOKLINE_BRAND_LANGUAGE',
      read: readVoiceLanguage,
      allowed: 'a language tag (BCP 47) that AWS has a voice for, such as en-US',
      meaning:
        'Language in whose sounds calls say the brand, in every language (SSML `<lang>`). Without it the voice reads the brand as a word of its own language.',
      deployed: fromParameter(['hook'], 'BrandLanguage', {
        group: 'texts',
        label: 'Language of the brand',
        pattern: '^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$',
        description: 'Language in whose sounds calls say the brand, such as en-US.',
      }),
    }),
    domain: setting({
      name: 'HOOKLINE_DOMAIN',
      read: matching(/^(?=.{4,40}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/),
      allowed: 'a host name in lower case of at most 40 characters, such as login.example.com',
      meaning:
        'Host where users sign in. Texts end with the line `@domain #code`, so that browsers fill in the code only there (WebOTP). Templates can use it as `{domain}`.',
      deployed: fromParameter(['hook'], 'Domain', {
        group: 'texts',
        label: 'Host where users sign in',
        pattern: '^(([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,})?$',
        description: 'Texts end with it and the code, so that browsers fill in the code only there.',
      }),
    }),
    appHash: setting({
      name: 'HOOKLINE_APP_HASH',
      read: matching(new RegExp(`^${APP_HASH}$`)),
      allowed: 'the 11 characters of SMS Retriever',
      meaning:
        'Hash of an Android app. Texts end with it instead of the domain, so that the app can read the code.',
      deployed: fromParameter(['hook'], 'AppHash', {
        group: 'texts',
        label: 'Hash of an Android app',
        pattern: `^(${APP_HASH})?$`,
        description: 'Texts end with it instead of the domain, so that the app can read the code.',
      }),
    }),
    usesFirstName: setting({
      name: 'HOOKLINE_FIRST_NAME',
      ...flag(['off', 'on'], 'on'),
      default: 'off',
      meaning:
        "Whether templates may use the user's first name (`{firstName}`), which users choose themselves. It is cut to one word of at most 20 letters; with `off` it is empty.",
      deployed: fromParameter(['hook'], 'FirstName', {
        group: 'texts',
        label: "The user's first name",
        description: "Whether templates may use the user's first name, which users choose themselves.",
      }),
    }),
    partsMax: setting({
      name: 'HOOKLINE_PARTS_MAX',
      ...wholeNumber(1, 10),
      default: '2',
      meaning:
        "Okta's own text, and the last line for HOOKLINE_DOMAIN or HOOKLINE_APP_HASH, are used only if the text then has at most this many message parts.",
      deployed: fromParameter(['hook'], 'PartsMax', {
        group: 'decisions',
        label: 'Most message parts',
        description:
          "Okta's own text, and the last line for a browser or an app, are used only if the text fits. AWS bills each part.",
      }),
    }),
  },

  prices: {
    partMax: setting({
      name: 'HOOKLINE_MAX_PRICE_PER_PART',
      ...usd(10),
      default: '0.5',
      meaning:
        'Highest price of one message part, unless the route has its own. The carrier refuses anything more expensive.',
      deployed: fromParameter(['hook'], 'MaxPricePerPart', {
        group: 'decisions',
        label: 'Highest price of a message part',
        description: PRICE_REFUSED,
      }),
    }),
    minuteMax: setting({
      name: 'HOOKLINE_MAX_PRICE_PER_MINUTE',
      ...usd(10),
      default: '1',
      meaning: 'Highest price of one minute of a call, unless the route has its own.',
      deployed: fromParameter(['hook'], 'MaxPricePerMinute', {
        group: 'decisions',
        label: 'Highest price of a minute of a call',
        description: PRICE_REFUSED,
      }),
    }),
  },

  answers: {
    budgetMs: setting({
      name: 'HOOKLINE_BUDGET_MS',
      ...wholeNumber(500, 2_500),
      default: '2000',
      meaning:
        'Milliseconds from the arrival of a request to its answer. Okta gives up after 3000, including its own token request.',
      deployed: fromParameter(['hook'], 'BudgetMs', { group: 'decisions', label: 'Time for an answer' }),
    }),
    overLimit: setting({
      name: 'HOOKLINE_OVER_LIMIT_ANSWER',
      ...oneOf('error', 'failed', 'silent'),
      default: 'error',
      meaning:
        'Answer to Okta when a limit is reached. `error` tells the user to wait. With `error` and `failed`, Okta sends with its own provider if the org has one. `silent` answers SUCCESSFUL, and no code is sent.',
      deployed: fromParameter(['hook'], 'OverLimitAnswer', {
        group: 'decisions',
        label: 'Answer when a limit is reached',
        description:
          'error tells the user to wait. With error and failed, Okta sends with its own provider if the org has one. silent looks like success, and no code is sent.',
      }),
    }),
    blocked: setting({
      name: 'HOOKLINE_BLOCKED_ANSWER',
      ...oneOf('silent', 'error', 'failed'),
      default: 'silent',
      meaning:
        'Answer to Okta when a number is blocked: premium rate, shared cost, satellite, or blocked by the protect configuration. `silent` answers SUCCESSFUL, and no code is sent. With `error` and `failed`, Okta sends with its own provider if the org has one, which defeats the block. If it has none, `error` shows the refusal to a user who is refused by mistake.',
      deployed: fromParameter(['hook'], 'BlockedAnswer', {
        group: 'decisions',
        label: 'Answer to blocked numbers',
        description:
          'silent looks like success, and no code is sent. With error and failed, Okta sends with its own provider if the org has one, which defeats the block. If it has none, error shows the refusal to a user who is refused by mistake.',
      }),
    }),
    unknown: setting({
      name: 'HOOKLINE_UNKNOWN_ANSWER',
      ...oneOf('failed', 'pending'),
      default: 'failed',
      meaning:
        'Answer to Okta when it is unknown whether the carrier accepted the message. `failed` risks a second text, `pending` a lost code.',
      deployed: fromParameter(['hook'], 'UnknownAnswer', {
        group: 'decisions',
        label: 'Answer when the outcome is unknown',
        description:
          'When it is unknown whether the carrier accepted the message. failed risks a second text, pending a lost code.',
      }),
    }),
  },

  aws,
  canary,
} as const

export type SendingSettings = {
  readonly [Group in keyof typeof sendingSettings]: ValuesOf<(typeof sendingSettings)[Group]>
}

/** Settings that sending needs and that are missing. */
export function missingForSending({ store, aws }: Pick<SendingSettings, 'store' | 'aws'>): readonly string[] {
  return [
    ...(store.hashKey === undefined
      ? [`${sendingSettings.store.hashKey.name} is missing. Create one with: openssl rand -hex 32`]
      : []),
    ...(store.otherHashKey !== undefined && store.otherHashKey.reveal() === store.hashKey?.reveal()
      ? [
          `${sendingSettings.store.otherHashKey.name} is the same as ${sendingSettings.store.hashKey.name}; expected another key, or none.`,
        ]
      : []),
    ...(aws.region === undefined
      ? [
          `${sendingSettings.aws.region.name} is missing: the region of AWS End User Messaging, such as us-east-1.`,
        ]
      : []),
  ]
}

/** The settings for planning. */
export function planRules({ numbers, texts, prices, aws }: SendingSettings): PlanRules {
  return {
    ...numbers,
    defaultLocale: texts.defaultLocale,
    fallbackVoiceLocale: texts.fallbackVoiceLocale,
    oktasTextFor: texts.oktasTextFor,
    partsMax: texts.partsMax,
    brand: texts.brand,
    brandSpeech: brandSpeech(texts),
    domain: texts.domain,
    usesFirstName: texts.usesFirstName,
    ending: codeEnding(texts),
    maxPricePerPart: prices.partMax,
    maxPricePerMinute: prices.minuteMax,
    homeRegion: aws.region,
  }
}

function brandSpeech({
  brandSpoken: alias,
  brandLanguage: language,
}: SendingSettings['texts']): PlanRules['brandSpeech'] {
  return alias === undefined && language === undefined ? undefined : { alias, language }
}

/** If both are set, texts end with the app's hash: they can be for one app or for browsers, not both. */
function codeEnding({ domain, appHash }: SendingSettings['texts']): CodeEnding | undefined {
  if (appHash !== undefined) return { kind: 'app', appHash }
  return domain === undefined ? undefined : { kind: 'domain', domain }
}

function readCountry(text: string): CountryCode | undefined {
  return accepted(text.toUpperCase(), isCountry)
}

/** Refuses two countries with one calling code: an unknown range could belong to either. */
function readCountries(text: string): readonly CountryCode[] | undefined {
  const countries = partsOf(text.toUpperCase())
  // The library takes an index as its metadata.
  if (!countries.every(country => isCountry(country))) return undefined
  const codes = new Set(countries.map(country => callingCodeOf(country)))
  return codes.size === countries.length ? countries : undefined
}

function readLanguages(text: string): readonly string[] | undefined {
  const languages = partsOf(text).map(part => normalizeLocale(part) ?? '')
  return languages.every(language => /^[a-z]{2,3}$/.test(language)) ? languages : undefined
}

/** As AWS's voices name it: `en` is `en-US`, `nb` is `nb-NO`. */
function readVoiceLanguage(text: string): string | undefined {
  const locale = normalizeLocale(text)
  return locale === undefined ? undefined : spokenLanguageOf(locale)
}
