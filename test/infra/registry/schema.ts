import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec'
import type { Property, PropertyType, Resource, SpecDatabase } from '@aws-cdk/service-spec-types'
import type { Template } from '../../../simulators/aws/template/template.ts'

/** AWS's schema of a resource type; undefined if the registry does not have the type. */
export type Registry = {
  readonly resource: (type: string) => Resource | undefined
  readonly definition: (type: Extract<PropertyType, { readonly type: 'ref' }>) => Definition
}
type Definition = {
  readonly name: string
  readonly properties: Readonly<Record<string, Property>>
}

/** AWS's CloudFormation schemas from the package of the CDK's generator: offline, about half a second. */
export function openRegistry(): Registry {
  const database: SpecDatabase = loadAwsServiceSpecSync()
  return {
    resource: type => database.lookup('resource', 'cloudFormationType', 'equals', type)[0],
    definition: ({ reference }) => database.get('typeDefinition', reference),
  }
}

/**
 * A sentence for each breach of the registry. Both branches of every `Fn::If` are read. A value that is known only at
 * deployment counts as a string; JSON properties are not checked.
 */
export function schemaViolations(template: Template, registry: Registry): readonly string[] {
  const { Resources, Parameters } = template
  const isList = (name: string): boolean => /List/.test(Parameters[name]?.Type ?? '')

  const ofResource = (id: string): readonly string[] => {
    const declared = Resources[id]
    const known = registry.resource(declared?.Type ?? '')
    if (declared === undefined || known === undefined) return [`${id}: there is no type ${declared?.Type}`]
    const strange = Object.keys(declared).filter(name => !RESOURCE_MEMBERS.has(name))
    return [
      ...strange.map(name => `${id}: a resource has no ${name}`),
      ...ofProperties(declared.Properties ?? {}, known, id),
    ]
  }

  const ofProperties = (input: object, { properties }: Definition, where: string): readonly string[] => {
    const missing = Object.entries(properties).filter(([name, { required }]) => required && !(name in input))
    return [
      ...missing.map(([name]) => `${where}.${name} is missing`),
      ...Object.entries(input).flatMap(([name, value]) => {
        const property = properties[name]
        const path = `${where}.${name}`
        if (property === undefined) return [`${path} is not a property`]
        const empty =
          branchesOf(value).includes(NO_VALUE) && property.required
            ? [`${path} may be removed by a condition`]
            : []
        return [...empty, ...branchesOf(value).flatMap(one => ofValue(one, property.type, path))]
      }),
    ]
  }

  const ofValue = (value: unknown, type: PropertyType, where: string): readonly string[] => {
    if (value === NO_VALUE || type.type === 'json') return []
    if (type.type === 'union') {
      const tried = type.types.map(one => ofValue(one === undefined ? undefined : value, one, where))
      return tried.find(problems => problems.length === 0) ?? tried[0] ?? []
    }
    const found = intrinsicOf(value)
    if (found !== undefined) return ofIntrinsic(found, type, where)
    switch (type.type) {
      case 'array':
        return Array.isArray(value)
          ? value.flatMap((item, at) =>
              branchesOf(item).flatMap(one => ofValue(one, type.element, `${where}[${at}]`)),
            )
          : [`${where} is not a list`]
      case 'map':
        return isObject(value)
          ? Object.entries(value).flatMap(([name, item]) =>
              branchesOf(item).flatMap(one => ofValue(one, type.element, `${where}.${name}`)),
            )
          : [`${where} is not a map`]
      case 'ref':
        return isObject(value)
          ? ofProperties(value, registry.definition(type), where)
          : [`${where} is not an object`]
      case 'tag':
        return isObject(value) && Object.keys(value).sort().join() === 'Key,Value'
          ? []
          : [`${where} is not a tag`]
      default:
        return ofPrimitive(value, type, where)
    }
  }

  const ofIntrinsic = (
    { name, argument }: Intrinsic,
    type: PropertyType,
    where: string,
  ): readonly string[] => {
    if (LISTS.has(name)) return type.type === 'array' ? [] : [`${where} is a list`]
    const isText = ['array', 'map', 'ref', 'tag'].includes(type.type)
    if (name === 'Ref' && isList(String(argument))) return type.type === 'array' ? [] : [`${where} is a list`]
    return isText ? [`${where} is a string, not ${type.type === 'array' ? 'a list' : 'an object'}`] : []
  }

  return [...Object.keys(Resources).flatMap(ofResource), ...attributeViolations(template, registry)]
}

/** Every `Fn::GetAtt` of an attribute that the resource does not have in the registry. */
function attributeViolations(template: Template, registry: Registry): readonly string[] {
  return attributesIn([template.Resources, template.Outputs]).flatMap(([id, attribute]) => {
    const type = template.Resources[id]?.Type
    const known = registry.resource(type ?? '')
    if (known === undefined) return []
    return attribute in known.attributes ? [] : [`${id}: a ${type} has no attribute ${attribute}`]
  })
}

function attributesIn(value: unknown): readonly (readonly [id: string, attribute: string])[] {
  if (Array.isArray(value)) return value.flatMap(attributesIn)
  if (!isObject(value)) return []
  const { 'Fn::GetAtt': asked } = value
  if (Array.isArray(asked)) return [[String(asked[0]), asked.slice(1).join('.')]]
  return Object.values(value).flatMap(attributesIn)
}

function ofPrimitive(value: unknown, type: PropertyType, where: string): readonly string[] {
  if (typeof value === 'object')
    return [`${where} is ${Array.isArray(value) ? 'a list' : 'an object'}, not a ${type.type}`]
  const text = String(value)
  const isFitting: Partial<Record<PropertyType['type'], boolean>> = {
    boolean: text === 'true' || text === 'false',
    integer: /^-?\d+$/.test(text),
    number: text !== '' && Number.isFinite(Number(text)),
  }
  if (isFitting[type.type] === false) return [`${where} is "${text}", not a ${type.type}`]
  const allowed = 'allowedValues' in type ? type.allowedValues : undefined
  return allowed === undefined || allowed.map(String).includes(text)
    ? []
    : [`${where} is "${text}"; the registry allows ${allowed.join(', ')}`]
}

type Intrinsic = { readonly name: string; readonly argument: unknown }

function intrinsicOf(value: unknown): Intrinsic | undefined {
  if (!isObject(value)) return undefined
  const [[name, argument] = ['', undefined], ...more] = Object.entries(value)
  return more.length === 0 && (name === 'Ref' || name.startsWith('Fn::')) ? { name, argument } : undefined
}

/** The possible values: every branch of `Fn::If`. */
function branchesOf(value: unknown): readonly unknown[] {
  if (!isObject(value)) return [value]
  if (value.Ref === 'AWS::NoValue') return [NO_VALUE]
  const choice = value['Fn::If']
  return Array.isArray(choice) ? choice.slice(1).flatMap(branchesOf) : [value]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The functions that return a list. */
const LISTS = new Set(['Fn::Split', 'Fn::Cidr', 'Fn::GetAZs'])
const NO_VALUE = Symbol('AWS::NoValue')
const RESOURCE_MEMBERS = new Set([
  ...[
    'Type',
    'Properties',
    'Condition',
    'DependsOn',
    'DeletionPolicy',
    'UpdateReplacePolicy',
    'UpdatePolicy',
  ],
])
