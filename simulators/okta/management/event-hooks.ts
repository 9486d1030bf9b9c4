import { isObject } from '../call-order.ts'
import type { EventEndpoint, EventSender } from '../event-sender.ts'
import { EVENT_TYPES } from '../event-types.ts'
import { deepMerge, without } from '../overrides.ts'
import { addressProblems, headerProblems } from './inline-hook-problems.ts'
import { changed, type EventHook, newborn, type OrgState } from './org-state.ts'
import {
  type Answer,
  type ApiRequest,
  at,
  blanks,
  found,
  invalid,
  type Json,
  noContent,
  notOneOf,
  ok,
  oktaError,
  type Route,
  textAt,
  textsAt,
} from './route.ts'
import { logged } from './system-log.ts'

/** "You can have a maximum of 25 active and verified event hooks"; here, also unverified ones count. */
const ACTIVE_MAX = 25

/** `/api/v1/eventHooks`. */
export function eventHookRoutes(org: OrgState, { verify }: Pick<EventSender, 'verify'>): readonly Route[] {
  const one = '/api/v1/eventHooks/:eventHookId'
  const withHook = ({ params }: ApiRequest, use: (hook: EventHook) => Answer | Promise<Answer>) =>
    found(org.eventHooks, params.eventHookId, 'EventHook', use)
  return [
    {
      method: 'GET',
      path: '/api/v1/eventHooks',
      handle: () => ok([...org.eventHooks.values()].map(hook => written(org, hook))),
    },
    { method: 'POST', path: '/api/v1/eventHooks', handle: ({ body }) => create(org, body) },
    { method: 'GET', path: one, handle: request => withHook(request, hook => ok(written(org, hook))) },
    {
      method: 'PUT',
      path: one,
      handle: request => withHook(request, hook => replace(org, hook, request.body)),
    },
    { method: 'DELETE', path: one, handle: request => withHook(request, hook => remove(org, hook)) },
    {
      method: 'POST',
      path: `${one}/lifecycle/activate`,
      handle: request => withHook(request, hook => activate(org, hook)),
    },
    {
      method: 'POST',
      path: `${one}/lifecycle/deactivate`,
      handle: request => withHook(request, hook => put(org, hook, { status: 'INACTIVE' }, 'deactivated')),
    },
    {
      method: 'POST',
      path: `${one}/lifecycle/verify`,
      handle: request =>
        withHook(request, async hook => {
          const { url, headers } = endpointOf(hook)
          const isWithSecret = org.behaviours.now.verification === 'with-secret'
          const problem = await verify({ url, headers: isWithSecret ? headers : headersOf(hook) })
          if (problem !== undefined) return invalid([`eventHook: The endpoint was not verified: ${problem}`])
          return put(org, hook, { verificationStatus: 'VERIFIED' }, 'verified')
        }),
    },
  ]
}

/** The endpoint of a hook, with its headers and its secret. */
export function endpointOf(hook: EventHook): EventEndpoint {
  const scheme = at(hook.channel, 'config.authScheme')
  const name = textAt(scheme, 'key')
  return {
    url: textAt(hook.channel, 'config.uri') ?? '',
    headers: { ...headersOf(hook), ...(name !== undefined && { [name]: textAt(scheme, 'value') ?? '' }) },
  }
}

function headersOf({ channel }: EventHook): Readonly<Record<string, string>> {
  const headers = at(channel, 'config.headers')
  if (!Array.isArray(headers)) return {}
  return Object.fromEntries(headers.map(one => [textAt(one, 'key') ?? '', textAt(one, 'value') ?? '']))
}

function create(org: OrgState, body: Json): Answer {
  const problems = problemsOf(org, body)
  if (problems.length > 0) return invalid(problems)
  if (activeOf(org) >= ACTIVE_MAX) {
    return invalid([`eventHook: An org can have at most ${ACTIVE_MAX} active event hooks`])
  }
  const hook: EventHook = {
    ...newborn(org, 'who'),
    ...writable(body),
    status: 'ACTIVE',
    verificationStatus: 'UNVERIFIED',
  }
  return put(org, hook, {}, 'created')
}

/** "Updating the channel property requires you to verify the hook again": each replacement has a channel. */
function replace(org: OrgState, hook: EventHook, body: Json): Answer {
  const problems = problemsOf(org, body, hook)
  if (problems.length > 0) return invalid(problems)
  return put(org, hook, { ...writable(body), verificationStatus: 'UNVERIFIED' }, 'updated')
}

