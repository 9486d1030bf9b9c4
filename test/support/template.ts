import type { Template, TemplateResource } from '../../simulators/aws/template/template.ts'

/** Values of a deployment's parameters. */
export type ParameterInput = Readonly<Record<string, string>>

/** The template of a release, with what the console shows about its parameters. */
export type ReleasedTemplate = Template & {
  readonly Metadata: {
    readonly 'AWS::CloudFormation::Interface': {
      readonly ParameterGroups: readonly { readonly Parameters: readonly string[] }[]
      readonly ParameterLabels: Readonly<Record<string, { readonly default: string }>>
    }
  }
}

/** The references in a value: resources, parameters, and pseudo parameters such as `AWS::Region`. */
export function namesIn(value: unknown): readonly string[] {
  return objectsIn(value).flatMap(object => {
    const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Sub': sub } = object
    if (typeof ref === 'string') return [ref]
    if (Array.isArray(attribute)) return [String(attribute[0])]
    if (typeof sub === 'string') return [...sub.matchAll(/\$\{([\w:]+)/g)].map(([, name = '']) => name)
    return []
  })
}

/** Every object in a value, outermost first. */
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

export function ofType(
  resources: Template['Resources'],
  type: string,
): Readonly<Record<string, TemplateResource>> {
  return Object.fromEntries(Object.entries(resources).filter(([, { Type }]) => Type === type))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
