import * as z from 'zod'
import { ORG_NAME, parseObject, readOrgs, type TrustedOrg } from './orgs.ts'

/** An org in the file of `--all`: how the commands get in, and how the org proves to the deployment that it is asking. */
export type OrgEntry = {
  readonly name: string
  /** Options of the commands, by their names in camel case; `org` is always there. */
  readonly options: { readonly org: string; readonly [option: string]: string }
  /** As `HOOKLINE_ORGS` takes it; undefined until the org is prepared. */
  readonly trusts: TrustedOrg | undefined
}

export type OrgsFileRead =
  | { readonly kind: 'orgs'; readonly orgs: readonly OrgEntry[] }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }

/** Reads `{"acme": {"org": "https://acme.okta.com", "tokenFile": "acme.token", "trusts": {…}}}`. */
export function readOrgsFile(text: string): OrgsFileRead {
  const json = parseObject(text)
  if (json === undefined) return { kind: 'problems', problems: ['It is no JSON object.'] }
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
  if (typeof value !== 'object' || value === null) return { problems: [`${name} is no object.`] }
  const { trusts, ...options } = value as Readonly<Record<string, unknown>>
  const names = Object.keys(options)
  const trusted = trusts === undefined ? undefined : TRUSTED.safeParse(JSON.stringify({ [name]: trusts }))
  const problems = [
    ...names
      .filter(option => !OPTIONS.includes(option))
      .map(option => `${name} has "${option}"; allowed are ${OPTIONS.join(', ')} and trusts.`),
    ...names
      .filter(option => typeof options[option] !== 'string' || options[option] === '')
      .map(option => `${name}.${option} is no text.`),
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
