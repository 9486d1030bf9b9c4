import { type Environment, textOf } from './environment.ts'

export { TABLE_FORM } from '../core/records/stored-form.ts'

/** One setting: a row of the table of settings. */
export type Setting<Value = unknown, ParameterName extends string = string> = {
  /** Its environment variable. */
  readonly name: string
  /** The value of a text that is not empty; undefined if it has none. */
  readonly read: (text: string) => Value | undefined
  /** The texts that have a value, for people. */
  readonly allowed: string
  readonly meaning: string
  /** The value if none is set, as in the environment. */
  readonly default: string | undefined
  readonly limits: Limits
  /** Whether messages must not contain its value. */
  readonly isSecret: boolean
  /** Whether messages have the problem instead of the text, which is long. */
  readonly isLong: boolean
  /** Why a text has no value, as a clause after "It", if `allowed` does not explain it. */
  readonly problemOf: ((text: string) => string | undefined) | undefined
  readonly deployed: Deployed<ParameterName>
}
export type SettingGroup = Readonly<Record<string, Setting>>
export type ValuesOf<Group extends SettingGroup> = {
  readonly [Key in keyof Group]: Group[Key] extends Setting<infer Value> ? Value : never
}

/** Limits that apply to the environment and to a parameter of CloudFormation. */
type Limits =
  | { readonly kind: 'text' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }

/** The functions of a deployment. */
export type FunctionName = 'hook' | 'authorizer' | 'receipts' | 'events' | 'figures' | 'canary'
/** Resources of a deployment whose names are settings of its functions. */
export type ResourceName =
  | 'table'
  | 'hashKeySecret'
  | 'hookSecret'
  | 'eventSecret'
  | 'configurationSet'
  | 'protectConfiguration'
  | 'hookUrl'

/** Outputs of the stack with the names of the resources. */
export const outputNames: Readonly<Record<ResourceName, string>> = {
  table: 'TableName',
  hashKeySecret: 'HashKeySecretArn',
  hookSecret: 'HookSecretArn',
  eventSecret: 'EventSecretArn',
  configurationSet: 'ConfigurationSetName',
  protectConfiguration: 'ProtectConfigurationId',
  hookUrl: 'HookUrl',
}

/** Outputs of the stack that say what was deployed: the version of Hookline, and the form of its table. */
export const releaseOutputNames = { version: 'Version', tableForm: 'TableForm' } as const

/** The source of a setting for the functions of a deployment. */
export type Deployed<ParameterName extends string = string> =
  | {
      readonly kind: 'parameter'
      readonly functions: readonly FunctionName[]
      readonly parameter: SettingParameter<ParameterName>
    }
  | { readonly kind: 'resource'; readonly resources: Readonly<Partial<Record<FunctionName, ResourceName>>> }
  /** In a secret of Secrets Manager, under the name of the setting. */
  | { readonly kind: 'secret'; readonly resource: ResourceName }
  | { readonly kind: 'none'; readonly reason: string }

/** The parameter of the CloudFormation template that becomes a setting. */
export type SettingParameter<Name extends string = string> = {
  readonly name: Name
  readonly group: ParameterGroupName
  readonly label: string
  /** Default: the setting's meaning. */
  readonly description?: string
  /** For text only: CloudFormation has patterns, and an empty value instead of none. */
  readonly pattern?: string
  /** Default: what the setting allows, and also nothing if it has no default. */
  readonly allowed?: string
}
export type ParameterGroupName =
  | 'tokens'
  | 'header'
  | 'texts'
  | 'decisions'
  | 'data'
  | 'carrier'
  | 'monitoring'

type Row<Value, ParameterName extends string> = Pick<
  Setting<Value, ParameterName>,
  'name' | 'read' | 'allowed' | 'meaning' | 'deployed'
> &
  Partial<Setting<Value, ParameterName>>

/** A row of the table. Without a default, an unset setting is undefined. */
export function setting<Value, ParameterName extends string = never>(
  row: Row<Value, ParameterName> & { readonly default: string },
): Setting<Value, ParameterName>
export function setting<Value, ParameterName extends string = never>(
  row: Row<Value, ParameterName>,
): Setting<Value | undefined, ParameterName>
export function setting<Value, ParameterName extends string>(
  row: Row<Value, ParameterName>,
): Setting<Value | undefined, ParameterName> {
  return {
    limits: { kind: 'text' },
    default: undefined,
    isSecret: false,
    isLong: false,
    problemOf: undefined,
    ...row,
  }
}

export function fromParameter<Name extends string>(
  functions: readonly FunctionName[],
  name: Name,
  parameter: Omit<SettingParameter, 'name'>,
): Deployed<Name> {
  return { kind: 'parameter', functions, parameter: { name, ...parameter } }
}

