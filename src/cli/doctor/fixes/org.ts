import type { Secret } from '../../../core/values/secret.ts'
import type { Org } from '../../../okta/setup/org.ts'
import type { Action, Permission, Step } from '../../../okta/setup/step.ts'
import type { Wanted } from '../../../okta/setup/wanted.ts'
import { apply, changesOf, describeSteps } from '../../okta/apply.ts'
import { checkHook } from '../../okta/check-hook.ts'
import { type WayInOptions, withOkta } from '../../okta/credential.ts'
import { readHookSecret } from '../../okta/hook-secret.ts'
import type { OktaTools } from '../../terminal/context.ts'
import type { Mending } from '../facts.ts'
import type { Repair } from './repair.ts'

export type MendingOrg = {
  readonly tools: OktaTools
  readonly org: Org
  readonly mending: Mending
  readonly wayIn: WayInOptions
  /** Number that Okta's check of the hook texts. */
  readonly to: string
  readonly secretFile: string | undefined
  /** That of the settings, if they have one. */
  readonly secret: Secret | undefined
}

/** What `hookline okta setup` would do, of that which is safe; Okta's check of the hook belongs to it. */
export function orgRepair({ tools, org, mending, wayIn, to, ...secrets }: MendingOrg): Repair {
  const { steps } = mending
  return {
    fix: 'org',
    title: `The org ${org.url}`,
    description: describeSteps(steps),
    changes: changesOf(steps).map(({ mark, what, name, sentence }) => `${mark} ${what} ${name}: ${sentence}`),
    make: async say => {
      const wanted = await withSecret(tools, mending, secrets)
      const saying = { ...tools, print: (text: string) => say(text.trim()) }
      await withOkta(saying, wayIn, permissionsOf(steps), async (api, optionally) => {
        await apply(org, {
          api,
          tools: saying,
          wanted,
          // A new app gets the client ID that the deployment has already.
          onPrepared: async () => undefined,
          check: (now, done) => checkHook({ api, optionally, tools: saying, wanted, org: now, done, to }),
        })
      })
    },
  }
}

/** Okta does not show a hook's secret: a hook that is written needs it again. */
async function withSecret(
  tools: OktaTools,
  { wanted, steps }: Mending,
  { secretFile, secret }: Pick<MendingOrg, 'secretFile' | 'secret'>,
): Promise<Wanted> {
  const { way } = wanted
  const isWritten = steps.some(({ action }) => action !== undefined && WRITES_HOOK.has(action))
  if (way.kind === 'token' || !isWritten) return wanted
  const found = secretFile === undefined ? secret : undefined
  return { ...wanted, way: { ...way, secret: found ?? (await readHookSecret(tools, secretFile)) } }
}

function permissionsOf(steps: readonly Step[]): readonly Permission[] {
  return [...new Set(steps.map(({ needs }) => needs))]
}

const WRITES_HOOK: ReadonlySet<Action> = new Set<Action>(['create hook', 'change hook'])
