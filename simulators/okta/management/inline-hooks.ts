import { isObject } from '../call-order.ts'
import { deepMerge, without } from '../overrides.ts'
import { inlineHookProblems } from './inline-hook-problems.ts'
import {
  activeTelephonyHook,
  changed,
  type InlineHook,
  newborn,
  type OrgState,
  TELEPHONY,
} from './org-state.ts'
import {
  type Answer,
  type ApiRequest,
  found,
  invalid,
  type Json,
  noContent,
  ok,
  oktaError,
  type Route,
  textAt,
} from './route.ts'
import { logged } from './system-log.ts'

const HOOKS_MAX = 50

/** `/api/v1/inlineHooks`. `execute` calls the hook with a body and reports how Okta reads the answer. */
export function inlineHookRoutes(
  org: OrgState,
  execute: (hook: InlineHook, body: Json, requestId: string) => Promise<Answer>,
): readonly Route[] {
  const one = '/api/v1/inlineHooks/:inlineHookId'
  const withHook = ({ params }: ApiRequest, use: (hook: InlineHook) => Answer | Promise<Answer>) =>
    found(org.inlineHooks, params.inlineHookId, 'InlineHook', use)
  const update = (request: ApiRequest, bodyOf: (hook: InlineHook) => Json) =>
    withHook(request, hook => replace(org, hook, bodyOf(hook)))
  return [
    { method: 'GET', path: '/api/v1/inlineHooks', handle: ({ query }) => list(org, query.get('type')) },
    { method: 'POST', path: '/api/v1/inlineHooks', handle: ({ body }) => create(org, body) },
    { method: 'GET', path: one, handle: request => withHook(request, hook => ok(written(org, hook))) },
    { method: 'PUT', path: one, handle: request => update(request, () => request.body) },
    {
      method: 'POST',
      path: one,
      handle: request =>
        update(request, ({ name, version, channel }) => deepMerge({ name, version, channel }, request.body)),
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
      handle: request => withHook(request, hook => setStatus(org, hook, 'INACTIVE')),
    },
    {
      method: 'POST',
      path: `${one}/execute`,
      handle: request => withHook(request, hook => execute(hook, request.body, request.requestId)),
    },
  ]
}

function list(org: OrgState, type: string | null): Answer {
  const hooks = [...org.inlineHooks.values()].filter(hook => type === null || hook.type === type)
  return ok(hooks.map(hook => written(org, hook)))
}

function create(org: OrgState, body: Json): Answer {
  const problems = inlineHookProblems(org, body)
  if (problems.length > 0) return invalid(problems)
  if (org.inlineHooks.size >= HOOKS_MAX) {
    return invalid([`inlineHook: An org can have at most ${HOOKS_MAX} inline hooks`])
  }
  if (body.type === TELEPHONY && activeTelephonyHook(org)) return secondTelephonyHook()
  const hook: InlineHook = {
    ...newborn(org, 'cal'),
    name: textAt(body, 'name') ?? '',
    type: textAt(body, 'type') ?? '',
    version: '1.0.0',
    status: 'ACTIVE',
    channel: channelOf(body),
  }
  org.inlineHooks.set(hook.id, hook)
  logged(org, 'inline_hook.created', { target: hookTarget(hook) })
  return ok(written(org, hook))
}

function replace(org: OrgState, hook: InlineHook, body: Json): Answer {
  const problems = inlineHookProblems(org, body, hook)
  if (problems.length > 0) return invalid(problems)
  const replaced = changed(org, hook, { name: textAt(body, 'name') ?? '', channel: channelOf(body) })
  org.inlineHooks.set(hook.id, replaced)
  logged(org, 'inline_hook.updated', { target: hookTarget(hook) })
  return ok(written(org, replaced))
}

/** The channel as it was sent; one with tokens is returned with `authScheme` null. */
function channelOf(body: Json): Json {
  const input = isObject(body.channel) ? body.channel : {}
  const isOauth = input.type === 'OAUTH'
  const missing = { method: 'POST', headers: [], ...(isOauth && { authScheme: null }) }
  return deepMerge({ config: missing }, input)
}

function activate(org: OrgState, hook: InlineHook): Answer {
  const active = activeTelephonyHook(org)
  if (hook.type === TELEPHONY && active && active.id !== hook.id) return secondTelephonyHook()
  return setStatus(org, hook, 'ACTIVE')
}

function secondTelephonyHook(): Answer {
  return invalid(['type: There is already an active telephony inline hook. An org can have only one'])
}

function setStatus(org: OrgState, hook: InlineHook, status: InlineHook['status']): Answer {
  const next = changed(org, hook, { status })
  org.inlineHooks.set(hook.id, next)
  logged(org, status === 'ACTIVE' ? 'inline_hook.activated' : 'inline_hook.deactivated', {
    target: hookTarget(hook),
  })
  return ok(written(org, next))
}

function remove(org: OrgState, hook: InlineHook): Answer {
  if (hook.status === 'ACTIVE') {
    return oktaError(403, 'E0000107', 'Entity not in the expected state for the requested transition.', [
      'status: Only inline hooks that are INACTIVE can be deleted',
    ])
  }
  org.inlineHooks.delete(hook.id)
  logged(org, 'inline_hook.deleted', { target: hookTarget(hook) })
  return noContent()
}

export function hookTarget({ id, name }: InlineHook): Json {
  return { id, type: 'InlineHook', displayName: name, alternateId: name }
}

/** The hook as Okta returns it: without its secret. */
function written(org: OrgState, hook: InlineHook): Json {
  const { id, name, type, version, status, created, lastUpdated } = hook
  const self = `${org.url}/api/v1/inlineHooks/${id}`
  const step = status === 'ACTIVE' ? 'deactivate' : 'activate'
  return {
    id,
    status,
    name,
    type,
    version,
    channel: without(hook.channel, ['config.authScheme.value']),
    created,
    lastUpdated,
    _links: {
      self: { href: self },
      execute: { href: `${self}/execute`, hints: { allow: ['POST'] } },
      [step]: { href: `${self}/lifecycle/${step}`, hints: { allow: ['POST'] } },
    },
  }
}
