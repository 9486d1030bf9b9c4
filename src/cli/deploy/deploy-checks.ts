import { explainAwsError } from '../terminal/aws-error.ts'
import type { Cloud, Stack } from '../terminal/cloud.ts'
import { confirm } from '../terminal/confirm.ts'
import type { CloudContext } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import { followStack, howToFollow } from './follow-stack.ts'

export type Checked = {
  readonly account: string
  /** `aws`, or another part of AWS such as `aws-us-gov`. */
  readonly partition: string
  /** The deployed stack; undefined when this is the first deployment. */
  readonly stack: Stack | undefined
  /** Undefined when AWS did not say. */
  readonly isInSandbox: boolean | undefined
}

export type CheckOptions = { readonly stack: string; readonly yes?: boolean; readonly dryRun?: boolean }

/** The checks before a deployment: each prints one line, with a mark. */
export async function checkBeforeDeploying(
  cloud: Cloud,
  context: CloudContext,
  options: CheckOptions,
): Promise<Checked> {
  const { account, arn } = await cloud.whoAmI()
  const [, partition = 'aws'] = arn.split(':')
  context.print(`✓ credentials   account ${account}, ${arn.split(':').at(-1)}`)
  const isInSandbox = await checkMessaging(cloud, context)
  const stack = await checkStack(cloud, context, options)
  return { account, partition, stack, isInSandbox }
}

/** Region, tier and spend limits: they do not stop a deployment, but codes may not arrive. */
async function checkMessaging(cloud: Cloud, context: CloudContext): Promise<boolean | undefined> {
  try {
    const isInSandbox = await cloud.account.isInSandbox()
    context.print(`✓ region        ${cloud.region}, with AWS End User Messaging`)
    context.print(
      isInSandbox
        ? '! account       in the SMS and voice sandbox: codes only reach numbers that you verified'
        : isInSandbox === undefined
          ? '! account       AWS does not say whether it is in the sandbox'
          : '✓ account       in production',
    )
    const limits = await cloud.account.spendLimits()
    const isLow = limits.some(({ limit }) => limit <= LOW_LIMIT)
    const amounts = limits.map(
      ({ channel, limit, max }) => `${channel} $${limit} a month (at most $${max} without asking AWS)`,
    )
    context.print(
      `${isLow ? '!' : '✓'} spend limits  ${amounts.join('; ') || 'AWS reports none'}${isLow ? '. When one is reached, nothing is sent for the rest of the month' : ''}`,
    )
    return isInSandbox
  } catch (error) {
    const known = explainAwsError(error)
    if (/ENOTFOUND/.test(String(error))) {
      throw new Problem(
        'settings',
        `AWS End User Messaging is not available in ${cloud.region}. Choose a region that has it, such as us-east-1 or eu-west-1: --region.`,
      )
    }
    if (!(known instanceof Problem) || !/does not allow/.test(known.message)) throw error
    context.print(`! account       sandbox and spend limits could not be read. ${known.message}`)
    return undefined
  }
}

/** Undefined when there is none yet. Rejects where its state allows no deployment. */
export async function checkStack(
  cloud: Cloud,
  context: CloudContext,
  { stack: name, yes, dryRun }: CheckOptions,
): Promise<Stack | undefined> {
  const stack = await cloud.stacks.find(name)
  if (stack === undefined || stack.status === 'REVIEW_IN_PROGRESS') {
    context.print(`✓ stack         ${name}: none yet, this is the first deployment`)
    return undefined
  }
  const { status, id } = stack
  if (status === 'ROLLBACK_COMPLETE') {
    await deleteFailedStart(cloud, context, stack, { yes, dryRun })
    return undefined
  }
  if (status.endsWith('_IN_PROGRESS')) {
    throw new Problem(
      'usage',
      `✗ stack         ${name}: another operation is in progress (${status}). Run the command again when it has finished. ${howToFollow(cloud.region, id)}`,
    )
  }
  if (status === 'UPDATE_ROLLBACK_FAILED') {
    throw new Problem(
      'usage',
      `✗ stack         ${name} could not roll back (${stack.reason ?? status}). In AWS's console choose "Continue update rollback", then run the command again. ${howToFollow(cloud.region, id)}`,
    )
  }
  if (status.endsWith('_FAILED')) {
    throw new Problem(
      'usage',
      `✗ stack         ${name} is half created or half deleted (${stack.reason ?? status}). Delete it first: hookline destroy --stack ${name} --region ${cloud.region}`,
    )
  }
  context.print(`✓ stack         ${name}: deployed (${status})`)
  return stack
}

/** The first deployment failed and was rolled back: it is empty, but its name is in use until it is deleted. */
async function deleteFailedStart(
  cloud: Cloud,
  context: CloudContext,
  { id, name }: Stack,
  {
    yes = false,
    dryRun = false,
  }: { readonly yes: boolean | undefined; readonly dryRun: boolean | undefined },
): Promise<void> {
  context.print(
    `! stack         ${name}: its first deployment failed and was rolled back; only its name is left`,
  )
  const isAgreed = !dryRun && (yes || (await confirm(context.cloud.ask, 'Delete it and start again?')))
  if (!isAgreed) throw new Problem('usage', `The stack ${name} must be deleted first. Nothing was done.`)
  const last = await cloud.stacks.newestEvent(id)
  await cloud.stacks.deleteStack(id)
  const { stack } = await followStack(cloud, context, id, last)
  if (stack.status !== 'DELETE_COMPLETE')
    throw new Problem('usage', `The stack ${name} could not be deleted: ${stack.reason ?? stack.status}`)
  context.print(`✓ stack         ${name}: deleted, this is the first deployment`)
}

/** US dollars. New accounts begin with 1. */
const LOW_LIMIT = 1
