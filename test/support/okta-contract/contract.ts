import type { Shape } from './shape.ts'

/** One of Okta's documents of its management API. */
export type Contract = {
  readonly name: string
  /** Undefined for an operation that is not in the document. */
  readonly operation: (method: string, path: string) => Operation | undefined
}

export type Operation = {
  /** `PUT /api/v1/apps/{appId}` */
  readonly name: string
  readonly query: ReadonlySet<string>
  /** Undefined without a body. */
  readonly request: Shape | undefined
  /** By status; undefined without a body. Errors that an operation does not list have Okta's common shape. */
  readonly answers: ReadonlyMap<number, Shape | undefined>
  readonly error: Shape
  /** Okta's example bodies of this operation. */
  readonly examples: readonly unknown[]
}

/** A matcher of paths with `{names}`: the path with the fewest names is used. */
export function chooseTemplate(templates: readonly string[], path: string): string | undefined {
  const parts = path.split('/')
  const fits = templates.filter(template => {
    const wanted = template.split('/')
    return (
      wanted.length === parts.length && wanted.every((part, at) => part.startsWith('{') || part === parts[at])
    )
  })
  const names = (template: string): number => template.split('{').length
  return fits.toSorted((left, right) => names(left) - names(right))[0]
}
