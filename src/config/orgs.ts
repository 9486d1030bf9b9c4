import { Secret } from '../core/values/secret.ts'
import { issuerProblem, secretHeaderProblem } from './caller-problems.ts'

/** An org that a deployment trusts, with its name and authentication method. */
export type TrustedOrg =
  | ({ readonly kind: 'access token'; readonly name: string } & TokenClient)
  | { readonly kind: 'secret header'; readonly name: string; readonly secretHeader: string }

/** What identifies the access tokens of an org. */
type TokenClient = {
  readonly issuer: string
  readonly audience: string
  readonly clientId: string
  readonly scope: string
}

/** Secrets of orgs by name: one each, or two during rotation. */
export type OrgSecrets = ReadonlyMap<string, readonly Secret[]>

/** Reads `{"acme": {"issuer": …}, "globex": {"secretHeader": …}}`; undefined if there is an `orgsProblem`. */
export function readOrgs(text: string): readonly TrustedOrg[] | undefined {
  const { orgs, problems } = parseOrgs(text)
  return problems.length === 0 ? orgs : undefined
}

/** Everything that is wrong, by org and property; undefined if nothing is. */
export function orgsProblem(text: string): string | undefined {
  const { problems } = parseOrgs(text)
  return problems.length === 0 ? undefined : problems.join('; ')
}

type OrgsParsed = { readonly orgs: readonly TrustedOrg[]; readonly problems: readonly string[] }

function parseOrgs(text: string): OrgsParsed {
  const only = (problem: string): OrgsParsed => ({ orgs: [], problems: [problem] })
  const json = parseObject(text)
  if (json === undefined) return only('it is not a JSON object')
  const names = Object.keys(json)
  if (names.length === 0) return only('it names no org')
  const wrongName = names.find(name => !ORG_NAME.test(name))
  if (wrongName !== undefined)
    return only(`the name "${wrongName}" is not 1 to 40 letters, digits, dots, hyphens and underscores`)
  const read = names.map(name => readOrg(name, json[name]))
  return {
    orgs: read.flatMap(org => ('problems' in org ? [] : [org])),
    problems: read.flatMap(org => ('problems' in org ? org.problems : [])),
  }
}

function readOrg(name: string, value: unknown): TrustedOrg | { readonly problems: readonly string[] } {
  if (!isObject(value)) return { problems: [`${name} is not an object`] }
  const isByHeader = Object.hasOwn(value, 'secretHeader')
  const form = isByHeader ? BY_HEADER : BY_TOKEN
  const expected = Object.keys(form)
  const others = Object.keys(value).filter(property => !expected.includes(property))
  const problems = Object.entries(form).flatMap(([property, problemOf]) => {
    const text = value[property]
    const why = text === undefined ? 'is missing' : typeof text === 'string' ? problemOf(text) : 'is not text'
    return why === undefined ? [] : [`${name}.${property} ${why}`]
  })
  if (others.length > 0)
    problems.push(`${name} has ${others}; expected ${expected.join(', ')} and nothing else`)
  if (problems.length > 0) return { problems }
  return { name, kind: isByHeader ? 'secret header' : 'access token', ...value } as TrustedOrg // as its form has it
}

type ProblemOf = (text: string) => string | undefined

const word: ProblemOf = text => (/^\S+$/.test(text) ? undefined : 'is empty or has blanks in it')
const BY_TOKEN: Readonly<Record<keyof TokenClient, ProblemOf>> = {
  issuer: issuerProblem,
  audience: word,
  clientId: word,
  scope: word,
}
const BY_HEADER = { secretHeader: secretHeaderProblem }

/** Reads `acme=secret,globex=first,globex=second`. */
export function readOrgSecrets(text: string): OrgSecrets | undefined {
  const secrets = new Map<string, Secret[]>()
  for (const pair of text.split(',')) {
    const [, name, secret] = /^\s*([^=\s]+)=(\S{32,})\s*$/.exec(pair) ?? []
    if (name === undefined || secret === undefined) return undefined
    secrets.set(name, [...(secrets.get(name) ?? []), new Secret(secret)])
  }
  return [...secrets.values()].every(({ length }) => length <= 2) ? secrets : undefined
}

