/** The shape of a value of Okta's management API, from any document. */
export type Shape =
  | { readonly kind: 'any' }
  | {
      readonly kind: 'text'
      readonly allowed?: readonly string[]
      readonly isDate?: boolean
      /** In characters, both included. */
      readonly lengths?: readonly [min: number, max: number]
    }
  | { readonly kind: 'number' | 'boolean' }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'one of'; readonly alternatives: readonly Shape[] }
  | ObjectShape
  /** Read lazily, because Okta's models refer to each other in circles. */
  | { readonly kind: 'later'; readonly read: () => Shape }
  | { readonly kind: 'nullable'; readonly of: Shape }

export type ObjectShape = {
  readonly kind: 'object'
  readonly members: ReadonlyMap<string, Member>
  /** The shape of unnamed members; undefined if there are none. */
  readonly others?: Shape
  /** The shape selected by the value of one member; it has all members. */
  readonly chosenBy?: { readonly member: string; readonly mapping: ReadonlyMap<string, Shape> }
}

export type Member = { readonly shape: Shape; readonly isRequired: boolean; readonly isReadOnly: boolean }

export type Fault = { readonly path: string; readonly what: string }

/**
 * The differences of a value from its shape. An unnamed member is a fault, although Okta's documents do not say this.
 */
export function faultsOf(shape: Shape, value: unknown, isRequest: boolean, path = ''): readonly Fault[] {
  const fault = (what: string): readonly Fault[] => [{ path, what }]
  switch (shape.kind) {
    case 'later':
      return faultsOf(shape.read(), value, isRequest, path)
    case 'nullable':
      return value === null ? [] : faultsOf(shape.of, value, isRequest, path)
    case 'any':
      return []
    case 'number':
    case 'boolean':
      return typeof value === shape.kind ? [] : fault(`is ${nameOf(value)}, and no ${shape.kind}`)
    case 'text':
      if (typeof value !== 'string') return fault(`is ${nameOf(value)}, and no text`)
      if (shape.lengths && (value.length < shape.lengths[0] || value.length > shape.lengths[1])) {
        return fault(`has ${value.length} characters; allowed are ${shape.lengths.join(' to ')}`)
      }
      if (shape.isDate && Number.isNaN(Date.parse(value))) return fault('is no date')
      return shape.allowed === undefined || shape.allowed.includes(value)
        ? []
        : fault(`is "${value}"; allowed are ${shape.allowed.join(', ')}`)
    case 'list':
      if (!Array.isArray(value)) return fault(`is ${nameOf(value)}, and no list`)
      return value.flatMap(item => faultsOf(shape.of, item, isRequest, `${path}[]`))
    case 'one of':
      return bestOf(shape.alternatives.map(one => faultsOf(one, value, isRequest, path)))
    case 'object':
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return fault(`is ${nameOf(value)}, and no object`)
      }
      return objectFaults(shape, value as Readonly<Record<string, unknown>>, isRequest, path)
  }
}

function objectFaults(
  shape: ObjectShape,
  value: Readonly<Record<string, unknown>>,
  isRequest: boolean,
  path: string,
): readonly Fault[] {
  const { chosenBy, members, others } = shape
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`)
  if (chosenBy !== undefined) {
    const choice = value[chosenBy.member]
    const chosen = chosenBy.mapping.get(String(choice))
    if (chosen !== undefined) return faultsOf(chosen, value, isRequest, path)
    if (choice !== undefined || isRequest) {
      const allowed = [...chosenBy.mapping.keys()].join(', ')
      return [{ path: below(chosenBy.member), what: `is "${choice}"; allowed are ${allowed}` }]
    }
  }
  const missing = [...members]
    .filter(
      ([name, { isRequired, isReadOnly }]) => isRequired && !(isRequest && isReadOnly) && !(name in value),
    )
    .map(([name]) => ({ path: below(name), what: 'is missing' }))
  const wrong = Object.entries(value).flatMap(([name, inner]) => {
    const member = members.get(name)
    if (member === undefined) {
      return others === undefined
        ? [{ path: below(name), what: 'has a name that Okta does not know' }]
        : faultsOf(others, inner, isRequest, below(name))
    }
    if (isRequest && member.isReadOnly) return [{ path: below(name), what: 'is read-only, and was sent' }]
    return faultsOf(member.shape, inner, isRequest, below(name))
  })
  return [...missing, ...wrong]
}

function bestOf(found: readonly (readonly Fault[])[]): readonly Fault[] {
  return found.reduce((best, one) => (one.length < best.length ? one : best), found[0] ?? [])
}

function nameOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`
}

/** The members that select a shape, with their values: bodies with equal values have the same shape. */
export function choicesOf(shape: Shape, value: unknown, path = ''): readonly string[] {
  switch (shape.kind) {
    case 'later':
      return choicesOf(shape.read(), value, path)
    case 'nullable':
      return choicesOf(shape.of, value, path)
    case 'object': {
      if (typeof value !== 'object' || value === null) return []
      const members = value as Readonly<Record<string, unknown>>
      const { chosenBy } = shape
      const chosen = chosenBy?.mapping.get(String(members[chosenBy.member]))
      if (chosenBy !== undefined && chosen !== undefined) {
        return [`${path}${chosenBy.member}=${members[chosenBy.member]}`, ...choicesOf(chosen, value, path)]
      }
      return [...shape.members].flatMap(([name, member]) =>
        choicesOf(member.shape, members[name], `${path}${name}.`),
      )
    }
    default:
      return []
  }
}

/** `a`, `a.b`, `a.list[].c`: every member of a body that is a leaf. */
export function leavesOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(item => leavesOf(item, `${path}[]`))
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, inner]) =>
    leavesOf(inner, path === '' ? name : `${path}.${name}`),
  )
}
