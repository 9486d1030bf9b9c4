import { secretHeaderProblem } from './caller-problems.ts'
import { issuer } from './issuer.ts'
import {
  type Marked,
  namesWithSameSecret,
  orgsProblem,
  readOrgSecrets,
  readOrgs,
  readSecrets,
  type TrustedOrg,
  twins,
} from './orgs.ts'
import { hookSecretId } from './secret-id.ts'
import {
  anyText,
  explainedText,
  fromParameter,
  inSecret,
  matching,
  setting,
  type ValuesOf,
} from './setting.ts'

/** The orgs that may call, and how they authenticate. In a separate file because the authorizer reads only these settings. */
export type CallerSettings = Omit<ValuesOf<typeof callers>, 'secretId'>

export const callers = {
  issuer,
  audience: setting({
    name: 'HOOKLINE_OKTA_AUDIENCE',
    read: anyText,
    allowed: 'text such as api://default',
    meaning: 'Audience of the access tokens (claim `aud`).',
    deployed: fromParameter(['authorizer'], 'OktaAudience', {
      group: 'tokens',
      label: 'Audience',
      pattern: '^\\S*$',
      allowed: 'text without blanks, such as api://default',
      description: 'Audience of the authorization server, as Okta shows it.',
    }),
  }),
  clientId: setting({
    name: 'HOOKLINE_OKTA_CLIENT_ID',
    read: anyText,
    allowed: 'text such as 0oa1a2b3c4d5e6f7g8h9',
    meaning: "Client ID of the hook's service app (claim `cid`).",
    deployed: fromParameter(['authorizer'], 'OktaClientId', {
      group: 'tokens',
      label: 'Client ID',
      pattern: '^\\S*$',
      allowed: 'text without blanks, such as 0oa1a2b3c4d5e6f7g8h9',
      description: "Client ID of the hook's service app in Okta.",
    }),
  }),
  scope: setting({
    name: 'HOOKLINE_OKTA_SCOPE',
    read: matching(/^\S+$/),
    allowed: 'one scope, such as telephony.send',
    meaning: 'Scope that an access token must have (claim `scp`).',
    deployed: fromParameter(['authorizer'], 'OktaScope', {
      group: 'tokens',
      label: 'Scope',
      pattern: '^\\S*$',
      description: 'Scope that an access token must have.',
    }),
  }),
  secretHeader: setting({
    name: 'HOOKLINE_SECRET_HEADER',
    ...explainedText(secretHeaderProblem),
    allowed: 'a header name of letters, digits and hyphens, other than Authorization',
    meaning:
      'Name of the header with the secret: the authentication method for orgs without API Access Management. Headers that HTTP or a proxy sets, such as Host or Cookie, cannot be used.',
    deployed: fromParameter(['authorizer', 'canary'], 'SecretHeaderName', {
      group: 'header',
      label: 'Name of the secret header',
      pattern: '^(?![Aa]uthorization$)([A-Za-z][A-Za-z0-9-]{0,63})?$',
      description:
        "For orgs without Okta's API Access Management: header in which Okta sends a secret. AWS generates the secret; the output HookSecretArn names it. After a later change, deploy the API in API Gateway's console.",
    }),
  }),
  secrets: setting({
    name: 'HOOKLINE_SECRETS',
    read: readSecrets,
    allowed: 'one secret, or two separated by a comma, each of at least 32 characters',
    meaning: 'Secret that the secret header must contain. Set two while you rotate it.',
    isSecret: true,
    deployed: inSecret('hookSecret'),
  }),
  orgs: setting({
    name: 'HOOKLINE_ORGS',
    read: readOrgs,
    problemOf: orgsProblem,
    allowed:
      'a JSON object such as {"acme":{"issuer":"https://acme.okta.com/oauth2/default","audience":"api://default","clientId":"0oa1a2b3c4d5e6f7g8h9","scope":"telephony.send"},"globex":{"secretHeader":"X-Hookline-Secret"}}',
    meaning:
      'Several orgs by name. Deliveries and metrics contain the name. Each org has the four values of an access token, or the name of its secret header. The settings above may add one org without a name.',
    isLong: true,
    deployed: fromParameter(['authorizer'], 'OktaOrgs', {
      group: 'tokens',
      label: 'Several orgs',
      pattern: '^(\\{.{1,3000}\\})?$',
      allowed: 'a JSON object of at most 3000 characters, as `hookline deploy --orgs` writes it',
      description:
        'Orgs by name, instead of or in addition to the four parameters above. Each has issuer, audience, clientId and scope, or, with a secret header, secretHeader, which is the same for all orgs.',
    }),
  }),
  orgSecrets: setting({
    name: 'HOOKLINE_ORG_SECRETS',
    read: readOrgSecrets,
    allowed: 'name=secret, or several separated by commas, each secret of at least 32 characters',
    meaning:
      'Secret of each org in `HOOKLINE_ORGS` that has a secret header. Name an org twice while you rotate its secret.',
    isSecret: true,
    deployed: inSecret('hookSecret'),
  }),
  secretId: hookSecretId,
} as const

