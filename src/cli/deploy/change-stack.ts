import type { ChangeSet, Cloud, Stack } from '../terminal/cloud.ts'
import { confirm } from '../terminal/confirm.ts'
import type { CloudContext } from '../terminal/context.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import { table } from '../terminal/table.ts'
import { type Followed, followStack, howToFollow } from './follow-stack.ts'
import { labelOfType } from './resource-labels.ts'

export type Wanted = {
  readonly name: string
  readonly isFirst: boolean
  readonly account: string
  readonly template: { readonly url: string } | { readonly body: string }
  /** Undefined keeps the value of the last deployment. */
  readonly parameters: ReadonlyMap<string, string | undefined>
  /** Printed before the changes. */
  readonly about: string
  /** Printed instead of deploying. */
  readonly dryRun: string
  /** Done after the confirmation and before CloudFormation begins. */
  readonly before?: () => Promise<void>
}

/** `stopped`: nothing more to do; the reason has been printed. */
export type Changed =
  | { readonly kind: 'deployed'; readonly stack: Stack }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'stopped' }

/** Changes a stack: shows the change, asks, and follows it to its end. */
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

/** Cleans up after a change that is not made: deletes the change set, and the empty stack that was created for it. */
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

/** Waits until CloudFormation has computed a change set; undefined when there is nothing to change. */
async function waitForChangeSet(
  cloud: Cloud,
  context: CloudContext,
  stack: string,
  name: string,
): Promise<ChangeSet | undefined> {
  for (let poll = 0; poll < POLLS_MAX; poll++) {
    const changeSet = await cloud.stacks.readChangeSet(stack, name)
    if (changeSet.status === 'CREATE_COMPLETE') return changeSet
    if (changeSet.status === 'FAILED') {
      const { reason = 'no reason given' } = changeSet
      if (/didn't contain changes|No updates are to be performed/i.test(reason)) return undefined
      // The details of its early validation are events of the change set.
      const details = /validation/i.test(reason) ? await cloud.stacks.validationProblems(stack, name) : []
      const why = [reason, ...details].join('\n  ')
      throw new Problem('usage', `CloudFormation refused the change: ${why}\nNothing was deployed.`)
    }
    await context.pause(POLL_MS)
  }
  throw new Problem('unreachable', 'CloudFormation did not compute the change in ten minutes. Try again.')
}

/** The changes as a table, and a warning if data would be lost. */
function describeChanges({ changes }: ChangeSet): string {
  const rows = changes.map(({ action, type, resource, replacement }) => [
    ACTIONS[action] ?? action.toLowerCase(),
    labelOfType(type),
    resource,
    type,
    REPLACED[replacement ?? ''] ?? '',
  ])
  const lost = changes.filter(
    ({ action, replacement = 'False', type }) =>
      KEEPS_DATA.has(type) && (action === 'Remove' || (action === 'Modify' && replacement !== 'False')),
  )
  const warning =
    lost.length === 0
      ? ''
      : `\n\nWarning: the data in these may be lost: ${lost.map(({ type, resource }) => `${labelOfType(type)} ${resource}`).join(', ')}.`
  return `${table(['change', 'what', 'name', 'type', 'replaced'], rows)}${warning}`
}

const ACTIONS: Readonly<Record<string, string | undefined>> = {
  Add: 'new',
  Modify: 'changed',
  Remove: 'removed',
}
const REPLACED: Readonly<Record<string, string | undefined>> = { True: 'yes', Conditional: 'maybe' }
const KEEPS_DATA = new Set(['AWS::DynamoDB::Table', 'AWS::SecretsManager::Secret', 'AWS::KMS::Key'])
const POLL_MS = 2_000
const POLLS_MAX = 300
const DEPLOYED = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE'])
const EMPTY_STACK_POLLS_MAX = 60

/** Why a deployment failed, the state of the stack, and what to do. */
function describeFailure({ stack, cause }: Followed, region: string, isFirst: boolean): string {
  const why =
    cause === undefined
      ? (stack.reason ?? stack.status)
      : `${labelOfType(cause.type)} ${cause.resource}: ${cause.reason ?? cause.status}`
  const remedy = REMEDIES.find(([pattern]) => pattern.test(why))?.[1] ?? 'Read the reason above.'
  return [
    `✗ Not deployed. ${why}`,
    `What to do: ${remedy}`,
    stateNow(stack.status, isFirst),
    howToFollow(region, stack.id),
  ].join('\n')
}

function stateNow(status: string, isFirst: boolean): string {
  if (status.endsWith('ROLLBACK_FAILED'))
    return `CloudFormation could not roll everything back (${status}). The page below lists what is left.`
  return isFirst
    ? 'CloudFormation rolled everything back; nothing is left that costs money. Run hookline deploy again: it offers to delete the empty stack.'
    : 'CloudFormation rolled back to the previous version, and the hook kept answering. Remove the cause, then run hookline deploy again.'
}

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /A version for this Lambda function exists/,
    'Lambda does not publish a second version of an unchanged function. Run hookline deploy again: it gives the function a new revision. In your own pipeline, set a new SettingsRevision with every change.',
  ],
  [
    /Invalid alias configuration for Provisioned Concurrency|Alias with weights can not be used/i,
    'the alias still splits its requests between two versions, because instances of the newer one did not start. Send all requests to one version: aws lambda update-alias --function-name <the hook> --name live --routing-config AdditionalVersionWeights={} . The log of the hook shows why the instances did not start. Then deploy again.',
  ],
  [
    /CodeDeploy|DEPLOYMENT_STOP_ON_ALARM/i,
    'an alarm was raised, or the new version failed, while it received its first share of the requests. The previous version answers all requests again. CloudWatch shows which alarm it was; the log of the hook shows why.',
  ],
  [
    /managed ?rule ?group|ExpiredManagedRuleGroupVersion/i,
    "AWS no longer accepts this version of its rules. Deploy with --set CommonRulesVersion= --set BadInputsVersion= for AWS's default versions, or with versions listed by: aws wafv2 list-available-managed-rule-group-versions --scope REGIONAL --vendor-name AWS --name AWSManagedRulesCommonRuleSet",
  ],
  [
    /already exists|AlreadyExists/,
    'a resource in the account already has this name. Choose another name with --set (such as --set LambdaAPITriggerFunctionName=my-hook), or delete that resource.',
  ],
  [
    /not authorized|AccessDenied|Access denied/i,
    'the credentials lack a permission that the reason names. Ask an administrator of the account, or use another profile.',
  ],
  [
    /CloudWatch Logs role ARN/,
    'API Gateway has no role to write logs in this account yet. Run hookline deploy again; the role may have been created too late.',
  ],
  [
    /UnreservedConcurrentExecution|concurren/i,
    'the account has too little concurrency for Lambda. Deploy with --set ProvisionedConcurrency=0, or ask AWS for a higher quota (Service Quotas, Lambda, concurrent executions).',
  ],
  [
    /NoSuchKey|NoSuchVersion|GetObject/,
    'the code is not in the bucket. Run hookline deploy again: it uploads it.',
  ],
  [
    /limit|quota|exceeded/i,
    'a quota of the account is reached. Ask AWS for a higher one (Service Quotas), or delete what is not needed.',
  ],
]
