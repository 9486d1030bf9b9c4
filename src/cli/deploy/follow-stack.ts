import { untilAborted } from '../../core/deliver/deadline.ts'
import type { Cloud, Stack, StackEvent } from '../terminal/cloud.ts'
import type { CloudContext } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import { labelOfType } from './resource-labels.ts'

export type Followed = {
  /** The stack as it is now. */
  readonly stack: Stack
  /** The first failure, which caused the others. */
  readonly cause: StackEvent | undefined
}

/**
 * Prints what CloudFormation does to a stack, line by line, until it has finished. `last`: the last event before.
 * Ctrl-C ends this command but not CloudFormation, and the problem says so.
 */
export async function followStack(
  cloud: Cloud,
  context: CloudContext,
  id: string,
  last: string | undefined,
): Promise<Followed> {
  const interruption = context.interruption()
  try {
    return await untilAborted(printEvents(cloud, context, id, last, interruption), interruption)
  } catch (error) {
    if (!interruption.aborted) throw error
    throw new Problem(
      'interrupted',
      `\nCloudFormation continues without this command. ${howToFollow(cloud.region, id)}\nOr run the command again when it has finished.`,
    )
  }
}

async function printEvents(
  cloud: Cloud,
  context: CloudContext,
  id: string,
  last: string | undefined,
  interruption: AbortSignal,
): Promise<Followed> {
  let cause: StackEvent | undefined
  let newest = last
  let done = 0
  let quietPolls = 0
  let stackStatus: string | undefined
  const inProgress = new Map<string, StackEvent>()
  for (let poll = 0; poll < POLLS_MAX && !interruption.aborted; poll++) {
    const stack = await cloud.stacks.find(id) // before its events, so that none is missed at the end
    const events = await cloud.stacks.eventsSince(id, newest)
    newest = events.at(-1)?.id ?? newest
    for (const event of events) {
      if (isCause(event)) cause ??= event
      if (event.status.endsWith('_IN_PROGRESS')) inProgress.set(event.resource, event)
      else inProgress.delete(event.resource)
      if (event.isStack) stackStatus = event.status
      if (event.isStack || event.status.endsWith('_IN_PROGRESS')) continue
      done++
      context.print(lineOf(event, done))
    }
    quietPolls = events.length > 0 ? 0 : quietPolls + 1
    if (stack === undefined) throw new Problem('unreachable', `The stack ${id} no longer exists.`)
    // Events and state come from two calls, and one may be older: the stack has finished when both say so.
    const isSettled = stackStatus === stack.status || quietPolls >= SETTLED_POLLS
    if (isSettled && !stack.status.endsWith('_IN_PROGRESS')) return { stack, cause }
    if (quietPolls > 0 && quietPolls % QUIET_POLLS === 0)
      context.print(describeWaiting([...inProgress.values()]))
    await context.pause(POLL_MS)
  }
  throw new Problem(
    'unreachable',
    `CloudFormation is still working after three hours. ${howToFollow(cloud.region, id)}`,
  )
}

export function howToFollow(region: string, id: string): string {
  const page = `https://${region}.console.aws.amazon.com/cloudformation/home?region=${region}#/stacks/events?stackId=${encodeURIComponent(id)}`
  return `Follow it in AWS's console: ${page}`
}

/** Not a resource that was cancelled because of another failure, and not the stack's own summary. */
function isCause({ status, reason = '', isStack }: StackEvent): boolean {
  return status.endsWith('_FAILED') && !isStack && !/cancell?ed/i.test(reason)
}

function lineOf({ at, status, type, resource, reason }: StackEvent, count: number): string {
  const failed = status.endsWith('_FAILED')
  const time = new Date(at).toISOString().slice(11, 19)
  const verb = VERBS[status] ?? status.toLowerCase().replaceAll('_', ' ')
  const line = `  ${time}  ${String(count).padStart(3)}  ${failed ? '✗' : '✓'} ${verb.padEnd(13)} ${labelOfType(type)}: ${resource}`
  return failed && reason !== undefined ? `${line}\n                   ${reason}` : line
}

function describeWaiting(events: readonly StackEvent[]): string {
  const resources = events.filter(({ isStack }) => !isStack).map(({ type }) => labelOfType(type))
  return resources.length === 0
    ? '  … still working'
    : `  … still working: ${[...new Set(resources)].slice(0, 4).join(', ')}`
}

const VERBS: Readonly<Record<string, string | undefined>> = {
  CREATE_COMPLETE: 'created',
  UPDATE_COMPLETE: 'changed',
  DELETE_COMPLETE: 'deleted',
  DELETE_SKIPPED: 'kept',
  CREATE_FAILED: 'not created',
  UPDATE_FAILED: 'not changed',
  DELETE_FAILED: 'not deleted',
}
const POLL_MS = 3_000
const SETTLED_POLLS = 5
/** Half a minute without news. */
const QUIET_POLLS = 10
/** Three hours: longer than anything in the stack may take. */
const POLLS_MAX = 3_600
