import type { Command } from 'commander'
import { isLoopback, secretHeaderProblem } from '../../config/caller-problems.ts'
import { choose } from '../../okta/setup/choose.ts'
import type { OktaApi, ReadOptional } from '../../okta/setup/okta-api.ts'
import type { Org, TelephonyHook } from '../../okta/setup/org.ts'
import { readOrg } from '../../okta/setup/read-org.ts'
import type { Permission } from '../../okta/setup/step.ts'
import type { AuthenticationMethod, TargetState } from '../../okta/setup/target.ts'
import { confirm } from '../terminal/confirm.ts'
import type { OktaContext } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import { withProgress } from '../terminal/progress.ts'
import { apply, changesOf, describeSteps, stepsOf } from './apply.ts'
import { checkHook, SIMULATOR_NUMBER } from './check-hook.ts'
import { addCredentialOptions, readHookSecret, readOrgUrl, withOkta } from './credential.ts'
import { type EventHookPlan, planEventHook } from './event-hook.ts'
import type { OrgsOptions, OrgTurn, TurnResult } from './in-orgs.ts'
import { addOrgs, inOrgs } from './in-orgs.ts'
import { checkOwnTelephony, describePhoneUse, proposeBlockedAnswer } from './org-notes.ts'
import { checkHookUrl, checkIssuer, readHookUrl } from './reach.ts'
import { describeTrial, planTrial, readDuration, runTrial, type Trial } from './trial.ts'
import { describeDeploying, describeTrusts, quoted, settingsOf, trustsOf, writeEnv } from './trusts.ts'

type Options = OrgsOptions & {
  readonly url?: string
  readonly authorizationServer: string
  readonly scope: string
  readonly adopt?: string
  readonly appClientId?: string
  readonly secretHeader?: string
  readonly secretFile?: string
  readonly replace?: string
  readonly policyRule?: string
  readonly eventsUrl?: string
  readonly eventSecretFile?: string
  readonly to?: string
  /** How long a trial lasts; undefined without a trial. */
  readonly for?: string
  readonly oktaTelephony?: string
}
type Turn = OrgTurn<OktaContext, Options>

/** `hookline okta prepare`, `activate`, and `setup`, which is both. */
export function oktaSetupCommands(okta: Command, context: OktaContext): void {
  const prepare = okta
    .command('prepare')
    .description("Before the deployment: create the key, app, scope and policy of the hook's access token.")
  addShared(addTokenParts(prepare)).action((options: Options) =>
    inOrgs(context, options, 'changes', turn => setUp(turn, { isPreparing: true, url: undefined })),
  )
  const activate = okta
    .command('activate')
    .description('After the deployment: create and check the hook, then turn the phone authenticator on.')
    .option('--url <url>', "the hook's address: HookUrl of `hookline deploy`")
    .option(
      '--for <time>',
      'a trial: after this time (10m), or at Ctrl-C, restore the hook that was active before',
    )
  addShared(addHookParts(addTokenParts(activate))).action((options: Options) =>
    inOrgs(context, checkTrial(options), 'changes', turn => {
      const { url } = turn.options
      if (url !== undefined) return setUp(turn, { isPreparing: false, url })
      throw new Problem('usage', "--url is missing: the hook's address, HookUrl of `hookline deploy`.")
    }),
  )
  const setup = okta
    .command('setup')
    .description('Prepare and activate in one step, for a deployment that is already running.')
    .option('--url <url>', `the hook's address (for an org on this machine: ${LOCAL_HOOK})`)
  addShared(addHookParts(addTokenParts(setup))).action((options: Options) =>
    inOrgs(context, options, 'changes', turn =>
      setUp(turn, { isPreparing: true, url: turn.options.url ?? localHook(turn.options) }),
    ),
  )
}

/** Refuses wrong options of a trial before any org is opened. */
function checkTrial(options: Options): Options {
  if (options.for === undefined) return options
  readDuration(options.for)
  if (!options.all) return options
  throw new Problem('usage', '--for is a trial in one org. Use it with --org instead of --all.')
}

/** Where `start` and `serve` run the hook, for an org that is the stand-in. */
function localHook({ org }: Turn['options']): string {
  if (isLoopback(new URL(readOrgUrl(org)))) return LOCAL_HOOK
  throw new Problem(
    'usage',
    "--url is missing: the hook's address, HookUrl of `hookline deploy`. Without a deployment, run hookline okta prepare first.",
  )
}

const LOCAL_HOOK = 'http://127.0.0.1:8080/mfa'

type Scope = { readonly isPreparing: boolean; readonly url: string | undefined }

