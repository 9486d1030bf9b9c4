import * as z from 'zod'
import { defaultBrand, isBrand, isSpokenBrand } from '../core/message/template-values.ts'
import { normalizeLocale } from '../core/values/locale.ts'
import { type CountryCode, callingCodeOf, isCountry } from '../core/values/phone-number.ts'
import { Secret } from '../core/values/secret.ts'
import { spokenLanguageOf } from '../core/values/voices.ts'
import { callers, secretId } from './callers.ts'
import {
  flag,
  fromAscii,
  fromParameter,
  fromResource,
  inSecret,
  notDeployed,
  oneOf,
  type Setting,
  setting,
  usd,
  wholeNumber,
} from './setting.ts'

const LANGUAGE_TAG = '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$'
const APP_HASH = '[A-Za-z0-9+/]{11}'
const SERVER_ONLY = 'only for `serve`'
const PRICE_REFUSED =
  'US dollars. The carrier refuses anything more expensive, unless the route has its own limit.'

/**
 * Every setting, in the groups in which the program uses them. It defines how the environment is read, and the parameters
 * of the CloudFormation template, the environment of the functions, `docs/settings.md` and the table of parameters in
 * `docs/deploying.md` are generated from it. No setting turns verification off.
 */
export const settingTable = {
  server: {
    port: setting({
      name: 'PORT',
      ...wholeNumber(0, 65_535),
      default: '8080',
      meaning: 'Port of the hook server. 0 selects a free one.',
      deployed: notDeployed(SERVER_ONLY),
    }),
    host: setting({
      name: 'HOOKLINE_HOST',
      schema: z.string(),
      allowed: 'an IP address or host name of this machine',
      default: '127.0.0.1',
      meaning: 'Address to listen on. The default is loopback: put a proxy with TLS in front.',
      deployed: notDeployed(SERVER_ONLY),
    }),
    path: setting({
      name: 'HOOKLINE_PATH',
      schema: z.string().regex(/^\/[\w/-]+$/),
      allowed: 'a path such as /mfa',
      default: '/mfa',
      meaning: 'Path of the hook.',
      deployed: notDeployed(SERVER_ONLY),
    }),
    metricsPort: setting({
      name: 'HOOKLINE_METRICS_PORT',
      ...wholeNumber(0, 65_535),
      meaning:
        'Port of `GET /metrics` (Prometheus), on loopback, separate from the hook. 0 selects a free one; without it there are no metrics.',
      deployed: notDeployed(SERVER_ONLY),
    }),
  },

  callers,

  store: {
    hashKey: setting({
      name: 'HOOKLINE_HASH_KEY',
      schema: z
        .string()
        .min(32)
        .transform(text => new Secret(text)),
      allowed: 'at least 32 random characters',
      meaning:
        'Key of the digests in which phone numbers and users are stored. Do not change it: with another key, old records are not found. Required by `serve`; `start` creates one in the data folder.',
      isSecret: true,
      deployed: inSecret('hashKeySecret'),
    }),
    dataFolder: setting({
      name: 'HOOKLINE_DATA_DIR',
      schema: z.string(),
      allowed: 'a folder',
      default: 'data',
      meaning: 'Folder of the store (`hookline.db`). Created if it does not exist.',
      deployed: notDeployed(SERVER_ONLY),
    }),
    table: setting({
      name: 'HOOKLINE_TABLE',
      schema: z.string().regex(/^[\w.-]{3,255}$/),
      allowed: 'the name of a table',
      meaning: 'DynamoDB table of the store, instead of the folder (output `TableName` of a deployment).',
      deployed: fromResource({ hook: 'table', receipts: 'table' }),
    }),
    secretId,
    retentionDays: setting({
      name: 'HOOKLINE_RETENTION_DAYS',
      ...wholeNumber(1, 3_650),
      default: '30',
      meaning: 'Days after which a delivery is deleted. Duplicates and limits need at most one day.',
      deployed: fromParameter(['hook', 'receipts'], 'RetentionDays', {
        group: 'data',
        label: 'Days that deliveries are kept',
      }),
    }),
  },

  numbers: {
    defaultCountry: setting({
      name: 'HOOKLINE_DEFAULT_COUNTRY',
      schema: z.string().toUpperCase().transform(readCountry),
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
      schema: z.string().toUpperCase().transform(readCountries),
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
      schema: z.string().transform(readLocale),
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
      schema: z.string().transform(readLocale),
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
      schema: z.string().transform(readLanguages),
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
      schema: z.string().transform(fromAscii).refine(isBrand),
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
      schema: z.string().transform(fromAscii).refine(isSpokenBrand),
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
      schema: z.string().transform(readVoiceLanguage),
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
      schema: z.string().regex(/^(?=.{4,40}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/),
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
      schema: z.string().regex(new RegExp(`^${APP_HASH}$`)),
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

  aws: {
    region: setting({
      name: 'AWS_REGION',
      schema: z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/),
      allowed: 'a region such as us-east-1',
      meaning:
        'Region of AWS End User Messaging. Required by `serve`. Credentials are read from the same places as by AWS SDKs.',
      deployed: notDeployed('set by Lambda'),
    }),
    endpoint: setting({
      name: 'AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2',
      schema: z.url({ protocol: /^https?$/ }),
      allowed: 'an http or https address',
      meaning: "Address to use instead of AWS's, for a stand-in.",
      deployed: notDeployed('only for a stand-in'),
    }),
    configurationSet: setting({
      name: 'HOOKLINE_CONFIGURATION_SET',
      schema: z.string(),
      allowed: 'a name or ARN',
      meaning: 'Configuration set of AWS End User Messaging. Its event destinations get the receipts.',
      deployed: fromResource({ hook: 'configurationSet' }),
    }),
    protectConfiguration: setting({
      name: 'HOOKLINE_PROTECT_CONFIGURATION',
      schema: z.string(),
      allowed: 'an ID or ARN',
      meaning: 'Protect configuration of AWS End User Messaging, which blocks destinations by country.',
      deployed: fromResource({ hook: 'protectConfiguration' }),
    }),
    receiptTopics: setting({
      name: 'HOOKLINE_RECEIPT_TOPICS',
      schema: z.string().transform(readTopics),
      allowed: 'ARNs of SNS topics, separated by commas',
      meaning:
        'Topics whose receipts are accepted at `POST /events/carrier`. Without it, that address does not exist. Hookline confirms the subscription.',
      deployed: notDeployed('receipts go to a separate function'),
    }),
    receiptsFromEventBridge: setting({
      name: 'HOOKLINE_RECEIPTS_FROM_EVENTBRIDGE',
      ...flag(['true', 'false'], 'true'),
      default: 'false',
      meaning:
        'Whether receipts also arrive by EventBridge (a deployment on AWS). They do not name their delivery, so each message that the carrier accepts is then recorded a second time.',
      deployed: fromParameter(['hook'], 'ReceiptsFromEventBridge', {
        group: 'carrier',
        label: 'Receipts from EventBridge as well',
        description:
          'A second source of receipts. EventBridge reports every message that the account sends in this region, including those of other software: a receipt that matches no delivery of Hookline is deleted after an hour. Each receipt is stored once, whichever way it arrives.',
      }),
    }),
  },
} as const

/** Every row of the table. */
export const allSettings: readonly Setting<unknown, SettingParameterName>[] = Object.values(
  settingTable,
).flatMap(group => Object.values<Setting<unknown, SettingParameterName>>(group))

/** Parameters of the CloudFormation template that become settings. */
export type SettingParameterName = {
  [Group in keyof typeof settingTable]: ParameterNameIn<(typeof settingTable)[Group]>
}[keyof typeof settingTable]
type ParameterNameIn<Group> = {
  [Key in keyof Group]: Group[Key] extends Setting<unknown, infer Name> ? Name : never
}[keyof Group]

function readCountry(text: string, context: z.RefinementCtx): CountryCode {
  if (isCountry(text)) return text
  context.addIssue('not a country')
  return z.NEVER
}

/** Refuses two countries with one calling code: an unknown range could belong to either. */
function readCountries(text: string, context: z.RefinementCtx): readonly CountryCode[] {
  const countries = partsOf(text)
  const codes = countries.flatMap(country => (isCountry(country) ? [callingCodeOf(country)] : []))
  if (codes.length === countries.length && new Set(codes).size === codes.length)
    return countries as CountryCode[]
  context.addIssue('not countries')
  return z.NEVER
}

function readLanguages(text: string, context: z.RefinementCtx): readonly string[] {
  const languages = partsOf(text).map(normalizeLocale)
  if (languages.every(language => language !== undefined && /^[a-z]{2,3}$/.test(language)))
    return languages as string[]
  context.addIssue('not languages')
  return z.NEVER
}

/** As AWS's voices name it: `en` is `en-US`, `nb` is `nb-NO`. */
function readVoiceLanguage(text: string, context: z.RefinementCtx): string {
  const locale = normalizeLocale(text)
  const language = locale === undefined ? undefined : spokenLanguageOf(locale)
  if (language !== undefined) return language
  context.addIssue('no language of a voice')
  return z.NEVER
}

function readLocale(text: string, context: z.RefinementCtx): string {
  const locale = normalizeLocale(text)
  if (locale !== undefined) return locale
  context.addIssue('not a locale')
  return z.NEVER
}

function readTopics(text: string, context: z.RefinementCtx): readonly string[] {
  const topics = partsOf(text)
  if (topics.every(topic => /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w.-]+$/.test(topic))) return topics
  context.addIssue('not ARNs of topics')
  return z.NEVER
}

function partsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(',').map(part => part.trim())
}
