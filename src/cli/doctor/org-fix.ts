import type { CallerSettings } from '../../config/callers.ts'
import type { Secret } from '../../core/values/secret.ts'
import { choose } from '../../okta/setup/choose.ts'
import type { Org, TelephonyHook } from '../../okta/setup/org.ts'
import { isGood } from '../../okta/setup/preview.ts'
import type { Action, Permission, Step } from '../../okta/setup/step.ts'
import type { AuthenticationMethod, TargetState } from '../../okta/setup/target.ts'
import { apply, changesOf, describeSteps, stepsOf } from '../okta/apply.ts'
import { checkHook } from '../okta/check-hook.ts'
import { type CredentialOptions, readHookSecret, withOkta } from '../okta/credential.ts'
import type { OktaContext } from '../terminal/context.ts'
import type { PlannedFix } from './check.ts'
import { type EndpointFact, NotApplicable, type OrgFact, type OrgFix, type PreviewFact } from './facts.ts'
import { fixTexts, orgFixTexts, skipTexts } from './texts.ts'

/**
 * The safe steps that bring the org to what the settings want: see `TargetState.isFixing`. Throws NotApplicable if something
 * else must be fixed first: Okta's check of the hook would fail, and turn the hook off.
 */
export function planOrgFix(
  settings: AuthenticationSettings,
  { org, hook, url }: OrgFact,
  { endpoint, preview }: Tried,
): OrgFix {
  if (url === undefined) throw new NotApplicable(skipTexts.noHookUrl)
  if (endpoint?.status !== 401) throw new NotApplicable(orgFixTexts.endpointFirst)
  if (hook !== undefined && hook.uri !== url && preview?.kind === 'read' && isGood(preview.reading)) {
    throw new NotApplicable(orgFixTexts.worksElsewhere(hook.uri))
  }
  const method = methodOf(settings, hook)
  if (method.kind === 'token') checkServer(org, settings)
  const clientId = settings.clientId
  const target: TargetState = {
    method,
    isPreparing: true,
    isFixing: true,
    hook: { url, replace: undefined, policyRule: undefined },
    adopt: org.apps.some(app => app.clientId === clientId && !app.isOurs) ? clientId : 'none',
    appClientId: clientId,
  }
  checkChosen(org, target, hook)
  const steps = stepsOf(org, target, '')
  return { target, steps: steps.filter(({ action }) => action !== undefined) }
}

/** What the deployment accepts. */
export type AuthenticationSettings = Pick<
  CallerSettings,
  'issuer' | 'audience' | 'clientId' | 'scope' | 'secretHeader'
>

/** The results of calling the hook; undefined without a result. */
export type Tried = { readonly endpoint: EndpointFact | undefined; readonly preview: PreviewFact | undefined }

/** The hook's present method if the deployment accepts it; else an access token, then a secret. */
function methodOf(settings: AuthenticationSettings, hook: TelephonyHook | undefined): AuthenticationMethod {
  const { scope, secretHeader: name } = settings
  if (name !== undefined && (scope === undefined || hook?.authenticatesBy === 'HTTP')) {
    return { kind: 'secret-header', name, secret: undefined }
  }
  if (scope !== undefined) return { kind: 'token', scope }
  throw new NotApplicable(orgFixTexts.noMethod)
}

function checkServer({ server }: Org, settings: AuthenticationSettings): void {
  const { issuer, audience } = settings
  if (server?.isActive && server.issuer === issuer && server.audience === audience) return
  throw new NotApplicable(orgFixTexts.serverFirst)
}

/** Rejects steps that would change another hook or app than the deployment's. */
function checkChosen(org: Org, target: TargetState, known: TelephonyHook | undefined): void {
  const { app, hook, other } = choose(org, target)
  if (other?.isActive) {
    // Without its address, which may contain a secret.
    throw new NotApplicable(orgFixTexts.otherActive(other.name, other.id))
  }
  if (target.method.kind === 'token' && app === undefined && target.adopt !== 'none') {
    throw new NotApplicable(orgFixTexts.appByHand(target.adopt))
  }
  if (app !== undefined && app.clientId !== target.appClientId) {
    throw new NotApplicable(orgFixTexts.otherClient(app.clientId, target.appClientId))
  }
  if (hook?.id === known?.id) return
  throw new NotApplicable(orgFixTexts.otherHook(known?.name ?? hook?.name))
}

export type OrgToFix = {
  readonly context: OktaContext
  readonly org: Org
  readonly orgFix: OrgFix
  readonly credential: CredentialOptions
  /** Number that Okta's check of the hook texts. */
  readonly to: string
  readonly secretFile: string | undefined
  /** The secret of the settings, if they have one. */
  readonly secret: Secret | undefined
}

/** The safe steps of `hookline okta setup`, with Okta's check of the hook. */
export function fixOfOrg({ context, org, orgFix, credential, to, ...secrets }: OrgToFix): PlannedFix {
  const { steps } = orgFix
  return {
    fix: 'org',
    title: fixTexts.orgTitle(org.url),
    description: describeSteps(steps),
    changes: changesOf(steps).map(({ mark, what, name, sentence }) => `${mark} ${what} ${name}: ${sentence}`),
    apply: async say => {
      const target = await withSecret(context, orgFix, secrets)
      const saying = { ...context, print: (text: string) => say(text.trim()) }
      await withOkta(saying, credential, permissionsOf(steps), async (api, optionally) => {
        await apply(org, {
          api,
          context: saying,
          target,
          // A new app gets the client ID that the deployment already has.
          onPrepared: async () => undefined,
          check: (now, done) => checkHook({ api, optionally, context: saying, target, org: now, done, to }),
        })
      })
    },
  }
}

/** Okta does not show a hook's secret, so it is needed again to write the hook. */
async function withSecret(
  context: OktaContext,
  { target, steps }: OrgFix,
  { secretFile, secret }: Pick<OrgToFix, 'secretFile' | 'secret'>,
): Promise<TargetState> {
  const { method } = target
  const isWritten = steps.some(({ action }) => action !== undefined && WRITES_HOOK.has(action))
  if (method.kind === 'token' || !isWritten) return target
  const found = secretFile === undefined ? secret : undefined
  return { ...target, method: { ...method, secret: found ?? (await readHookSecret(context, secretFile)) } }
}

function permissionsOf(steps: readonly Step[]): readonly Permission[] {
  return [...new Set(steps.map(({ needs }) => needs))]
}

const WRITES_HOOK: ReadonlySet<Action> = new Set<Action>(['create hook', 'change hook'])