/** One secret, or two separated by a comma, each of at least 32 characters. */
export function readSecrets(text: string): readonly Secret[] | undefined {
  const secrets = text.split(',').map(secret => secret.trim())
  const areUsable = secrets.length <= 2 && secrets.every(({ length }) => length >= 32)
  return areUsable ? secrets.map(secret => new Secret(secret)) : undefined
}

/** Orgs with the same secret, as text; `unnamed` is the setting of the org without a name. */
export function namesWithSameSecret(
  unnamed: string,
  secrets: readonly Secret[] = [],
  orgSecrets: OrgSecrets = new Map(),
): readonly string[] {
  const all = [[unnamed, secrets] as const, ...orgSecrets]
  return twins(all.flatMap(([name, some]) => some.map(secret => ({ name, mark: secret.reveal() }))))
}

/** Names that share a mark, as text. */
export function twins(marked: readonly Marked[]): readonly string[] {
  const names = Map.groupBy(marked, ({ mark }) => mark)
  return [...names.values()]
    .filter(some => new Set(some.map(({ name }) => name)).size > 1)
    .map(some => some.map(({ name }) => name).join(' and '))
}

/** Credentials with the same mark are equal. */
export type Marked = { readonly name: string; readonly mark: string }

const ORG_NAME = /^[A-Za-z0-9][\w.-]{0,39}$/

/** Undefined if the text is not a JSON object. */
function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return isObject(json) ? json : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An org in the file of `--all`: the credentials of the commands, and how the org authenticates to the deployment. */
export type OrgEntry = {
  readonly name: string
  /** Options of the commands, by their names in camel case; `org` is required. */
  readonly options: { readonly org: string; readonly [option: string]: string }
  /** The value for `HOOKLINE_ORGS`; undefined until the org is prepared. */
  readonly trusts: TrustedOrg | undefined
}

export type OrgsFileRead =
  | { readonly kind: 'orgs'; readonly orgs: readonly OrgEntry[] }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }

/** Reads `{"acme": {"org": "https://acme.okta.com", "tokenFile": "acme.token", "trusts": {…}}}`. */
export function readOrgsFile(text: string): OrgsFileRead {
  const json = parseObject(text)
  if (json === undefined) return { kind: 'problems', problems: ['It is not a JSON object.'] }
  const read = Object.entries(json).map(([name, value]) => readEntry(name, value))
  const problems = read.flatMap(entry => ('problems' in entry ? entry.problems : []))
  const orgs = read.flatMap(entry => ('problems' in entry ? [] : [entry]))
  if (read.length === 0) problems.push('It names no org.')
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'orgs', orgs }
}

function readEntry(name: string, value: unknown): OrgEntry | { readonly problems: readonly string[] } {
  if (!ORG_NAME.test(name)) {
    return { problems: [`The name "${name}" is not 1 to 40 letters, digits, dots, hyphens and underscores.`] }
  }
  if (!isObject(value)) return { problems: [`${name} is not an object.`] }
  const { trusts, ...options } = value
  const names = Object.keys(options)
  const trusted = trusts === undefined ? undefined : parseOrgs(JSON.stringify({ [name]: trusts }))
  const problems = [
    ...names
      .filter(option => !OPTIONS.includes(option))
      .map(option => `${name} has "${option}", but only ${OPTIONS.join(', ')} and trusts are allowed.`),
    ...names
      .filter(option => typeof options[option] !== 'string' || options[option] === '')
      .map(option => `${name}.${option} is not text.`),
    ...(names.includes('org')
      ? []
      : [`${name}.org is missing: the org's address, https://example.okta.com.`]),
    ...(trusted?.problems ?? []).map(problem => `trusts of ${problem}.`),
  ]
  if (problems.length > 0) return { problems }
  return { name, options: options as OrgEntry['options'], trusts: trusted?.orgs[0] }
}

/** Options of `okta` and `doctor` that are about one org. */
const OPTIONS: readonly string[] = [
  ...['org', 'tokenFile', 'clientId', 'keyFile', 'keyId'],
  ...['authorizationServer', 'scope', 'adopt', 'appClientId'],
  ...[
    'url',
    'secretHeader',
    'secretFile',
    'eventsUrl',
    'eventSecretFile',
    'replace',
    'policyRule',
    'to',
    'oktaTelephony',
  ],
]
