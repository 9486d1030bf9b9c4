import * as z from 'zod'
import { normalizeLocale } from '../core/locale.ts'
import { type CountryCode, isCountry } from '../core/phone-number.ts'
import { Secret } from '../core/secret.ts'

export type Settings = { readonly [Name in keyof Fields]: z.output<Fields[Name]['schema']> }
export type Environment = Readonly<Record<string, string | undefined>>

export type SettingsRead =
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }

/** Reads settings from an environment. All problems at once; an unknown `HOOKLINE_*` name is one. */
export function readSettings(environment: Environment): SettingsRead {
  const problems: string[] = []
  const settings: Record<string, unknown> = {}
  for (const [name, { schema, allowed, isSecret }] of Object.entries(settingFields)) {
    const given = environment[name]?.trim() || undefined // an empty variable is an unset one
    const parsed = schema.safeParse(given)
    if (parsed.success) settings[name] = parsed.data
    else problems.push(`${name} is ${isSecret ? 'set, but not usable' : `"${given}"`}; expected ${allowed}.`)
  }
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('HOOKLINE_') || name in settingFields) continue
    problems.push(`${name} is not a setting of Hookline; docs/settings.md lists them.`)
  }
  return problems.length > 0
    ? { kind: 'problems', problems }
    : { kind: 'settings', settings: settings as Settings }
}

/** What `serve` needs beyond what is right in itself. */
export function missingForService(settings: Settings): readonly string[] {
  const problems: string[] = []
  const need = (isThere: boolean, problem: string): void => void (isThere || problems.push(problem))
  const token = TOKEN_SETTINGS.filter(name => settings[name] !== undefined)
  const header = SECRET_SETTINGS.filter(name => settings[name] !== undefined)
  need(
    token.length > 0 || header.length > 0,
    `Nobody could call the hook. Set ${list(TOKEN_SETTINGS)} (access tokens), or ${list(SECRET_SETTINGS)} (secret header).`,
  )
  for (const [some, all] of [
    [token, TOKEN_SETTINGS],
    [header, SECRET_SETTINGS],
  ] as const) {
    const missing = all.filter(name => settings[name] === undefined)
    need(some.length === 0 || missing.length === 0, `${list(missing)} missing: ${list(all)} belong together.`)
  }
  need(
    settings.HOOKLINE_HASH_KEY !== undefined,
    'HOOKLINE_HASH_KEY is missing. Make one with: openssl rand -hex 32',
  )
  need(
    settings.AWS_REGION !== undefined,
    'AWS_REGION is missing: the region of AWS End User Messaging, such as us-east-1.',
  )
  return problems
}

const TOKEN_SETTINGS = [
  'HOOKLINE_OKTA_ISSUER',
  'HOOKLINE_OKTA_AUDIENCE',
  'HOOKLINE_OKTA_CLIENT_ID',
  'HOOKLINE_OKTA_SCOPE',
] as const
const SECRET_SETTINGS = ['HOOKLINE_SECRET_HEADER', 'HOOKLINE_SECRETS'] as const

type Fields = typeof settingFields

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

  HOOKLINE_OKTA_ISSUER: field(
    z.string().refine(isIssuer).optional(),
    'an https address without a query (http on loopback only), such as https://example.okta.com/oauth2/default',
    'Issuer of the access tokens: a custom authorization server of Okta, exactly as in the claim `iss`. Its keys are read from `<issuer>/v1/keys`.',
  ),
  HOOKLINE_OKTA_AUDIENCE: field(
    z.string().optional(),
    'text such as api://default',
    'Audience of the access tokens: claim `aud`.',
  ),
  HOOKLINE_OKTA_CLIENT_ID: field(
    z.string().optional(),
    'text such as 0oa1a2b3c4d5e6f7g8h9',
    "Client ID of the hook's service app: claim `cid`.",
  ),
  HOOKLINE_OKTA_SCOPE: field(
    z.string().regex(/^\S+$/).optional(),
    'one scope, such as telephony.send',
    'The scope that an access token must have: claim `scp`.',
  ),
  HOOKLINE_SECRET_HEADER: field(
    z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/)
      .refine(name => name.toLowerCase() !== 'authorization')
      .optional(),
    'a header name of letters, digits and hyphens, other than Authorization',
    'The second way in, for orgs without API Access Management: name of the header that carries the secret.',
  ),
  HOOKLINE_SECRETS: field(
    z.string().transform(readSecrets).refine(areSecrets).optional(),
    'one secret, or two separated by a comma, each of at least 32 characters',
    'What the secret header must hold. Two while rotating.',
    { isSecret: true },
  ),

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

  HOOKLINE_DEFAULT_COUNTRY: field(
    z.string().toUpperCase().transform(readCountry).optional(),
    'a country code (ISO 3166 alpha-2) such as US',
    'Country in which numbers without `+` are read. Without it they are refused, unless unmistakably international.',
  ),
  HOOKLINE_DEFAULT_LOCALE: field(
    z.string().transform(readLocale).default('en'),
    'a language tag (BCP 47) such as en or pt-BR',
    "Language of last resort, when there is no template for the user's and Okta's own text cannot be used.",
  ),
  HOOKLINE_PARTS_MAX: field(
    wholeNumber(1, 10).default(2),
    'a whole number from 1 to 10',
    "Okta's own text is used only if it fits this many message parts.",
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
  HOOKLINE_BLOCKED_ANSWER: field(
    z.enum(['error', 'failed', 'silent']).default('error'),
    '`error`, `failed` or `silent`',
    'What Okta hears when a message must not be sent. `failed` makes Okta send by its own provider, which undoes the block unless its fallback is switched off; `silent` looks like success.',
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

function field<S extends z.ZodType>(schema: S, allowed: string, meaning: string, { isSecret = false } = {}) {
  return { schema, allowed, meaning, isSecret }
}

function wholeNumber(min: number, max: number) {
  return z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max))
}

function usd() {
  return z
    .string()
    .regex(/^\d*\.?\d+$/)
    .transform(Number)
    .pipe(z.number().gt(0).max(10))
}

function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, search, hash } = new URL(text)
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
  return (protocol === 'https:' || (protocol === 'http:' && isLoopback)) && search === '' && hash === ''
}

function readSecrets(text: string): readonly Secret[] {
  return text.split(',').map(secret => new Secret(secret.trim()))
}

function areSecrets(secrets: readonly Secret[]): boolean {
  return secrets.length <= 2 && secrets.every(secret => secret.reveal().length >= 32)
}

function readTopics(text: string, context: z.RefinementCtx): readonly string[] {
  const topics = text.split(',').map(topic => topic.trim())
  if (topics.every(topic => /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w.-]+$/.test(topic))) return topics
  context.addIssue('not ARNs of topics')
  return z.NEVER
}

function readCountry(text: string, context: z.RefinementCtx): CountryCode {
  if (isCountry(text)) return text
  context.addIssue('not a country')
  return z.NEVER
}

function readLocale(text: string, context: z.RefinementCtx): string {
  const locale = normalizeLocale(text)
  if (locale !== undefined) return locale
  context.addIssue('not a locale')
  return z.NEVER
}

function list(names: readonly string[]): string {
  return names.join(', ')
}
