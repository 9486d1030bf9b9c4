import * as z from 'zod'
import { type Environment, textOf } from './environment.ts'

/** One setting: a row of the table of settings. */
export type Setting<Value = unknown, ParameterName extends string = string> = {
  /** Its environment variable. */
  readonly name: string
  readonly schema: z.ZodType<Value>
  /** What the schema accepts, for people. */
  readonly allowed: string
  readonly meaning: string
  /** The value if none is set, as in the environment. */
  readonly default: string | undefined
  readonly limits: Limits
  /** Whether messages must not contain its value. */
  readonly isSecret: boolean
  /** Whether messages have the schema's problems instead of the value, which is long. */
  readonly schemaExplains: boolean
  /** Why a value is refused, as a clause after "It", if `allowed` does not explain it. */
  readonly problemOf: ((value: string) => string | undefined) | undefined
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
export type FunctionName = 'hook' | 'authorizer' | 'receipts'
/** Resources of a deployment whose names are settings of its functions. */
export type ResourceName =
  | 'table'
  | 'hashKeySecret'
  | 'hookSecret'
  | 'configurationSet'
  | 'protectConfiguration'

/** Outputs of the stack with the names of the resources. */
export const outputNames: Readonly<Record<ResourceName, string>> = {
  table: 'TableName',
  hashKeySecret: 'HashKeySecretArn',
  hookSecret: 'HookSecretArn',
  configurationSet: 'ConfigurationSetName',
  protectConfiguration: 'ProtectConfigurationId',
}

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
  /** For text only: CloudFormation has patterns instead of schemas, and an empty value instead of none. */
  readonly pattern?: string
  /** Default: what the setting allows, and also nothing if it has no default. */
  readonly allowed?: string
}
export type ParameterGroupName = 'tokens' | 'header' | 'texts' | 'decisions' | 'data' | 'carrier'

type Row<Schema extends z.ZodType, ParameterName extends string> = {
  readonly name: string
  readonly schema: Schema
  readonly allowed: string
  readonly meaning: string
  readonly limits?: Limits
  readonly isSecret?: boolean
  readonly schemaExplains?: boolean
  readonly problemOf?: (value: string) => string | undefined
  readonly deployed: Deployed<ParameterName>
}

/** A row of the table. Without a default, an unset setting is undefined. */
export function setting<Schema extends z.ZodType, ParameterName extends string = never>(
  row: Row<Schema, ParameterName> & { readonly default: string },
): Setting<z.output<Schema>, ParameterName>
export function setting<Schema extends z.ZodType, ParameterName extends string = never>(
  row: Row<Schema, ParameterName>,
): Setting<z.output<Schema> | undefined, ParameterName>
export function setting<Schema extends z.ZodType, ParameterName extends string>(
  row: Row<Schema, ParameterName> & { readonly default?: string },
): Setting<unknown, ParameterName> {
  return {
    limits: { kind: 'text' },
    default: undefined,
    isSecret: false,
    schemaExplains: false,
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

export function wholeNumber(min: number, max: number) {
  return {
    schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max)),
    allowed: `a whole number from ${min} to ${max}`,
    limits: { kind: 'number', min, max },
  } as const
}

/** US dollars. CloudFormation has no "more than 0", so its minimum is a hundred-thousandth. */
export function usd(max: number) {
  return {
    schema: z
      .string()
      .regex(/^(?:\d+(?:\.\d+)?|\.\d+)$/)
      .transform(Number)
      .pipe(z.number().gt(0).max(max)),
    allowed: `US dollars, more than 0 and up to ${max}`,
    limits: { kind: 'number', min: 0.00001, max },
  } as const
}

export function oneOf<const Value extends string>(...values: readonly Value[]) {
  const quoted = values.map(value => `\`${value}\``)
  return {
    schema: z.enum(values),
    allowed: `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`,
    limits: { kind: 'choice', values },
  } as const
}

/** One of two words, read as a boolean: whether it is `yes`. */
export function flag(words: readonly [string, string], yes: string) {
  const choice = oneOf(...words)
  return { ...choice, schema: choice.schema.transform(word => word === yes) } as const
}

/** A text that is refused with a reason. */
export function explainedText(problemOf: (value: string) => string | undefined) {
  return { schema: z.string().refine(value => problemOf(value) === undefined), problemOf } as const
}

/** Reads these settings from an environment: the valid ones, and all problems at once. */
export function readGroup<Group extends SettingGroup>(
  group: Group,
  environment: Environment,
): { readonly values: ValuesOf<Group>; readonly problems: readonly string[] } {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [key, row] of Object.entries(group)) {
    const text = textOf(row, environment) ?? row.default
    const parsed = text === undefined ? undefined : row.schema.safeParse(text)
    if (text !== undefined && parsed?.success === false) problems.push(problemWith(row, text, parsed.error))
    else values[key] = parsed?.data
  }
  return { values: values as ValuesOf<Group>, problems }
}

function problemWith(row: Setting, text: string, { issues }: z.ZodError): string {
  const why = issues.map(({ message }) => message).join('; ')
  const is = row.schemaExplains ? `not usable: ${why}` : row.isSecret ? 'set, but not usable' : `"${text}"`
  const reason = row.problemOf?.(text)
  return `${row.name} is ${is}; expected ${row.allowed}.${reason === undefined ? '' : ` It ${reason}.`}`
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