export function fromResource(resources: Partial<Record<FunctionName, ResourceName>>): Deployed<never> {
  return { kind: 'resource', resources }
}

export function inSecret(resource: ResourceName): Deployed<never> {
  return { kind: 'secret', resource }
}

export function notDeployed(reason: string): Deployed<never> {
  return { kind: 'none', reason }
}

export function anyText(text: string): string {
  return text
}

/** Reads a text of this form, unchanged. */
export function matching(form: RegExp): (text: string) => string | undefined {
  return text => (form.test(text) ? text : undefined)
}

/** The value if it is accepted. */
export function accepted<Value, Accepted extends Value>(
  value: Value,
  accepts: (value: Value) => value is Accepted,
): Accepted | undefined
export function accepted<Value>(value: Value, accepts: (value: Value) => boolean): Value | undefined
export function accepted<Value>(value: Value, accepts: (value: Value) => boolean): Value | undefined {
  return accepts(value) ? value : undefined
}

/** The parts of a list with commas. */
export function partsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(',').map(part => part.trim())
}

export function wholeNumber(min: number, max: number) {
  return {
    read: (text: string) => numberWithin(text, /^\d+$/, number => number >= min && number <= max),
    allowed: `a whole number from ${min} to ${max}`,
    limits: { kind: 'number', min, max },
  } as const
}

/** US dollars. CloudFormation has no "more than 0", so its minimum is a hundred-thousandth. */
export function usd(max: number) {
  return {
    read: (text: string) =>
      numberWithin(text, /^(?:\d+(?:\.\d+)?|\.\d+)$/, number => number > 0 && number <= max),
    allowed: `US dollars, more than 0 and up to ${max}`,
    limits: { kind: 'number', min: 0.00001, max },
  } as const
}

function numberWithin(text: string, form: RegExp, isWithin: (number: number) => boolean): number | undefined {
  return form.test(text) && isWithin(Number(text)) ? Number(text) : undefined
}

export function oneOf<const Value extends string>(...values: readonly Value[]) {
  const quoted = values.map(value => `\`${value}\``)
  return {
    read: (text: string) => values.find(value => value === text),
    allowed: `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`,
    limits: { kind: 'choice', values },
  } as const
}

/** One of two words, read as a boolean: whether it is `yes`. */
export function flag(words: readonly [string, string], yes: string) {
  const read = (text: string) => (words.includes(text) ? text === yes : undefined)
  return { ...oneOf(...words), read } as const
}

/** A text that is refused with a reason. */
export function explainedText(problemOf: (text: string) => string | undefined) {
  return { read: (text: string) => (problemOf(text) === undefined ? text : undefined), problemOf } as const
}

/** Reads groups of settings from an environment: the valid ones, group by group, and all problems at once. */
export function readGroups<Groups extends Readonly<Record<string, SettingGroup>>>(
  groups: Groups,
  environment: Environment,
): {
  readonly values: { readonly [Name in keyof Groups]: ValuesOf<Groups[Name]> }
  readonly problems: readonly string[]
} {
  const read = Object.entries(groups).map(([name, group]) => [name, readGroup(group, environment)] as const)
  const values = Object.fromEntries(read.map(([name, { values }]) => [name, values]))
  return {
    values: values as { readonly [Name in keyof Groups]: ValuesOf<Groups[Name]> },
    problems: read.flatMap(([, { problems }]) => problems),
  }
}

/** Reads one group. */
export function readGroup<Group extends SettingGroup>(
  group: Group,
  environment: Environment,
): { readonly values: ValuesOf<Group>; readonly problems: readonly string[] } {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [key, row] of Object.entries(group)) {
    const text = textOf(row, environment) ?? row.default
    const value = text === undefined ? undefined : row.read(text)
    if (text !== undefined && value === undefined) problems.push(problemWith(row, text))
    else values[key] = value
  }
  return { values: values as ValuesOf<Group>, problems }
}

function problemWith({ name, isSecret, isLong, allowed, problemOf }: Setting, text: string): string {
  const why = problemOf?.(text)
  if (isLong) return `${name} is not usable: ${why}; expected ${allowed}.`
  const is = isSecret ? 'set, but not usable' : `"${text}"`
  return `${name} is ${is}; expected ${allowed}.${why === undefined ? '' : ` It ${why}.`}`
}

/** The text in ASCII, with other UTF-16 units as `\u00e9`: CloudFormation would replace them with `?`. */
export function toAscii(text: string): string {
  return text.replaceAll(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Reverses `toAscii`. */
export function fromAscii(text: string): string {
  return text.replaceAll(/\\u([0-9a-f]{4})/g, (_, unit: string) =>
    String.fromCharCode(Number.parseInt(unit, 16)),
  )
}
