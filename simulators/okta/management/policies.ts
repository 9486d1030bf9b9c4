import { belowServer, statusOf } from './authorization-servers.ts'
import { changed, DEFAULT_SERVER, newborn, type OrgState, type Policy } from './org-state.ts'
import { inOrder, place, withoutOne } from './priorities.ts'
import {
  type Answer,
  type ApiRequest,
  blanks,
  created,
  found,
  invalid,
  type Json,
  noContent,
  ok,
  type Route,
  textAt,
  textsAt,
} from './route.ts'

/** `…/policies` of an authorization server: which clients may request tokens. */
export function policyRoutes(org: OrgState): readonly Route[] {
  const withPolicy = ({ params }: ApiRequest, use: (policy: Policy) => Answer) =>
    found(org.policies, params.policyId, 'Policy', use)
  const routes: readonly Route[] = [
    {
      method: 'GET',
      path: '',
      handle: () => ok(inOrder([...org.policies.values()]).map(policy => written(org, policy))),
    },
    { method: 'POST', path: '', handle: ({ body }) => put(org, undefined, body) },
    {
      method: 'GET',
      path: '/:policyId',
      handle: request => withPolicy(request, policy => ok(written(org, policy))),
    },
    {
      method: 'PUT',
      path: '/:policyId',
      handle: request => withPolicy(request, policy => put(org, policy, request.body)),
    },
    {
      method: 'DELETE',
      path: '/:policyId',
      handle: request => withPolicy(request, policy => remove(org, policy)),
    },
    ...(['activate', 'deactivate'] as const).map(
      (step): Route => ({
        method: 'POST',
        path: `/:policyId/lifecycle/${step}`,
        handle: request =>
          withPolicy(request, policy => {
            const status = step === 'activate' ? 'ACTIVE' : 'INACTIVE'
            org.policies.set(policy.id, changed(org, policy, { status }))
            return noContent()
          }),
      }),
    ),
  ]
  return routes.map(belowServer(org, 'policies'))
}

function put(org: OrgState, old: Policy | undefined, body: Json): Answer {
  const problems = problemsOf(org, old?.id, body)
  if (problems.length > 0) return invalid(problems)
  const parts = {
    name: textAt(body, 'name') ?? '',
    description: textAt(body, 'description') ?? '',
    status: statusOf(body),
    clients: textsAt(body, 'conditions.clients.include'),
  }
  const policy = old ? changed(org, old, parts) : { ...newborn(org, '00p'), ...parts, priority: 0 }
  for (const one of place([...org.policies.values()], policy, body.priority ?? old?.priority)) {
    org.policies.set(one.id, one)
  }
  return (old ? ok : created)(written(org, org.policies.get(policy.id) ?? policy))
}

function problemsOf(org: OrgState, id: string | undefined, body: Json): readonly string[] {
  const clients = textsAt(body, 'conditions.clients.include')
  const known = new Set(['ALL_CLIENTS', ...[...org.apps.values()].map(app => app.clientId)])
  const unknownClient = clients.find(client => !known.has(client))
  const isTaken = [...org.policies.values()].some(one => one.name === body.name && one.id !== id)
  return [
    ...(body.type === 'OAUTH_AUTHORIZATION_POLICY'
      ? []
      : ['type: The value must be OAUTH_AUTHORIZATION_POLICY']),
    ...blanks(body, ['name', 'description']),
    ...(isTaken ? ['name: Policy name already in use'] : []),
    ...(clients.length === 0 ? ['conditions.clients.include: The field cannot be left blank'] : []),
    ...(unknownClient === undefined
      ? []
      : [`conditions.clients.include: There is no client ${unknownClient}`]),
  ]
}

function remove(org: OrgState, { id }: Policy): Answer {
  const rest = withoutOne([...org.policies.values()], id)
  org.policies.delete(id)
  for (const one of rest) org.policies.set(one.id, one)
  for (const rule of [...org.rules.values()]) if (rule.policyId === id) org.rules.delete(rule.id)
  return noContent()
}

function written(org: OrgState, policy: Policy): Json {
  const { id, name, description, status, priority, clients, created, lastUpdated } = policy
  const href = `${org.url}/api/v1/authorizationServers/${DEFAULT_SERVER}/policies/${id}`
  return {
    id,
    type: 'OAUTH_AUTHORIZATION_POLICY',
    name,
    description,
    status,
    priority,
    system: false,
    conditions: { clients: { include: clients } },
    created,
    lastUpdated,
    _links: { self: { href }, rules: { href: `${href}/rules` } },
  }
}
