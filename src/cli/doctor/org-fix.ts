import type { CallerSettings } from '../../config/callers.ts'
import type { Secret } from '../../core/values/secret.ts'
import { choose } from '../../okta/setup/choose.ts'
import type { Org, TelephonyHook } from '../../okta/setup/org.ts'
import { isGood } from '../../okta/setup/preview.ts'
import type { Action, Permission, Step } from '../../okta/setup/step.ts'
import type { AuthenticationMethod, Wanted } from '../../okta/setup/wanted.ts'
import { apply, changesOf, describeSteps, stepsOf } from '../okta/apply.ts'
import { checkHook } from '../okta/check-hook.ts'
import { type CredentialOptions, readHookSecret, withOkta } from '../okta/credential.ts'
import type { OktaContext } from '../terminal/context.ts'
import type { PlannedFix } from './check.ts'
import { type EndpointFact, NotApplicable, type OrgFact, type OrgFix, type PreviewFact } from './facts.ts'

/**
 * What would make the org as the settings want it, of that which is safe: see `Wanted.isFixing`. Throws NotApplicable where
 * something else has to be right first, because Okta's check of the hook would fail then and turn it off.
 */
export function planOrgFix(
  settings: AuthenticationSettings,
  { org, hook, url }: OrgFact,
  { endpoint, preview }: Tried,
): OrgFix {
  if (url === undefined) throw new NotApplicable("It needs the hook's address: --url, or --stack.")
  if (endpoint?.status !== 401) throw new NotApplicable("The hook's endpoint has to be right first.")
  if (hook !== undefined && hook.uri !== url && preview?.kind === 'read' && isGood(preview.reading)) {
    throw new NotApplicable(
      `The hook works where it is, at ${hook.uri}, and is not taken away from there: hookline okta setup --url moves it.`,
    )
  }
  const method = methodOf(settings, hook)
  if (method.kind === 'token') checkServer(org, settings)
  const clientId = settings.clientId
  const wanted: Wanted = {
    method,
    isPreparing: true,
    isFixing: true,
    hook: { url, replace: undefined, policyRule: undefined },
    adopt: org.apps.some(app => app.clientId === clientId && !app.isOurs) ? clientId : 'none',
    appClientId: clientId,
  }
  checkChosen(org, wanted, hook)
  const steps = stepsOf(org, wanted, '')
  return { wanted, steps: steps.filter(({ action }) => action !== undefined) }
}

/** What the deployment takes. */
export type AuthenticationSettings = Pick<
  CallerSettings,
  'issuer' | 'audience' | 'clientId' | 'scope' | 'secretHeader'
>

/** What was tried, as far as it was. */
export type Tried = { readonly endpoint: EndpointFact | undefined; readonly preview: PreviewFact | undefined }

/** As the hook does it now, where the deployment takes that; else an access token before a secret. */
function methodOf(settings: AuthenticationSettings, hook: TelephonyHook | undefined): AuthenticationMethod {
  const { scope, secretHeader: name } = settings
  if (name !== undefined && (scope === undefined || hook?.authenticatesBy === 'HTTP')) {
    return { kind: 'secret-header', name, secret: undefined }
  }
  if (scope !== undefined) return { kind: 'token', scope }
  throw new NotApplicable(
    'The settings have no authentication method: neither an issuer nor a secret header.',
  )
}

function checkServer({ server }: Org, settings: AuthenticationSettings): void {
  const { issuer, audience } = settings
  if (server?.isActive && server.issuer === issuer && server.audience === audience) return
  throw new NotApplicable('Authorization server and settings have to agree first: issuer and audience.')
}

/** The deployment keeps its client, and a hook by hand that is not at the address stays the only one. */
function checkChosen(org: Org, wanted: Wanted, known: TelephonyHook | undefined): void {
  const { app, hook, other } = choose(org, wanted)
  if (other?.isActive) {
    // Without its address, which may have a secret in it.
    throw new NotApplicable(
      `Another telephony hook is active, "${other.name}" (${other.id}), and is not turned off: hookline okta setup --replace ${other.id} does that.`,
    )
  }
  if (wanted.method.kind === 'token' && app === undefined && wanted.adopt !== 'none') {
    throw new NotApplicable(
      `The service app ${wanted.adopt} was made by hand, and is not changed: it has the public key of no hook key, or works for another hook.`,
    )
  }
  if (app !== undefined && app.clientId !== wanted.appClientId) {
    throw new NotApplicable(
      `Hookline's service app in the org has the client ID ${app.clientId}, and the deployment expects ${wanted.appClientId}: make them equal first.`,
    )
  }
  if (hook?.id === known?.id) return
  throw new NotApplicable(
    `The hook "${known?.name ?? hook?.name}" is not the one that Hookline's set-up would change: hookline okta setup shows what it would do.`,
  )
}

export type OrgToFix = {
  readonly context: OktaContext
  readonly org: Org
  readonly orgFix: OrgFix
  readonly credential: CredentialOptions
  /** Number that Okta's check of the hook texts. */
  readonly to: string
  readonly secretFile: string | undefined
  /** That of the settings, if they have one. */
  readonly secret: Secret | undefined
}

/** What `hookline okta setup` would do, of that which is safe; Okta's check of the hook belongs to it. */
export function fixOfOrg({ context, org, orgFix, credential, to, ...secrets }: OrgToFix): PlannedFix {
  const { steps } = orgFix
  return {
    fix: 'org',
    title: `The org ${org.url}`,
    description: describeSteps(steps),
    changes: changesOf(steps).map(({ mark, what, name, sentence }) => `${mark} ${what} ${name}: ${sentence}`),
    apply: async say => {
      const wanted = await withSecret(context, orgFix, secrets)
      const saying = { ...context, print: (text: string) => say(text.trim()) }
      await withOkta(saying, credential, permissionsOf(steps), async (api, optionally) => {
        await apply(org, {
          api,
          context: saying,
          wanted,
          // A new app gets the client ID that the deployment has already.
          onPrepared: async () => undefined,
          check: (now, done) => checkHook({ api, optionally, context: saying, wanted, org: now, done, to }),
        })
      })
    },
  }
}

/** Okta does not show a hook's secret: a hook that is written needs it again. */
async function withSecret(
  context: OktaContext,
  { wanted, steps }: OrgFix,
  { secretFile, secret }: Pick<OrgToFix, 'secretFile' | 'secret'>,
): Promise<Wanted> {
  const { method } = wanted
  const isWritten = steps.some(({ action }) => action !== undefined && WRITES_HOOK.has(action))
  if (method.kind === 'token' || !isWritten) return wanted
  const found = secretFile === undefined ? secret : undefined
  return { ...wanted, method: { ...method, secret: found ?? (await readHookSecret(context, secretFile)) } }
}

function permissionsOf(steps: readonly Step[]): readonly Permission[] {
  return [...new Set(steps.map(({ needs }) => needs))]
}

const WRITES_HOOK: ReadonlySet<Action> = new Set<Action>(['create hook', 'change hook'])
