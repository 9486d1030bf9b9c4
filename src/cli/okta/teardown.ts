import type { Command } from 'commander'
import { readEventHooks } from '../../okta/setup/event-hook.ts'
import type { OktaApi, ReadOptional } from '../../okta/setup/okta-api.ts'
import { readOrg, readSignOnRules, readTelephonyHooks } from '../../okta/setup/read-org.ts'
import type { Permission } from '../../okta/setup/step.ts'
import { eventHookRemoval, type Removal, removal } from '../../okta/setup/teardown.ts'
import { confirm } from '../terminal/confirm.ts'
import type { OktaContext } from '../terminal/context.ts'
import { Problem } from '../terminal/problem.ts'
import { withProgress } from '../terminal/progress.ts'
import { wrap, wrappedTable } from '../terminal/table.ts'
import { addCredentialOptions, withOkta } from './credential.ts'
import type { OrgsOptions, OrgTurn, TurnResult } from './in-orgs.ts'
import { addOrgs, inOrgs } from './in-orgs.ts'

type Options = OrgsOptions & {
  readonly authorizationServer: string
  readonly leavePhoneWithoutProvider?: boolean
}

/** `hookline okta teardown`: removes from an org what Hookline created there, and nothing else. */
export function oktaTeardownCommand(okta: Command, context: OktaContext): void {
  const command = okta
    .command('teardown')
    .description(
      'Remove from the org what Hookline created, and restore what it replaced. Shows the plan first.',
    )
  addCredentialOptions(addOrgs(command))
    .option('--authorization-server <id>', 'name or ID of the custom authorization server', 'default')
    .option(
      '--leave-phone-without-provider',
      'continue even if the phone authenticator stays on without a provider to send its codes',
    )
    .option('--dry-run', 'only show what would be removed')
    .option('--yes', 'do not ask, for pipelines')
    .action((all: Options) =>
      inOrgs(context, all, 'changes', async turn => {
        const { context: own, options } = turn
        const ruleIn = await withOkta(own, options, ['okta.inlineHooks.manage'], ruleInOf)
        const permissions =
          ruleIn === undefined ? PERMISSIONS : [...PERMISSIONS, 'okta.policies.manage' as const]
        return withOkta(own, options, permissions, (api, optionally) =>
          tearDown(api, optionally, turn, ruleIn),
        )
      }),
    )
}

/** The authentication policy that got a rule: the hook's memo names it. */
async function ruleInOf(api: OktaApi): Promise<string | undefined> {
  return (await readTelephonyHooks(api)).find(({ memo }) => memo !== undefined)?.memo?.ruleIn
}

async function tearDown(
  api: OktaApi,
  optionally: ReadOptional,
  { context, options, isPlanShown }: OrgTurn<OktaContext, Options>,
  policy: string | undefined,
): Promise<TurnResult> {
  const { print } = context
  const { authorizationServer: server, leavePhoneWithoutProvider, dryRun, yes } = options
  const org = await withProgress(context.progress, `reading ${api.orgUrl}`, () =>
    readOrg(api, { server, hasPhone: true, signOnPolicy: undefined }),
  )
  const rules =
    policy === undefined ? [] : (await readSignOnRules(api, policy)).filter(({ isOurs }) => isOurs)
  const telephony = removal(
    org,
    rules.map(rule => ({ policy: policy ?? '', rule })),
  )
  const events = await optionally('okta.eventHooks.manage', async own => ({
    own,
    hooks: await readEventHooks(own),
  }))
  const plan: Removal = {
    ...telephony,
    ...(events.kind === 'read'
      ? { steps: [...inApi(events.value.own, eventHookRemoval(events.value.hooks)), ...telephony.steps] }
      : {
          remaining: [
            ...telephony.remaining,
            `the event hook, if Hookline made one: it was not read. ${events.why}`,
          ],
        }),
  }
  if (plan.steps.length === 0) {
    print(
      plan.remaining.length === 0
        ? `Nothing to remove: ${api.orgUrl} has nothing that Hookline created.`
        : `Nothing is removed from ${api.orgUrl}.\n\n${describeRemaining(plan)}`,
    )
    return { isGood: true, text: 'Nothing to remove.' }
  }
  if (!isPlanShown) print(`${api.orgUrl}\n\n${describe(plan)}\n`)
  if (plan.leavesPhoneWithoutProvider && !leavePhoneWithoutProvider) {
    throw new Problem(
      'usage',
      'Refused: the phone authenticator is on, and this hook is its only provider. People who sign in by phone would get no code. Set up another telephony hook or provider first, or turn the phone authenticator off in Okta; or add --leave-phone-without-provider. Nothing was changed.',
    )
  }
  if (dryRun) {
    print('Nothing was changed: this was a dry run.')
    return { isGood: true, text: `${plan.steps.length} to remove.` }
  }
  if (!yes && !(await confirm(context.okta.ask, `Remove this from ${api.orgUrl}?`))) {
    print('Nothing was changed.')
    return { isGood: true, text: 'Nothing was changed.' }
  }
  for (const { what, name, sentence, run } of plan.steps) {
    await run(api)
    print(`  ✓ ${what}: ${name} ${sentence}`)
  }
  const rest =
    plan.remaining.length === 0 ? 'nothing of Hookline is left' : 'only what is listed above is left'
  print(`\n✓ Removed: ${rest} in ${api.orgUrl}.\n${TOKENS}\n${await describeTokens(api)}`)
  return { isGood: true, text: `${plan.steps.length} removed; ${rest}.` }
}

/** Steps with an API of their own. */
function inApi(api: OktaApi, steps: Removal['steps']): Removal['steps'] {
  return steps.map(step => ({ ...step, run: () => step.run(api) }))
}

function describe(plan: Removal): string {
  const steps = wrappedTable(
    ['what', 'name', 'what happens'],
    plan.steps.map(({ what, name, sentence }) => [what, name, wrap(`${sentence}.`, SENTENCE_WIDTH)]),
  )
  return plan.remaining.length === 0 ? steps : `${steps}\n\n${describeRemaining(plan)}`
}

function describeRemaining({ remaining }: Removal): string {
  return `Kept:\n${remaining.map(line => `  ${line}`).join('\n')}`
}

/** Their names; Okta never shows a token's value. A service app has no right to list them. */
async function describeTokens(api: OktaApi): Promise<string> {
  const tokens = await api.list('/api/v1/api-tokens').then(
    list => list as readonly { readonly id?: string; readonly name?: string }[],
    () => undefined, // a missing right: the page named above shows them too
  )
  if (tokens === undefined) return 'The API tokens of the org cannot be listed with these rights.'
  const list = tokens.slice(0, TOKENS_SHOWN_MAX).map(({ id = '', name = '' }) => `    ${name} (${id})`)
  const more = tokens.length > TOKENS_SHOWN_MAX ? [`    and ${tokens.length - TOKENS_SHOWN_MAX} more`] : []
  return ['The API tokens of the org:', ...list, ...more].join('\n')
}

const TOKENS_SHOWN_MAX = 30
const TOKENS = `What Hookline cannot remove for you:
  the API token that this command used, if it was created for Hookline: Security > API > Tokens > Revoke
  the service app that this command used, if there is one: Applications > Applications > Deactivate, Delete
  access tokens of the hook: they expire within the lifetime of the rule (60 minutes)`

const PERMISSIONS: readonly Permission[] = [
  'okta.inlineHooks.manage',
  'okta.apps.manage',
  'okta.authorizationServers.manage',
  'okta.authenticators.manage',
]
const SENTENCE_WIDTH = 60
