import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Contract, chooseTemplate, type Operation } from './contract.ts'
import type { Member, ObjectShape, Shape } from './shape.ts'

/** Okta's SDK is generated from Okta's OpenAPI: its operations and models, read from its sources and its types. */
export function readSdkContract(): Contract {
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve('@okta/okta-sdk-nodejs'))
  const models = readModels(require, folder)
  const operations = readOperations(join(folder, 'generated', 'apis'), models)
  return {
    name: "Okta's SDK",
    operation(method, path) {
      const ofMethod = [...operations.keys()].filter(name => name.startsWith(`${method} `))
      const template = chooseTemplate(
        ofMethod.map(name => name.slice(method.length + 1)),
        path,
      )
      return template === undefined ? undefined : operations.get(`${method} ${template}`)
    },
  }
}

type Models = (type: string) => Shape

function readOperations(folder: string, models: Models): ReadonlyMap<string, Operation> {
  const operations = new Map<string, Operation>()
  for (const file of readdirSync(folder).filter(name => name.endsWith('Api.js'))) {
    const [requests = '', answers = ''] = readFileSync(join(folder, file), 'utf8').split(
      /\nclass \w+ResponseProcessor/,
    )
    const answersOf = new Map(functionsOf(answers))
    for (const [name, code] of functionsOf(requests)) {
      const [, path] = /const path = '([^']+)'/.exec(code) ?? []
      const [, method] = /HttpMethodEnum\.([A-Z]+)/.exec(code) ?? []
      if (path === undefined || method === undefined) continue
      const [, body] = /serializedBody = .*?serialize\(\w+, '([^']+)'/.exec(code) ?? []
      operations.set(`${method} ${path}`, {
        name: `${method} ${path}`,
        query: new Set([...code.matchAll(/setQueryParam\('([^']+)'/g)].map(([, query = '']) => query)),
        request: body === undefined ? undefined : models(body),
        answers: readAnswers(answersOf.get(name) ?? '', models),
        error: models('ModelError'),
        examples: [],
      })
    }
  }
  return operations
}

/** `name(...) { ... }` of a class, indented by two spaces. */
function functionsOf(source: string): readonly (readonly [string, string])[] {
  return source
    .split(/\n {2}async /)
    .slice(1)
    .map(code => [code.slice(0, code.indexOf('(')), code] as const)
}

function readAnswers(code: string, models: Models): Operation['answers'] {
  const cases = code.split(/isCodeInRange\)\('/).slice(1)
  return new Map(
    cases.map(one => {
      const [body = ''] = one.split('\n    }')
      const type = /contentType\), '([^']+)'/.exec(body)?.[1]
      return [Number.parseInt(one, 10), type === undefined ? undefined : models(type)]
    }),
  )
}

function readModels(require: NodeJS.Require, folder: string): Models {
  const known = new Map<string, Shape>()
  const shapeOf: Models = type => {
    const found = known.get(type)
    if (found !== undefined) return found
    const shape: Shape = { kind: 'later', read: () => read(type) }
    known.set(type, shape)
    return shape
  }
  return shapeOf

  function read(type: string): Shape {
    const list = /^(?:Array|Set)<(.+)>$/.exec(type)?.[1]
    if (list !== undefined) return { kind: 'list', of: shapeOf(list) }
    const others = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1]
    if (others !== undefined) return { kind: 'object', members: new Map(), others: shapeOf(others) }
    if (type === 'string') return { kind: 'text' }
    if (type === 'number' || type === 'boolean') return { kind: type }
    if (type === 'Date') return { kind: 'text', isDate: true }
    if (/^any\b|& any$|\| any$/.test(type)) return { kind: 'any' }
    return readModel(type)
  }

  /**
   * The types have the values of enumerations, the alternatives and the required members; the classes have the
   * discriminator.
   */
  function readModel(type: string): Shape {
    const owner = ownerOf(type)
    const types = readFileSync(join(folder, 'types', 'generated', 'models', `${owner}.d.ts`), 'utf8')
    const alias = new RegExp(`^export (?:declare )?type ${type} = ([^;]+);`, 'm').exec(types)?.[1]
    if (alias !== undefined) {
      const parts = alias.split(' | ')
      if (parts.every(part => part.startsWith("'")))
        return { kind: 'text', allowed: parts.map(part => part.slice(1, -1)) }
      return withChoice(type, { kind: 'one of', alternatives: parts.map(shapeOf) })
    }
    const list = new RegExp(`class ${type} extends Array<(\\w+)>`).exec(types)?.[1]
    if (list !== undefined) return { kind: 'list', of: shapeOf(list) }
    const model = require(join(folder, 'generated', 'models', `${type}.js`))[type] as Model
    const members = model.getAttributeTypeMap().map(({ baseName, type: inner }): [string, Member] => [
      baseName,
      {
        // The SDK's models do not have null.
        shape: { kind: 'nullable', of: shapeOf(inner) },
        isRequired: new RegExp(`^ {2}'${baseName}':`, 'm').test(types),
        isReadOnly: false,
      },
    ])
    return withChoice(type, { kind: 'object', members: new Map(members) })
  }

  function withChoice(type: string, shape: ObjectShape | Extract<Shape, { kind: 'one of' }>): Shape {
    const file = require(join(folder, 'generated', 'models', `${type}.js`))
    const { discriminator, mapping } = (file[type] ?? file[`${type}Class`]) as Model
    if (discriminator === undefined || mapping === undefined) return shape
    const choices = Object.entries(mapping).map(([value, name]): [string, Shape] => [value, shapeOf(name)])
    const members = shape.kind === 'object' ? shape.members : new Map<string, Member>()
    return { kind: 'object', members, chosenBy: { member: discriminator, mapping: new Map(choices) } }
  }

  /** An enumeration is in the file of its model. */
  function ownerOf(type: string): string {
    for (let name = type; name !== ''; name = name.replace(/[A-Z]?[^A-Z]*$/, '')) {
      const path = join(folder, 'types', 'generated', 'models', `${name}.d.ts`)
      if (exists(path) && readFileSync(path, 'utf8').match(new RegExp(`\\b${type}\\b`))) return name
    }
    throw new Error(`Okta's SDK has no type ${type}`)
  }
}

type Model = {
  readonly discriminator: string | undefined
  readonly mapping: Readonly<Record<string, string>> | undefined
  readonly getAttributeTypeMap: () => readonly { readonly baseName: string; readonly type: string }[]
}

function exists(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch {
    return false
  }
}
