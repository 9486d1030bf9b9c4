import { parse } from 'yaml'

/** A CloudFormation template with all its sections, parsed from JSON or YAML. */
export type Template = {
  readonly Parameters: Readonly<Record<string, TemplateParameter>>
  readonly Mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>
  readonly Conditions: Readonly<Record<string, unknown>>
  readonly Rules: Readonly<Record<string, TemplateRule>>
  readonly Resources: Readonly<Record<string, TemplateResource>>
  readonly Outputs: Readonly<Record<string, TemplateOutput>>
}

/** As written: only resources are required. */
export type TemplateDocument = Partial<Template> & Pick<Template, 'Resources'>

export type TemplateParameter = {
  readonly Type: string
  readonly Default?: string | number | boolean
  readonly Description?: string
  readonly NoEcho?: boolean
  readonly AllowedValues?: readonly (string | number | boolean)[]
  readonly AllowedPattern?: string
  readonly ConstraintDescription?: string
  readonly MinLength?: number | string
  readonly MaxLength?: number | string
  readonly MinValue?: number | string
  readonly MaxValue?: number | string
}

type TemplateRule = {
  readonly RuleCondition?: unknown
  readonly Assertions: readonly { readonly Assert: unknown; readonly AssertDescription?: string }[]
}

export type TemplateResource = {
  readonly Type: string
  readonly Properties?: Properties
  readonly Condition?: string
  readonly DependsOn?: string | readonly string[]
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
  readonly UpdatePolicy?: unknown
}

type TemplateOutput = { readonly Value: unknown; readonly Description?: string; readonly Condition?: string }

export type Properties = Readonly<Record<string, unknown>>

/** Parses a template from JSON or YAML. Throws AWS's message if it is invalid. */
export function parseTemplate(source: string): Template {
  const read = parse(source) as Partial<Template> | null
  const Resources = typeof read === 'object' ? read?.Resources : undefined
  if (Resources === undefined || Object.keys(Resources).length === 0)
    throw new Error('Template format error: At least one Resources member must be defined.')
  return withSections({ ...read, Resources })
}

export function withSections(document: TemplateDocument): Template {
  return { Parameters: {}, Mappings: {}, Conditions: {}, Rules: {}, Outputs: {}, ...document }
}

/** The capabilities that CloudFormation requires explicitly. */
export function capabilitiesOf({ Resources }: Template): readonly string[] {
  const iam = Object.values(Resources).filter(({ Type }) => Type.startsWith('AWS::IAM::'))
  if (iam.length === 0) return []
  const isNamed = iam.some(({ Properties = {} }) => Object.keys(Properties).some(name => NAMES.has(name)))
  return [isNamed ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM']
}

const NAMES = new Set(['RoleName', 'PolicyName', 'UserName', 'GroupName', 'ManagedPolicyName'])

/** The parameters that a part of a template refers to, including those in its conditions. */
export function parametersIn(value: unknown, { Parameters, Conditions }: Template): readonly string[] {
  const source = JSON.stringify(value) ?? ''
  const words = new Set(source.match(/\w+/g))
  for (const [name, condition] of Object.entries(Conditions)) {
    if (words.has(name)) for (const word of JSON.stringify(condition).match(/\w+/g) ?? []) words.add(word)
  }
  return Object.keys(Parameters).filter(name => words.has(name))
}
