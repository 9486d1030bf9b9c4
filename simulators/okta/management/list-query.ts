import { type Answer, type ApiRequest, at, invalid, ok, oktaError } from './route.ts'

export type Filter = (resource: unknown) => boolean

/** Reads a SCIM filter as in Okta's lists: comparisons, `and`, `or`, `not`, brackets; undefined if it is invalid. */
export function parseFilter(text: string): Filter | undefined {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[()]|[^\s()"]+/g) ?? []
  const reader = { tokens, position: 0 }
  const filter = either(reader)
  return filter && reader.position === tokens.length ? filter : undefined
}

type Reader = { readonly tokens: readonly string[]; position: number }

function either(reader: Reader): Filter | undefined {
  return joined(reader, 'or', both, (left, right) => resource => left(resource) || right(resource))
}

function both(reader: Reader): Filter | undefined {
  return joined(reader, 'and', single, (left, right) => resource => left(resource) && right(resource))
}

function joined(
  reader: Reader,
  word: string,
  part: (reader: Reader) => Filter | undefined,
  join: (left: Filter, right: Filter) => Filter,
): Filter | undefined {
  let filter = part(reader)
  while (filter && reader.tokens[reader.position]?.toLowerCase() === word) {
    reader.position++
    const right = part(reader)
    filter = right && join(filter, right)
  }
  return filter
}

function single(reader: Reader): Filter | undefined {
  const token = reader.tokens[reader.position++]
  if (token === '(') {
    const inner = either(reader)
    return reader.tokens[reader.position++] === ')' ? inner : undefined
  }
  if (token?.toLowerCase() === 'not') {
    const inner = single(reader)
    return inner && (resource => !inner(resource))
  }
  return token === undefined || !/^[A-Za-z_]/.test(token) ? undefined : comparison(token, reader)
}

function comparison(path: string, reader: Reader): Filter | undefined {
  const operator = reader.tokens[reader.position++]?.toLowerCase()
  if (operator === 'pr') return resource => values(resource, path).length > 0
  const literal = literalOf(reader.tokens[reader.position++])
  const compare = COMPARISONS[operator ?? '']
  if (literal === undefined || !compare) return undefined
  if (operator === 'ne') return resource => !values(resource, path).some(value => value === literal)
  return resource => values(resource, path).some(value => compare(value, literal))
}

const COMPARISONS: Readonly<Record<string, (value: string, literal: string) => boolean>> = {
  eq: (value, literal) => value === literal,
  ne: (value, literal) => value !== literal,
  co: (value, literal) => value.toLowerCase().includes(literal.toLowerCase()),
  sw: (value, literal) => value.toLowerCase().startsWith(literal.toLowerCase()),
  ew: (value, literal) => value.toLowerCase().endsWith(literal.toLowerCase()),
  gt: (value, literal) => value > literal,
  ge: (value, literal) => value >= literal,
  lt: (value, literal) => value < literal,
  le: (value, literal) => value <= literal,
}

function literalOf(token: string | undefined): string | undefined {
  if (token === undefined) return undefined
  if (token === 'true' || token === 'false' || /^-?\d+(\.\d+)?$/.test(token)) return token
  if (!token.startsWith('"')) return undefined
  try {
    return String(JSON.parse(token))
  } catch {
    return undefined
  }
}

/** The values at a path, as strings; a list on the path (`target.id`) is searched item by item. */
function values(resource: unknown, path: string): readonly string[] {
  if (Array.isArray(resource)) return resource.flatMap(item => values(item, path))
  const [name = '', ...rest] = path.split('.')
  const value = at(resource, name)
  if (value === undefined || value === null) return []
  if (rest.length > 0) return values(value, rest.join('.'))
  return [value].flat().map(String)
}

export type PageLimits = { readonly default: number; readonly max: number }

/** One page of a list, with Okta's `Link` headers. The cursor is the ID of the last item of the previous page. */
export function page<Resource extends { readonly id: string }>(
  resources: readonly Resource[],
  { query, url }: Pick<ApiRequest, 'query' | 'url'>,
  limits: PageLimits,
  write: (resource: Resource) => unknown,
): Answer {
  const limit = Number(query.get('limit') ?? limits.default)
  if (!Number.isInteger(limit) || limit < 1 || limit > limits.max) {
    return invalid([`limit: The value must be between 1 and ${limits.max}`])
  }
  const after = query.get('after')
  const start = after === null ? 0 : resources.findIndex(resource => resource.id === after) + 1
  if (after !== null && start === 0) {
    return oktaError(
      400,
      'E0000029',
      'Invalid paging request. Ensure the pagination cursor has not been altered',
    )
  }
  const onPage = resources.slice(start, start + limit)
  const last = onPage.at(-1)
  const hasMore = start + limit < resources.length
  return { ...ok(onPage.map(write)), headers: linkHeaders(url, hasMore ? last?.id : undefined) }
}

/** `self`, and `next` if there is a cursor. */
export function linkHeaders(url: URL, cursor: string | undefined): Readonly<Record<string, string>> {
  const self = `<${url.href}>; rel="self"`
  if (cursor === undefined) return { Link: self }
  const next = new URL(url)
  next.searchParams.set('after', cursor)
  return { Link: `${self}, <${next.href}>; rel="next"` }
}
