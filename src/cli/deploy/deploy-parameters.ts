import { createHash } from 'node:crypto'
import { issuerProblem, secretHeaderProblem } from '../../config/caller-problems.ts'
import { callers } from '../../config/callers.ts'
import type { TrustedOrg } from '../../config/orgs.ts'
import { fromAscii, readGroup, toAscii } from '../../config/setting.ts'
import { writeTrusts } from '../okta/orgs-file.ts'
import type { DeclaredParameter } from '../terminal/cloud.ts'
import { Problem } from '../terminal/problem.ts'

export type ParameterOptions = {
  readonly issuer?: string
  readonly audience?: string
  readonly clientId?: string
  readonly scope?: string
  readonly secondRegion?: string
  /** The orgs file. */
  readonly orgs?: string
  /** `Name=Value`, as often as given. */
  readonly set?: readonly string[]
  readonly minimal?: boolean
}

export type Parameters = {
  /** For the change set: undefined keeps the value of the last deployment. */
  readonly requested: ReadonlyMap<string, string | undefined>
  /** The value that each parameter will have. */
  readonly values: ReadonlyMap<string, string>
}

/** Template parameters by name, as the command line gives them. `orgs`: those that the deployment is to trust. */
export function readChosen(
  { set = [], minimal, ...options }: Omit<ParameterOptions, 'orgs'>,
  orgs?: readonly TrustedOrg[],
): ReadonlyMap<string, string> {
  const chosen = new Map<string, string>()
  const add = (name: string, value: string): void => {
    if (chosen.has(name)) throw new Problem('usage', `${name} is given twice. Give it once.`)
    chosen.set(name, value)
  }
  for (const [option, name] of Object.entries(NAMES)) {
    const value = options[option as keyof typeof NAMES]
    if (value !== undefined) add(name, value)
  }
  if (options.secondRegion !== undefined) add('SecondRegion', options.secondRegion)
  if (orgs !== undefined) add('OktaOrgs', writeTrusts(orgs))
  for (const pair of set) {
    const [, name, value] = /^([A-Za-z][A-Za-z0-9]*)=(.*)$/s.exec(pair) ?? []
    if (name === undefined || value === undefined)
      throw new Problem('usage', `--set is "${pair}"; expected Name=Value, such as RetentionDays=30.`)
    add(name, value)
  }
  for (const [name, value] of chosen) chosen.set(name, asciiOf(name, value))
  return new Map([...(minimal ? MINIMAL : []), ...chosen]) // a parameter given by name overrides --minimal
}

/** CloudFormation replaces characters outside ASCII with question marks. The brand is encoded, and the hook decodes it. */
function asciiOf(name: string, value: string): string {
  const ascii = toAscii(value)
  if (name === 'Brand' || name === 'BrandSpoken' || ascii === value) return ascii
  throw new Problem(
    'usage',
    `${name} is "${value}". CloudFormation keeps only ASCII, and would store "${value.replaceAll(/[^ -~]/gu, '?')}". Use letters without accents.`,
  )
}

/** What the command fills in. */
export type Filled = {
  /** Values by parameter; those that the template does not declare are ignored. */
  readonly values?: ReadonlyMap<string, string>
  /** After a failed deployment: makes the revision a new one, because Lambda may have published the previous one. */
  readonly attempt?: string
}

/**
 * All parameters of the template, by precedence: given, filled in by the command, as last deployed, the template's default.
 */
export function chooseParameters(
  declared: readonly DeclaredParameter[],
  chosen: ReadonlyMap<string, string>,
  previous: ReadonlyMap<string, string>,
  codeBucket: string,
  { values: filled = new Map(), attempt }: Filled = {},
): Parameters {
  const names = declared.map(({ name }) => name)
  // An older template may not declare what --minimal turns off.
  const isKnown = (name: string): boolean => names.includes(name) || MINIMAL.some(([one]) => one === name)
  const unknown = [...chosen.keys()].filter(name => !isKnown(name) || RESERVED.includes(name))
  if (unknown.length > 0) {
    const allowed = names.filter(name => !RESERVED.includes(name)).toSorted()
    throw new Problem(
      'usage',
      `Unknown or reserved parameter ${unknown.join(', ')}. You can set: ${allowed.join(', ')}.`,
    )
  }
  const requested = new Map<string, string | undefined>()
  const values = new Map<string, string>()
  for (const { name, default: defaultValue } of declared) {
    const value = name === 'CodeBucket' ? codeBucket : (chosen.get(name) ?? filled.get(name))
    const result = value ?? previous.get(name) ?? defaultValue
    if (result === undefined)
      throw new Problem('usage', `${name} has no default: give it with --set ${name}=….`)
    if (value !== undefined || previous.has(name)) requested.set(name, value)
    values.set(name, result)
  }
  if (names.includes(REVISION)) {
    // The hook runs published versions, and a new revision makes Lambda publish one.
    const isSame = [...values].every(([name, value]) => name === REVISION || previous.get(name) === value)
    const before = isSame && attempt === undefined ? previous.get(REVISION) : undefined
    const revision = chosen.get(REVISION) ?? before ?? hashOf(values, attempt)
    requested.set(REVISION, revision)
    values.set(REVISION, revision)
  }
  return { requested, values }
}

