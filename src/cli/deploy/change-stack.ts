import type { Cloud, Stack } from '../terminal/cloud.ts'
import { confirm } from '../terminal/confirm.ts'
import type { CloudContext } from '../terminal/context.ts'
import { exitCodes } from '../terminal/problem.ts'
import { describeChanges, waitForChangeSet } from './change-set.ts'
import { describeFailure } from './deploy-failure.ts'
import { followStack } from './follow-stack.ts'

export type Wanted = {
  readonly name: string
  readonly isFirst: boolean
  readonly account: string
  readonly template: { readonly url: string } | { readonly body: string }
  /** Undefined keeps the value of the last deployment. */
  readonly parameters: ReadonlyMap<string, string | undefined>
  /** Printed before the changes. */
  readonly about: string
  /** Printed in the place of the deployment. */
  readonly dryRun: string
  /** What must be so before CloudFormation begins, and only once somebody said yes. */
  readonly before?: () => Promise<void>
}

/** `stopped`: nothing more to do; why was printed. */
export type Changed =
  | { readonly kind: 'deployed'; readonly stack: Stack }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'stopped' }

/** A stack becomes what is wanted: the change is shown, asked for, and followed to its end. */
export async function changeStack(
  cloud: Cloud,
  context: CloudContext,
  options: { readonly yes?: boolean; readonly dryRun?: boolean },
  { name, isFirst, account, template, parameters, about, dryRun, before }: Wanted,
): Promise<Changed> {
  const { print } = context
  const last = await cloud.stacks.newestEvent(name)
  const changeSet = `hookline-${context.now()}`
  await cloud.stacks.createChangeSet({ stack: name, name: changeSet, isNew: isFirst, template, parameters })
  const forget = () => forgetChange(cloud, context, name, changeSet)
  const changes = await waitForChangeSet(cloud, context, name, changeSet).catch(async (error: unknown) => {
    await forget()
    throw error
  })
  if (changes === undefined) {
    await forget()
    return { kind: 'unchanged' }
  }
  if (about !== '') print(about)
  print(`\n${describeChanges(changes)}\n`)
  if (options.dryRun) {
    await forget()
    print(dryRun)
    return { kind: 'stopped' }
  }
  const question = `Deploy to account ${account}, ${cloud.region}?`
  if (!options.yes && !(await confirm(context.cloud.ask, question))) {
    await forget()
    print('Nothing was deployed.')
    return { kind: 'stopped' }
  }
  await before?.()
  await cloud.stacks.executeChangeSet(name, changeSet)
  const { id } = (await cloud.stacks.find(name)) ?? { id: name }
  const followed = await followStack(cloud, context, id, last)
  if (DEPLOYED.has(followed.stack.status)) return { kind: 'deployed', stack: followed.stack }
  print(`\n${describeFailure(followed, cloud.region, isFirst)}`)
  context.endWith(exitCodes.internalError)
  return { kind: 'stopped' }
}

/** A change that is not made leaves nothing: neither itself, nor the empty stack that it was shown for. */
async function forgetChange(
  cloud: Cloud,
  context: CloudContext,
  name: string,
  changeSet: string,
): Promise<void> {
  await cloud.stacks.deleteChangeSet(name, changeSet)
  const stack = await cloud.stacks.find(name)
  if (stack?.status !== 'REVIEW_IN_PROGRESS') return
  await cloud.stacks.deleteStack(stack.id)
  for (let poll = 0; poll < EMPTY_STACK_POLLS_MAX; poll++) {
    if ((await cloud.stacks.find(name)) === undefined) return
    await context.pause(1_000)
  }
  context.print(`The empty stack ${name} is still being deleted.`)
}

const DEPLOYED = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE'])
const EMPTY_STACK_POLLS_MAX = 60
