import * as z from 'zod'
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

/** Reads `{"acme": {"issuer": …}, "globex": {"secretHeader": …}}`. Problems name the org and the property. */
export function readOrgs(text: string, context: z.RefinementCtx): readonly TrustedOrg[] {
  const problem = (message: string): never => {
    context.addIssue(message)
    return z.NEVER
  }
  const json = parseObject(text)
  if (json === undefined) return problem('it is not a JSON object')
  const names = Object.keys(json)
  if (names.length === 0) return problem('it names no org')
  const wrongName = names.find(name => !ORG_NAME.test(name))
  if (wrongName !== undefined) {
    return problem(`the name "${wrongName}" is not 1 to 40 letters, digits, dots, hyphens and underscores`)
  }
  return names.map(name => {
    const isByHeader = Object.hasOwn(Object(json[name]), 'secretHeader')
    const parsed = (isByHeader ? BY_HEADER : BY_TOKEN).safeParse(json[name])
    if (parsed.success) return { name, ...parsed.data }
    for (const { path, message } of parsed.error.issues) {
      context.addIssue(`${[name, ...path].join('.')} ${message}`)
    }
    return z.NEVER
  })
}

/** Reads `acme=secret,globex=first,globex=second`. */
export function readOrgSecrets(text: string, context: z.RefinementCtx): OrgSecrets {
  const secrets = new Map<string, Secret[]>()
  for (const pair of text.split(',')) {
    const [, name, secret] = /^\s*([^=\s]+)=(\S{32,})\s*$/.exec(pair) ?? []
    if (name === undefined || secret === undefined) {
      context.addIssue('not pairs of name and secret')
      return z.NEVER
    }
    secrets.set(name, [...(secrets.get(name) ?? []), new Secret(secret)])
  }
  if ([...secrets.values()].every(({ length }) => length <= 2)) return secrets
  context.addIssue('more than two secrets of one org')
  return z.NEVER
}

const ORG_NAME = /^[A-Za-z0-9][\w.-]{0,39}$/

/** Undefined if the text is not a JSON object. */
function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

// Each message goes on after the name of what it is about.
const text = z.string({ error: ({ input }) => (input === undefined ? 'is missing' : 'is not text') })
const word = text.regex(/^\S+$/, 'is empty or has blanks in it')

/** A refinement with the message of `problemOf`, which is undefined if there is no problem. */
function without(problemOf: (text: string) => string | undefined) {
  return (text: string, context: z.RefinementCtx): void => {
    const problem = problemOf(text)
    if (problem !== undefined) context.addIssue(problem)
  }
}

function orgOf<Shape extends z.ZodRawShape>(shape: Shape) {
  const error: z.core.$ZodErrorMap = ({ code, keys }) =>
    code === 'unrecognized_keys'
      ? `has ${keys}; expected ${Object.keys(shape).join(', ')} and nothing else`
      : 'is not an object'
  return z.strictObject(shape, { error })
}

const BY_TOKEN = orgOf({
  issuer: text.superRefine(without(issuerProblem)),
  audience: word,
  clientId: word,
  scope: word,
}).transform(org => ({ kind: 'access token' as const, ...org }))
const BY_HEADER = orgOf({
  secretHeader: text.superRefine(without(secretHeaderProblem)),
}).transform(org => ({ kind: 'secret header' as const, ...org }))

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
  if (typeof value !== 'object' || value === null) return { problems: [`${name} is not an object.`] }
  const { trusts, ...options } = value as Readonly<Record<string, unknown>>
  const names = Object.keys(options)
  const trusted = trusts === undefined ? undefined : TRUSTED.safeParse(JSON.stringify({ [name]: trusts }))
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
    ...(trusted?.error?.issues ?? []).map(({ message }) => `trusts of ${message}.`),
  ]
  if (problems.length > 0) return { problems }
  return { name, options: options as OrgEntry['options'], trusts: trusted?.data?.[0] }
}

const TRUSTED = z.string().transform(readOrgs)

/** Options of `okta` and `doctor` that are about one org. */
const OPTIONS: readonly string[] = [
  ...['org', 'tokenFile', 'clientId', 'keyFile', 'keyId'],
  ...['authorizationServer', 'scope', 'adopt', 'appClientId'],
  ...['url', 'secretHeader', 'secretFile', 'replace', 'policyRule', 'to', 'oktaTelephony'],
]
