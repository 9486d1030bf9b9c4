import { type LoggedDetails, logEvent } from '../log-event.ts'
import { linkHeaders, parseFilter } from './list-query.ts'
import { now, type OrgState } from './org-state.ts'
import { type Answer, type ApiRequest, invalid, type Json, oktaError, type Route } from './route.ts'

const EVENTS_KEPT_MAX = 10_000
const WEEK_MS = 7 * 24 * 60 * 60 * 1000
const PAGE_MAX = 1000

/** Writes an event into the System Log, with the IDs of the event hooks that get it, and sends it to them. */
export function logged(org: OrgState, eventType: string, details: LoggedDetails = {}): void {
  const administrator = {
    id: org.administratorId,
    type: 'User',
    alternateId: 'administrator',
    displayName: 'Administrator',
  }
  const hooks = [...org.eventHooks.values()].filter(
    ({ status, verificationStatus, eventTypes }) =>
      status === 'ACTIVE' && verificationStatus === 'VERIFIED' && eventTypes.includes(eventType),
  )
  const eventHookIds = hooks.map(({ id }) => id).join(',')
  const debugData = { ...details.debugData, ...(hooks.length > 0 && { eventHookIds }) }
  const event = logEvent(eventType, { actor: administrator, ...details, debugData }, now(org))
  org.log.push(event)
  if (org.log.length > EVENTS_KEPT_MAX) org.log.shift()
  for (const { id } of hooks) org.onEvent.now(id, event)
}

/** `GET /api/v1/logs`. */
export function systemLogRoutes(org: OrgState): readonly Route[] {
  return [{ method: 'GET', path: '/api/v1/logs', handle: request => list(org, request) }]
}

function list(org: OrgState, request: ApiRequest): Answer {
  const { query, url } = request
  const wanted = read(org, query)
  if ('status' in wanted) return wanted
  const { limit, start, isDescending, isPolling } = wanted
  const sorted = isDescending ? wanted.events.toReversed() : wanted.events
  const onPage = sorted.slice(start, start + limit)
  // A query without `until` follows the log: there is always a next page, even if this one is empty.
  const hasNext = isPolling || start + limit < sorted.length
  const cursor = String(start + onPage.length)
  return { status: 200, body: onPage, headers: linkHeaders(url, hasNext ? cursor : undefined) }
}

type Wanted = {
  readonly events: readonly Json[]
  readonly start: number
  readonly limit: number
  readonly isDescending: boolean
  readonly isPolling: boolean
}

function read(org: OrgState, query: URLSearchParams): Wanted | Answer {
  const until = dateOf(query, 'until', now(org).getTime())
  const since = dateOf(query, 'since', Number(until) - WEEK_MS)
  if (since === undefined || until === undefined) {
    return oktaError(
      400,
      'E0000030',
      "Bad request. Invalid date. Dates must be of the form yyyy-MM-dd'T'HH:mm:ss.SSSZZ, e.g. 2013-01-01T12:00:00.000-07:00.",
    )
  }
  const text = query.get('filter')
  const filter = text === null ? () => true : parseFilter(text)
  if (!filter) return oktaError(400, 'E0000031', 'Invalid search criteria.')
  const limit = Number(query.get('limit') ?? 100)
  if (!Number.isInteger(limit) || limit < 0 || limit > PAGE_MAX) {
    return invalid([`limit: The value must be between 0 and ${PAGE_MAX}`])
  }
  const order = query.get('sortOrder') ?? 'ASCENDING'
  if (order !== 'ASCENDING' && order !== 'DESCENDING') {
    return invalid(['sortOrder: The value must be one of ASCENDING, DESCENDING'])
  }
  const start = Number(query.get('after') ?? 0)
  if (!Number.isInteger(start)) {
    return oktaError(
      400,
      'E0000029',
      'Invalid paging request. Ensure the pagination cursor has not been altered',
    )
  }
  const words = query.get('q')?.toLowerCase().split(/\s+/) ?? []
  const events = org.log.filter(event => {
    const at = Date.parse(String(event.published))
    const all = JSON.stringify(event).toLowerCase()
    return at >= since && at <= until && filter(event) && words.every(word => all.includes(word))
  })
  const isDescending = order === 'DESCENDING'
  return { events, start, limit, isDescending, isPolling: !query.has('until') && !isDescending }
}

/** Undefined for an invalid date. */
function dateOf(query: URLSearchParams, name: string, defaultMs: number): number | undefined {
  const text = query.get(name)
  const ms = text === null ? defaultMs : Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}
