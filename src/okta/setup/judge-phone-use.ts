import type { EnrolmentPolicy, SignOn, TelephonyProvider } from './phone-use.ts'

/** Something that prevents codes by phone, or that should be checked. */
export type PhoneFault = {
  readonly severity: 'error' | 'warning'
  readonly cause: string
  readonly remedy: string
}

/** What the phone authenticator is allowed for: `any`, `sso`, `recovery`, `none`. */
export function judgeAllowedFor(allowedFor: string): readonly PhoneFault[] {
  const remedy =
    'Run hookline okta setup, which shows the change and asks. Or in Okta: Security > Authenticators > Phone > Actions > Edit, "This authenticator can be used for" (?): authentication and recovery.'
  switch (allowedFor) {
    case 'any':
      return []
    case 'sso':
      return [
        {
          severity: 'warning',
          cause:
            'The phone authenticator is allowed only for sign-in: no codes are sent for a password reset or an unlock.',
          remedy: `If people should be able to recover by phone: ${remedy.slice(remedy.indexOf('in Okta'))}`,
        },
      ]
    case 'recovery':
      return [
        {
          severity: 'error',
          cause:
            'The phone authenticator is allowed only for recovery: users cannot sign in with a code by phone.',
          remedy,
        },
      ]
    default:
      return [
        {
          severity: 'error',
          cause: `The phone authenticator is allowed for "${allowedFor}": no codes are sent by phone.`,
          remedy,
        },
      ]
  }
}

export function judgeEnrolment(policies: readonly EnrolmentPolicy[]): readonly PhoneFault[] {
  const without = policies.filter(({ letsEnrolPhone }) => !letsEnrolPhone)
  if (without.length === 0) return []
  const names = without
    .slice(0, NAMES_MAX)
    .map(({ name }) => `"${name}"`)
    .join(', ')
  const rest = without.length > NAMES_MAX ? ` and ${without.length - NAMES_MAX} more` : ''
  const remedy =
    'In Okta: Security > Authenticators > Enrollment (?), edit the policy, and set Phone to Optional or Required.'
  return without.length === policies.length
    ? [
        {
          severity: 'error',
          cause: `No enrolment policy allows a phone: ${names}${rest}.`,
          remedy,
        },
      ]
    : [
        {
          severity: 'warning',
          cause: `These enrolment policies do not allow a phone: ${names}${rest}.`,
          remedy: `If they should: ${remedy}`,
        },
      ]
}

export function judgeSignOn({ accepts, policies }: SignOn): readonly PhoneFault[] {
  if (accepts === 'yes') return []
  if (policies === 0) return []
  return [
    {
      severity: accepts === 'no' ? 'error' : 'warning',
      cause:
        accepts === 'no'
          ? 'No rule of an authentication policy accepts a code by phone, so no user is asked for one.'
          : 'It is not certain that any rule of an authentication policy accepts a code by phone.',
      remedy:
        'In Okta: Security > Authentication Policies (?), add a rule that accepts a phone. Or run hookline okta setup --policy-rule.',
    },
  ]
}

export function judgeProviders(providers: readonly TelephonyProvider[]): readonly PhoneFault[] {
  if (providers.length === 0) return []
  const names = providers.map(({ name, isPrimary }) => `${name}${isPrimary ? ' (primary)' : ''}`).join(', ')
  return [
    {
      severity: 'warning',
      cause: `Okta's own telephony has an account of yours in addition to the hook: ${names}. Okta does not document which of the two it uses first.`,
      remedy:
        'Sign in once, and check the provider of system.sms.send_factor_verify_message (or system.sms.send_phone_verification_message) in the System Log: AWS End User Messaging is Hookline. If it is another one, deactivate the account in Okta (Settings > Telephony (?)), or keep it as a fallback.',
    },
  ]
}

const NAMES_MAX = 5
