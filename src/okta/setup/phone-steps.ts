import { names } from './marks.ts'
import type { Org, PhoneAuthenticator, SignOnPolicy } from './org.ts'
import type { Block, Step } from './step.ts'

/** These come last, because Okta turns on the phone authenticator only if there is a provider. */
export function phoneSteps({ phone }: Org): readonly Step[] {
  const about = { what: 'authenticator', needs: 'okta.authenticators.manage' } as const
  const part = (name: string, isOn: boolean, sentence: string, action: Step['action']): Step =>
    isOn
      ? { ...about, name, mark: 'exists', sentence: 'On.', action: undefined }
      : { ...about, name, mark: phone === undefined ? 'created' : 'turned on', sentence, action }
  return [
    part('phone', phone?.isActive ?? false, 'People can enrol their phone.', 'turn on phone'),
    ...useSteps(phone),
    part('phone, sms', phone?.sms ?? false, 'Codes by text message.', 'turn on sms'),
    part('phone, voice', phone?.voice ?? false, 'Codes by voice call.', 'turn on voice'),
  ]
}

/**
 * An existing authenticator is changed only if it does not allow sign-in. The sentence says what changes for recovery.
 */
function useSteps(phone: PhoneAuthenticator | undefined): readonly Step[] {
  if (phone === undefined || !needsAllowing(phone)) return []
  const { allowedFor } = phone
  const recovery =
    allowedFor === 'recovery'
      ? 'Recovery by phone does not change.'
      : 'Password reset and unlock by phone also become possible, if the password policy offers them.'
  return [
    {
      what: 'authenticator',
      name: 'phone, use',
      needs: 'okta.authenticators.manage',
      mark: 'changed',
      sentence: `Is now allowed for ${allowedFor}; will be allowed for sign-in and recovery (any). ${recovery} hookline okta teardown restores ${allowedFor}.`,
      action: 'allow phone',
    },
  ]
}

/** Whether the phone authenticator does not allow sign-in with a code. */
export function needsAllowing({ allowedFor }: PhoneAuthenticator): boolean {
  return allowedFor !== 'any' && allowedFor !== 'sso'
}

/** Only on request, because it decides who may sign in, and how. */
export function signOnSteps(org: Org, nameOrId: string | undefined): readonly Step[] {
  const policy = signOnPolicyOf(org, nameOrId)
  if (policy === undefined) return []
  const about = { what: 'sign-on rule', name: names.signOnRule, needs: 'okta.policies.manage' } as const
  const exists = policy.rules.some(({ isOurs }) => isOurs)
  return [
    exists
      ? { ...about, mark: 'exists', sentence: `In the policy ${policy.name}.`, action: undefined }
      : {
          ...about,
          mark: 'created',
          sentence: `In the policy ${policy.name}: a password, and a code by phone. Okta evaluates it after the existing rules.`,
          action: 'create sign-on rule',
        },
  ]
}

export function signOnPolicyOf(
  { signOnPolicies }: Org,
  nameOrId: string | undefined,
): SignOnPolicy | undefined {
  return signOnPolicies.find(({ id, name }) => id === nameOrId || name === nameOrId)
}

export function signOnBlocks(org: Org, nameOrId: string | undefined): readonly Block[] {
  if (nameOrId === undefined || signOnPolicyOf(org, nameOrId) !== undefined) return []
  const allowed = org.signOnPolicies.map(({ id, name }) => `"${name}" (${id})`).join(', ')
  return [
    {
      sentence: `--policy-rule is "${nameOrId}"; the org has no authentication policy of this name or ID. It has ${allowed || 'none'}.`,
    },
  ]
}
