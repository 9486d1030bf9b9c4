import type { Secret } from '../../../core/values/secret.ts'
import type { Org } from '../../../okta/setup/org.ts'
import type { Action, Permission, Step } from '../../../okta/setup/step.ts'
import type { Wanted } from '../../../okta/setup/wanted.ts'
import { apply, changesOf, describeSteps } from '../../okta/apply.ts'
import { checkHook } from '../../okta/check-hook.ts'
import { type CredentialOptions, readHookSecret, withOkta } from '../../okta/credential.ts'
import type { OktaContext } from '../../terminal/context.ts'
import type { OrgFix } from '../facts.ts'
import type { PlannedFix } from './planned-fix.ts'

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
    make: async say => {
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
  const { way } = wanted
  const isWritten = steps.some(({ action }) => action !== undefined && WRITES_HOOK.has(action))
  if (way.kind === 'token' || !isWritten) return wanted
  const found = secretFile === undefined ? secret : undefined
  return { ...wanted, way: { ...way, secret: found ?? (await readHookSecret(context, secretFile)) } }
}

function permissionsOf(steps: readonly Step[]): readonly Permission[] {
  return [...new Set(steps.map(({ needs }) => needs))]
}

const WRITES_HOOK: ReadonlySet<Action> = new Set<Action>(['create hook', 'change hook'])
