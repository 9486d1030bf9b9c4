import type { Shape } from './shape.ts'

/** A document of Okta's about its management API. */
export type Contract = {
  readonly name: string
  /** Undefined for an operation that the document lacks. */
  readonly operation: (method: string, path: string) => Operation | undefined
}

export type Operation = {
  /** `PUT /api/v1/apps/{appId}` */
  readonly name: string
  readonly query: ReadonlySet<string>
  /** Undefined where there is no body. */
  readonly request: Shape | undefined
  /** By status; undefined where there is no body. Errors that an operation does not name have Okta's usual shape. */
  readonly answers: ReadonlyMap<number, Shape | undefined>
  readonly error: Shape
  /** Bodies that Okta shows for this operation. */
  readonly examples: readonly unknown[]
}

/** A matcher of paths with `{names}` in them: the one with the fewest names wins. */
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
