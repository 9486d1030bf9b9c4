import {
  judgeAllowedFor,
  judgeEnrolment,
  judgeProviders,
  judgeSignOn,
  type PhoneFault,
} from '../../../okta/setup/judge-phone-use.ts'
import { PHONE_PARTS } from '../../../okta/setup/marks.ts'
import { partsOff, tokenUrlOf } from '../../../okta/setup/target-hook.ts'
import { defineCheck } from '../check.ts'
import { texts } from '../texts.ts'

export const hookActiveCheck = defineCheck({
  ...texts.hookActive.check,
  severity: 'error',
  needs: ['org'],
  judge: ({ org: { org, hook } }) => {
    if (hook?.isActive === true) return []
    const active = org.hooks.find(({ isActive }) => isActive)
    if (active !== undefined) {
      // Only the host: another provider's address may have a secret in its path.
      return [texts.hookActive.otherActive(active.name, URL.parse(active.uri)?.host, hook?.name)]
    }
    return hook === undefined
      ? [{ ...texts.hookActive.none, fixedBy: ['create hook'] }]
      : [{ ...texts.hookActive.inactive(hook.name), fixedBy: ['turn on hook'] }]
  },
})

export const hookUrlCheck = defineCheck({
  ...texts.hookAddress.check,
  severity: 'error',
  needs: ['org'],
  judge: ({ org: { hook, url } }) =>
    hook === undefined || url === undefined || hook.uri === url
      ? []
      : [{ ...texts.hookAddress.differs(hook.name, hook.uri, url), fixedBy: BY_HOOK_CHANGE }],
  detail: ({ org: { hook, url } }) => (url === undefined ? texts.hookAddress.detail(hook?.uri) : ''),
})

export const authenticationMethodCheck = defineCheck({
  ...texts.authenticationMethod.check,
  severity: 'error',
  needs: ['org', 'settings'],
  judge: ({ org: { org, hook }, settings }) => {
    if (hook === undefined) return []
    const { issuer, clientId, scope, secretHeader: header } = settings.callers
    const { otherHeader, otherMethod, byToken, bySecret, differs, noKey } = texts.authenticationMethod
    if (header !== undefined && hook.authenticatesBy === 'HTTP') {
      return hook.secretHeader?.toLowerCase() === header.toLowerCase()
        ? []
        : [{ ...otherHeader(hook.secretHeader, header), fixedBy: BY_HOOK_CHANGE }]
    }
    if (issuer === undefined || hook.authenticatesBy !== 'OAUTH private_key_jwt') {
      const accepted = [
        ...(issuer === undefined ? [] : [byToken]),
        ...(header === undefined ? [] : [bySecret(header)]),
      ]
      return [{ ...otherMethod(hook.authenticatesBy, accepted), fixedBy: BY_HOOK_CHANGE }]
    }
    const expected = [
      ['client ID', hook.clientId, clientId],
      ['scope', hook.scope, scope],
      ['token address', hook.tokenUrl, org.server === undefined ? hook.tokenUrl : tokenUrlOf(org)],
    ] as const
    const wrong = expected
      .filter(([, is, target]) => is !== target)
      .map(([what, is, target]) => ({ ...differs(what, is, target), fixedBy: BY_HOOK_CHANGE }))
    return org.hookKeys.some(({ id }) => id === hook.hookKeyId)
      ? wrong
      : [...wrong, { ...noKey(hook.hookKeyId), fixedBy: BY_HOOK_CHANGE }]
  },
})

const BY_HOOK_CHANGE = ['change hook'] as const

export const phoneCheck = defineCheck({
  ...texts.phone.check,
  severity: 'error',
  needs: ['org'],
  judge: ({ org: { org } }) => {
    if (org.phone === undefined) return [texts.phone.none]
    if (!org.phone.isActive) return [texts.phone.off]
    const off = PHONE_PARTS.filter(part => part !== 'phone' && partsOff(org).includes(part))
    return off.map(part => ({
      severity: off.length === 2 ? ('error' as const) : ('warning' as const),
      ...texts.phone.methodOff(part, part === 'sms' ? 'text message' : 'call'),
    }))
  },
})

export const phoneUseCheck = defineCheck({
  ...texts.phoneUse.check,
  severity: 'error',
  needs: ['org'],
  judge: ({ org: { org } }): readonly PhoneFault[] =>
    org.phone?.isActive === true ? judgeAllowedFor(org.phone.allowedFor) : [],
})

export const enrolmentCheck = defineCheck({
  ...texts.enrolment.check,
  severity: 'error',
  needs: ['org', 'enrolment'],
  judge: ({ org: { org }, enrolment }): readonly PhoneFault[] =>
    org.phone?.isActive === true ? judgeEnrolment(enrolment) : [],
})

export const signOnCheck = defineCheck({
  ...texts.signOn.check,
  severity: 'error',
  needs: ['signOn'],
  judge: ({ signOn }): readonly PhoneFault[] => judgeSignOn(signOn),
})

export const providersCheck = defineCheck({
  ...texts.providers.check,
  severity: 'warning',
  needs: ['providers'],
  judge: ({ providers }): readonly PhoneFault[] => judgeProviders(providers),
})
