import type { BuiltTemplate, Stack } from '../terminal/cloud.ts'
import type { CloudContext } from '../terminal/context.ts'
import { changeStack } from './change-stack.ts'
import { checkStack } from './deploy-checks.ts'

/** The name of the second region's stack, by the name of the first. */
export function secondStackOf(name: string): string {
  return `${name}-second-region`
}

/**
 * Deploys the stack of the second region: a configuration set and the path of its receipts. Does nothing if the
 * deployment has no second region. False if it was not deployed; the reason has been printed.
 */
export async function deploySecondRegion(
  context: CloudContext,
  options: { readonly yes?: boolean; readonly dryRun?: boolean },
  account: string,
  first: Stack,
  { secondRegion }: BuiltTemplate,
): Promise<boolean> {
  const region = first.parameters.get('SecondRegion') ?? ''
  if (region === '') return true
  const { print } = context
  const name = secondStackOf(first.name)
  print(`\nThe second region, ${region}:`)
  const cloud = await context.cloud.open(region)
  try {
    const stack = await checkStack(cloud, context, { ...options, stack: name })
    const changed = await changeStack(cloud, context, options, {
      ...{ name, isFirst: stack === undefined, account },
      template: { body: secondRegion },
      parameters: new Map([
        ['ConfigurationSetName', first.outputs.get('ConfigurationSetName')],
        ['ReceiptsFunctionArn', first.outputs.get('ReceiptsFunctionArn')],
        ['TopicName', `${first.name}-receipts`],
        ['OwnKey', first.parameters.get('OwnKey')],
      ]),
      about: '',
      dryRun: 'Nothing was deployed there: this was a dry run.',
    })
    if (changed.kind === 'stopped') return false
    print(
      changed.kind === 'unchanged'
        ? `No change: ${name} is up to date.`
        : `✓ Deployed: ${name}, in ${region}. Receipts of messages sent there are recorded too.`,
    )
    return true
  } finally {
    cloud.close()
  }
}
