import type { Resource, Stack } from '../template/stack.ts'
import { type Statement, statementsOf } from './iam.ts'

/** Everything that a role of the template may and must not do: inline, attached and managed policies. */
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

/** The role of a function; it must be one that Lambda may take on. */
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
  if (!isTrusted) throw new Error(`${role.logicalId}: Lambda may not take on this role`)
  return role
}
