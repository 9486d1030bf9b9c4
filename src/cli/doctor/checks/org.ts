import {
  judgeAllowedFor,
  judgeEnrolment,
  judgeProviders,
  judgeSignOn,
  type PhoneFault,
} from '../../../okta/setup/judge-phone-use.ts'
import { PHONE_PARTS } from '../../../okta/setup/marks.ts'
import { partsOff, tokenUrlOf } from '../../../okta/setup/wanted-hook.ts'
import { defineCheck } from '../check.ts'

export const hookActiveCheck = defineCheck({
  name: 'hook active',
  sentence: "Hookline's telephony hook is there, and the active one.",
  severity: 'error',
  remedy: 'Turn it on with hookline okta setup, or in Okta: Workflow > Inline Hooks.',
  needs: ['org'],
  judge: ({ org: { org, hook } }) => {
    const active = org.hooks.find(({ isActive }) => isActive)
    if (hook?.isActive === true) return []
    if (active !== undefined) {
      const ours = hook === undefined ? 'Hookline has none here' : `"${hook.name}" is inactive`
      return [
        {
          cause: `Another telephony hook is active, "${active.name}", which calls ${hostOf(active.uri)}; ${ours}.`,
          remedy: `If Hookline is to send, give the name to the setup: hookline okta setup --replace "${active.name}".`,
        },
      ]
    }
    return hook === undefined
      ? [
          {
            cause: 'The org has no telephony hook: Okta sends by its own provider.',
            remedy: 'Set it up with hookline okta setup.',
            fixedBy: ['create hook'],
          },
        ]
      : [
          {
            cause: `The telephony hook "${hook.name}" is inactive: Okta sends by its own provider.`,
            fixedBy: ['turn on hook'],
          },
        ]
  },
})

/** Another provider's address may have a secret in its path. */
function hostOf(uri: string): string {
  return URL.parse(uri)?.host ?? 'an unreadable address'
}

export const hookUrlCheck = defineCheck({
  name: 'hook address',
  sentence: 'The hook calls the address of this deployment.',
  severity: 'error',
  remedy:
    'Give the hook the new address with hookline okta setup --url, or in Okta: Workflow > Inline Hooks.',
  needs: ['org'],
  judge: ({ org: { hook, url } }) =>
    hook === undefined || url === undefined || hook.uri === url
      ? []
      : [
          {
            cause: `The hook "${hook.name}" calls ${hook.uri}, and the deployment is at ${url}.`,
            fixedBy: ['change hook'],
          },
        ],
  detail: ({ org: { hook, url } }) =>
    url === undefined ? `It calls ${hook?.uri ?? 'nothing'}; --url compares.` : '',
})

export const authenticationMethodCheck = defineCheck({
  name: 'hook authentication',
  sentence: 'The hook proves who it is in a way that the deployment takes.',
  severity: 'error',
  remedy: 'Run hookline okta setup again: it puts this right.',
  needs: ['org', 'settings'],
  judge: ({ org: { org, hook }, settings }) => {
    if (hook === undefined) return []
    const { issuer, clientId, scope, secretHeader: header } = settings.callers
    if (header !== undefined && hook.authenticatesBy === 'HTTP') {
      return hook.secretHeader?.toLowerCase() === header.toLowerCase()
        ? []
        : [
            {
              cause: `The hook carries its secret in ${hook.secretHeader ?? 'no header'}, and the deployment looks for it in ${header}.`,
              fixedBy: BY_HOOK_CHANGE,
            },
          ]
    }
    if (issuer === undefined || hook.authenticatesBy !== 'OAUTH private_key_jwt') {
      const takes = [
        ...(issuer === undefined ? [] : ['an access token by private_key_jwt']),
        ...(header === undefined ? [] : [`a secret in ${header}`]),
      ].join(' or ')
      return [
        {
          cause: `The hook authenticates by ${hook.authenticatesBy || 'nothing'}, and the deployment takes ${takes}.`,
          fixedBy: BY_HOOK_CHANGE,
        },
      ]
    }
    const expected = [
      ['client ID', hook.clientId, clientId],
      ['scope', hook.scope, scope],
      ['token address', hook.tokenUrl, org.server === undefined ? hook.tokenUrl : tokenUrlOf(org)],
    ] as const
    const wrong = expected
      .filter(([, is, wanted]) => is !== wanted)
      .map(([what, is, wanted]) => ({
        cause: `The hook has the ${what} ${is ?? 'missing'}, and the deployment expects ${wanted}: its calls are refused.`,
        fixedBy: BY_HOOK_CHANGE,
      }))
    return org.hookKeys.some(({ id }) => id === hook.hookKeyId)
      ? wrong
      : [
          ...wrong,
          {
            cause: `The hook key of the hook (${hook.hookKeyId ?? 'none'}) is not in the org.`,
            fixedBy: BY_HOOK_CHANGE,
          },
        ]
  },
})

const BY_HOOK_CHANGE = ['change hook'] as const

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