/** Rows of (name, before, after) for the parameters that people set. */
export function changedParameters(
  { values }: Parameters,
  declared: readonly DeclaredParameter[],
  previous: ReadonlyMap<string, string>,
): readonly (readonly [string, string, string])[] {
  const defaults = new Map(declared.map(({ name, default: value = '' }) => [name, value]))
  return [...values].flatMap(([name, value]) => {
    const before = previous.get(name) ?? defaults.get(name) ?? ''
    return UNSHOWN.includes(name) || before === value ? [] : [[name, show(before), show(value)] as const]
  })
}

/** Refuses a hook without an authentication method before anything is built, as `serve` does. API Gateway reads one header, so only one method is possible. */
export function checkAuthenticationMethod(values: ReadonlyMap<string, string>): void {
  const isSet = (name: string): boolean => (values.get(name) ?? '') !== ''
  const okta = Object.values(NAMES)
  const missing = okta.filter(name => !isSet(name)).map(name => OPTIONS[name])
  const hasHeader = isSet('SecretHeaderName')
  const hasToken = missing.length < okta.length
  if (isSet('OktaOrgs')) {
    checkOrgs(values.get('OktaOrgs') ?? '', values.get('SecretHeaderName') ?? '')
    if (values.get('OneFunction') === 'true') checkOrgsOfOneFunction(values.get('OktaOrgs') ?? '')
  } else if (!hasToken && !hasHeader) {
    throw new Problem(
      'usage',
      "No authentication method is set. Give the values of Okta's access token: --issuer, --audience, --client-id and --scope; or several orgs: --orgs; or, for an org without API Access Management, --set SecretHeaderName=X-Hookline-Secret.",
    )
  }
  if (hasToken && hasHeader) {
    const empty = okta.map(name => `--set ${name}=`)
    throw new Problem(
      'usage',
      `Two authentication methods are set, but API Gateway reads only one header. Keep Okta's access token with --set SecretHeaderName= , or the secret header with ${empty.join(' ')}.`,
    )
  }
  if (hasToken && missing.length > 0)
    throw new Problem('usage', `Okta's access token needs four options. Missing: ${missing.join(', ')}.`)
}

/** Refuses a wrong value with the reason, which the pattern of a CloudFormation parameter cannot give. */
export function checkCallerValues(chosen: ReadonlyMap<string, string>): void {
  for (const [name, problemOf] of [
    ['OktaIssuer', issuerProblem],
    ['SecretHeaderName', secretHeaderProblem],
  ] as const) {
    const value = chosen.get(name) ?? ''
    const problem = value === '' ? undefined : problemOf(value)
    if (problem !== undefined) throw new Problem('usage', `${name} is "${value}". It ${problem}.`)
  }
}

/** Reads the orgs as the function that authenticates callers will, and checks that all use the one header that the gateway reads. */
function checkOrgs(text: string, header: string): void {
  const { values, problems } = readGroup(callers, { [callers.orgs.name]: text })
  const [problem] = problems
  if (problem !== undefined) throw new Problem('usage', problem.replace(callers.orgs.name, 'OktaOrgs'))
  const wrong = (values.orgs ?? []).filter(org =>
    header === ''
      ? org.kind === 'secret header'
      : org.kind === 'access token' || org.secretHeader.toLowerCase() !== header.toLowerCase(),
  )
  if (wrong.length === 0) return
  const names = wrong.map(({ name }) => name).join(', ')
  throw new Problem(
    'usage',
    header === ''
      ? `API Gateway reads only one header, and here it is that of access tokens, so ${names} could not authenticate. Put orgs with a secret header into their own deployment (--stack), with --set SecretHeaderName=….`
      : `API Gateway reads only one header, and here it is ${header}, so ${names} could not authenticate. Give them this header, or put them into their own deployment (--stack).`,
  )
}

function checkOrgsOfOneFunction({ length }: string): void {
  if (length <= ORGS_OF_ONE_FUNCTION_MAX) return
  throw new Problem(
    'usage',
    `OktaOrgs has ${length} characters; with OneFunction=true, at most ${ORGS_OF_ONE_FUNCTION_MAX}, because Lambda gives a function 4 KB for all its settings. Set OneFunction=false, or put some of the orgs into another deployment (--stack).`,
  )
}

/** Leaves room for the other settings of the hook, and for JSON, in which Lambda measures them. */
const ORGS_OF_ONE_FUNCTION_MAX = 2_200

function hashOf(values: ReadonlyMap<string, string>, attempt = ''): string {
  const lines = [...values].filter(([name]) => name !== REVISION).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify(lines) + attempt)
    .digest('hex')
    .slice(0, 12)
}

function show(value: string): string {
  return value === '' ? '(none)' : fromAscii(value)
}

const NAMES = {
  issuer: 'OktaIssuer',
  audience: 'OktaAudience',
  clientId: 'OktaClientId',
  scope: 'OktaScope',
} as const
const OPTIONS: Readonly<Record<string, string>> = {
  OktaIssuer: '--issuer',
  OktaAudience: '--audience',
  OktaClientId: '--client-id',
  OktaScope: '--scope',
}
const MINIMAL = [
  ['Firewall', 'off'],
  ['Dashboard', 'false'],
  ['OwnKey', 'false'],
  ['AlarmSet', 'essential'],
] as const
const REVISION = 'SettingsRevision'
/** Filled in by the command only. */
const RESERVED: readonly string[] = [
  'CodeBucket',
  ...['HookCodeVersion', 'AuthorizerCodeVersion', 'OneFunctionCodeVersion', 'ReceiptsCodeVersion'],
  ...['EventsCodeVersion', 'FiguresCodeVersion', 'CanaryCodeVersion'],
]
const UNSHOWN: readonly string[] = [...RESERVED, REVISION]