async function setUp(turn: Turn, { isPreparing, url: urlText }: Scope): Promise<TurnResult> {
  const { context, options } = turn
  const url = urlText === undefined ? undefined : readHookUrl(urlText, readOrgUrl(options.org))
  const method = await readAuthenticationMethod(context, options, url !== undefined)
  checkOwnTelephony(options)
  if (url !== undefined) {
    await checkHookUrl(url)
    context.print(`✓ answers       ${url} refuses unauthenticated callers (401)`)
  }
  const permissions = permissionsOf(method, url, options)
  return withOkta(context, options, permissions, async (api, optionally, open) => {
    const telephony: TargetState = {
      method,
      isPreparing,
      adopt: options.adopt,
      appClientId: options.appClientId,
      hook: url === undefined ? undefined : { url, replace: options.replace, policyRule: options.policyRule },
    }
    const read = await withProgress(context.progress, `reading ${api.orgUrl}`, () =>
      readOrg(api, {
        server: method.kind === 'token' ? options.authorizationServer : undefined,
        hasPhone: url !== undefined,
        signOnPolicy: url === undefined ? undefined : options.policyRule,
      }),
    )
    stepsOf(read, telephony)
    if (url !== undefined && read.server !== undefined) {
      await checkIssuer(read.server.issuer)
      context.print(`✓ issuer        ${read.server.issuer}`)
    }
    const events = await planEvents(turn, url, optionally)
    const planned = events?.kind === 'planned' ? events : undefined
    const target: TargetState = { ...telephony, ...(planned && { eventHook: planned.target }) }
    const org: Org = { ...read, ...(planned && { eventHooks: planned.hooks }) }
    const steps = stepsOf(org, target)
    if (!turn.isPlanShown) context.print(`\n${api.orgUrl}\n\n${describeSteps(steps)}\n`)
    const trial = options.for === undefined ? undefined : planTrial(org, target, readDuration(options.for))
    if (trial !== undefined) context.print(`${describeTrial(trial)}\n`)
    if (events?.kind === 'skipped') context.print(`- skipped       event hook: ${events.why}\n`)
    const plan = { org, target, changes: changesOf(steps).length, trial }
    return carryOut({ api, optionally, open, ...(planned && { eventApi: planned.api }) }, turn, plan)
  })
}

/** A trial makes no event hook, and neither does `prepare`. */
async function planEvents(
  { context, options }: Turn,
  url: string | undefined,
  optionally: ReadOptional,
): Promise<EventHookPlan | undefined> {
  if (url === undefined || options.for !== undefined) return undefined
  return planEventHook(context, options, url, optionally)
}

type Opened = {
  readonly api: OktaApi
  readonly optionally: ReadOptional
  readonly open: () => Promise<OktaApi>
  readonly eventApi?: OktaApi
}
type Plan = {
  readonly org: Org
  readonly target: TargetState
  readonly changes: number
  readonly trial: Trial | undefined
}

/** Shows only the plan, or asks and makes the changes: permanently, or for the duration of a trial. */
async function carryOut(opened: Opened, turn: Turn, plan: Plan): Promise<TurnResult> {
  const { context, options } = turn
  const { api } = opened
  const { target, changes, trial } = plan
  const { print } = context
  const hasChanges = changes > 0
  if (options.dryRun) {
    print('Nothing was changed: this was a dry run.')
    return { isGood: true, text: hasChanges ? `${count(changes)} to make.` : NO_CHANGE }
  }
  if (
    hasChanges &&
    !options.yes &&
    !(await confirm(context.okta.ask, `Make these changes in ${api.orgUrl}?`))
  ) {
    print('Nothing was changed.')
    return { isGood: true, text: 'Nothing was changed.' }
  }
  if (trial === undefined) await make(opened, turn, plan)
  else {
    const isOurs = (hook: TelephonyHook): boolean => hook.memo !== undefined || hook.uri === target.hook?.url
    await runTrial(context, trial, opened.open, isOurs, interruption =>
      make(opened, turn, plan, interruption),
    )
  }
  return { isGood: true, text: hasChanges ? `${count(changes)} made.` : NO_CHANGE }
}

/** Makes the changes one after the other, then prints what the deployment and people must know. */
async function make(
  { api, optionally, eventApi }: Opened,
  turn: Turn,
  { org, target, changes }: Plan,
  interruption?: AbortSignal,
): Promise<void> {
  const { context, options } = turn
  const { print } = context
  const hasChanges = changes > 0
  let areTrustsPrinted = false
  const after = await apply(org, {
    api,
    ...(eventApi !== undefined && { eventApi }),
    context,
    target,
    ...(interruption !== undefined && { interruption }),
    onPrepared: async prepared => {
      await printTrusts(turn, prepared, target)
      areTrustsPrinted = true
      if (options.yes) return
      await context.okta.ask('Set these in the deployment now. Press Enter when they are set: ')
    },
    check: (now, done) =>
      checkHook({ api, optionally, context, target, org: now, done, to: options.to ?? SIMULATOR_NUMBER }),
  })
  print(hasChanges ? '\n✓ Done.' : `\n${NO_CHANGE}`)
  if (!areTrustsPrinted) await printTrusts(turn, after, target)
  if (target.hook === undefined) print(nextAfterPrepare(turn))
  else {
    for (const line of await describePhoneUse(after, optionally)) print(line)
    print(
      `The hook: ${choose(after, target).hook?.id ?? ''}. Try all its messages: npx hookline okta preview --org ${turn.name ?? api.orgUrl}`,
    )
    const isAsking = hasChanges && !options.yes
    print(`\n${await proposeBlockedAnswer(optionally, context, { ...options, isAsking })}`)
  }
}

