import type { Command } from 'commander'
import { choose } from '../okta/setup/choose.ts'
import type { OktaApi } from '../okta/setup/okta-api.ts'
import type { Org } from '../okta/setup/org.ts'
import { readOrg } from '../okta/setup/read-org.ts'
import type { Permission } from '../okta/setup/step.ts'
import type { Wanted, WayIn } from '../okta/setup/wanted.ts'
import { apply, changesOf, describeSteps, stepsOf } from './okta-apply.ts'
import { checkHook, SIMULATOR_NUMBER } from './okta-check-hook.ts'
import { checkHookUrl, checkIssuer, readHookUrl } from './okta-checks.ts'
import { describeResults, quoted, resultsOf, writeEnv } from './okta-results.ts'
import { readHookSecret } from './okta-secret.ts'
import { addWayIn, checkCanAsk, isLoopback, readOrgUrl, type WayInOptions, withOkta } from './okta-way-in.ts'
import { Problem } from './problem.ts'
import type { OktaTools } from './tools.ts'

type Options = WayInOptions & {
  readonly url?: string
  readonly authorizationServer: string
  readonly scope: string
  readonly adopt?: string
  readonly appClientId?: string
  readonly secretHeader?: string
  readonly secretFile?: string
  readonly replace?: string
  readonly policyRule?: string
  readonly to?: string
  readonly writeEnv?: string
  readonly dryRun?: boolean
  readonly yes?: boolean
}

/** `hookline okta prepare`, `activate`, and `setup`, which is both. */
export function oktaSetupCommands(okta: Command, tools: OktaTools): void {
  const prepare = okta
    .command('prepare')
    .description("What the hook's access token needs: key, app, scope, policy. Before the deployment.")
  addShared(addTokenParts(addWayIn(prepare))).action((options: Options) =>
    setUp(tools, options, { isPreparing: true, url: undefined }),
  )
  const activate = okta
    .command('activate')
    .description('The hook itself, checked, and then the phone authenticator. After the deployment.')
    .requiredOption('--url <url>', "the hook's address: HookUrl of `hookline deploy`")
  addShared(addHookParts(addTokenParts(addWayIn(activate)))).action((options: Options) =>
    setUp(tools, options, { isPreparing: false, url: options.url }),
  )
  const setup = okta
    .command('setup')
    .description('prepare and activate in one, for a deployment that runs already.')
    .option('--url <url>', `the hook's address (for an org on this machine: ${LOCAL_HOOK})`)
  addShared(addHookParts(addTokenParts(addWayIn(setup)))).action((options: Options) =>
    setUp(tools, options, { isPreparing: true, url: options.url ?? localHook(options) }),
  )
}

/** What `start` and `serve` run, where the org is the stand-in. */
function localHook({ org }: Options): string {
  if (isLoopback(new URL(readOrgUrl(org)))) return LOCAL_HOOK
  throw new Problem(
    'usage',
    "--url is missing: the hook's address, HookUrl of `hookline deploy`. Without a deployment yet: hookline okta prepare.",
  )
}

const LOCAL_HOOK = 'http://127.0.0.1:8080/mfa'

type Asked = { readonly isPreparing: boolean; readonly url: string | undefined }

async function setUp(tools: OktaTools, options: Options, { isPreparing, url: given }: Asked): Promise<void> {
  if (!options.dryRun) checkCanAsk(tools, options.yes)
  const url = given === undefined ? undefined : readHookUrl(given, readOrgUrl(options.org))
  const way = await wayOf(tools, options, url !== undefined)
  if (url !== undefined) {
    await checkHookUrl(url)
    tools.print(`✓ answers       ${url} turns strangers away (401)`)
  }
  const permissions = permissionsOf(way, url, options)
  await withOkta(tools, options, permissions, async api => {
    const wanted: Wanted = {
      way,
      isPreparing,
      adopt: options.adopt,
      appClientId: options.appClientId,
      hook: url === undefined ? undefined : { url, replace: options.replace, policyRule: options.policyRule },
    }
    const org = await readOrg(api, {
      server: way.kind === 'token' ? options.authorizationServer : undefined,
      hasPhone: url !== undefined,
      signOnPolicy: url === undefined ? undefined : options.policyRule,
    })
    const steps = stepsOf(org, wanted)
    if (url !== undefined && org.server !== undefined) {
      await checkIssuer(org.server.issuer)
      tools.print(`✓ issuer        ${org.server.issuer}`)
    }
    tools.print(`\n${api.orgUrl}\n\n${describeSteps(steps)}\n`)
    await go(api, tools, options, { org, wanted, hasChanges: changesOf(steps).length > 0 })
  })
}

type Start = { readonly org: Org; readonly wanted: Wanted; readonly hasChanges: boolean }

