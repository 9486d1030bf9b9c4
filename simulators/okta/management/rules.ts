import { isObject } from '../call-order.ts'
import { belowServer, statusOf } from './authorization-servers.ts'
import { changed, DEFAULT_SERVER, newborn, type OrgState, type Policy, type Rule } from './org-state.ts'
import { inOrder, place, withoutOne } from './priorities.ts'
import {
  type Answer,
  type ApiRequest,
  at,
  blanks,
  created,
  found,
  invalid,
  type Json,
  noContent,
  notFound,
  ok,
  type Route,
  textAt,
  textsAt,
} from './route.ts'

const GRANTS = [
  'authorization_code',
  'implicit',
  'password',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:saml2-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:openid:params:grant-type:ciba',
  'interaction_code',
]
const LIFETIME = 'actions.token.accessTokenLifetimeMinutes'

/** `…/policies/{policyId}/rules`: the grants and scopes of a policy's clients. */
export function ruleRoutes(org: OrgState): readonly Route[] {
  const withPolicy = ({ params }: ApiRequest, use: (policy: Policy) => Answer | Promise<Answer>) =>
    found(org.policies, params.policyId, 'Policy', use)
  const withRule = (request: ApiRequest, use: (rule: Rule) => Answer) =>
    withPolicy(request, policy =>
      found(org.rules, request.params.ruleId, 'PolicyRule', rule =>
        rule.policyId === policy.id ? use(rule) : notFound(rule.id, 'PolicyRule'),
      ),
    )
  const routes: readonly Route[] = [
    {
      method: 'GET',
      path: '',
      handle: request =>
        withPolicy(request, ({ id }) => ok(inOrder(rulesOf(org, id)).map(rule => written(org, rule)))),
    },
    {
      method: 'POST',
      path: '',
      handle: request => withPolicy(request, ({ id }) => put(org, id, undefined, request.body)),
    },
    { method: 'GET', path: '/:ruleId', handle: request => withRule(request, rule => ok(written(org, rule))) },
    {
      method: 'PUT',
      path: '/:ruleId',
      handle: request => withRule(request, rule => put(org, rule.policyId, rule, request.body)),
    },
    { method: 'DELETE', path: '/:ruleId', handle: request => withRule(request, rule => remove(org, rule)) },
    ...(['activate', 'deactivate'] as const).map(
      (step): Route => ({
        method: 'POST',
        path: `/:ruleId/lifecycle/${step}`,
        handle: request =>
          withRule(request, rule => {
            org.rules.set(
              rule.id,
              changed(org, rule, { status: step === 'activate' ? 'ACTIVE' : 'INACTIVE' }),
            )
            return noContent()
          }),
      }),
    ),
  ]
  return routes.map(belowServer(org, 'policies/:policyId/rules'))
}

export function rulesOf(org: OrgState, policyId: string): readonly Rule[] {
  return [...org.rules.values()].filter(rule => rule.policyId === policyId)
}

function put(org: OrgState, policyId: string, old: Rule | undefined, body: Json): Answer {
  const problems = problemsOf(org, policyId, old?.id, body)
  if (problems.length > 0) return invalid(problems)
  const people = at(body, 'conditions.people')
  const token = at(body, 'actions.token')
  const parts = {
    name: textAt(body, 'name') ?? '',
    status: statusOf(body),
    grantTypes: textsAt(body, 'conditions.grantTypes.include'),
    scopes: textsAt(body, 'conditions.scopes.include'),
    people: isObject(people) ? people : {},
    token: { accessTokenLifetimeMinutes: 60, ...(isObject(token) && token) },
  }
  const rule = old ? changed(org, old, parts) : { ...newborn(org, '0pr'), ...parts, policyId, priority: 0 }
  for (const one of place(rulesOf(org, policyId), rule, body.priority ?? old?.priority)) {
    org.rules.set(one.id, one)
  }
  return (old ? ok : created)(written(org, org.rules.get(rule.id) ?? rule))
}

function problemsOf(org: OrgState, policyId: string, id: string | undefined, body: Json): readonly string[] {
  const grants = textsAt(body, 'conditions.grantTypes.include')
  const scopes = textsAt(body, 'conditions.scopes.include')
  const people = [
    ...textsAt(body, 'conditions.people.groups.include'),
    ...textsAt(body, 'conditions.people.users.include'),
  ]
  const known = new Set(['*', ...[...org.scopes.values()].map(scope => scope.name)])
  const unknown = scopes.find(scope => !known.has(scope))
  const minutes = at(body, LIFETIME)
  const isLifetime =
    typeof minutes === 'number' && Number.isInteger(minutes) && minutes >= 5 && minutes <= 1440
  const isTaken = rulesOf(org, policyId).some(rule => rule.name === body.name && rule.id !== id)
  return [
    ...(body.type === 'RESOURCE_ACCESS' ? [] : ['type: The value must be RESOURCE_ACCESS']),
    ...blanks(body, ['name']),
    ...(isTaken ? ['name: Policy rule name already in use'] : []),
    ...(people.length === 0 ? ['conditions.people: The field cannot be left blank'] : []),
    ...(grants.length === 0 ? ['conditions.grantTypes.include: The field cannot be left blank'] : []),
    ...(grants.every(grant => GRANTS.includes(grant))
      ? []
      : [`conditions.grantTypes.include: The value must be one of ${GRANTS.join(', ')}`]),
    ...(scopes.length === 0 ? ['conditions.scopes.include: The field cannot be left blank'] : []),
    ...(unknown === undefined ? [] : [`conditions.scopes.include: There is no scope ${unknown}`]),
    ...(minutes === undefined || minutes === null || isLifetime
      ? []
      : [`${LIFETIME}: The value must be between 5 and 1440`]),
  ]
}

function remove(org: OrgState, { id, policyId }: Rule): Answer {
  const rest = withoutOne(rulesOf(org, policyId), id)
  org.rules.delete(id)
  for (const one of rest) org.rules.set(one.id, one)
  return noContent()
}

function written(org: OrgState, rule: Rule): Json {
  const { id, policyId, name, status, priority, people, grantTypes, scopes, token, created, lastUpdated } =
    rule
  const server = `${org.url}/api/v1/authorizationServers/${DEFAULT_SERVER}`
  return {
    id,
    type: 'RESOURCE_ACCESS',
    name,
    status,
    priority,
    system: false,
    conditions: { people, grantTypes: { include: grantTypes }, scopes: { include: scopes } },
    actions: { token },
    created,
    lastUpdated,
    _links: { self: { href: `${server}/policies/${policyId}/rules/${id}` } },
  }
}
