import * as z from 'zod'
import { Secret } from '../core/secret.ts'
import { field, type ValuesOf } from './field.ts'

/** What it takes to know who is asking: settings of their own, because a deployment has a function for it. */
export type AskingSettings = ValuesOf<typeof askingFields>

export const askingFields = {
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
} as const

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

const TOKEN_SETTINGS = [
  'HOOKLINE_OKTA_ISSUER',
  'HOOKLINE_OKTA_AUDIENCE',
  'HOOKLINE_OKTA_CLIENT_ID',
  'HOOKLINE_OKTA_SCOPE',
] as const
const SECRET_SETTINGS = ['HOOKLINE_SECRET_HEADER', 'HOOKLINE_SECRETS'] as const

/** What is missing to know who is asking. */
export function missingForAsking(settings: AskingSettings): readonly string[] {
  const token = TOKEN_SETTINGS.filter(name => settings[name] !== undefined)
  const header = SECRET_SETTINGS.filter(name => settings[name] !== undefined)
  const halves = [
    [token, TOKEN_SETTINGS],
    [header, SECRET_SETTINGS],
  ] as const
  if (token.length === 0 && header.length === 0) {
    return [
      `Nobody could call the hook. Set ${list(TOKEN_SETTINGS)} (access tokens), or ${list(SECRET_SETTINGS)} (secret header).`,
    ]
  }
  return halves.flatMap(([some, all]) => {
    const missing = all.filter(name => settings[name] === undefined)
    return some.length === 0 || missing.length === 0
      ? []
      : [`${list(missing)} missing: ${list(all)} belong together.`]
  })
}

function list(names: readonly string[]): string {
  return names.join(', ')
}
