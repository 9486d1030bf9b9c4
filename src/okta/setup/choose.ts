import type { AccessPolicy, AccessRule, HookKey, Org, ServiceApp, TelephonyHook } from './org.ts'
import type { TargetState } from './target.ts'

/** The objects in the org to use: Hookline's own, else those that somebody made by hand. */
export type Chosen = {
  readonly key: HookKey | undefined
  readonly app: ServiceApp | undefined
  /** Apps made by hand, if there are several and none was chosen. */
  readonly candidates: readonly ServiceApp[]
  readonly policy: AccessPolicy | undefined
  readonly rule: AccessRule | undefined
  readonly hook: TelephonyHook | undefined
  /** The telephony hook that must be turned off for ours, or already was. */
  readonly other: TelephonyHook | undefined
}

export function choose(org: Org, target: TargetState): Chosen {
  const hook = chooseHook(org, target)
  const others = org.hooks.filter(({ id }) => id !== hook?.id)
  const { replace } = target.hook ?? {}
  const isNamed = ({ id, name }: TelephonyHook): boolean => id === replace || name === replace
  const other = others.find(({ isActive }) => isActive) ?? others.find(isNamed)
  if (target.method.kind === 'secret-header') return { ...NOTHING, hook, other }

  const { scope } = target.method
  const pairs = pairsByHand(org, hook, others)
  const own = org.apps.find(({ isOurs }) => isOurs)
  const apps = pairs.filter(({ app }) => target.adopt === undefined || app.clientId === target.adopt)
  const adopted = own === undefined && target.adopt !== 'none' && apps.length === 1 ? apps[0] : undefined
  const app = own ?? adopted?.app
  const key =
    adopted?.key ??
    org.hookKeys.find(one => one.isOurs && app?.kids.includes(one.kid)) ??
    org.hookKeys.find(one => one.isOurs) ??
    org.hookKeys.find(({ kid }) => own?.kids.includes(kid))
  const policy = choosePolicy(org, app, scope)
  const rule = policy?.rules.find(one => grants(one, scope)) ?? policy?.rules.find(one => one.isOurs)
  const candidates = app === undefined && target.adopt !== 'none' ? apps.map(pair => pair.app) : []
  return { key, app, candidates, policy, rule, hook, other }
}

/** Whether this rule grants a token request of the hook. */
export function grants({ isActive, grantTypes, scopes }: AccessRule, scope: string): boolean {
  return (
    isActive && grantTypes.includes('client_credentials') && (scopes.includes('*') || scopes.includes(scope))
  )
}

/** Whether the policy applies to this client. */
export function includes({ isActive, clients }: AccessPolicy, clientId: string): boolean {
  return isActive && (clients.includes('ALL_CLIENTS') || clients.includes(clientId))
}

function chooseHook({ hooks }: Org, { hook: target }: TargetState): TelephonyHook | undefined {
  const own = hooks.filter(({ memo }) => memo !== undefined)
  const byHand = hooks.filter(({ uri, memo }) => memo === undefined && uri === target?.url)
  return (
    own.find(({ isActive }) => isActive) ?? own[0] ?? byHand.find(({ isActive }) => isActive) ?? byHand[0]
  )
}

/** Apps with the public key of a hook key, except those that another hook uses. */
function pairsByHand(
  { apps, hookKeys, usedElsewhere }: Org,
  hook: TelephonyHook | undefined,
  others: readonly TelephonyHook[],
): readonly { readonly app: ServiceApp; readonly key: HookKey }[] {
  const used = new Set([
    ...usedElsewhere,
    ...others.flatMap(({ clientId = '', hookKeyId = '' }) => [clientId, hookKeyId]),
  ])
  return apps.flatMap(app => {
    const key = hookKeys.find(one => app.kids.includes(one.kid))
    const isHooks = app.grantTypes.includes('client_credentials') && key !== undefined
    if (!isHooks || used.has(app.clientId) || used.has(key.id)) return []
    // A hook made by hand names its app, so no other app matches.
    return hook?.clientId !== undefined && hook.memo === undefined && hook.clientId !== app.clientId
      ? []
      : [{ app, key }]
  })
}

/** One that works; else our own; else one made by hand only for this client, without the rule. */
function choosePolicy(
  { policies }: Org,
  app: ServiceApp | undefined,
  scope: string,
): AccessPolicy | undefined {
  const own = policies.find(({ isOurs }) => isOurs)
  if (app === undefined) return own
  const forClient = policies.filter(policy => includes(policy, app.clientId))
  const working = forClient.filter(({ rules }) => rules.some(rule => grants(rule, scope)))
  return (
    working.find(({ isOurs }) => isOurs) ??
    own ??
    working[0] ??
    forClient.find(({ clients }) => clients.every(id => id === app.clientId))
  )
}

const NOTHING = {
  key: undefined,
  app: undefined,
  candidates: [],
  policy: undefined,
  rule: undefined,
} as const
