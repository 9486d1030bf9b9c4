import { type AwsError, awsError, type FieldProblem } from './aws-error.ts'

/** The input of an operation: a JSON body whose types have been checked. */
export type Input = Readonly<Record<string, unknown>>

type Text = { readonly kind: 'text'; readonly min: number; readonly max: number; readonly pattern?: RegExp }
type Choice = { readonly kind: 'choice'; readonly values: readonly string[] }
type Integer = { readonly kind: 'integer'; readonly min: number; readonly max: number }
type Flag = { readonly kind: 'flag' }
type List = { readonly kind: 'list'; readonly max: number; readonly item: Text }
/** AWS accepts the field; this stand-in refuses it, because it does not implement it. */
type Unplayed = { readonly kind: 'unplayed' }
type Dictionary = {
  readonly kind: 'map'
  readonly max: number
  readonly key: Text | Choice
  readonly value: Text
}

/** The constraint of one field in the service model. */
export type Field = (Text | Choice | Integer | Flag | List | Dictionary | Unplayed) & {
  readonly required?: boolean
}

/** The fields of one operation. Fields that are not listed are ignored, as AWS ignores them. */
export type Fields = readonly (readonly [name: string, field: Field])[]

/**
 * Checks an input against the fields of its operation.
 *
 * A value of the wrong JSON type is a SerializationException, as with AWS, before any validation. A missing required
 * field is a ValidationException with reason `MISSING_PARAMETER`; everything else has reason `INVALID_PARAMETER`.
 * `Fields` lists all problems, not only the first.
 */
export function checkFields(input: Input, fields: Fields): AwsError | undefined {
  let missing: FieldProblem[] | undefined
  let invalid: FieldProblem[] | undefined
  for (const [name, field] of fields) {
    const value = input[name]
    if (value === undefined || value === null) {
      if (field.required) missing = [...(missing ?? []), { name, message: 'Member must not be null' }]
      continue
    }
    if (!hasType(value, field)) {
      return awsError('SerializationException', `${name} is not of type ${WIRE_TYPES[field.kind]}`)
    }
    const message = problemOf(value, field)
    if (message !== undefined) invalid = [...(invalid ?? []), { name, message }]
  }
  if (missing) return invalidFields('MISSING_PARAMETER', [...missing, ...(invalid ?? [])])
  if (invalid) return invalidFields('INVALID_PARAMETER', invalid)
  return undefined
}

/** A ValidationException about fields, worded like AWS's. */
export function invalidFields(reason: string, fields: readonly FieldProblem[]): AwsError {
  const count = `${fields.length} validation ${fields.length === 1 ? 'error' : 'errors'} detected`
  const details = fields.map(
    ({ name, message }) =>
      `Value at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: ${message}`,
  )
  return awsError('ValidationException', `${count}: ${details.join('; ')}`, { reason, fields })
}

const WIRE_TYPES = {
  text: 'String',
  choice: 'String',
  integer: 'Integer',
  flag: 'Boolean',
  list: 'List',
  map: 'Map',
  unplayed: 'List',
} as const

function hasType(value: unknown, field: Field): boolean {
  switch (field.kind) {
    case 'text':
    case 'choice':
      return typeof value === 'string'
    case 'integer':
      return Number.isInteger(value)
    case 'flag':
      return typeof value === 'boolean'
    case 'list':
      return Array.isArray(value) && value.every(item => typeof item === 'string')
    case 'map':
      return isStringMap(value)
    case 'unplayed':
      return Array.isArray(value)
  }
}

function isStringMap(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every(entry => typeof entry === 'string')
}

function problemOf(value: unknown, field: Field): string | undefined {
  switch (field.kind) {
    case 'text':
    case 'choice':
      return textProblem(value as string, field)
    case 'integer':
      return integerProblem(value as number, field)
    case 'flag':
      return undefined
    case 'unplayed':
      return (value as readonly unknown[]).length === 0 ? undefined : 'This stand-in does not implement it'
    case 'list':
      return listProblem(value as readonly string[], field)
    case 'map':
      return mapProblem(value as Readonly<Record<string, string>>, field)
  }
}

function textProblem(value: string, field: Text | Choice): string | undefined {
  if (field.kind === 'choice') {
    return field.values.includes(value)
      ? undefined
      : `Member must satisfy enum value set: [${field.values.join(', ')}]`
  }
  if (value.length < field.min) return `Member must have length greater than or equal to ${field.min}`
  // Smithy counts Unicode code points; they are counted only if the length in UTF-16 units does not decide it.
  if (value.length > field.max && [...value].length > field.max) {
    return `Member must have length less than or equal to ${field.max}`
  }
  if (field.pattern && !field.pattern.test(value)) {
    return `Member must satisfy regular expression pattern: ${field.pattern.source.slice(1, -1)}`
  }
  return undefined
}

function integerProblem(value: number, field: Integer): string | undefined {
  if (value < field.min) return `Member must have value greater than or equal to ${field.min}`
  if (value > field.max) return `Member must have value less than or equal to ${field.max}`
  return undefined
}

function listProblem(value: readonly string[], field: List): string | undefined {
  if (value.length > field.max) return `Member must have length less than or equal to ${field.max}`
  const problem = value.map(item => textProblem(item, field.item)).find(found => found !== undefined)
  return problem && `List members must satisfy constraint: [${problem}]`
}

function mapProblem(value: Readonly<Record<string, string>>, field: Dictionary): string | undefined {
  const entries = Object.entries(value)
  if (entries.length > field.max) return `Member must have length less than or equal to ${field.max}`
  for (const [key, entry] of entries) {
    const aboutKey = textProblem(key, field.key)
    if (aboutKey) return `Map keys must satisfy constraint: [${aboutKey}]`
    const aboutEntry = textProblem(entry, field.value)
    if (aboutEntry) return `Map value must satisfy constraint: [${aboutEntry}]`
  }
  return undefined
}
