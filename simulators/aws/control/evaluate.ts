import type { Template } from './template.ts'

/** Where a template's functions find their values. */
export type Scope = {
  readonly template: Template
  readonly parameters: ReadonlyMap<string, string>
  /** Logical ID to physical ID. */
  readonly resources: ReadonlyMap<string, string>
  readonly pseudo: Readonly<Record<string, string>>
}

/** Whether a condition of the template holds; one that is not named always does. */
export function holds(name: string | undefined, scope: Scope): boolean {
  return name === undefined || isTrue(scope.template.Conditions[name], scope)
}

/** What the template's rules say against these parameters. */
export function brokenRule(scope: Scope): string | undefined {
  for (const { Assertions } of Object.values(scope.template.Rules)) {
    for (const { Assert, AssertDescription } of Assertions) {
      if (!isTrue(Assert, scope))
        return `Template validation error: ${AssertDescription ?? 'a rule is broken'}`
    }
  }
  return undefined
}

/** A value with its functions worked out, as text. What this stand-in does not know stays as JSON. */
export function evaluate(value: unknown, scope: Scope): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '')
  const [[name, argument] = ['', undefined]] = Object.entries(value) as [string, unknown][]
  const items = Array.isArray(argument) ? (argument as readonly unknown[]) : [argument]
  switch (name) {
    case 'Ref':
      return lookUp(String(argument), scope)
    case 'Fn::GetAtt':
      return attribute(
        items.flatMap(item => String(item).split('.')),
        scope,
      )
    case 'Fn::Join':
      return (items[1] as readonly unknown[]).map(item => evaluate(item, scope)).join(String(items[0]))
    case 'Fn::Sub':
      return String(items[0]).replace(/\$\{([^!}]+)\}/g, (_, path: string) =>
        path.includes('.') ? attribute(path.split('.'), scope) : lookUp(path, scope),
      )
    case 'Fn::FindInMap':
      return findInMap(items, scope)
    case 'Fn::If':
      return evaluate(holds(String(items[0]), scope) ? items[1] : items[2], scope)
    default:
      return JSON.stringify(value)
  }
}

/** A whole value with its functions worked out; what is `AWS::NoValue` is left out. */
export function evaluateAll(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map(item => evaluateAll(item, scope)).filter(item => item !== undefined)
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [name, argument] = entries[0] ?? []
  if (entries.length === 1 && name === 'Fn::If' && Array.isArray(argument))
    return evaluateAll(holds(String(argument[0]), scope) ? argument[1] : argument[2], scope)
  if (entries.length === 1 && name === 'Ref' && argument === 'AWS::NoValue') return undefined
  if (entries.length === 1 && (name === 'Ref' || name?.startsWith('Fn::'))) return evaluate(value, scope)
  const all = entries.map(([key, item]) => [key, evaluateAll(item, scope)] as const)
  return Object.fromEntries(all.filter(([, item]) => item !== undefined))
}

/** The parameters that a piece of a template names, also by its conditions. */
export function namedIn(value: unknown, { Parameters, Conditions }: Template): readonly string[] {
  const source = JSON.stringify(value) ?? ''
  const words = new Set(source.match(/\w+/g))
  for (const [name, condition] of Object.entries(Conditions)) {
    if (words.has(name)) for (const word of JSON.stringify(condition).match(/\w+/g) ?? []) words.add(word)
  }
  return Object.keys(Parameters).filter(name => words.has(name))
}

function isTrue(condition: unknown, scope: Scope): boolean {
  if (typeof condition !== 'object' || condition === null) return condition === true || condition === 'true'
  const [[name, argument] = ['', undefined]] = Object.entries(condition) as [string, unknown][]
  const items = Array.isArray(argument) ? (argument as readonly unknown[]) : [argument]
  switch (name) {
    case 'Fn::Equals':
      return evaluate(items[0], scope) === evaluate(items[1], scope)
    case 'Fn::Not':
      return !isTrue(items[0], scope)
    case 'Fn::And':
      return items.every(item => isTrue(item, scope))
    case 'Fn::Or':
      return items.some(item => isTrue(item, scope))
    case 'Condition':
      return holds(String(argument), scope)
    default:
      throw new Error(`Template error: this stand-in does not know the condition function ${name}`)
  }
}

function findInMap([map, ...keys]: readonly unknown[], scope: Scope): string {
  const [first = '', second = ''] = keys.map(key => evaluate(key, scope))
  const found = scope.template.Mappings[String(map)]?.[first]?.[second]
  if (found === undefined)
    throw new Error(`Template error: Unable to get mapping for ${map}::${first}::${second}`)
  return String(found)
}

function lookUp(name: string, { parameters, resources, pseudo }: Scope): string {
  return pseudo[name] ?? parameters.get(name) ?? resources.get(name) ?? name
}

function attribute([resource = '', ...path]: readonly string[], scope: Scope): string {
  const id = lookUp(resource, scope)
  const { 'AWS::Region': region, 'AWS::AccountId': account } = scope.pseudo
  return path.join('.') === 'Arn' ? `arn:aws:stand-in:${region}:${account}:${id}` : `${id}.${path.join('.')}`
}
