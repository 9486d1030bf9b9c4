import { type Identity, identityOf, type Place } from './identities.ts'
import { INTRINSICS, type Intrinsics } from './intrinsics.ts'
import type { ParameterValues } from './parameters.ts'
import type { Properties, Template } from './template.ts'

type BrokenRule = { readonly name: string; readonly description: string | undefined }

/** The identity of a resource; `property` resolves one of its properties. */
type Identify = (type: string, logicalId: string, property: (name: string) => string | undefined) => Identity

/** A template with parameter values. */
export type Evaluated = {
  readonly isMade: (logicalId: string) => boolean
  readonly condition: (name: string) => boolean
  readonly identity: (logicalId: string) => Identity
  readonly properties: (logicalId: string) => Properties
  /** `where` is for messages. */
  readonly value: (value: unknown, where: string) => unknown
  readonly brokenRules: () => readonly BrokenRule[]
}

/** The value of `{"Ref": "AWS::NoValue"}`, until it is removed. */
const NO_VALUE = Symbol('AWS::NoValue')

export function createResolver(
  template: Template,
  parameters: ParameterValues,
  place: Place,
  identify: Identify = (type, logicalId, property) => identityOf(type, logicalId, place, property),
): Evaluated {
  const identities = new Map<string, Identity>()
  const underWay = new Set<string>()

  const declared = (logicalId: string, where: string) => {
    const resource = template.Resources[logicalId]
    if (resource === undefined) throw new Error(`${where} refers to ${logicalId}, which does not exist`)
    if (!isMade(logicalId))
      throw new Error(`${where} refers to ${logicalId}, which is not created: ${resource.Condition} is false`)
    return resource
  }
  const condition = (name: string): boolean => {
    const input = template.Conditions[name]
    if (input === undefined) throw new Error(`There is no condition ${name}`)
    return once(`Conditions.${name}`, () => isTrue(input, `Conditions.${name}`))
  }
  const isMade = (logicalId: string): boolean => {
    const name = template.Resources[logicalId]?.Condition
    return name === undefined || condition(name)
  }
  const once = <Result>(what: string, work: () => Result): Result => {
    if (underWay.has(what)) throw new Error(`${what} refers to itself`)
    underWay.add(what)
    try {
      return work()
    } finally {
      underWay.delete(what)
    }
  }
  const identity = (logicalId: string, where = 'The template'): Identity => {
    const known = identities.get(logicalId)
    if (known !== undefined) return known
    const { Type, Properties = {} } = declared(logicalId, where)
    const made = once(logicalId, () =>
      identify(Type, logicalId, name => {
        const property = value(Properties[name], `${logicalId}.${name}`)
        return property === undefined ? undefined : String(property)
      }),
    )
    identities.set(logicalId, made)
    return made
  }

  const functions: Intrinsics = {
    ref: (name, where) => {
      if (name === 'AWS::NoValue') return NO_VALUE
      const pseudo = pseudoParameters(place)[name]
      return pseudo ?? parameters[name] ?? identity(name, where).ref
    },
    attribute: (logicalId, name, where) => {
      const { attributes, otherAttribute } = identity(logicalId, where)
      const found = attributes[name] ?? otherAttribute?.(name)
      if (found !== undefined) return found
      const { Type } = declared(logicalId, where)
      const known = Object.keys(attributes).join(', ') || 'none'
      throw new Error(`${where}: ${Type} has no attribute ${name} that the harness knows (it knows ${known})`)
    },
    mapped: (map, top, second, where) => {
      const found = template.Mappings[map]?.[top]?.[second]
      if (found === undefined)
        throw new Error(`${where}: there is no ${map}.${top}.${second} in the mappings`)
      return found
    },
    condition,
    value: (input, where) => resolve(input, where),
  }
  const resolve = (input: unknown, where: string): unknown => {
    if (Array.isArray(input)) {
      return input.map((item, at) => resolve(item, `${where}[${at}]`)).filter(item => item !== NO_VALUE)
    }
    if (typeof input !== 'object' || input === null) return input
    const entries = Object.entries(input)
    const [name, argument] = entries[0] ?? []
    if (entries.length === 1 && name !== undefined) {
      const intrinsic = INTRINSICS[name]
      if (intrinsic !== undefined) return intrinsic(argument, functions, where)
      if (name.startsWith('Fn::')) throw new Error(`${where} uses ${name}, which the harness does not know`)
    }
    const resolved = entries.map(([key, item]) => [key, resolve(item, `${where}.${key}`)] as const)
    return Object.fromEntries(resolved.filter(([, item]) => item !== NO_VALUE))
  }
  const value = (input: unknown, where: string): unknown => {
    const resolved = resolve(input, where)
    return resolved === NO_VALUE ? undefined : resolved
  }
  const isTrue = (input: unknown, where: string): boolean => {
    const result =
      typeof input === 'object' && input !== null && 'Condition' in input
        ? condition(String(input.Condition))
        : value(input, where)
    if (typeof result !== 'boolean') throw new Error(`${where} is neither true nor false`)
    return result
  }

  return {
    isMade,
    condition,
    identity,
    value,
    properties: logicalId =>
      value(declared(logicalId, 'The template').Properties ?? {}, logicalId) as Properties,
    brokenRules: () =>
      Object.entries(template.Rules).flatMap(([name, { RuleCondition, Assertions }]) => {
        if (RuleCondition !== undefined && !isTrue(RuleCondition, `Rules.${name}`)) return []
        const broken = Assertions.find(({ Assert }) => !isTrue(Assert, `Rules.${name}`))
        return broken === undefined ? [] : [{ name, description: broken.AssertDescription }]
      }),
  }
}

function pseudoParameters({ name, region, account, stackId }: Place): Readonly<Record<string, string>> {
  return {
    'AWS::AccountId': account,
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackId':
      stackId ??
      `arn:aws:cloudformation:${region}:${account}:stack/${name}/00000000-0000-4000-8000-000000000000`,
    'AWS::StackName': name,
    'AWS::URLSuffix': 'amazonaws.com',
  }
}
