import { parse } from 'yaml'

/** A CloudFormation template, as far as this stand-in reads it. */
export type Template = {
  readonly Parameters: Readonly<Record<string, Declared>>
  readonly Conditions: Readonly<Record<string, unknown>>
  readonly Rules: Readonly<Record<string, { readonly Assertions: readonly Assertion[] }>>
  readonly Mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>
  readonly Resources: Readonly<Record<string, Resource>>
  readonly Outputs: Readonly<Record<string, Output>>
}

type Assertion = { readonly Assert: unknown; readonly AssertDescription?: string }

type Declared = {
  readonly Type: string
  readonly Default?: string | number | boolean
  readonly Description?: string
  readonly NoEcho?: boolean
  readonly AllowedValues?: readonly (string | number | boolean)[]
  readonly AllowedPattern?: string
  readonly ConstraintDescription?: string
  readonly MinValue?: number | string
  readonly MaxValue?: number | string
}

export type Resource = {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  readonly Condition?: string
  readonly DeletionPolicy?: string
  readonly UpdatePolicy?: unknown
}

type Output = { readonly Value: unknown; readonly Description?: string; readonly Condition?: string }

/** Throws with AWS's words where the text is no template. */
export function readTemplate(source: string): Template {
  const read = parse(source) as Partial<Template> | null
  if (typeof read !== 'object' || read === null || Object.keys(read.Resources ?? {}).length === 0) {
    throw new Error('Template format error: At least one Resources member must be defined.')
  }
  return { Parameters: {}, Conditions: {}, Rules: {}, Mappings: {}, Resources: {}, Outputs: {}, ...read }
}

export function capabilitiesOf({ Resources }: Template): readonly string[] {
  const iam = Object.values(Resources).filter(({ Type }) => Type.startsWith('AWS::IAM::'))
  if (iam.length === 0) return []
  const named = iam.some(({ Properties = {} }) => Object.keys(Properties).some(name => NAMES.has(name)))
  return [named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM']
}

/** The values of a template's parameters, or what AWS says is wrong with those given. */
export function readParameters(
  template: Template,
  given: ReadonlyMap<string, string>,
  previous: ReadonlyMap<string, string>,
): Map<string, string> | { readonly problem: string } {
  const unknown = [...given.keys()].filter(name => !(name in template.Parameters))
  if (unknown.length > 0) return { problem: `Parameters: [${unknown}] do not exist in the template` }
  const values = new Map<string, string>()
  const missing: string[] = []
  for (const [name, declared] of Object.entries(template.Parameters)) {
    const asked = given.get(name)
    const value = asked === PREVIOUS ? previous.get(name) : (asked ?? declared.Default)
    if (value === undefined) missing.push(name)
    else if (!isAllowed(declared, String(value)))
      return {
        problem: `Parameter '${name}' failed to satisfy constraint: ${declared.ConstraintDescription ?? 'it is not one of those allowed'}`,
      }
    else values.set(name, String(value))
  }
  return missing.length > 0 ? { problem: `Parameters: [${missing}] must have values` } : values
}

/** Stands for `UsePreviousValue`. No parameter of a test has this value. */
export const PREVIOUS = '\u0000previous'

function isAllowed(declared: Declared, value: string): boolean {
  const { AllowedValues, AllowedPattern, MinValue, MaxValue } = declared
  if (AllowedValues !== undefined && !AllowedValues.map(String).includes(value)) return false
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`, 'u').test(value)) return false
  if (declared.Type !== 'Number') return true
  const number = Number(value)
  return number >= Number(MinValue ?? -Infinity) && number <= Number(MaxValue ?? Infinity)
}

const NAMES = new Set(['RoleName', 'PolicyName', 'UserName', 'GroupName', 'ManagedPolicyName'])
