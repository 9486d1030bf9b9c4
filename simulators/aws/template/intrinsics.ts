/** What intrinsic functions need from their template. */
export type Intrinsics = {
  readonly ref: (name: string, where: string) => unknown
  readonly attribute: (logicalId: string, name: string, where: string) => string
  readonly mapped: (map: string, top: string, second: string, where: string) => unknown
  readonly condition: (name: string) => boolean
  readonly value: (input: unknown, where: string) => unknown
}

type Intrinsic = (argument: unknown, functions: Intrinsics, where: string) => unknown

/**
 * The intrinsic functions that the harness knows. `Fn::ImportValue` is not supported: the stack depends on no other.
 */
export const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, { ref }, where) => ref(String(name), where),
  Condition: (name, { condition }) => condition(String(name)),
  'Fn::GetAtt': (argument, { attribute }, where) => {
    const [logicalId = '', ...name] =
      typeof argument === 'string' ? argument.split('.') : texts(argument, where)
    return attribute(logicalId, name.join('.'), where)
  },
  'Fn::Sub': (argument, functions, where) => {
    const [text, input] = Array.isArray(argument) ? argument : [argument, {}]
    const variables = Object(input) as Readonly<Record<string, unknown>>
    return String(text).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal !== '') return `\${${name}}`
      if (name in variables) return String(functions.value(variables[name], where))
      const [logicalId = '', ...attribute] = name.split('.')
      return attribute.length > 0
        ? functions.attribute(logicalId, attribute.join('.'), where)
        : String(functions.ref(name, where))
    })
  },
  'Fn::Join': (argument, { value }, where) => {
    const [separator, items] = list(argument, where)
    return texts(value(items, where), where).join(String(separator))
  },
  'Fn::If': (argument, { condition, value }, where) => {
    const [name, whenTrue, whenFalse] = list(argument, where)
    return value(condition(String(name)) ? whenTrue : whenFalse, where)
  },
  'Fn::Equals': (argument, { value }, where) => {
    const [one, other] = list(value(argument, where), where)
    return String(one) === String(other)
  },
  'Fn::Not': (argument, { value }, where) => list(value(argument, where), where)[0] === false,
  'Fn::And': (argument, { value }, where) => list(value(argument, where), where).every(one => one === true),
  'Fn::Or': (argument, { value }, where) => list(value(argument, where), where).some(one => one === true),
  'Fn::Contains': (argument, { value }, where) => {
    const [items, item] = list(value(argument, where), where)
    return list(items, where).includes(item)
  },
  'Fn::Select': (argument, { value }, where) => {
    const [index, items] = list(value(argument, where), where)
    const found = list(items, where)[Number(index)]
    if (found === undefined) throw new Error(`${where}: Fn::Select finds nothing at ${index}`)
    return found
  },
  'Fn::Split': (argument, { value }, where) => {
    const [separator, text] = list(value(argument, where), where)
    return String(text).split(String(separator))
  },
  'Fn::FindInMap': (argument, { mapped, value }, where) => {
    const [map = '', top = '', second = ''] = texts(value(argument, where), where)
    return mapped(map, top, second, where)
  },
  'Fn::Base64': (argument, { value }, where) =>
    Buffer.from(String(value(argument, where))).toString('base64'),
}

function list(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new Error(`${where}: expected a list, got ${JSON.stringify(value)}`)
}

function texts(value: unknown, where: string): readonly string[] {
  return list(value, where).map(item => {
    if (typeof item === 'object' || item === undefined) {
      throw new Error(`${where}: expected a text, got ${JSON.stringify(item)}`)
    }
    return String(item)
  })
}
