import { type Answer, type XmlValue, xml } from './http.ts'

/** A request of the AWS query protocol: the operation, and its input as an object. */
export type Query = { readonly action: string; readonly input: Input }

export type Input = { readonly [name: string]: Input | string | readonly (Input | string)[] | undefined }

/** `Parameters.member.1.ParameterKey=A` becomes `{ Parameters: [{ ParameterKey: 'A' }] }`. */
export function readQuery(body: string): Query {
  const tree: Tree = {}
  for (const [name, value] of new URLSearchParams(body)) {
    const path = name.split('.')
    const last = path.pop() ?? ''
    let node = tree
    for (const step of path) {
      const known = node[step]
      const next = typeof known === 'object' ? known : {}
      node[step] = next
      node = next
    }
    node[last] = value
  }
  const { Action, Version: _, ...input } = tree
  return { action: typeof Action === 'string' ? Action : '', input: listsOf(input) as Input }
}

type Tree = { [name: string]: Tree | string }

/** `{ member: { 1: a, 2: b } }` is a list. */
function listsOf(tree: Tree | string): Input | string | readonly (Input | string)[] {
  if (typeof tree === 'string') return tree
  const { member } = tree
  if (typeof member === 'object') {
    return Object.keys(member)
      .sort((one, other) => Number(one) - Number(other))
      .map(index => listsOf(member[index] ?? '') as Input | string)
  }
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, listsOf(value)]))
}

export function text(input: Input, name: string): string | undefined {
  const value = input[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function list(input: Input, name: string): readonly (Input | string)[] {
  const value = input[name]
  return Array.isArray(value) ? value : []
}

export function queryAnswer(action: string, result: XmlValue): Answer {
  const body = `${xml(`${action}Result`, result)}${xml('ResponseMetadata', { RequestId: REQUEST_ID })}`
  return { status: 200, contentType: 'text/xml', body: `<${action}Response>${body}</${action}Response>` }
}

export function queryError(status: number, code: string, message: string): Answer {
  const error = { Type: 'Sender', Code: code, Message: message }
  return {
    status,
    contentType: 'text/xml',
    body: xml('ErrorResponse', { Error: error, RequestId: REQUEST_ID }),
  }
}

const REQUEST_ID = '00000000-0000-4000-8000-000000000000'