const TOKEN_SETTINGS = ['issuer', 'audience', 'clientId', 'scope'] as const
const HEADER_SETTINGS = ['secretHeader', 'secrets'] as const

/** Problems of authentication: an incomplete method, an org without its secret, or orgs that cannot be told apart. */
export function missingForCallers(settings: CallerSettings): readonly string[] {
  const incomplete = [TOKEN_SETTINGS, HEADER_SETTINGS].flatMap(keys => {
    const missing = keys.filter(key => settings[key] === undefined)
    return missing.length === 0 || missing.length === keys.length
      ? []
      : [`Missing ${namesOf(missing)}: ${namesOf(keys)} must be set together.`]
  })
  if (!hasUnnamedOrg(settings) && settings.orgs === undefined && incomplete.length === 0) {
    return [
      `No authentication method is set. Set ${namesOf(TOKEN_SETTINGS)} (access tokens), or ${namesOf(HEADER_SETTINGS)} (secret header), or ${callers.orgs.name} (several orgs).`,
    ]
  }
  return [...incomplete, ...orgProblems(settings)]
}

/** Whether an org without a name may call the hook. */
export function hasUnnamedOrg({ issuer, secretHeader }: CallerSettings): boolean {
  return issuer !== undefined || secretHeader !== undefined
}

function namesOf(keys: readonly (keyof typeof callers)[]): string {
  return keys.map(key => callers[key].name).join(', ')
}

/**
 * Orgs without their secrets, and orgs with the same credential. A secret without its org is allowed, because it is set
 * before the org is trusted.
 */
function orgProblems(settings: CallerSettings): readonly string[] {
  const { orgs = [], orgSecrets = new Map() } = settings
  const without = orgs.filter(org => org.kind === 'secret header' && !orgSecrets.has(org.name))
  return [
    ...without.map(
      ({ name }) => `${callers.orgSecrets.name} has no secret for the org ${name}. Add ${name}=<secret>.`,
    ),
    ...twins(clientsOf(settings)).map(
      names =>
        `${names} are the same client of the same issuer, so their calls cannot be told apart. Keep only one of them.`,
    ),
    ...namesWithSameSecret(callers.secrets.name, settings.secrets, settings.orgSecrets).map(
      names =>
        `${names} have the same secret, so their calls cannot be told apart. Give each its own secret.`,
    ),
  ]
}

function clientsOf({ issuer, clientId, orgs = [] }: CallerSettings): readonly Marked[] {
  const own = { name: callers.clientId.name, mark: JSON.stringify([issuer, clientId]) }
  const others = orgs.flatMap(org =>
    org.kind === 'access token' ? [{ name: org.name, mark: JSON.stringify([org.issuer, org.clientId]) }] : [],
  )
  return issuer === undefined ? others : [own, ...others]
}

/** Selects an org by its name or its address. Without either, it selects the only org. */
export type OrgSelector = { readonly name: string | undefined; readonly url: string | undefined }

/** The settings as if the deployment trusted only this org; undefined if it does not trust it. */
export function callersOfOrg(settings: CallerSettings, selector: OrgSelector): CallerSettings | undefined {
  const { orgs, orgSecrets, ...unnamed } = settings
  if (orgs === undefined) return settings
  const org = findOrg(orgs, selector, hasUnnamedOrg(settings))
  if (org === undefined)
    return hasUnnamedOrg(settings) ? { ...unnamed, orgs: undefined, orgSecrets: undefined } : undefined
  const isByToken = org.kind === 'access token'
  return {
    issuer: isByToken ? org.issuer : undefined,
    audience: isByToken ? org.audience : undefined,
    clientId: isByToken ? org.clientId : undefined,
    scope: isByToken ? org.scope : undefined,
    secretHeader: isByToken ? undefined : org.secretHeader,
    secrets: isByToken ? undefined : orgSecrets?.get(org.name),
    orgs: undefined,
    orgSecrets: undefined,
  }
}

function findOrg(
  orgs: readonly TrustedOrg[],
  { name, url }: OrgSelector,
  hasUnnamed: boolean,
): TrustedOrg | undefined {
  if (name !== undefined) return orgs.find(org => org.name === name)
  if (url !== undefined)
    return orgs.find(org => org.kind === 'access token' && originOf(org.issuer) === originOf(url))
  return orgs.length === 1 && !hasUnnamed ? orgs[0] : undefined
}

function originOf(url: string): string | undefined {
  return URL.parse(url)?.origin
}