async function go(
  api: OktaApi,
  tools: OktaTools,
  options: Options,
  { org, wanted, hasChanges }: Start,
): Promise<void> {
  const { print } = tools
  if (options.dryRun) {
    print('Nothing was changed: a dry run.')
    return
  }
  if (hasChanges && !options.yes && !(await agrees(tools, `Make these changes in ${api.orgUrl}?`))) {
    print('Nothing was changed.')
    return
  }
  let isHanded = false
  const after = await apply(org, {
    api,
    tools,
    wanted,
    onPrepared: async prepared => {
      await hand(tools, options, prepared, wanted)
      isHanded = true
      if (options.yes) return
      await tools.okta.ask('Give these to the deployment now. Press Enter when it has them: ')
    },
    check: (now, done) =>
      checkHook({ api, tools, wanted, org: now, done, to: options.to ?? SIMULATOR_NUMBER }),
  })
  print(hasChanges ? '\n✓ Done.' : '\nNo change: everything is as it should be.')
  if (!isHanded) await hand(tools, options, after, wanted)
  if (wanted.hook === undefined) print(nextAfterPrepare(options))
  else
    print(
      `The hook: ${choose(after, wanted).hook?.id ?? ''}. Try all its messages: npx hookline okta preview --org ${api.orgUrl}`,
    )
}

/** Prints what the deployment has to know, and writes it where it was asked to. */
async function hand(tools: OktaTools, { writeEnv: path }: Options, org: Org, wanted: Wanted): Promise<void> {
  const results = resultsOf(org, wanted)
  if (results === undefined) return
  tools.print(`\n${describeResults(results)}`)
  if (path === undefined) return
  await writeEnv(path, results)
  tools.print(`✓ written       ${path}, for \`hookline serve\`\n`)
}

export async function agrees(tools: OktaTools, question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await tools.okta.ask(`${question} (yes/no) `)).trim())
}

async function wayOf(tools: OktaTools, options: Options, hasHook: boolean): Promise<WayIn> {
  const { secretHeader: name, secretFile, scope } = options
  if (name === undefined) {
    if (secretFile === undefined) return { kind: 'token', scope }
    throw new Problem('usage', '--secret-file goes with --secret-header, the name of the header.')
  }
  if (!/^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(name) || name.toLowerCase() === 'authorization') {
    throw new Problem(
      'usage',
      `--secret-header is "${name}"; expected a header name of letters, digits and hyphens, other than Authorization: X-Hookline-Secret.`,
    )
  }
  const secret = hasHook ? await readHookSecret(tools, secretFile) : undefined
  return { kind: 'secret-header', name, secret }
}

function permissionsOf(way: WayIn, url: string | undefined, { policyRule }: Options): readonly Permission[] {
  return [
    'okta.inlineHooks.manage',
    ...(way.kind === 'token' ? (['okta.apps.manage', 'okta.authorizationServers.manage'] as const) : []),
    ...(url === undefined ? [] : (['okta.authenticators.manage'] as const)),
    ...(url === undefined || policyRule === undefined ? [] : (['okta.policies.manage'] as const)),
  ]
}

function nextAfterPrepare({ org, authorizationServer, scope, adopt }: Options): string {
  const options = [
    ...(authorizationServer === 'default' ? [] : [` --authorization-server ${quoted(authorizationServer)}`]),
    ...(scope === 'telephony.send' ? [] : [` --scope ${quoted(scope)}`]),
    ...(adopt === undefined || adopt === 'none' ? [] : [` --adopt ${quoted(adopt)}`]),
  ].join('')
  return `Next: deploy with these, then\n\n  npx hookline okta activate --org ${org} --url <HookUrl>${options}\n`
}

function addTokenParts(command: Command): Command {
  return command
    .option('--authorization-server <id>', 'name or ID of the custom authorization server', 'default')
    .option('--scope <scope>', 'scope of the access tokens', 'telephony.send')
    .option(
      '--adopt <client-id>',
      'where several service apps could be meant: this one; none makes a new one',
    )
    .option(
      '--app-client-id <id>',
      'client ID for a new service app, so that the deployment can know it before',
    )
}

function addHookParts(command: Command): Command {
  return command
    .option(
      '--secret-header <name>',
      'without API Access Management: the hook carries a secret in this header',
    )
    .option('--secret-file <file>', 'file with that secret (default: HOOKLINE_SECRETS, else it is asked for)')
    .option('--replace <name-or-id>', 'the telephony hook that is active now and may be turned off')
    .option('--policy-rule <name-or-id>', 'add a rule (password and phone) to this authentication policy')
    .option('--to <number>', `number for the check (default: AWS's simulator, ${SIMULATOR_NUMBER})`)
}

function addShared(command: Command): Command {
  return command
    .option('--write-env <file>', 'write the settings into this file, as `hookline serve` takes them')
    .option('--dry-run', 'only show what would change')
    .option('--yes', 'do not ask, for pipelines')
}
