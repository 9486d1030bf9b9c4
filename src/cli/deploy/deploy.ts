import type { Command } from 'commander'
import { defaultBrand } from '../../core/message/template-values.ts'
import { TABLE_FORM } from '../../core/records/stored-form.ts'
import { readTrustedOrgs } from '../okta/orgs-file.ts'
import { withCloud } from '../terminal/aws-error.ts'
import type { Cloud } from '../terminal/cloud.ts'
import { checkCanAsk } from '../terminal/confirm.ts'
import type { CloudContext } from '../terminal/context.ts'
import { collect } from '../terminal/option-values.ts'
import { table } from '../terminal/table.ts'
import { changeStack } from './change-stack.ts'
import { codeBucketOf, removeOldReleases, uploadRelease } from './code-release.ts'
import { createMessagingRole, readAccountSettings } from './deploy-account.ts'
import { checkBeforeDeploying } from './deploy-checks.ts'
import { describeNextSteps } from './deploy-next-steps.ts'
import {
  changedParameters,
  checkAuthenticationMethod,
  checkCallerValues,
  chooseParameters,
  type ParameterOptions,
  readChosen,
} from './deploy-parameters.ts'
import { checkDeployedVersion } from './deployed-version.ts'
import { deploySecondRegion } from './second-region.ts'

type Options = ParameterOptions & {
  readonly stack: string
  readonly region?: string
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly goBack?: boolean
}

/** `hookline deploy`: deploys Hookline to an AWS account; shows the change before it is made. */
export function deployCommand(command: Command, context: CloudContext): void {
  command
    .option('--issuer <url>', "issuer of Okta's access tokens: https://example.okta.com/oauth2/…")
    .option('--audience <audience>', "audience of Okta's access tokens")
    .option('--client-id <id>', "client ID of Okta's hook")
    .option('--scope <scope>', "scope of Okta's access tokens")
    .option('--orgs <file>', 'several orgs: the file that `hookline okta prepare --all` filled in')
    .option('--set <Name=Value>', 'any other parameter of the template; can be repeated', collect)
    .option('--second-region <region>', 'a second region to send from, with its receipts')
    .option('--minimal', 'the cheapest form: no firewall, no dashboard, no encryption key of its own')
    .option('--stack <name>', 'name of the CloudFormation stack', 'hookline')
    .option('--region <region>', 'AWS region (default: AWS_REGION, else that of the profile)')
    .option('--go-back', 'replace a newer version of Hookline with this one')
    .option('--dry-run', 'only show what would change')
    .option('--yes', 'do not ask, for pipelines')
    .action(async ({ orgs, ...options }: Options) => {
      const chosen = readChosen(options, orgs === undefined ? undefined : await readTrustedOrgs(orgs))
      if (!options.dryRun)
        checkCanAsk(
          context.cloud,
          options.yes,
          'Add --yes to deploy without a question, or --dry-run to see only the change.',
        )
      return withCloud(context, options.region, cloud => deploy(cloud, context, options, chosen))
    })
}

async function deploy(
  cloud: Cloud,
  context: CloudContext,
  options: Options,
  chosen: ReadonlyMap<string, string>,
): Promise<void> {
  const { print } = context
  const { stack: name } = options
  const checked = await checkBeforeDeploying(cloud, context, options)
  if (checked.stack !== undefined) {
    const own = { version: context.cloud.version, tableForm: TABLE_FORM }
    print(`✓ version       ${checkDeployedVersion(checked.stack, own, options.goBack)}`)
  }
  const previous = checked.stack?.parameters ?? new Map<string, string>()
  checkAuthenticationMethod(new Map([...previous, ...chosen]))
  checkCallerValues(chosen)
  warnOfLostKey(previous, chosen, print)
  warnOfBrand(chosen, print)
  const account = await readAccountSettings(cloud, context, checked.stack, chosen)

  print('… building      the functions and the template; this takes a few seconds')
  const built = await context.cloud.buildTemplate()
  print(`✓ built         release ${built.release}`)
  const { templateUrl, versions } = await uploadRelease(
    cloud,
    context,
    checked,
    { name, parameters: previous },
    built,
  )
  const declared = await cloud.stacks.declaredParameters(templateUrl)
  const bucket = codeBucketOf(checked.account, cloud.region)
  const hasFailed = /ROLLBACK/.test(checked.stack?.status ?? '')
  const parameters = chooseParameters(declared, chosen, previous, bucket, {
    values: new Map([...account.values, ...versions]),
    ...(hasFailed && { attempt: String(context.now()) }),
  })
  const rows = changedParameters(parameters, declared, previous)
  const isFirst = checked.stack === undefined
  const changed = await changeStack(cloud, context, options, {
    ...{ name, isFirst, account: checked.account, parameters: parameters.requested },
    template: { url: templateUrl },
    about:
      rows.length === 0
        ? ''
        : `\n${table(['parameter', isFirst ? 'default' : 'now', isFirst ? 'chosen' : 'new'], rows)}`,
    dryRun: `Nothing was deployed: this was a dry run. The code is in ${bucket}; hookline destroy removes it.`,
    before: async () => {
      if (account.lacksMessagingRole) await createMessagingRole(cloud, context)
    },
  })
  if (changed.kind === 'stopped') return
  const stack = changed.kind === 'unchanged' ? checked.stack : changed.stack
  if (changed.kind === 'unchanged') {
    print(`\nNo change: ${name} is up to date.`)
    print(`The hook: ${stack?.outputs.get('HookUrl') ?? ''}`)
  } else {
    await removeOldReleases(cloud, checked.account, name, built.release, context.now())
    print(`\n✓ Deployed: ${name}, in ${cloud.region}.`)
  }
  const isSecondDone =
    stack === undefined || (await deploySecondRegion(context, options, checked.account, stack, built))
  if (stack !== undefined && changed.kind === 'deployed' && isSecondDone)
    print(describeNextSteps(stack, cloud.region, checked.isInSandbox))
}

/** Customers' texts must not go out in the name of a company that they do not know, unintentionally. */
function warnOfBrand(chosen: ReadonlyMap<string, string>, print: (text: string) => void): void {
  if (chosen.get('Brand') !== defaultBrand) return
  print(
    `! brand         messages come from "${defaultBrand}". If your users know you by another name: --set Brand=…`,
  )
}

/** Data written with the key cannot be read after its deletion; no change set says so. */
function warnOfLostKey(
  previous: ReadonlyMap<string, string>,
  chosen: ReadonlyMap<string, string>,
  print: (text: string) => void,
): void {
  if (previous.get('OwnKey') !== 'true' || chosen.get('OwnKey') !== 'false') return
  print(
    '! encryption    OwnKey=false: the key is deleted after 7 days. Log lines, backups and dead letters that were written with it cannot be read after that. Export what you need first; until then `aws kms cancel-key-deletion` cancels it',
  )
}
