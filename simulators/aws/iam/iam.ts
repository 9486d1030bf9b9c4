import type { Resource, Stack } from '../template/stack.ts'
import { type Context, conditionHolds, matchesAny } from './conditions.ts'

/** A statement of a policy, as in the policy's JSON. */
export type Statement = {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action?: OneOrMore
  readonly NotAction?: OneOrMore
  readonly Resource?: OneOrMore
  readonly NotResource?: OneOrMore
  readonly Principal?: '*' | Readonly<Record<string, OneOrMore>>
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly Sid?: string
}

export type OneOrMore = string | readonly string[]

/** A request: the caller, the action and the resource. */
export type RequestedAction = {
  readonly action: string
  readonly resource: string
  readonly context?: Context
  /** For policies of resources: a service (`sns.amazonaws.com`) or an ARN. */
  readonly principal?: Principal
}

type Principal = { readonly kind: 'Service' | 'AWS'; readonly value: string }

/** `silent`: no statement applies, so the request is denied. */
export type Decision = 'allowed' | 'denied' | 'silent'

/**
 * The decision of these statements on a request. An explicit deny wins. Anything unknown to the harness throws, so that
 * it never allows.
 */
export function decide(statements: readonly Statement[], request: RequestedAction): Decision {
  const speaking = statements.filter(statement => isAbout(statement, request))
  if (speaking.some(({ Effect }) => Effect === 'Deny')) return 'denied'
  return speaking.length > 0 ? 'allowed' : 'silent'
}

/** The statements of a policy document. */
export function statementsOf(document: unknown): readonly Statement[] {
  const { Statement: value } = Object(document) as { readonly Statement?: unknown }
  const statements = [value ?? []].flat().map(one => one as Readonly<Record<string, unknown>>)
  for (const statement of statements) {
    const unknown = Object.keys(statement).filter(name => !ELEMENTS.has(name))
    if (unknown.length > 0) throw new Error(`A statement has ${unknown.join(', ')}, which IAM does not know`)
    if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
      throw new Error(`A statement has the effect ${String(statement.Effect)}; expected Allow or Deny`)
    }
    if (statement.Action === undefined && statement.NotAction === undefined) {
      throw new Error('A statement has no Action')
    }
  }
  return statements as readonly unknown[] as readonly Statement[]
}

function isAbout(
  statement: Statement,
  { action, resource, context = {}, principal }: RequestedAction,
): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement
  const isAction =
    Action !== undefined
      ? matchesAny(Action, action, { ignoreCase: true })
      : !matchesAny(NotAction ?? [], action, { ignoreCase: true })
  const isResource =
    Resource !== undefined || NotResource === undefined
      ? matchesAny(Resource ?? '*', resource) // the policy of a Lambda function has no resource: it is the function
      : !matchesAny(NotResource, resource)
  return (
    isAction &&
    isResource &&
    (principal === undefined || isPrincipal(statement.Principal, principal)) &&
    Object.entries(Condition).every(([operator, tests]) => conditionHolds(operator, tests, context))
  )
}

function isPrincipal(named: Statement['Principal'], { kind, value }: Principal): boolean {
  if (named === undefined) throw new Error("A statement of a resource's policy has no Principal")
  if (named === '*') return true
  const names = [named[kind] ?? []].flat()
  const account = /^arn:aws:(?:iam|sts)::(\d{12}):/.exec(value)?.[1]
  const root = [account, `arn:aws:iam::${account}:root`]
  return names.some(name => name === '*' || name === value || (account !== undefined && root.includes(name)))
}

const ELEMENTS = new Set([
  ...['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'Condition'],
])

/** The statements that apply to a role of the template: inline, attached and managed policies. */
export function statementsOfRole(stack: Stack, role: Resource): readonly Statement[] {
  const { Policies = [], ManagedPolicyArns = [] } = role.properties as RoleProperties
  const managed = ManagedPolicyArns.map(arn => {
    const policy = stack.find('AWS::IAM::ManagedPolicy', arn)
    if (policy === undefined) {
      throw new Error(`${role.logicalId} has the policy ${arn}, which the harness cannot read: write it out`)
    }
    return policy.properties.PolicyDocument
  })
  const attached = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy']
    .flatMap(type => stack.ofType(type))
    .filter(({ properties: { Roles = [], RoleName } }) => [Roles, RoleName].flat().includes(role.ref))
    .map(({ properties }) => properties.PolicyDocument)
  const documents = [...Policies.map(({ PolicyDocument }) => PolicyDocument), ...managed, ...attached]
  return documents.flatMap(statementsOf)
}

type RoleProperties = {
  readonly Policies?: readonly { readonly PolicyDocument: unknown }[]
  readonly ManagedPolicyArns?: readonly string[]
}

/** The role of a function; Lambda must be allowed to assume it. */
export function roleOf(stack: Stack, lambda: Resource): Resource {
  const role = stack.find('AWS::IAM::Role', lambda.properties.Role)
  if (role === undefined) throw new Error(`${lambda.logicalId} has no role of the template`)
  const trust = statementsOf(role.properties.AssumeRolePolicyDocument)
  const isTrusted = trust.some(
    ({ Effect, Action, Principal }) =>
      Effect === 'Allow' &&
      [Action ?? []].flat().includes('sts:AssumeRole') &&
      typeof Principal === 'object' &&
      [Principal.Service ?? []].flat().includes('lambda.amazonaws.com'),
  )
  if (!isTrusted) throw new Error(`${role.logicalId}: Lambda may not assume this role`)
  return role
}
