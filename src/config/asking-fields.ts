import * as z from 'zod'
import { Secret } from '../core/values/secret.ts'
import { explainedField, field, type ValuesOf } from './field.ts'
import { issuerProblem } from './issuer.ts'
import { orgProblems } from './org-problems.ts'
import { readOrgSecrets, readOrgs } from './orgs.ts'
import { secretHeaderProblem } from './secret-header-name.ts'

/** What it takes to know who is asking: settings of their own, because a deployment has a function for it. */
export type AskingSettings = ValuesOf<typeof askingFields>

export const askingFields = {
  HOOKLINE_OKTA_ISSUER: explainedField(
    issuerProblem,
    'an https address without a query (http on loopback only), such as https://example.okta.com/oauth2/default',
    'Issuer of the access tokens: a custom authorization server of Okta, exactly as in the claim `iss`, so without a slash at the end, without `/v1/token` and on the host without `-admin`. Its keys are read from `<issuer>/v1/keys`.',
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
  HOOKLINE_SECRET_HEADER: explainedField(
    secretHeaderProblem,
    'a header name of letters, digits and hyphens, other than Authorization',
    'The second authentication method, for orgs without API Access Management: name of the header that carries the secret. Not a header that HTTP or a proxy sets itself, such as Host or Cookie.',
  ),
  HOOKLINE_SECRETS: field(
    z.string().transform(readSecrets).refine(areSecrets).optional(),
    'one secret, or two separated by a comma, each of at least 32 characters',
    'What the secret header must hold. Two while rotating.',
    { isSecret: true },
  ),
  HOOKLINE_ORGS: field(
    z.string().transform(readOrgs).optional(),
    'a JSON object such as {"acme":{"issuer":"https://acme.okta.com/oauth2/default","audience":"api://default","clientId":"0oa1a2b3c4d5e6f7g8h9","scope":"telephony.send"},"globex":{"secretHeader":"X-Hookline-Secret"}}',
    'Several orgs, each by its name, which deliveries and metrics carry. Each has all four of an access token, or the name of its secret header. The settings above may name one more.',
    { tellsWhy: true },
  ),
  HOOKLINE_ORG_SECRETS: field(
    z.string().transform(readOrgSecrets).optional(),
    'name=secret, or several separated by commas, each secret of at least 32 characters',
    'What the secret header of each such org of `HOOKLINE_ORGS` must hold. An org twice while rotating.',
    { isSecret: true },
  ),
} as const

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

/** What is missing to know who is asking, or cannot be told apart. */
export function missingForAsking(settings: AskingSettings): readonly string[] {
  const token = TOKEN_SETTINGS.filter(name => settings[name] !== undefined)
  const header = SECRET_SETTINGS.filter(name => settings[name] !== undefined)
  const halves = [
    [token, TOKEN_SETTINGS],
    [header, SECRET_SETTINGS],
  ] as const
  if (token.length === 0 && header.length === 0 && settings.HOOKLINE_ORGS === undefined) {
    return [
      `Nobody could call the hook. Set ${list(TOKEN_SETTINGS)} (access tokens), or ${list(SECRET_SETTINGS)} (secret header), or HOOKLINE_ORGS (several orgs).`,
    ]
  }
  const incomplete = halves.flatMap(([some, all]) => {
    const missing = all.filter(name => settings[name] === undefined)
    return some.length === 0 || missing.length === 0
      ? []
      : [`${list(missing)} missing: ${list(all)} belong together.`]
  })
  return [...incomplete, ...orgProblems(settings)]
}

function list(names: readonly string[]): string {
  return names.join(', ')
}
