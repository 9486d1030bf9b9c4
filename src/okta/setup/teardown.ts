import { names, PHONE_PARTS } from './marks.ts'
import type { OktaApi } from './okta-api.ts'
import type { AccessPolicy, EventHook, Memo, Named, Org, PhonePart, TelephonyHook } from './org.ts'
import { setAllowedFor, switchHook } from './perform.ts'

/** What teardown removes from an org, and what it keeps. */
export type Removal = {
  readonly steps: readonly RemovalStep[]
  /** Not made by Hookline; not changed. */
  readonly remaining: readonly string[]
  /** The phone authenticator would stay on, but have no provider. */
  readonly leavesPhoneWithoutProvider: boolean
}

type RemovalStep = {
  readonly what: string
  readonly name: string
  readonly sentence: string
  readonly run: (api: OktaApi) => Promise<unknown>
}

/** The steps, in reverse order of set-up. The run may stop after any of them; the next run has the rest. */
export function removal(
  org: Org,
  ruleIn: readonly { readonly policy: string; readonly rule: Named }[],
): Removal {
  const own = org.hooks.find(({ memo }) => memo !== undefined)
  const phoneOff = partsToTurnOff(org, own?.memo)
  const back = org.hooks.find(({ id }) => id === own?.memo?.replaces)
  const other = org.hooks.find(one => one.isActive && one.id !== own?.id)
  const isPhoneLeft = org.phone?.isActive === true && !phoneOff.includes('phone')
  return {
    steps: [
      ...ruleIn.map(one => removeRule(one.policy, one.rule)),
      ...phoneUseBack(org, own?.memo),
      ...phoneOff.map(part => turnOff(org, part)),
      ...(own === undefined ? [] : hookSteps(own, other === undefined ? back : undefined)),
      ...tokenSteps(org),
    ],
    remaining: remainingOf(org, own, back),
    leavesPhoneWithoutProvider:
      isPhoneLeft && own?.isActive === true && back === undefined && other === undefined,
  }
}

/** The hooks that Hookline made are removed: only an inactive hook can be deleted. */
export function eventHookRemoval(hooks: readonly EventHook[]): readonly RemovalStep[] {
  const what = 'event hook'
  return hooks
    .filter(({ isOurs }) => isOurs)
    .flatMap(({ id, name, isActive }) => {
      const run = (api: OktaApi) => api.remove(`/api/v1/eventHooks/${id}`)
      const gone = { what, name, sentence: `is deleted (${id})`, run }
      const off = (api: OktaApi) => api.post(`/api/v1/eventHooks/${id}/lifecycle/deactivate`)
      return isActive ? [{ what, name, sentence: 'is turned off', run: off }, gone] : [gone]
    })
}

/** In reverse order; only what Hookline turned on and is still on. Turning off the phone turns off its methods. */
function partsToTurnOff({ phone }: Org, memo: Memo | undefined): readonly PhonePart[] {
  if (phone === undefined || memo === undefined) return []
  if (!phone.isActive) return []
  if (memo.turnedOn.includes('phone')) return ['phone']
  const isOn = { phone: false, sms: phone.sms, voice: phone.voice }
  return PHONE_PARTS.filter(part => memo.turnedOn.includes(part) && isOn[part]).toReversed()
}

/** Only if it is still as Hookline set it. */
function phoneUseBack({ phone }: Org, memo: Memo | undefined): readonly RemovalStep[] {
  const before = memo?.phoneWas
  if (phone === undefined || before === undefined || phone.allowedFor !== 'any') return []
  return [
    {
      what: 'authenticator',
      name: 'phone, use',
      sentence: `is restored to ${before}: Hookline changed it`,
      run: api => setAllowedFor(api, phone, before),
    },
  ]
}

function turnOff({ phone }: Org, part: PhonePart): RemovalStep {
  const method = part === 'phone' ? '' : `/methods/${part}`
  return {
    what: 'authenticator',
    name: part === 'phone' ? 'phone' : `phone, ${part}`,
    sentence:
      part === 'phone'
        ? 'is turned off: Hookline turned it on. People who enrolled a phone can no longer use it'
        : 'is turned off: Hookline turned it on',
    run: api => api.post(`/api/v1/authenticators/${phone?.id ?? ''}${method}/lifecycle/deactivate`),
  }
}

function removeRule(policy: string, { id, name }: Named): RemovalStep {
  return {
    what: 'sign-on rule',
    name,
    sentence: 'is deleted',
    run: async api => {
      await api.post(`/api/v1/policies/${policy}/rules/${id}/lifecycle/deactivate`)
      await api.remove(`/api/v1/policies/${policy}/rules/${id}`)
    },
  }
}

