import { oktaId } from '../okta-ids.ts'
import { belowServer } from './authorization-servers.ts'
import { page, parseFilter } from './list-query.ts'
import { DEFAULT_SERVER, type OrgState, type Scope } from './org-state.ts'
import {
  type Answer,
  type ApiRequest,
  blanks,
  created,
  forbidden,
  found,
  invalid,
  type Json,
  noContent,
  notOneOf,
  ok,
  oktaError,
  type Route,
  textAt,
} from './route.ts'

/** `…/scopes` of an authorization server. */
export function scopeRoutes(org: OrgState): readonly Route[] {
  const withScope = ({ params }: ApiRequest, use: (scope: Scope) => Answer) =>
    found(org.scopes, params.scopeId, 'OAuth2Scope', use)
  const routes: readonly Route[] = [
    { method: 'GET', path: '', handle: request => list(org, request) },
    { method: 'POST', path: '', handle: ({ body }) => create(org, body) },
    {
      method: 'GET',
      path: '/:scopeId',
      handle: request => withScope(request, scope => ok(written(org, scope))),
    },
    {
      method: 'PUT',
      path: '/:scopeId',
      handle: request => withScope(request, ({ id, system }) => put(org, id, request.body, system)),
    },
    {
      method: 'DELETE',
      path: '/:scopeId',
      handle: request => withScope(request, scope => remove(org, scope)),
    },
  ]
  return routes.map(belowServer(org, 'scopes'))
}

function list(org: OrgState, request: ApiRequest): Answer {
  const text = request.query.get('filter')
  const filter = text === null ? () => true : parseFilter(text)
  if (!filter) return oktaError(400, 'E0000031', 'Invalid search criteria.')
  const q = request.query.get('q')?.toLowerCase() ?? ''
  const scopes = [...org.scopes.values()].filter(
    scope => scope.name.toLowerCase().includes(q) && filter(written(org, scope)),
  )
  return page(scopes, request, { default: 200, max: 200 }, scope => written(org, scope))
}

function create(org: OrgState, body: Json): Answer {
  const answer = put(org, oktaId('scp'), body)
  return answer.status === 200 ? created(answer.body) : answer
}

function put(org: OrgState, id: string, body: Json, system = false): Answer {
  const problems = problemsOf(org, id, body)
  if (problems.length > 0) return invalid(problems)
  const { description, displayName, consent, metadataPublish, optional } = body
  const scope: Scope = {
    id,
    name: textAt(body, 'name') ?? '',
    system,
    body: {
      ...(typeof description === 'string' && { description }),
      ...(typeof displayName === 'string' && { displayName }),
      consent: consent ?? 'IMPLICIT',
      metadataPublish: metadataPublish ?? 'NO_CLIENTS',
      default: body.default === true,
      optional: optional === true,
    },
  }
  org.scopes.set(id, scope)
  return ok(written(org, scope))
}

function problemsOf(org: OrgState, id: string, body: Json): readonly string[] {
  const name = textAt(body, 'name')
  const isTaken = [...org.scopes.values()].some(scope => scope.name === name && scope.id !== id)
  return [
    ...blanks(body, ['name']),
    ...(name && /[\s"\\]|[^\x20-\x7e]/.test(name)
      ? ['name: The value has a character that is not allowed']
      : []),
    ...(name?.startsWith('okta.') ? ['name: The value must not start with okta.'] : []),
    ...(isTaken ? ['name: A scope with this name already exists'] : []),
    ...notOneOf(body, 'consent', ['IMPLICIT', 'REQUIRED', 'FLEXIBLE']),
    ...notOneOf(body, 'metadataPublish', ['ALL_CLIENTS', 'NO_CLIENTS']),
  ]
}

function remove(org: OrgState, { id, system }: Scope): Answer {
  if (system) return forbidden()
  org.scopes.delete(id)
  return noContent()
}

function written(org: OrgState, { id, name, system, body }: Scope): Json {
  const href = `${org.url}/api/v1/authorizationServers/${DEFAULT_SERVER}/scopes/${id}`
  return { id, name, system, ...body, _links: { self: { href } } }
}