const NO_CHANGE = 'No change: everything is already set up.'

function count(changes: number): string {
  return changes === 1 ? '1 change' : `${changes} changes`
}

/** Prints what the deployment must trust, and writes it where the deployment reads it. */
async function printTrusts(
  { context, options, name, keep }: Turn,
  org: Org,
  target: TargetState,
): Promise<void> {
  const trusts = trustsOf(org, target)
  if (trusts === undefined) return
  context.print(`\n${describeTrusts(trusts)}`)
  if (name !== undefined) return keep({ name, ...trusts })
  context.print(describeDeploying(trusts))
  if (options.writeEnv === undefined) return
  await writeEnv(options.writeEnv, settingsOf(trusts))
  context.print(`✓ written       ${options.writeEnv}, for \`hookline serve\`\n`)
}

async function readAuthenticationMethod(
  context: OktaContext,
  options: Turn['options'],
  hasHook: boolean,
): Promise<AuthenticationMethod> {
  const { secretHeader: name, secretFile, scope } = options
  if (name === undefined) {
    if (secretFile === undefined) return { kind: 'token', scope }
    throw new Problem('usage', '--secret-file needs --secret-header, the name of the header.')
  }
  const problem = secretHeaderProblem(name)
  if (problem !== undefined) {
    throw new Problem(
      'usage',
      `--secret-header is "${name}"; expected a header name of letters, digits and hyphens, other than Authorization, such as X-Hookline-Secret. It ${problem}.`,
    )
  }
  const secret = hasHook ? await readHookSecret(context, secretFile) : undefined
  return { kind: 'secret-header', name, secret }
}

function permissionsOf(
  method: AuthenticationMethod,
  url: string | undefined,
  { policyRule }: Options,
): readonly Permission[] {
  return [
    'okta.inlineHooks.manage',
    ...(method.kind === 'token' ? (['okta.apps.manage', 'okta.authorizationServers.manage'] as const) : []),
    ...(url === undefined ? [] : (['okta.authenticators.manage'] as const)),
    ...(url === undefined || policyRule === undefined ? [] : (['okta.policies.manage'] as const)),
  ]
}

function nextAfterPrepare({ name, options: turnOptions }: Turn): string {
  const { org, authorizationServer, scope, adopt } = turnOptions
  const options = [
    ...(authorizationServer === 'default' ? [] : [` --authorization-server ${quoted(authorizationServer)}`]),
    ...(scope === 'telephony.send' ? [] : [` --scope ${quoted(scope)}`]),
    ...(adopt === undefined || adopt === 'none' ? [] : [` --adopt ${quoted(adopt)}`]),
  ].join('')
  return name === undefined
    ? `Next: deploy with these, then\n\n  npx hookline okta activate --org ${org} --url <HookUrl>${options}\n`
    : `Next: deploy, then npx hookline okta activate --org ${name} --url <HookUrl>`
}

function addTokenParts(command: Command): Command {
  return addCredentialOptions(addOrgs(command))
    .option('--authorization-server <id>', 'name or ID of the custom authorization server', 'default')
    .option('--scope <scope>', 'scope of the access tokens', 'telephony.send')
    .option('--adopt <client-id>', 'which service app to use if several match; none creates a new one')
    .option(
      '--app-client-id <id>',
      'client ID for a new service app, so that the deployment can know it in advance',
    )
}

function addHookParts(command: Command): Command {
  return command
    .option('--secret-header <name>', 'without API Access Management: Okta sends a secret in this header')
    .option('--secret-file <file>', 'file with that secret (default: HOOKLINE_SECRETS, else a prompt)')
    .option('--replace <name-or-id>', 'the telephony hook that is active now and may be turned off')
    .option('--policy-rule <name-or-id>', 'add a rule (password and phone) to this authentication policy')
    .option(
      '--okta-telephony <yes|no>',
      "whether Okta's own telephony sends where the hook does not (default: from the System Log, else a prompt)",
    )
    .option(
      '--events-url <url>',
      "address for Okta's events (default: events/okta beside the hook's address)",
    )
    .option(
      '--event-secret-file <file>',
      "file with the event hook's secret (default: HOOKLINE_EVENT_SECRETS; without one, there is no event hook)",
    )
    .option('--to <number>', `number for the check (default: AWS's simulator, ${SIMULATOR_NUMBER})`)
}

function addShared(command: Command): Command {
  return command
    .option(
      '--write-env <file>',
      'write the settings into this file, as `hookline serve` reads them (with --all: HOOKLINE_ORGS)',
    )
    .option('--dry-run', 'only show what would change')
    .option('--yes', 'do not ask, for pipelines')
}
