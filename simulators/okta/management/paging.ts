import { type Answer, invalid, ok, oktaError } from './answer.ts'
import type { ApiRequest } from './route.ts'

export type PageLimits = { readonly usual: number; readonly max: number }

/** One page of a list, with Okta's `Link` headers. The cursor is the ID of the last thing of the page before. */
export function page<Thing extends { readonly id: string }>(
  things: readonly Thing[],
  { query, url }: Pick<ApiRequest, 'query' | 'url'>,
  limits: PageLimits,
  write: (thing: Thing) => unknown,
): Answer {
  const limit = Number(query.get('limit') ?? limits.usual)
  if (!Number.isInteger(limit) || limit < 1 || limit > limits.max) {
    return invalid([`limit: The value must be between 1 and ${limits.max}`])
  }
  const after = query.get('after')
  const start = after === null ? 0 : things.findIndex(thing => thing.id === after) + 1
  if (after !== null && start === 0) {
    return oktaError(
      400,
      'E0000029',
      'Invalid paging request. Ensure the pagination cursor has not been altered',
    )
  }
  const onPage = things.slice(start, start + limit)
  const last = onPage.at(-1)
  const hasMore = start + limit < things.length
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
