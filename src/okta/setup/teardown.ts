import { names, PHONE_PARTS } from './marks.ts'
import type { OktaApi } from './okta-api.ts'
import type { AccessPolicy, Memo, Named, Org, PhonePart, TelephonyHook } from './org.ts'
import { setAllowedFor, switchHook } from './perform.ts'

/** What Hookline made in an org, and what it found there: all that teardown needs to know. */
export type Removal = {
  readonly steps: readonly RemovalStep[]
  /** Made by somebody else, and left as it is. */
  readonly kept: readonly string[]
  /** People would be left with a phone authenticator that nobody sends for. */
  readonly leavesPhoneWithoutProvider: boolean
}

type RemovalStep = {
  readonly what: string
  readonly name: string
  readonly sentence: string
  readonly run: (api: OktaApi) => Promise<unknown>
}

/** The steps, in the order of the reverse. Each may be the last one that is done: the next run has the rest. */
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
    kept: keptOf(org, own, back),
    leavesPhoneWithoutProvider:
      isPhoneLeft && own?.isActive === true && back === undefined && other === undefined,
  }
}

/** In the reverse order; only what Hookline turned on, and is on yet. With the phone itself go its methods. */
function partsToTurnOff({ phone }: Org, memo: Memo | undefined): readonly PhonePart[] {
  if (phone === undefined || memo === undefined) return []
  if (!phone.isActive) return []
  if (memo.turnedOn.includes('phone')) return ['phone']
  const isOn = { phone: false, sms: phone.sms, voice: phone.voice }
  return PHONE_PARTS.filter(part => memo.turnedOn.includes(part) && isOn[part]).toReversed()
}

/** Only where it still is as Hookline made it. */
function phoneUseBack({ phone }: Org, memo: Memo | undefined): readonly RemovalStep[] {
  const before = memo?.phoneWas
  if (phone === undefined || before === undefined || phone.allowedFor !== 'any') return []
  return [
    {
      what: 'authenticator',
      name: 'phone, use',
      sentence: `is allowed for ${before} again: Hookline changed it`,
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
        ? 'is turned off: Hookline turned it on. People who enrolled a phone cannot use it from then on'
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

/** The one before comes back while ours is still there: its memo is what an interrupted run goes on from. */
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

/** Hooks that somebody made by hand, and that get their tokens by what Hookline made: they would fail without it. */
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

function keptOf(
  org: Org,
  own: TelephonyHook | undefined,
  back: TelephonyHook | undefined,
): readonly string[] {
  const kept = org.hooks
    .filter(({ id }) => id !== own?.id && id !== back?.id)
    .map(({ name, id }) => `telephony hook ${name} (${id})`)
  const lost = own?.memo?.replaces
  return [
    ...kept,
    ...dependents(org).map(
      ({ name }) =>
        `what Hookline made for tokens: the hook ${name} uses it. Delete that hook first, then run this again`,
    ),
    ...(lost !== undefined && back === undefined
      ? [`nothing comes back for ${names.hook}: the hook that it replaced, ${lost}, is gone`]
      : []),
  ]
}