/** The previous hook is turned on before ours is deleted: an interrupted run continues from the memo in ours. */
function hookSteps(own: TelephonyHook, back: TelephonyHook | undefined): readonly RemovalStep[] {
  const what = 'telephony hook'
  const off: RemovalStep = {
    what,
    name: own.name,
    sentence: 'is turned off',
    run: api => switchHook(api, own, 'deactivate'),
  }
  const on = (hook: TelephonyHook): RemovalStep => ({
    what,
    name: hook.name,
    sentence: `is turned on again (${hook.id})`,
    run: api => switchHook(api, hook, 'activate'),
  })
  const gone: RemovalStep = {
    what,
    name: own.name,
    sentence: `is deleted (${own.id})`,
    run: api => api.remove(`/api/v1/inlineHooks/${own.id}`),
  }
  return [...(own.isActive ? [off] : []), ...(back === undefined || back.isActive ? [] : [on(back)]), gone]
}

function tokenSteps(org: Org): readonly RemovalStep[] {
  const { server, policies, scopes, apps, hookKeys } = org
  const path = `/api/v1/authorizationServers/${server?.id ?? ''}`
  const inPath =
    (where: string): RemovalStep['run'] =>
    api =>
      api.remove(where)
  if (dependents(org).length > 0) return []
  return [
    ...policies.flatMap((policy: AccessPolicy) => [
      ...policy.rules
        .filter(({ isOurs }) => isOurs)
        .map(({ id, name }) => ({
          what: 'rule',
          name,
          sentence: `is deleted from ${policy.name}`,
          run: inPath(`${path}/policies/${policy.id}/rules/${id}`),
        })),
      ...(policy.isOurs
        ? [
            {
              what: 'access policy',
              name: policy.name,
              sentence: 'is deleted',
              run: inPath(`${path}/policies/${policy.id}`),
            },
          ]
        : []),
    ]),
    ...scopes
      .filter(({ isOurs }) => isOurs)
      .map(({ id, name }) => ({
        what: 'scope',
        name,
        sentence: 'is deleted',
        run: inPath(`${path}/scopes/${id}`),
      })),
    ...apps
      .filter(({ isOurs }) => isOurs)
      .flatMap(({ id, name, clientId, isActive }) => [
        ...(isActive
          ? [
              {
                what: 'service app',
                name,
                sentence: `is turned off (${clientId})`,
                run: (api: OktaApi) => api.post(`/api/v1/apps/${id}/lifecycle/deactivate`),
              },
            ]
          : []),
        { what: 'service app', name, sentence: 'is deleted', run: inPath(`/api/v1/apps/${id}`) },
      ]),
    ...hookKeys
      .filter(({ isOurs }) => isOurs)
      .map(({ id, name }) => ({
        what: 'hook key',
        name,
        sentence: `is deleted (${id})`,
        run: inPath(`/api/v1/hook-keys/${id}`),
      })),
  ]
}

/** Hooks made by hand that get their tokens through what Hookline made. They would fail without it. */
function dependents({ hooks, apps, hookKeys, policies, scopes }: Org): readonly TelephonyHook[] {
  const isOwn = ({ isOurs }: Named): boolean => isOurs
  const ours = new Set([
    ...apps.filter(isOwn).map(({ clientId }) => clientId),
    ...hookKeys.filter(isOwn).map(({ id }) => id),
    ...policies.filter(one => one.isOurs || one.rules.some(isOwn)).flatMap(({ clients }) => clients),
    ...scopes.filter(isOwn).map(({ name }) => name),
  ])
  return hooks.filter(
    ({ memo, clientId = '', hookKeyId = '', scope = '' }) =>
      memo === undefined && [clientId, hookKeyId, scope].some(id => ours.has(id)),
  )
}

function remainingOf(
  org: Org,
  own: TelephonyHook | undefined,
  back: TelephonyHook | undefined,
): readonly string[] {
  const remaining = org.hooks
    .filter(({ id }) => id !== own?.id && id !== back?.id)
    .map(({ name, id }) => `telephony hook ${name} (${id})`)
  const lost = own?.memo?.replaces
  return [
    ...remaining,
    ...dependents(org).map(
      ({ name }) =>
        `what Hookline made for tokens, because the hook ${name} uses it. Delete that hook, then run this command again`,
    ),
    ...(lost !== undefined && back === undefined
      ? [`no hook is turned on again: the hook that ${names.hook} replaced (${lost}) no longer exists`]
      : []),
  ]
}
