import { PHONE_PARTS } from '../../../okta/setup/marks.ts'
import { partsOff } from '../../../okta/setup/wanted-hook.ts'
import { defineCheck } from '../check.ts'

export const phoneCheck = defineCheck({
  name: 'phone authenticator',
  sentence: 'The phone authenticator is on, with texts and calls.',
  severity: 'error',
  remedy: 'Turn it on with hookline okta setup, or in Okta: Security > Authenticators > Phone.',
  needs: ['org'],
  judge: ({ org: { org } }) => {
    if (org.phone === undefined) {
      return [{ cause: 'The org has no phone authenticator: nobody can enrol a phone.' }]
    }
    if (!org.phone.isActive) {
      return [{ cause: 'The phone authenticator is off: nobody is asked for a code by phone.' }]
    }
    const off = PHONE_PARTS.filter(part => part !== 'phone' && partsOff(org).includes(part))
    return off.map(part => ({
      severity: off.length === 2 ? ('error' as const) : ('warning' as const),
      cause: `The ${part} method of the phone authenticator is off: nobody gets a ${part === 'sms' ? 'text' : 'call'}.`,
    }))
  },
})
