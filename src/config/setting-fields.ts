import * as z from 'zod'
import { isBrand } from '../core/message/template-values.ts'
import { Secret } from '../core/values/secret.ts'
import { fromAscii } from './ascii.ts'
import { askingFields } from './asking-fields.ts'
import { field } from './field.ts'
import {
  readCountries,
  readCountry,
  readLanguages,
  readLocale,
  readTopics,
  usd,
  wholeNumber,
} from './setting-schemas.ts'

/**
 * Every deployment setting, in one place: shape, what is allowed, and meaning. `docs/settings.md` is generated
 * from it. Nothing here can turn verification off.
 */
export const settingFields = {
  PORT: field(
    wholeNumber(0, 65_535).default(8080),
    'a whole number from 0 to 65535',
    'Port of the hook server. 0 takes a free one.',
  ),
  HOOKLINE_HOST: field(
    z.string().default('127.0.0.1'),
    'an IP address or host name of this machine',
    'Address to listen on. Loopback unless told otherwise: put a proxy with TLS in front.',
  ),
  HOOKLINE_PATH: field(
    z
      .string()
      .regex(/^\/[\w/-]+$/)
      .default('/mfa'),
    'a path such as /mfa',
    'Path of the hook.',
  ),

  ...askingFields,

  HOOKLINE_HASH_KEY: field(
    z
      .string()
      .min(32)
      .transform(text => new Secret(text))
      .optional(),
    'at least 32 random characters',
    'Key of the digests in which phone numbers and users are stored. Keep it: with another key old records are not found again. Required by `serve`; `start` makes one in the data folder.',
    { isSecret: true },
  ),
  HOOKLINE_RECEIPTS_FROM_EVENTBRIDGE: field(
    z.enum(['true', 'false']).default('false'),
    'true or false',
    'Whether receipts come by EventBridge as well (a deployment on AWS). They do not say which delivery they are about: each message that the carrier accepts is then written down once more.',
  ),
  HOOKLINE_RETENTION_DAYS: field(
    wholeNumber(1, 3_650).default(30),
    'a whole number from 1 to 3650',
    'Days after which a delivery is forgotten. Duplicates and limits look back a day at most.',
  ),
  HOOKLINE_DATA_DIR: field(
    z.string().default('data'),
    'a folder',
    'Folder of the store (`hookline.db`). Made if missing.',
  ),
  HOOKLINE_TABLE: field(
    z
      .string()
      .regex(/^[\w.-]{3,255}$/)
      .optional(),
    'the name of a table',
    'DynamoDB table of the store, instead of the folder: output `TableName` of a deployment.',
  ),
  HOOKLINE_SECRET_ID: field(
    z.string().optional(),
    'a name or ARN',
    'Secret of AWS Secrets Manager that holds HOOKLINE_HASH_KEY or HOOKLINE_SECRETS, as a JSON object with these names: output `HashKeySecretArn` of a deployment. What it holds is set as if it stood in the environment.',
  ),

  HOOKLINE_DEFAULT_COUNTRY: field(
    z.string().toUpperCase().transform(readCountry).optional(),
    'a country code (ISO 3166 alpha-2) such as US',
    'Country in which numbers without `+` are read: as they are dialled there, or with its calling code. Without it they are sent only if they can be one number alone; eleven digits that begin with 1 are refused in every area code.',
  ),
  HOOKLINE_UNKNOWN_RANGES: field(
    z.string().toUpperCase().transform(readCountries).default([]),
    'country codes (ISO 3166 alpha-2) separated by commas, such as BJ,CI',
    'Countries whose numbers are sent to even where the length fits but this version does not know the range: new ranges are opened every month. It cannot tell whether such a range costs more; the highest price still holds.',
  ),
  HOOKLINE_DEFAULT_LOCALE: field(
    z.string().transform(readLocale).default('en'),
    'a language tag (BCP 47) such as en or pt-BR',
    "Language of last resort, when there is no template for the user's and Okta's own text cannot be used.",
  ),
  HOOKLINE_FALLBACK_VOICE_LOCALE: field(
    z.string().transform(readLocale).default('en'),
    'a language tag (BCP 47) that AWS has a voice for, such as en or es-MX',
    "Language of a call, words and voice, when AWS has no voice for the user's language nor for the default.",
  ),
  HOOKLINE_OKTAS_TEXT_FOR: field(
    z.string().transform(readLanguages).default([]),
    'languages separated by commas, such as ht,hi',
    "Languages in which Okta's own text is preferred to ours: where no native reader has confirmed the template, for example (docs/languages.md).",
  ),
  HOOKLINE_PARTS_MAX: field(
    wholeNumber(1, 10).default(2),
    'a whole number from 1 to 10',
    "Okta's own text, and the last line for HOOKLINE_DOMAIN or HOOKLINE_APP_HASH, are used only if the text fits this many message parts.",
  ),
  HOOKLINE_BRAND: field(
    z.string().transform(fromAscii).refine(isBrand).default('Okta'),
    "1 to 20 letters, digits, spaces and . & ' -, without a link and without three digits in a row",
    'Who sends, in the words of the messages: `{brand}`.',
  ),
  HOOKLINE_DOMAIN: field(
    z
      .string()
      .regex(/^(?=.{4,40}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/)
      .optional(),
    'a host name in small letters of at most 40 characters, such as login.example.com',
    'Where people sign in. Texts end with the line `@domain #code`, by which browsers fill in the code there and nowhere else (WebOTP); also `{domain}` in templates.',
  ),
  HOOKLINE_APP_HASH: field(
    z
      .string()
      .regex(/^[A-Za-z0-9+/]{11}$/)
      .optional(),
    'the 11 characters of SMS Retriever',
    'Hash of an Android app: texts end with it instead of the domain, and the app reads the code.',
  ),
  HOOKLINE_FIRST_NAME: field(
    z.enum(['on', 'off']).default('off'),
    '`on` or `off`',
    "Whether templates may use the user's first name, `{firstName}`: people choose it themselves. It is cut to one word of at most 20 letters; `off` leaves it empty.",
  ),
  HOOKLINE_MAX_PRICE_PER_PART: field(
    usd().default(0.5),
    'US dollars, more than 0 and up to 10',
    'Most that one message part may cost, where the route says nothing. The carrier refuses what is dearer.',
  ),
  HOOKLINE_MAX_PRICE_PER_MINUTE: field(
    usd().default(1),
    'US dollars, more than 0 and up to 10',
    'Most that one minute of a call may cost, where the route says nothing.',
  ),

  HOOKLINE_BUDGET_MS: field(
    wholeNumber(500, 2_500).default(2_000),
    'a whole number from 500 to 2500',
    'Milliseconds from the arrival of a request to its answer. Okta gives up after 3000, its own token request included.',
  ),
  HOOKLINE_OVER_LIMIT_ANSWER: field(
    z.enum(['error', 'failed', 'silent']).default('error'),
    '`error`, `failed` or `silent`',
    'What Okta hears when a limit is reached. `error` tells the person to wait. With `error` and `failed`, Okta sends by its own provider where the org has one; `silent` answers SUCCESSFUL, and nobody sends.',
  ),
  HOOKLINE_BLOCKED_ANSWER: field(
    z.enum(['silent', 'error', 'failed']).default('silent'),
    '`silent`, `error` or `failed`',
    'What Okta hears when a number is blocked: premium rate, shared cost, satellite, or by the Protect configuration. `silent` answers SUCCESSFUL, and nobody sends. With `error` and `failed`, Okta sends by its own provider where the org has one, which undoes the block; where it has none, `error` lets a person who is refused wrongly see it.',
  ),
  HOOKLINE_UNKNOWN_ANSWER: field(
    z.enum(['failed', 'pending']).default('failed'),
    '`failed` or `pending`',
    'What Okta hears when nobody can tell whether the carrier took the message. `failed` risks a second text, `pending` a lost code.',
  ),

  AWS_REGION: field(
    z
      .string()
      .regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/)
      .optional(),
    'a region such as us-east-1',
    'Region of AWS End User Messaging. Required by `serve`. Credentials come from where every AWS SDK looks for them.',
  ),
  AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: field(
    z.url({ protocol: /^https?$/ }).optional(),
    'an http or https address',
    "Another address than AWS's own, for a stand-in.",
  ),
  HOOKLINE_RECEIPT_TOPICS: field(
    z.string().transform(readTopics).optional(),
    'ARNs of SNS topics, separated by commas',
    'Topics whose receipts are taken at `POST /events/carrier`. Without it that address does not exist. A subscription is confirmed by itself.',
  ),
  HOOKLINE_METRICS_PORT: field(
    wholeNumber(0, 65_535).optional(),
    'a whole number from 0 to 65535',
    'Port of `GET /metrics` (Prometheus), on loopback and apart from the hook. 0 takes a free one; unset, there are no metrics.',
  ),
  HOOKLINE_CONFIGURATION_SET: field(
    z.string().optional(),
    'a name or ARN',
    'Configuration set of AWS End User Messaging: its event destinations get the receipts.',
  ),
  HOOKLINE_PROTECT_CONFIGURATION: field(
    z.string().optional(),
    'an ID or ARN',
    'Protect configuration of AWS End User Messaging: blocks destinations by country.',
  ),
} as const
