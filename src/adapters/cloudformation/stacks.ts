import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeEventsCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateSummaryCommand,
  ListStackResourcesCommand,
  type StackEvent,
} from '@aws-sdk/client-cloudformation'

/** The parameters of a change set. `undefined` keeps the value of the last deployment. */
export type AskedChange = {
  readonly stack: string
  readonly name: string
  readonly isNew: boolean
  readonly template: { readonly url: string } | { readonly body: string }
  readonly parameters: ReadonlyMap<string, string | undefined>
}

/** CloudFormation for the commands (`cli/terminal/cloud.ts`). Lists are read completely. */
export function createStacks(client: CloudFormationClient) {
  return {
    /** By name or ID; undefined if there is no such stack. A deleted one is found only by its ID. */
    find: async (nameOrId: string) => {
      const read = await client
        .send(new DescribeStacksCommand({ StackName: nameOrId }))
        .catch(undefinedIfGone)
      const stack = read?.Stacks?.[0]
      if (stack === undefined) return undefined
      return {
        id: stack.StackId ?? nameOrId,
        name: stack.StackName ?? nameOrId,
        status: stack.StackStatus ?? '',
        reason: stack.StackStatusReason,
        parameters: pairs(stack.Parameters, one => [one.ParameterKey, one.ParameterValue]),
        outputs: pairs(stack.Outputs, one => [one.OutputKey, one.OutputValue]),
      }
    },

    /** The parameters that the template at this address declares. */
    declaredParameters: async (templateUrl: string) => {
      const { Parameters = [] } = await client.send(
        new GetTemplateSummaryCommand({ TemplateURL: templateUrl }),
      )
      return Parameters.map(({ ParameterKey = '', DefaultValue, Description }) => ({
        name: ParameterKey,
        default: DefaultValue,
        description: Description,
      }))
    },

    createChangeSet: async ({ stack, name, isNew, template, parameters }: AskedChange) => {
      await client.send(
        new CreateChangeSetCommand({
          StackName: stack,
          ChangeSetName: name,
          ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
          ...('url' in template ? { TemplateURL: template.url } : { TemplateBody: template.body }),
          Capabilities: ['CAPABILITY_NAMED_IAM'],
          Parameters: [...parameters].map(([ParameterKey, value]) =>
            value === undefined
              ? { ParameterKey, UsePreviousValue: true }
              : { ParameterKey, ParameterValue: value },
          ),
        }),
      )
    },

    readChangeSet: async (stack: string, name: string) => {
      const changes = []
      let token: string | undefined
      for (let page = 0; page < PAGES_MAX; page++) {
        const read = await client.send(
          new DescribeChangeSetCommand({ StackName: stack, ChangeSetName: name, NextToken: token }),
        )
        for (const { ResourceChange: change } of read.Changes ?? []) {
          changes.push({
            action: change?.Action ?? '',
            resource: change?.LogicalResourceId ?? '',
            type: change?.ResourceType ?? '',
            replacement: change?.Replacement,
          })
        }
        token = read.NextToken
        if (token === undefined) return { status: read.Status ?? '', reason: read.StatusReason, changes }
      }
      throw new Error(`The change set ${name} has no end`)
    },

    validationProblems: async (stack: string, name: string) => {
      const { OperationEvents = [] } = await client.send(
        new DescribeEventsCommand({
          StackName: stack,
          ChangeSetName: name,
          Filters: { FailedEvents: true },
        }),
      )
      return OperationEvents.flatMap(event =>
        event.ValidationStatusReason === undefined
          ? []
          : `${event.LogicalResourceId ?? stack}: ${event.ValidationStatusReason}`,
      )
    },

    executeChangeSet: async (stack: string, name: string) => {
      await client.send(new ExecuteChangeSetCommand({ StackName: stack, ChangeSetName: name }))
    },
    deleteChangeSet: async (stack: string, name: string) => {
      await client.send(new DeleteChangeSetCommand({ StackName: stack, ChangeSetName: name }))
    },
    deleteStack: async (nameOrId: string) => {
      await client.send(new DeleteStackCommand({ StackName: nameOrId }))
    },

    newestEvent: async (nameOrId: string) => {
      const read = await client
        .send(new DescribeStackEventsCommand({ StackName: nameOrId }))
        .catch(undefinedIfGone)
      return read?.StackEvents?.[0]?.EventId
    },

    /** The events since an event, oldest first; without one, all events. */
    eventsSince: async (nameOrId: string, last: string | undefined) => {
      const events: StackEvent[] = []
      let token: string | undefined
      for (let page = 0; page < PAGES_MAX; page++) {
        const read = await client
          .send(new DescribeStackEventsCommand({ StackName: nameOrId, NextToken: token }))
          .catch(undefinedIfGone)
        const newest = read?.StackEvents ?? []
        const known = newest.findIndex(({ EventId }) => EventId === last)
        events.push(...(known < 0 ? newest : newest.slice(0, known)))
        token = read?.NextToken
        if (known >= 0 || token === undefined) break
      }
      return events.reverse().map(event => ({
        id: event.EventId ?? '',
        at: event.Timestamp?.getTime() ?? 0,
        resource: event.LogicalResourceId ?? '',
        type: event.ResourceType ?? '',
        status: event.ResourceStatus ?? '',
        reason: event.ResourceStatusReason,
        isStack: event.PhysicalResourceId === event.StackId,
      }))
    },

    resources: async (nameOrId: string) => {
      const resources = []
      let token: string | undefined
      for (let page = 0; page < PAGES_MAX; page++) {
        const read = await client.send(
          new ListStackResourcesCommand({ StackName: nameOrId, NextToken: token }),
        )
        for (const one of read.StackResourceSummaries ?? []) {
          resources.push({
            resource: one.LogicalResourceId ?? '',
            physicalId: one.PhysicalResourceId ?? '',
            type: one.ResourceType ?? '',
            status: one.ResourceStatus ?? '',
          })
        }
        token = read.NextToken
        if (token === undefined) break
      }
      return resources
    },
  } as const
}

/** CloudFormation has no error code for a missing stack, only this message. */
function undefinedIfGone(error: unknown): undefined {
  if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message))
    return
  throw error
}

function pairs<T>(
  list: readonly T[] | undefined,
  pair: (one: T) => readonly [string | undefined, string | undefined],
): ReadonlyMap<string, string> {
  return new Map(
    (list ?? []).map(one => {
      const [name = '', value = ''] = pair(one)
      return [name, value]
    }),
  )
}

/** A page has 100 entries, and a stack at most 500 resources. */
const PAGES_MAX = 500
