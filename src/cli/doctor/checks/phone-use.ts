import {
  judgeAllowedFor,
  judgeEnrolment,
  judgeProviders,
  judgeSignOn,
  type PhoneFault,
} from '../../../okta/setup/judge-phone-use.ts'
import { defineCheck } from '../check.ts'

/** Whether people can use the phone at all, once its authenticator is on; and who sends besides. */
export const phoneUseCheck = defineCheck({
  name: 'phone use',
  sentence: 'The phone authenticator may be used for sign-in and recovery.',
  severity: 'error',
  remedy: 'In Okta: Security > Authenticators > Phone.',
  needs: ['org'],
  judge: ({ org: { org } }): readonly PhoneFault[] =>
    org.phone?.isActive === true ? judgeAllowedFor(org.phone.allowedFor) : [],
})

export const enrolmentCheck = defineCheck({
  name: 'enrolment',
  sentence: 'The enrolment policies let people enrol a phone.',
  severity: 'error',
  remedy: 'In Okta: Security > Authenticators > Enrollment.',
  needs: ['org', 'enrolment'],
  judge: ({ org: { org }, enrolment }): readonly PhoneFault[] =>
    org.phone?.isActive === true ? judgeEnrolment(enrolment) : [],
})

export const signOnCheck = defineCheck({
  name: 'sign-on',
  sentence: 'A rule of an authentication policy accepts a code by phone.',
  severity: 'error',
  remedy: 'In Okta: Security > Authentication Policies.',
  needs: ['signOn'],
  judge: ({ signOn }): readonly PhoneFault[] => judgeSignOn(signOn),
})

export const providersCheck = defineCheck({
  name: 'telephony providers',
  sentence: "Okta's own telephony has no account of yours besides the hook.",
  severity: 'warning',
  remedy: 'In Okta: Settings > Telephony.',
  needs: ['providers'],
  judge: ({ providers }): readonly PhoneFault[] => judgeProviders(providers),
})
