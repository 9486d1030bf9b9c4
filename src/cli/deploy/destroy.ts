import type { Command } from 'commander'
import { withCloud } from '../terminal/aws-error.ts'
import type { Cloud, Stack, StackResource } from '../terminal/cloud.ts'
import { checkCanAsk } from '../terminal/confirm.ts'
import type { CloudContext } from '../terminal/context.ts'
import { exitCodes, Problem } from '../terminal/problem.ts'
import { codeBucketOf, removeCode } from './code-release.ts'
import { followStack, howToFollow } from './follow-stack.ts'
import { countKinds, labelOfType } from './resource-labels.ts'
import { secondStackOf } from './second-region.ts'

type Options = { readonly stack: string; readonly region?: string; readonly yes?: boolean }

/** `hookline destroy`: removes a deployment from an AWS account, completely. */
export function destroyCommand(command: Command, context: CloudContext): void {
  command
    .option('--stack <name>', 'name of the CloudFormation stack', 'hookline')
    .option('--region <region>', 'AWS region (default: AWS_REGION, else that of the profile)')
    .option('--yes', 'do not ask, for pipelines')
    .action((options: Options) => {
      checkCanAsk(context.cloud, options.yes, 'Add --yes to destroy without a question.')
      return withCloud(context, options.region, cloud => destroy(cloud, context, options))
    })
}

async function destroy(cloud: Cloud, context: CloudContext, { stack: name, yes }: Options): Promise<void> {
  const { account } = await cloud.whoAmI()
  const place = `account ${account}, ${cloud.region}`
  const stack = await cloud.stacks.find(name)
  if (stack !== undefined) {
    if (stack.status.endsWith('_IN_PROGRESS') && !/^(REVIEW|DELETE)_/.test(stack.status)) {
      throw new Problem(
        'usage',
        `${name}: another operation is in progress (${stack.status}). Run the command again when it has finished. ${howToFollow(cloud.region, stack.id)}`,
      )
    }
    const resources = await cloud.stacks.resources(stack.id)
    context.print(describeLoss(stack, resources, place, codeBucketOf(account, cloud.region)))
    if (!yes) {
      const answer = await context.cloud.ask(`Type the name of the stack (${name}) to destroy it: `)
      if (answer.trim() !== name) {
        context.print('That is not the stack name. Nothing was deleted.')
        return
      }
    }
    if (!(await deleteSecondRegion(context, stack))) return
    if (!(await deleteStack(cloud, context, stack))) return
  }
  const code = await removeCode(cloud, account, name)
  if (stack === undefined && code === 'none') {
    context.print(`Nothing to delete: ${name} is not in ${place}.`)
    return
  }
  context.print(CODE[code])
  context.print(`✓ Destroyed: nothing of ${name} that costs money is left in ${place}.`)
}

/** Deletes the stack of the second region first: it calls a function of the first one. False if something is left of it. */
async function deleteSecondRegion(context: CloudContext, { name, parameters }: Stack): Promise<boolean> {
  const region = parameters.get('SecondRegion') ?? ''
  if (region === '') return true
  const cloud = await context.cloud.open(region)
  try {
    const second = await cloud.stacks.find(secondStackOf(name))
    return second === undefined || (await deleteStack(cloud, context, second))
  } finally {
    cloud.close()
  }
}

/** Deletes it and reports what is left; false if something is. */
async function deleteStack(
  cloud: Cloud,
  context: CloudContext,
  { id, name, status }: Stack,
): Promise<boolean> {
  // A deletion in progress is only followed, from its beginning.
  const last = status === 'DELETE_IN_PROGRESS' ? undefined : await cloud.stacks.newestEvent(id)
  await cloud.stacks.deleteStack(id)
  const { stack, cause } = await followStack(cloud, context, id, last)
  if (stack.status !== 'DELETE_COMPLETE') {
    const why =
      cause === undefined
        ? (stack.reason ?? stack.status)
        : `${labelOfType(cause.type)} ${cause.resource}: ${cause.reason ?? cause.status}`
    context.print(
      `\n✗ Not everything was deleted. ${why}\nWhat to do: remove the cause, then run hookline destroy again: it continues. ${howToFollow(cloud.region, id)}`,
    )
    context.endWith(exitCodes.internalError)
    return false
  }
  const left = (await cloud.stacks.resources(id)).filter(one => one.status !== 'DELETE_COMPLETE')
  for (const { type, physicalId } of left) {
    const isExpected = STAYS.has(type)
    context.print(
      `${isExpected ? '✓' : '!'} kept: ${labelOfType(type)} ${physicalId}${isExpected ? ', which costs nothing' : ". Delete it in AWS's console if you do not need it"}`,
    )
  }
  context.print(`✓ The stack ${name} is deleted.`)
  return true
}

function describeLoss(
  { name, status, parameters }: Stack,
  resources: readonly StackResource[],
  place: string,
  bucket: string,
): string {
  const second = parameters.get('SecondRegion') ?? ''
  const kinds = countKinds(resources.filter(one => one.status !== 'DELETE_COMPLETE').map(({ type }) => type))
  return `${name} (${status}), ${place}

What is deleted:
${kinds.map(kind => `  ${kind}`).join('\n') || '  only the empty stack'}
  the code bucket ${bucket} with all its versions, unless another stack uses it${second === '' ? '' : `\n  the stack ${secondStackOf(name)} in ${second}`}

The table contains all deliveries, routes, templates and limits; the secrets contain the key for the digests of numbers.
Afterwards Okta gets no answer: turn the hook off in Okta first.

What stays, at no cost:
  the log role of API Gateway, which the whole account shares
  service-linked roles: for End User Messaging, for the log of WAF, for scaling where instances were kept warm
  the permission of WAF to write logs (resource policy AWSWAF-LOGS of CloudWatch Logs)
  the deployment's own encryption key is deleted after 7 days, free of charge; what was encrypted with it and is kept
  elsewhere, such as exported backups, cannot be read after that
  phone numbers, sender IDs, pools and registrations: never touched
`
}

/** API Gateway has one log role in an account, and others may use it by now. */
const STAYS = new Set(['AWS::ApiGateway::Account', 'AWS::IAM::Role'])

const CODE = {
  none: '✓ There was no code bucket.',
  removed: '✓ The code bucket is deleted.',
  shared: '✓ The code of this stack is deleted; the bucket stays because another stack uses it.',
} as const
