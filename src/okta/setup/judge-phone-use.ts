import type { EnrolmentPolicy, SignOn, TelephonyProvider } from './phone-use.ts'

/** Something that keeps people from a code by phone, or that deserves a look. */
export type PhoneFault = {
  readonly severity: 'error' | 'warning'
  readonly cause: string
  readonly remedy: string
}

/** What the phone authenticator is allowed for: `any`, `sso`, `recovery`, `none`. */
export function judgeAllowedFor(allowedFor: string): readonly PhoneFault[] {
  const remedy =
    'hookline okta setup shows the change and asks; or in Okta: Security > Authenticators > Phone > Actions > Edit, "This authenticator can be used for" (?): authentication and recovery.'
  switch (allowedFor) {
    case 'any':
      return []
    case 'sso':
      return [
        {
          severity: 'warning',
          cause:
            'The phone authenticator is allowed for sign-in only: nobody gets a code for a password reset or an unlock.',
          remedy: `If people are to recover by phone: ${remedy.slice(remedy.indexOf('in Okta'))}`,
        },
      ]
    case 'recovery':
      return [
        {
          severity: 'error',
          cause:
            'The phone authenticator is allowed for recovery only: nobody signs in with a code by phone.',
          remedy,
        },
      ]
    default:
      return [
        {
          severity: 'error',
          cause: `The phone authenticator is allowed for ${allowedFor}: nobody gets a code by phone.`,
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
    'In Okta: Security > Authenticators > Enrollment (?), the policy > Edit, Phone: Optional or Required.'
  return without.length === policies.length
    ? [
        {
          severity: 'error',
          cause: `No enrolment policy lets people enrol a phone: ${names}${rest}.`,
          remedy,
        },
      ]
    : [
        {
          severity: 'warning',
          cause: `People of these enrolment policies cannot enrol a phone: ${names}${rest}.`,
          remedy: `If they are meant to: ${remedy}`,
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
          ? 'No rule of an authentication policy accepts a code by phone: nobody is asked for one.'
          : 'No rule of an authentication policy was seen that surely accepts a code by phone.',
      remedy:
        'In Okta: Security > Authentication Policies (?), the policy > a rule that accepts a phone; or hookline okta setup --policy-rule.',
    },
  ]
}

export function judgeProviders(providers: readonly TelephonyProvider[]): readonly PhoneFault[] {
  if (providers.length === 0) return []
  const names = providers.map(({ name, isPrimary }) => `${name}${isPrimary ? ' (primary)' : ''}`).join(', ')
  return [
    {
      severity: 'warning',
      cause: `Okta's own telephony has an account of yours besides the hook: ${names}. Whether Okta asks the hook or that account first is not documented.`,
      remedy:
        'Sign in once, and look in the System Log at the provider of system.sms.send_factor_verify_message (or system.sms.send_phone_verification_message): AWS End User Messaging is Hookline. Else deactivate the account in Okta (Settings > Telephony (?)); or keep it on purpose, as what Okta falls back to.',
    },
  ]
}

const NAMES_MAX = 5