function activate(org: OrgState, hook: EventHook): Answer {
  if (hook.status === 'INACTIVE' && activeOf(org) >= ACTIVE_MAX) {
    return wrongState(`status: An org can have at most ${ACTIVE_MAX} active event hooks`)
  }
  return put(org, hook, { status: 'ACTIVE' }, 'activated')
}

function remove(org: OrgState, hook: EventHook): Answer {
  if (hook.status === 'ACTIVE') return wrongState('status: Only event hooks that are INACTIVE can be deleted')
  org.eventHooks.delete(hook.id)
  logged(org, 'event_hook.deleted', { target: eventHookTarget(hook) })
  return noContent()
}

function wrongState(problem: string): Answer {
  return oktaError(403, 'E0000107', 'Entity not in the expected state for the requested transition.', [
    problem,
  ])
}

function put(org: OrgState, hook: EventHook, changes: Partial<EventHook>, event: string): Answer {
  const next = changed(org, hook, changes)
  org.eventHooks.set(hook.id, next)
  logged(org, `event_hook.${event}`, { target: eventHookTarget(next) })
  return ok(written(org, next))
}

function activeOf(org: OrgState): number {
  return [...org.eventHooks.values()].filter(({ status }) => status === 'ACTIVE').length
}

export function eventHookTarget({ id, name }: EventHook): Json {
  return { id, type: 'EventHook', displayName: name, alternateId: name }
}

function writable(body: Json): Pick<EventHook, 'name' | 'description' | 'eventTypes' | 'channel'> {
  return {
    name: textAt(body, 'name') ?? '',
    description: textAt(body, 'description') ?? null,
    eventTypes: textsAt(body, 'events.items'),
    channel: deepMerge(
      { config: { headers: [], method: 'POST' } },
      isObject(body.channel) ? body.channel : {},
    ),
  }
}

/** Okta's problems with an event hook, field by field. `old` is the current hook, if this is an update. */
function problemsOf(org: OrgState, body: Json, old?: EventHook): readonly string[] {
  const config = 'channel.config'
  const types = at(body, 'events.items')
  const name = textAt(body, 'name')
  const isTaken = [...org.eventHooks.values()].some(hook => hook.name === name && hook.id !== old?.id)
  const isTypes = Array.isArray(types) && types.length > 0
  const scheme = at(body, `${config}.authScheme`)
  return [
    ...blanks(body, ['name', 'events.type', `${config}.uri`, 'channel.type', 'channel.version']),
    ...(isTaken ? ['name: An event hook with this name already exists'] : []),
    ...notOneOf(body, 'events.type', ['EVENT_TYPE']),
    ...(isTypes ? types.flatMap(typeProblems) : ['events.items: The field cannot be left blank']),
    ...filterProblems(body),
    ...notOneOf(body, 'channel.type', ['HTTP']),
    ...notOneOf(body, 'channel.version', ['1.0.0']),
    ...addressProblems(body, `${config}.uri`),
    ...headerProblems(body),
    ...(scheme === undefined || scheme === null
      ? []
      : [
          ...blanks(body, [`${config}.authScheme.key`, `${config}.authScheme.value`]),
          ...notOneOf(body, `${config}.authScheme.type`, ['HEADER']),
        ]),
  ]
}

function typeProblems(type: unknown): readonly string[] {
  const known = typeof type === 'string' ? EVENT_TYPES.get(type) : undefined
  if (known === undefined) return [`events.items: There is no event type ${type}`]
  return known.isEligible ? [] : [`events.items: ${type} is not eligible for event hooks`]
}

/** Filters are a feature that an administrator turns on (Early Access); in this org it is off. */
function filterProblems(body: Json): readonly string[] {
  const filter = at(body, 'events.filter')
  return filter === undefined || filter === null
    ? []
    : ['events.filter: The feature is not enabled in this org']
}

/** The hook as Okta returns it: without its secret. */
function written(org: OrgState, hook: EventHook): Json {
  const { id, name, description, status, verificationStatus, created, lastUpdated, eventTypes, channel } =
    hook
  const self = `${org.url}/api/v1/eventHooks/${id}`
  const link = (step: string) => ({ href: `${self}/lifecycle/${step}`, hints: { allow: ['POST'] } })
  return {
    id,
    status,
    verificationStatus,
    name,
    description,
    created,
    createdBy: org.administratorId,
    lastUpdated,
    events: { type: 'EVENT_TYPE', items: eventTypes, filter: null },
    channel: without(channel, ['config.authScheme.value']),
    // Okta's examples have the same links for an inactive hook.
    _links: { self: { href: self }, verify: link('verify'), deactivate: link('deactivate') },
  }
}
