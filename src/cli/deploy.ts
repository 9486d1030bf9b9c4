import type { Command } from 'commander'
import { withCloud } from './aws-trouble.ts'
import { describeChanges, waitForChangeSet } from './change-set.ts'
import type { Cloud } from './cloud.ts'
import { codeBucketOf, removeOldReleases, uploadRelease } from './code-release.ts'
import { createMessagingRole, readAccountSettings } from './deploy-account.ts'
import { checkBeforeDeploying } from './deploy-checks.ts'
import { describeFailure } from './deploy-failure.ts'
import { describeNextSteps } from './deploy-next-steps.ts'
import {
  changedParameters,
  checkCallerValues,
  checkWayIn,
  chooseParameters,
  type GivenOptions,
  readGiven,
} from './deploy-parameters.ts'
import { followStack } from './follow-stack.ts'
import { readTrustedOrgs } from './orgs/orgs-file.ts'
import { exitCodes, Problem } from './problem.ts'
import { table } from './table.ts'
import type { CloudTools } from './tools.ts'

type Options = GivenOptions & {
  readonly stack: string
  readonly region?: string
  readonly dryRun?: boolean
  readonly yes?: boolean
}

/** `hookline deploy`: the whole of Hookline in an AWS account; shows the change before it is made. */
export function deployCommand(command: Command, tools: CloudTools): void {
  command
    .option('--issuer <url>', "issuer of Okta's access tokens: https://example.okta.com/oauth2/…")
    .option('--audience <audience>', "audience of Okta's access tokens")
    .option('--client-id <id>', "client ID of Okta's hook")
    .option('--scope <scope>', "scope of Okta's access tokens")
    .option('--orgs <file>', 'several orgs: the file that `hookline okta prepare --all` has filled in')
    .option('--set <Name=Value>', 'any other parameter of the template; can be given again', collect)
    .option('--minimal', 'the cheapest form: no firewall, no dashboard, no encryption key of its own')
    .option('--stack <name>', 'name of the CloudFormation stack', 'hookline')
    .option('--region <region>', 'AWS region (default: AWS_REGION, else that of the profile)')
    .option('--dry-run', 'only show what would change')
    .option('--yes', 'do not ask, for pipelines')
    .action(async ({ orgs, ...options }: Options) => {
      const given = readGiven(options, orgs === undefined ? undefined : await readTrustedOrgs(orgs))
      if (!options.yes && !options.dryRun && !tools.cloud.isAtTerminal) {
        throw new Problem(
          'usage',
          'Nobody can be asked here: this is not a terminal. Add --yes to deploy without a question, or --dry-run to see the change only.',
        )
      }
      return withCloud(tools, options.region, cloud => deploy(cloud, tools, options, given))
    })
}

async function deploy(
  cloud: Cloud,
  tools: CloudTools,
  options: Options,
  given: ReadonlyMap<string, string>,
): Promise<void> {
  const { print } = tools
  const { stack: name } = options
  const checked = await checkBeforeDeploying(cloud, tools, options)
  const isFirst = checked.stack === undefined
  const previous = checked.stack?.parameters ?? new Map<string, string>()
  checkWayIn(new Map([...previous, ...given]))
  checkCallerValues(given)
  const last = await cloud.stacks.newestEvent(name)
  const account = await readAccountSettings(cloud, tools, checked.stack, given)

  print('… building      the functions and the template; takes some seconds')
  const built = await tools.cloud.buildTemplate()
  print(`✓ built         release ${built.release}`)
  const { templateUrl, versions } = await uploadRelease(
    cloud,
    tools,
    checked,
    { name, parameters: previous },
    built,
  )
  const declared = await cloud.stacks.declaredParameters(templateUrl)
  const bucket = codeBucketOf(checked.account, cloud.region)
  const hasFailed = /ROLLBACK/.test(checked.stack?.status ?? '')
  const parameters = chooseParameters(declared, given, previous, bucket, {
    values: new Map([...account.values, ...versions]),
    ...(hasFailed && { attempt: String(tools.now()) }),
  })

  const changeSet = `hookline-${tools.now()}`
  await cloud.stacks.createChangeSet({
    stack: name,
    name: changeSet,
    isNew: isFirst,
    templateUrl,
    parameters: parameters.asked,
  })
  const forget = () => forgetChange(cloud, tools, name, changeSet)
  const changes = await waitForChangeSet(cloud, tools, name, changeSet).catch(async (error: unknown) => {
    await forget()
    throw error
  })
  if (changes === undefined) {
    await forget()
    print(`\nNo change: ${name} is deployed as it is here.`)
    print(`The hook: ${checked.stack?.outputs.get('HookUrl') ?? ''}`)
    return
  }
  const rows = changedParameters(parameters, declared, previous)
  if (rows.length > 0)
    print(`\n${table(['parameter', isFirst ? 'default' : 'now', isFirst ? 'chosen' : 'then'], rows)}`)
  print(`\n${describeChanges(changes)}\n`)

  if (options.dryRun) {
    await forget()
    print(`Nothing was deployed: a dry run. The code is in ${bucket}; hookline destroy removes it.`)
    return
  }
  const answer = options.yes
    ? 'yes'
    : await tools.cloud.ask(`Deploy to account ${checked.account}, ${cloud.region}? (yes/no) `)
  if (!/^y(es)?$/i.test(answer.trim())) {
    await forget()
    print('Nothing was deployed.')
    return
  }
  if (account.lacksMessagingRole) await createMessagingRole(cloud, tools)
  await cloud.stacks.executeChangeSet(name, changeSet)
  const { id } = (await cloud.stacks.find(name)) ?? { id: name }
  const followed = await followStack(cloud, tools, id, last)
  if (!DEPLOYED.has(followed.stack.status)) {
    print(`\n${describeFailure(followed, cloud.region, isFirst)}`)
    tools.endWith(exitCodes.accident)
    return
  }
  await removeOldReleases(cloud, checked.account, name, built.release, tools.now())
  print(`\n✓ Deployed: ${name}, in ${cloud.region}.`)
  print(describeNextSteps(followed.stack, cloud.region, checked.isInSandbox))
}

/** A change that is not made leaves nothing: neither itself, nor the empty stack that it was shown for. */
async function forgetChange(cloud: Cloud, tools: CloudTools, name: string, changeSet: string): Promise<void> {
  await cloud.stacks.deleteChangeSet(name, changeSet)
  const stack = await cloud.stacks.find(name)
  if (stack?.status !== 'REVIEW_IN_PROGRESS') return
  await cloud.stacks.deleteStack(stack.id)
  for (let poll = 0; poll < EMPTY_STACK_POLLS_MAX; poll++) {
    if ((await cloud.stacks.find(name)) === undefined) return
    await tools.pause(1_000)
  }
  tools.print(`The empty stack ${name} is still being deleted.`)
}

function collect(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value]
}

const DEPLOYED = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE'])
const EMPTY_STACK_POLLS_MAX = 60
