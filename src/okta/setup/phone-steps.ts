import { names } from './marks.ts'
import type { Org, PhoneAuthenticator, SignOnPolicy } from './org.ts'
import type { Block, Step } from './step.ts'

/** Okta turns the phone authenticator on only when it has a provider: so this comes last. */
export function phoneSteps({ phone }: Org): readonly Step[] {
  const about = { what: 'authenticator', needs: 'okta.authenticators.manage' } as const
  const part = (name: string, isOn: boolean, sentence: string, action: Step['action']): Step =>
    isOn
      ? { ...about, name, mark: 'exists', sentence: 'On.', action: undefined }
      : { ...about, name, mark: phone === undefined ? 'created' : 'turned on', sentence, action }
  return [
    part('phone', phone?.isActive ?? false, 'People can enroll their phone.', 'turn on phone'),
    ...useSteps(phone),
    part('phone, sms', phone?.sms ?? false, 'Codes by text message.', 'turn on sms'),
    part('phone, voice', phone?.voice ?? false, 'Codes by voice call.', 'turn on voice'),
  ]
}

/** One that is there is changed only where nobody could sign in by it. Of what that means for recovery, people are told. */
function useSteps(phone: PhoneAuthenticator | undefined): readonly Step[] {
  if (phone === undefined || !needsAllowing(phone)) return []
  const { allowedFor } = phone
  const recovery =
    allowedFor === 'recovery'
      ? 'Recovery by phone stays as it is.'
      : 'A password reset and an unlock by phone become possible too, where the password policy offers them.'
  return [
    {
      what: 'authenticator',
      name: 'phone, use',
      needs: 'okta.authenticators.manage',
      mark: 'changed',
      sentence: `Is allowed for ${allowedFor}, and then for sign-in and recovery (any). ${recovery} teardown puts ${allowedFor} back.`,
      action: 'allow phone',
    },
  ]
}

/** Whether nobody can sign in with a code by this phone authenticator as it is. */
export function needsAllowing({ allowedFor }: PhoneAuthenticator): boolean {
  return allowedFor !== 'any' && allowedFor !== 'sso'
}

/** Only on request: it decides who may sign in, and how. */
export function signOnSteps(org: Org, nameOrId: string | undefined): readonly Step[] {
  const policy = signOnPolicyOf(org, nameOrId)
  if (policy === undefined) return []
  const about = { what: 'sign-on rule', name: names.signOnRule, needs: 'okta.policies.manage' } as const
  const isThere = policy.rules.some(({ isOurs }) => isOurs)
  return [
    isThere
      ? { ...about, mark: 'exists', sentence: `In the policy ${policy.name}.`, action: undefined }
      : {
          ...about,
          mark: 'created',
          sentence: `In the policy ${policy.name}: a password, and a code by phone. Okta tries it after the rules that are there.`,
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
      sentence: `--policy-rule is "${nameOrId}"; the org has no authentication policy of this name or ID. It has: ${allowed || 'none'}.`,
    },
  ]
}
