import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { type Contract, chooseTemplate, type Operation } from './contract.ts'
import type { Member, ObjectShape, Shape } from './shape.ts'

/** A value of unknown shape, read by name; `text`, `items` and `isTrue` read a leaf. */
type Json = { readonly [name: string]: Json | undefined }

/** Okta's published OpenAPI document, or a part of it: JSON or YAML. */
export function readOpenapiContract(file: string): Contract {
  const source = readFileSync(file, 'utf8')
  const document = (/\.ya?ml$/.test(file) ? parse(source) : JSON.parse(source)) as Json
  const paths = Object.keys(document.paths ?? {})
  const shapeOf = readShapes(document)
  const operations = new Map<string, Operation>()
  return {
    name: "Okta's OpenAPI",
    operation(method, path) {
      const template = chooseTemplate(
        paths.filter(one => has(one, method)),
        path,
      )
      if (template === undefined) return undefined
      const name = `${method} ${template}`
      const operation = operations.get(name) ?? read(name, method, template)
      operations.set(name, operation)
      return operation
    },
  }

  function has(path: string, method: string): boolean {
    return document.paths?.[path]?.[method.toLowerCase()] !== undefined
  }

  function read(name: string, method: string, path: string): Operation {
    const all = document.paths?.[path] ?? {}
    const operation = all[method.toLowerCase()] ?? {}
    const parameters = [...items(all.parameters), ...items(operation.parameters)].map(one =>
      follow(document, one),
    )
    const body = contentOf(operation.requestBody)
    const answers = Object.entries(operation.responses ?? {}).map(
      ([status, answer]): [number, Shape | undefined] => [
        Number(status),
        shapeOfContent(contentOf(answer), 'Response'),
      ],
    )
    return {
      name,
      query: new Set(parameters.filter(one => text(one.in) === 'query').map(one => text(one.name))),
      request: shapeOfContent(body, 'Request'),
      answers: new Map(answers),
      error: shapeOf(referTo('#/components/schemas/Error')),
      examples: Object.values(body?.examples ?? {}).map(one => follow(document, one ?? {}).value),
    }
  }

  function contentOf(holder: Json | undefined): Json | undefined {
    return holder === undefined ? undefined : follow(document, holder).content?.['application/json']
  }

  /** The telephony alternative of `execute`. */
  function shapeOfContent(content: Json | undefined, kind: string): Shape | undefined {
    const schema = content?.schema
    if (schema === undefined) return undefined
    const telephony = items(schema.oneOf).find(one => text(one.$ref).includes(`/Telephony${kind}`))
    return shapeOf(telephony ?? schema)
  }
}

function readShapes(document: Json): (schema: Json) => Shape {
  const known = new Map<Json, Shape>()
  return shapeOf

  function shapeOf(schema: Json): Shape {
    const found = known.get(schema)
    if (found !== undefined) return found
    const shape: Shape = { kind: 'later', read: once(() => read(schema)) }
    known.set(schema, shape)
    return shape
  }

  function read(schema: Json): Shape {
    const whole = follow(document, schema)
    const shape = readWhole(whole)
    return isTrue(whole.nullable) ? { kind: 'nullable', of: shape } : shape
  }

  function readWhole(schema: Json): Shape {
    const alternatives = [...items(schema.oneOf), ...items(schema.anyOf)]
    if (alternatives.length > 0) {
      return schema.discriminator === undefined
        ? { kind: 'one of', alternatives: alternatives.map(shapeOf) }
        : readObject(schema)
    }
    const type = typeOf(schema)
    if (schema.enum !== undefined) return { kind: 'text', allowed: items(schema.enum).map(text) }
    if (type === 'string') {
      const allowed = partsOf(schema).flatMap(part => items(part.enum).map(text))
      if (allowed.length > 0) return { kind: 'text', allowed }
      const isDate = text(schema.format) === 'date-time'
      return { kind: 'text', ...(isDate && { isDate }), ...lengthOf(schema) }
    }
    if (type === 'integer' || type === 'number') return { kind: 'number' }
    if (type === 'boolean') return { kind: 'boolean' }
    if (type === 'array') return { kind: 'list', of: shapeOf(schema.items ?? {}) }
    return type === 'object' ? readObject(schema) : { kind: 'any' }
  }

  function readObject(schema: Json): ObjectShape {
    const parts = partsOf(schema)
    const required = new Set(parts.flatMap(part => items(part.required).map(text)))
    const members = parts.flatMap(part =>
      Object.entries(part.properties ?? {}).map(([name, inner = {}]): [string, Member] => [
        name,
        {
          shape: shapeOf(inner),
          isRequired: required.has(name),
          isReadOnly: isTrue(follow(document, inner).readOnly),
        },
      ]),
    )
    const others = parts.map(part => part.additionalProperties).find(one => one !== undefined)
    // The base schema also has the discriminator: only the outermost one is used.
    const { discriminator } = schema
    const mapping = Object.entries(discriminator?.mapping ?? {}).map(([value, $ref]): [string, Shape] => [
      value,
      shapeOf(referTo(text($ref))),
    ])
    return {
      kind: 'object',
      members: new Map(members),
      ...(isTrue(others)
        ? { others: { kind: 'any' } }
        : typeof others === 'object' && { others: shapeOf(others) }),
      ...(mapping.length > 0 && {
        chosenBy: { member: text(discriminator?.propertyName), mapping: new Map(mapping) },
      }),
    }
  }

  /** The schema and all the schemas that it combines. */
  function partsOf(schema: Json): readonly Json[] {
    return [schema, ...items(schema.allOf).flatMap(part => partsOf(follow(document, part)))]
  }

  function typeOf(schema: Json): string | undefined {
    const parts = partsOf(schema)
    const type = parts.map(part => text(part.type)).find(name => name !== '')
    if (type !== undefined) return type
    return parts.some(part => part.properties !== undefined) ? 'object' : undefined
  }
}

function follow(document: Json, schema: Json): Json {
  if (schema.$ref === undefined) return schema
  const found = text(schema.$ref)
    .slice(2)
    .split('/')
    .reduce<Json | undefined>((inner, name) => inner?.[name], document)
  if (found === undefined) throw new Error(`The OpenAPI document has no ${text(schema.$ref)}`)
  return follow(document, found)
}

function lengthOf({ minLength, maxLength }: Json): { readonly lengths?: readonly [number, number] } {
  if (minLength === undefined && maxLength === undefined) return {}
  const number = (value: unknown, missing: number): number => (typeof value === 'number' ? value : missing)
  return { lengths: [number(minLength, 0), number(maxLength, Number.POSITIVE_INFINITY)] }
}

function referTo(path: string): Json {
  return JSON.parse(JSON.stringify({ $ref: path }))
}

function items(list: unknown): readonly Json[] {
  return Array.isArray(list) ? list : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isTrue(value: unknown): boolean {
  return value === true
}

function once<T>(read: () => T): () => T {
  let found: { readonly value: T } | undefined
  return () => {
    found ??= { value: read() }
    return found.value
  }
}
