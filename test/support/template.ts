/** A CloudFormation template, as far as the tests read it. */
export type Template = {
  readonly Parameters: Readonly<Record<string, Parameter>>
  readonly Rules: Readonly<Record<string, { readonly Assertions: readonly { readonly Assert: unknown }[] }>>
  readonly Conditions: Readonly<Record<string, unknown>>
  readonly Mappings: Readonly<Record<string, unknown>>
  readonly Resources: Readonly<Record<string, Resource>>
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown; readonly Condition?: string }>>
  readonly Metadata: {
    readonly 'AWS::CloudFormation::Interface': {
      readonly ParameterGroups: readonly { readonly Parameters: readonly string[] }[]
      readonly ParameterLabels: Readonly<Record<string, { readonly default: string }>>
    }
  }
}
export type Parameter = {
  readonly Type: string
  readonly Default?: string | number
  readonly AllowedPattern?: string
  readonly AllowedValues?: readonly string[]
  readonly MinValue?: number
  readonly MaxValue?: number
  readonly ConstraintDescription?: string
  readonly Description?: string
}
export type Resource = {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  readonly Condition?: string
  readonly DependsOn?: string | readonly string[]
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
  readonly UpdatePolicy?: unknown
}
export type Given = Readonly<Record<string, string>>

/** What is left once parameters are given: no resource, output, or value that a condition rules out. */
export function decided(template: Template, given: Given): Pick<Template, 'Resources' | 'Outputs'> {
  const holds = conditionsOf(template, given)
  const chosen = <Part extends { readonly Condition?: string }>(parts: Readonly<Record<string, Part>>) =>
    Object.fromEntries(
      Object.entries(parts)
        .filter(([, { Condition }]) => Condition === undefined || holds(Condition))
        .map(([id, part]) => [id, decideValue(part, holds) as Part]),
    )
  return { Resources: chosen(template.Resources), Outputs: chosen(template.Outputs) }
}

/** The rules that say no to these parameters. */
export function brokenRules(template: Template, given: Given): readonly string[] {
  const chosen = choicesOf(template, given)
  return Object.entries(template.Rules)
    .filter(([, { Assertions }]) => !Assertions.every(({ Assert }) => evaluate(Assert, chosen, NO_CONDITION)))
    .map(([name]) => name)
}

/** What a value names: resources, parameters, and pseudo parameters such as `AWS::Region`. */
export function namesIn(value: unknown): readonly string[] {
  return objectsIn(value).flatMap(object => {
    const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Sub': sub } = object
    if (typeof ref === 'string') return [ref]
    if (Array.isArray(attribute)) return [String(attribute[0])]
    if (typeof sub === 'string') return [...sub.matchAll(/\$\{([\w:]+)/g)].map(([, name = '']) => name)
    return []
  })
}

/** Every object in a value, the outermost first. */
export function objectsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn)
  if (!isObject(value)) return []
  return [value, ...Object.values(value).flatMap(objectsIn)]
}

/** Text with its references as `<Name>`. */
export function textOf(value: unknown): string {
  if (!isObject(value)) return String(value)
  const [name, argument] = Object.entries(value)[0] ?? []
  if (name === 'Ref') return `<${argument}>`
  if (name === 'Fn::GetAtt' && Array.isArray(argument)) return `<${argument.join('.')}>`
  if (name === 'Fn::Join' && Array.isArray(argument)) return argument[1].map(textOf).join(argument[0])
  return JSON.stringify(value)
}

export function ofType(resources: Template['Resources'], type: string): Readonly<Record<string, Resource>> {
  return Object.fromEntries(Object.entries(resources).filter(([, { Type }]) => Type === type))
}

type Holds = (condition: string) => boolean
type Chosen = (parameter: string) => string

function conditionsOf(template: Template, given: Given): Holds {
  const chosen = choicesOf(template, given)
  const holds: Holds = name => {
    assertKnown(name in template.Conditions, `the condition ${name}`)
    return evaluate(template.Conditions[name], chosen, holds)
  }
  return holds
}

function choicesOf({ Parameters }: Template, given: Given): Chosen {
  return name => {
    const value = given[name] ?? Parameters[name]?.Default
    assertKnown(value !== undefined, `a value of the parameter ${name}`)
    return String(value)
  }
}

function evaluate(expression: unknown, chosen: Chosen, holds: Holds): boolean {
  assertKnown(isObject(expression), `the expression ${JSON.stringify(expression)}`)
  const [[name, argument] = []] = Object.entries(expression as object)
  if (name === 'Condition') return holds(String(argument))
  const parts: readonly unknown[] = argument
  const one = (part: unknown): string => (isObject(part) ? chosen(String(part.Ref)) : String(part))
  switch (name) {
    case 'Fn::Equals':
      return one(parts[0]) === one(parts[1])
    case 'Fn::Not':
      return !evaluate(parts[0], chosen, holds)
    case 'Fn::And':
      return parts.every(part => evaluate(part, chosen, holds))
    case 'Fn::Or':
      return parts.some(part => evaluate(part, chosen, holds))
    default:
      throw new Error(`This reader does not know ${name}.`)
  }
}

const NOTHING = Symbol('AWS::NoValue')
const NO_CONDITION: Holds = name => {
  throw new Error(`A rule cannot use the condition ${name}.`)
}

function decideValue(value: unknown, holds: Holds): unknown {
  if (Array.isArray(value))
    return value.map(part => decideValue(part, holds)).filter(part => part !== NOTHING)
  if (!isObject(value)) return value
  if (value.Ref === 'AWS::NoValue') return NOTHING
  const choice = value['Fn::If']
  if (Array.isArray(choice)) return decideValue(holds(String(choice[0])) ? choice[1] : choice[2], holds)
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, part]) => [name, decideValue(part, holds)] as const)
      .filter(([, part]) => part !== NOTHING),
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function assertKnown(isKnown: boolean, what: string): void {
  if (!isKnown) throw new Error(`This reader does not know ${what}.`)
}
