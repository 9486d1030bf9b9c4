import type { Resource, Stack } from '../template/stack.ts'
import type { Context } from './conditions.ts'
import { decide, type OneOrMore, type Statement, statementsOf } from './iam.ts'

/** A service that acts for a resource of the template, such as a topic that invokes a function. */
export type ServiceCall = {
  readonly service: string
  readonly action: string
  readonly sourceArn: string
  /** More condition keys of the call. */
  readonly context?: Context
}

/** Whether a service may invoke a function: by the permissions for exactly this ARN, including its alias. */
export function mayInvoke(stack: Stack, functionArn: string, call: Omit<ServiceCall, 'action'>): boolean {
  const statements = stack
    .ofType('AWS::Lambda::Permission')
    .map(({ properties }) => properties as LambdaPermission)
    .filter(({ FunctionName }) => isNamed(stack, FunctionName, functionArn))
    .map(permissionStatement)
  const resource = functionArn
  return permits(stack, statements, resource, { ...call, action: 'lambda:InvokeFunction' })
}

/** Whether a service may use a topic, a queue or a key, by the policy of that resource. */
export function mayUse(stack: Stack, resource: Resource, call: ServiceCall): boolean {
  return permits(stack, policyOf(stack, resource), resource.arn ?? '', call)
}

/** The policy of a topic, a queue or a key. Topics and queues have no policy unless the template has one. */
export function policyOf(stack: Stack, resource: Resource): readonly Statement[] {
  if (resource.type === 'AWS::KMS::Key') return statementsOf(resource.properties.KeyPolicy)
  const [type, list] = POLICIES[resource.type] ?? []
  if (type === undefined || list === undefined) throw new Error(`${resource.type} has no known policy`)
  return stack
    .ofType(type)
    .filter(({ properties }) => (properties[list] as readonly unknown[]).includes(resource.ref))
    .flatMap(({ properties }) => statementsOf(properties.PolicyDocument))
}

const POLICIES: Readonly<Record<string, readonly [type: string, list: string]>> = {
  'AWS::SNS::Topic': ['AWS::SNS::TopicPolicy', 'Topics'],
  'AWS::SQS::Queue': ['AWS::SQS::QueuePolicy', 'Queues'],
}

function permits(
  stack: Stack,
  statements: readonly Statement[],
  resource: string,
  { service, action, sourceArn, context: more }: ServiceCall,
): boolean {
  const context: Context = {
    'aws:SourceArn': sourceArn,
    'aws:SourceAccount': stack.account,
    'aws:SecureTransport': 'true',
    ...more,
  }
  const principal = { kind: 'Service', value: service } as const
  return decide(statements, { action, resource, context, principal }) === 'allowed'
}

type LambdaPermission = {
  readonly FunctionName: string
  readonly Action: string
  readonly Principal: string
  readonly SourceArn?: string
  readonly SourceAccount?: string
}

function permissionStatement({ Action, Principal, SourceArn, SourceAccount }: LambdaPermission): Statement {
  return {
    Effect: 'Allow',
    Action,
    Principal: { Service: Principal } as Readonly<Record<string, OneOrMore>>,
    Condition: {
      ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': SourceArn } }),
      ...(SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
    },
  }
}

/** A permission names its function by name or ARN, with or without an alias. */
function isNamed(stack: Stack, named: string, functionArn: string): boolean {
  if (named.startsWith('arn:')) return named === functionArn
  return `arn:aws:lambda:${stack.region}:${stack.account}:function:${named}` === functionArn
}
