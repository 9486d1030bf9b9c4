import { accessRuleProblems } from './access-rule-problems.ts'
import { statusOf } from './authorization-servers.ts'
import { enrolmentPolicyOf } from './enrolment-policies.ts'
import { type AccessPolicy, type AccessRule, changed, newborn, type OrgState } from './org-state.ts'
import { inOrder, place, withoutOne } from './priorities.ts'
import {
  type Answer,
  type ApiRequest,
  blanks,
  forbidden,
  found,
  invalid,
  type Json,
  noContent,
  notFound,
  ok,
  type Route,
  textAt,
} from './route.ts'

/** `/api/v1/policies` of the type ACCESS_POLICY: the authentication policies, to add a rule to. */
export function accessPolicyRoutes(org: OrgState): readonly Route[] {
  const one = '/api/v1/policies/:policyId'
  const withPolicy = ({ params }: ApiRequest, use: (policy: AccessPolicy) => Answer | Promise<Answer>) =>
    found(org.accessPolicies, params.policyId, 'Policy', use)
  const withRule = (request: ApiRequest, use: (rule: AccessRule) => Answer) =>
    withPolicy(request, policy =>
      found(org.accessRules, request.params.ruleId, 'PolicyRule', rule =>
        rule.policyId === policy.id ? use(rule) : notFound(rule.id, 'PolicyRule'),
      ),
    )
  return [
    { method: 'GET', path: '/api/v1/policies', handle: ({ query }) => list(org, query.get('type')) },
    { method: 'GET', path: one, handle: request => withPolicy(request, policy => ok(written(org, policy))) },
    {
      method: 'GET',
      path: `${one}/rules`,
      handle: request =>
        withPolicy(request, ({ id }) => ok(inOrder(rulesOf(org, id)).map(rule => ruleOf(org, rule)))),
    },
    {
      method: 'POST',
      path: `${one}/rules`,
      handle: request => withPolicy(request, ({ id }) => put(org, id, undefined, request.body)),
    },
    {
      method: 'GET',
      path: `${one}/rules/:ruleId`,
      handle: request => withRule(request, rule => ok(ruleOf(org, rule))),
    },
    {
      method: 'PUT',
      path: `${one}/rules/:ruleId`,
      handle: request => withRule(request, rule => put(org, rule.policyId, rule, request.body)),
    },
    {
      method: 'DELETE',
      path: `${one}/rules/:ruleId`,
      handle: request => withRule(request, rule => remove(org, rule)),
    },
    ...(['activate', 'deactivate'] as const).map(
      (step): Route => ({
        method: 'POST',
        path: `${one}/rules/:ruleId/lifecycle/${step}`,
        handle: request =>
          withRule(request, rule => {
            if (rule.system) return forbidden()
            const status = step === 'activate' ? 'ACTIVE' : 'INACTIVE'
            org.accessRules.set(rule.id, changed(org, rule, { status }))
            return noContent()
          }),
      }),
    ),
  ]
}

function list(org: OrgState, type: string | null): Answer {
  if (type === null) return invalid(['type: The field cannot be left blank'])
  if (type === 'MFA_ENROLL') {
    return ok([...org.enrolmentPolicies.values()].map(policy => enrolmentPolicyOf(org, policy)))
  }
  return ok(
    type === 'ACCESS_POLICY' ? [...org.accessPolicies.values()].map(policy => written(org, policy)) : [],
  )
}

/** The rules made by administrators; Okta's catch-all rule is always the last. */
function rulesOf(org: OrgState, policyId: string): readonly AccessRule[] {
  return [...org.accessRules.values()].filter(rule => rule.policyId === policyId)
}

function put(org: OrgState, policyId: string, old: AccessRule | undefined, body: Json): Answer {
  if (old?.system) return forbidden()
  const own = rulesOf(org, policyId).filter(rule => !rule.system)
  const problems = [
    ...(body.type === 'ACCESS_POLICY' ? [] : ['type: The value must be ACCESS_POLICY']),
    ...blanks(body, ['name']),
    ...(rulesOf(org, policyId).some(rule => rule.name === body.name && rule.id !== old?.id)
      ? ['name: Policy rule name already in use']
      : []),
    ...accessRuleProblems(body),
  ]
  if (problems.length > 0) return invalid(problems)
  const parts = {
    name: textAt(body, 'name') ?? '',
    status: statusOf(body),
    conditions: body.conditions ?? null,
    actions: body.actions,
  }
  const rule = old
    ? changed(org, old, parts)
    : { ...newborn(org, 'rul'), ...parts, policyId, priority: 0, system: false }
  for (const one of place(own, rule, body.priority ?? old?.priority)) org.accessRules.set(one.id, one)
  return ok(ruleOf(org, org.accessRules.get(rule.id) ?? rule))
}

function remove(org: OrgState, { id, policyId, system }: AccessRule): Answer {
  if (system) return forbidden()
  const own = rulesOf(org, policyId).filter(rule => !rule.system)
  org.accessRules.delete(id)
  for (const one of withoutOne(own, id)) org.accessRules.set(one.id, one)
  return noContent()
}

function written(org: OrgState, { id, name, created, lastUpdated }: AccessPolicy): Json {
  const href = `${org.url}/api/v1/policies/${id}`
  return {
    id,
    type: 'ACCESS_POLICY',
    name,
    status: 'ACTIVE',
    priority: 1,
    system: true,
    created,
    lastUpdated,
    _links: { self: { href }, rules: { href: `${href}/rules` } },
  }
}

function ruleOf(org: OrgState, { policyId, ...rule }: AccessRule): Json {
  const href = `${org.url}/api/v1/policies/${policyId}/rules/${rule.id}`
  return { ...rule, type: 'ACCESS_POLICY', _links: { self: { href } } }
}
