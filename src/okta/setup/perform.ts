import { choose } from './choose.ts'
import { performEventHookStep } from './event-hook.ts'
import { names } from './marks.ts'
import type { OktaApi } from './okta-api.ts'
import type { Json, Org, PhoneAuthenticator, PhonePart, TelephonyHook } from './org.ts'
import { parseHook, parseRule } from './parse-org.ts'
import { performTokenStep } from './perform-token-step.ts'
import { signOnPolicyOf } from './phone-steps.ts'
import { readPhone, TELEPHONY } from './read-org.ts'
import type { Action } from './step.ts'
import type { TargetHook, TargetState } from './target.ts'
import { channelOf, memoOf } from './target-hook.ts'

/** Performs one step of the plan, and returns the org as it is afterwards. */
export async function perform(
  api: OktaApi,
  action: Exclude<Action, 'check hook'>,
  org: Org,
  target: TargetState,
): Promise<Org> {
  switch (action) {
    case 'create hook':
    case 'change hook':
    case 'turn on hook':
    case 'turn off other hook':
      return target.hook === undefined ? org : performHookStep(api, action, org, target, target.hook)
    case 'turn on phone':
      return turnOn(api, org, 'phone')
    case 'turn on sms':
      return turnOn(api, org, 'sms')
    case 'turn on voice':
      return turnOn(api, org, 'voice')
    case 'allow phone':
      return allowPhone(api, org)
    case 'create event hook':
    case 'change event hook':
    case 'turn on event hook':
    case 'verify event hook': {
      const { eventHook } = target
      if (eventHook === undefined) return org
      return { ...org, eventHooks: await performEventHookStep(api, action, org.eventHooks ?? [], eventHook) }
    }
    case 'create sign-on rule':
      return createSignOnRule(api, org, target.hook?.policyRule)
    default:
      return performTokenStep(api, action, org, target)
  }
}

/** Turns a hook on or off, and returns it. */
export async function switchHook(
  api: OktaApi,
  { id }: TelephonyHook,
  to: 'activate' | 'deactivate',
): Promise<TelephonyHook> {
  return needHook(await api.post(`${HOOKS}/${id}/lifecycle/${to}`))
}

async function performHookStep(
  api: OktaApi,
  action: 'create hook' | 'change hook' | 'turn on hook' | 'turn off other hook',
  org: Org,
  target: TargetState,
  targetHook: TargetHook,
): Promise<Org> {
  const chosen = choose(org, target)
  const { hook, other } = chosen
  if (action === 'turn off other hook') {
    return other === undefined ? org : withHook(org, await switchHook(api, other, 'deactivate'))
  }
  if (action === 'turn on hook') {
    return hook === undefined ? org : withHook(org, await switchHook(api, hook, 'activate'))
  }
  const memo = memoOf(org, chosen, target, targetHook)
  const isByHand = hook !== undefined && hook.memo === undefined
  const channel = channelOf(org, chosen, target.method, targetHook.url, isByHand ? undefined : memo)
  const body = { name: hook?.name ?? names.hook, version: '1.0.0', channel }
  const answered =
    hook === undefined
      ? await api.post(HOOKS, { type: TELEPHONY, ...body })
      : await api.put(`${HOOKS}/${hook.id}`, body)
  return withHook(org, needHook(answered))
}

async function turnOn(api: OktaApi, org: Org, part: PhonePart): Promise<Org> {
  const path = '/api/v1/authenticators'
  if (org.phone === undefined) {
    const settings = { allowedFor: 'any' }
    await api.post(`${path}?activate=true`, { key: 'phone_number', name: 'Phone', settings })
  } else {
    const method = part === 'phone' ? '' : `/methods/${part}`
    await api.post(`${path}/${org.phone.id}${method}/lifecycle/activate`)
  }
  return { ...org, phone: await readPhone(api) } // turning one on may turn on others
}

async function allowPhone(api: OktaApi, org: Org): Promise<Org> {
  if (org.phone === undefined) return org
  await setAllowedFor(api, org.phone, 'any')
  return { ...org, phone: await readPhone(api) }
}

/** Sets what the phone authenticator may be used for: `any`, `sso`, `recovery` or `none`. */
export async function setAllowedFor(
  api: OktaApi,
  { id, name, settings }: PhoneAuthenticator,
  allowedFor: string,
): Promise<void> {
  const body = { key: 'phone_number', name, settings: { ...settings, allowedFor } }
  await api.put(`/api/v1/authenticators/${id}`, body)
}

async function createSignOnRule(api: OktaApi, org: Org, nameOrId: string | undefined): Promise<Org> {
  const policy = signOnPolicyOf(org, nameOrId)
  if (policy === undefined) return org
  const rule = parseRule(await api.post(`/api/v1/policies/${policy.id}/rules`, SIGN_ON_RULE))
  const rules = rule === undefined ? policy.rules : [...policy.rules, rule]
  return {
    ...org,
    signOnPolicies: org.signOnPolicies.map(one => (one.id === policy.id ? { ...policy, rules } : one)),
  }
}

function withHook(org: Org, hook: TelephonyHook): Org {
  return { ...org, hooks: [...org.hooks.filter(({ id }) => id !== hook.id), hook] }
}

function needHook(answered: unknown): TelephonyHook {
  const hook = parseHook(answered)
  if (hook === undefined) throw new Error("Okta's response is not an inline hook.")
  return hook
}

const HOOKS = '/api/v1/inlineHooks'

/** A password, and a code by phone; required again after two hours, as in Okta's own rules. */
const SIGN_ON_RULE: Json = {
  type: 'ACCESS_POLICY',
  name: names.signOnRule,
  actions: {
    appSignOn: {
      access: 'ALLOW',
      verificationMethod: {
        type: 'ASSURANCE',
        factorMode: '2FA',
        reauthenticateIn: 'PT2H',
        constraints: [
          {
            // Methods and not types: Okta's reference writes types in capitals, but its examples do not.
            knowledge: {
              required: true,
              authenticationMethods: [{ key: 'okta_password', method: 'password' }],
            },
            possession: {
              required: true,
              authenticationMethods: [
                { key: 'phone_number', method: 'sms' },
                { key: 'phone_number', method: 'voice' },
              ],
            },
          },
        ],
      },
    },
  },
}
