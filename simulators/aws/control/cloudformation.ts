import { capabilitiesOf, type TemplateResource } from '../template/template.ts'
import { changesBetween } from './changes.ts'
import { courseOfChange, courseOfDeletion } from './course.ts'
import { ACCOUNT, type Faults } from './faults.ts'
import type { Answer } from './http.ts'
import { draftLambda } from './lambda.ts'
import { type Input, list, type Query, queryAnswer, queryError, text } from './query.ts'
import type { Buckets } from './s3.ts'
import { advance, type Change, type ChangeSet, type Stack } from './stack.ts'
import {
  archiveOf,
  invalid,
  missingCode,
  noChangeSet,
  openStack,
  outputListOf,
  parameterList,
  parametersOf,
  scopeOf,
  templateAt,
  whyFailed,
  whyNoChange,
} from './stack-input.ts'

export type CloudFormation = {
  readonly answer: (query: Query, region: string) => Answer
  /** Every stack, including deleted ones. */
  readonly stacks: readonly Stack[]
}

type Options = {
  readonly buckets: Buckets
  /** A setting of the account and region: the latest one is used. */
  readonly setApiLogRole: (arn: string) => void
  readonly faults: () => Faults
  readonly now: () => Date
  readonly stepsAtOnce: number
}

/** CloudFormation in memory: stacks move on by one or more steps with each request. */
export function createCloudFormation(options: Options): CloudFormation {
  const { buckets, faults, now, stepsAtOnce, setApiLogRole } = options
  const stacks: Stack[] = []
  const find = (name: string, region: string): Stack | undefined =>
    stacks.findLast(
      stack =>
        stack.region === region &&
        (stack.id === name || (stack.name === name && stack.status !== 'DELETE_COMPLETE')),
    )
  const operations: Readonly<Record<string, (input: Input, region: string) => Answer | object>> = {
    GetTemplateSummary: input => {
      const template = templateAt(input, buckets)
      return {
        Parameters: Object.entries(template.Parameters).map(([name, declared]) => ({
          ParameterKey: name,
          DefaultValue: declared.Default === undefined ? undefined : String(declared.Default),
          ParameterType: declared.Type,
          NoEcho: declared.NoEcho ?? false,
          Description: declared.Description,
        })),
        Capabilities: capabilitiesOf(template),
      }
    },
    CreateChangeSet: (input, region) => {
      const name = text(input, 'StackName') ?? ''
      const stack = find(name, region)
      const type = text(input, 'ChangeSetType') ?? 'UPDATE'
      const busy = whyNoChange(name, stack, type)
      if (busy !== undefined) return invalid(busy)
      const template = templateAt(input, buckets)
      const needed = capabilitiesOf(template).filter(
        capability =>
          !list(input, 'Capabilities').includes(capability) &&
          !list(input, 'Capabilities').includes('CAPABILITY_NAMED_IAM'),
      )
      if (needed.length > 0)
        return queryError(400, 'InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`)
      const parameters = parametersOf(input, template, stack?.parameters ?? new Map())
      if ('problem' in parameters) return invalid(parameters.problem)
      const target = stack ?? openStack(name, region, now)
      const [broken] = scopeOf(target, template, parameters).resolver.brokenRules()
      if (broken !== undefined)
        return invalid(`Template validation error: ${broken.description ?? 'a rule is broken'}`)
      if (stack === undefined) stacks.push(target)
      const before = target.template && scopeOf(target, target.template, target.parameters)
      const changes = changesBetween(before, scopeOf(target, template, parameters))
      const reason = whyFailed(changes, faults())
      const changeSet: ChangeSet = {
        id: `arn:aws:cloudformation:${region}:${ACCOUNT}:changeSet/${text(input, 'ChangeSetName')}/1`,
        name: text(input, 'ChangeSetName') ?? '',
        status: reason === undefined ? 'CREATE_COMPLETE' : 'FAILED',
        reason,
        parameters,
        template,
        changes,
      }
      target.changeSets.set(changeSet.name, changeSet)
      return { Id: changeSet.id, StackId: target.id }
    },
    DescribeChangeSet: (input, region) => {
      const found = findChangeSet(input, region)
      if (found === undefined) return noChangeSet(input)
      const { stack, changeSet } = found
      return {
        ChangeSetName: changeSet.name,
        ChangeSetId: changeSet.id,
        StackId: stack.id,
        StackName: stack.name,
        Status: changeSet.status,
        StatusReason: changeSet.reason,
        ExecutionStatus: changeSet.status === 'FAILED' ? 'UNAVAILABLE' : 'AVAILABLE',
        Parameters: parameterList(changeSet.parameters),
        Changes: changeSet.changes.map(({ action, resource, type, replacement }) => ({
          Type: 'Resource',
          ResourceChange: {
            Action: action,
            LogicalResourceId: resource,
            PhysicalResourceId: stack.resources.get(resource)?.physicalId,
            ResourceType: type,
            Replacement: replacement,
          },
        })),
      }
    },
    DescribeEvents: (input, region) => {
      const found = findChangeSet(input, region)
      if (found === undefined) return noChangeSet(input)
      return {
        OperationEvents: Object.entries(faults().invalid ?? {}).map(([resource, reason]) => ({
          EventId: resource,
          EventType: 'VALIDATION_ERROR',
          LogicalResourceId: resource,
          ValidationStatus: 'FAILED',
          ValidationStatusReason: reason,
        })),
      }
    },
    DeleteChangeSet: (input, region) => {
      const found = findChangeSet(input, region)
      found?.stack.changeSets.delete(found.changeSet.name)
      return {}
    },
    ExecuteChangeSet: (input, region) => {
      const found = findChangeSet(input, region)
      if (found === undefined) return noChangeSet(input)
      const { stack, changeSet } = found
      if (changeSet.status === 'FAILED') {
        const message = `ChangeSet [${changeSet.id}] cannot be executed in its current status of [FAILED]`
        return queryError(400, 'InvalidChangeSetStatus', message)
      }
      const scope = scopeOf(stack, changeSet.template, changeSet.parameters)
      const lambda = draftLambda(stack.functions, scope, code => archiveOf(code, buckets))
      const problemOf = (change: Change, declared: TemplateResource): string | undefined =>
        faults().failing?.[change.resource] ??
        faults().failing?.[declared.Type] ??
        missingCode(declared, scope, buckets) ??
        lambda.problemOf(change, declared)
      stack.pending = courseOfChange(stack, changeSet, problemOf, () => {
        stack.functions = lambda.functions()
        for (const [logicalId, { Type }] of Object.entries(changeSet.template.Resources)) {
          if (Type === 'AWS::ApiGateway::Account' && scope.resolver.isMade(logicalId))
            setApiLogRole(String(scope.resolver.properties(logicalId).CloudWatchRoleArn ?? ''))
        }
        stack.outputs = outputListOf(stack, changeSet)
      })
      advance(stack, now)
      stack.changeSets.clear()
      return {}
    },
    DescribeStacks: (input, region) => {
      const name = text(input, 'StackName') ?? ''
      const stack = find(name, region)
      if (stack === undefined) return invalid(`Stack with id ${name} does not exist`)
      return {
        Stacks: [
          {
            StackId: stack.id,
            StackName: stack.name,
            CreationTime: stack.createdAt,
            StackStatus: stack.status,
            StackStatusReason: stack.reason,
            Parameters: parameterList(stack.parameters),
            Outputs: stack.outputs,
          },
        ],
      }
    },
    DescribeStackEvents: (input, region) => {
      const name = text(input, 'StackName') ?? ''
      const stack = find(name, region)
      if (stack === undefined) return invalid(`Stack [${name}] does not exist`)
      // Newest first, in short pages.
      const newest = stack.events.toReversed()
      const from = Number(text(input, 'NextToken') ?? 0)
      const next = from + EVENTS_A_PAGE
      return {
        StackEvents: newest.slice(from, next),
        NextToken: next < newest.length ? String(next) : undefined,
      }
    },
    ListStackResources: (input, region) => {
      const name = text(input, 'StackName') ?? ''
      const stack = find(name, region)
      if (stack === undefined) return invalid(`Stack with id ${name} does not exist`)
      return {
        StackResourceSummaries: [...stack.resources].map(
          ([resource, { physicalId, type, status, reason }]) => ({
            LogicalResourceId: resource,
            PhysicalResourceId: physicalId,
            ResourceType: type,
            LastUpdatedTimestamp: stack.createdAt,
            ResourceStatus: status,
            ResourceStatusReason: reason,
          }),
        ),
      }
    },
    DeleteStack: (input, region) => {
      const stack = find(text(input, 'StackName') ?? '', region)
      if (stack === undefined || stack.status === 'DELETE_COMPLETE') return {}
      stack.pending = courseOfDeletion(stack, faults())
      advance(stack, now)
      return {}
    },
  }

  function findChangeSet(input: Input, region: string): { stack: Stack; changeSet: ChangeSet } | undefined {
    const name = text(input, 'ChangeSetName') ?? ''
    const stack = find(text(input, 'StackName') ?? '', region)
    const changeSet = stack?.changeSets.get(name)
    return stack === undefined || changeSet === undefined ? undefined : { stack, changeSet }
  }

  return {
    stacks,
    answer: ({ action, input }, region) => {
      const operation = operations[action]
      if (operation === undefined)
        return queryError(400, 'InvalidAction', `Could not find operation ${action} for version 2010-05-15`)
      const stack = find(text(input, 'StackName') ?? '', region)
      for (let step = 0; stack !== undefined && step < stepsAtOnce; step++) advance(stack, now)
      try {
        const result = operation(input, region)
        return 'status' in result ? (result as Answer) : queryAnswer(action, result as never)
      } catch (error) {
        return invalid(error instanceof Error ? error.message : String(error))
      }
    },
  }
}

const EVENTS_A_PAGE = 4
