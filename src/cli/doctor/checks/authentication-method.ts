import { tokenUrlOf } from '../../../okta/setup/wanted-hook.ts'
import { defineCheck } from '../check.ts'

export const authenticationMethodCheck = defineCheck({
  name: 'hook authentication',
  sentence: 'The hook proves who it is in a way that the deployment takes.',
  severity: 'error',
  remedy: 'Run hookline okta setup again: it puts this right.',
  needs: ['org', 'settings'],
  judge: ({ org: { org, hook }, settings }) => {
    if (hook === undefined) return []
    const { issuer, clientId, scope, secretHeader: header } = settings.callers
    if (header !== undefined && hook.way === 'HTTP') {
      return hook.secretHeader?.toLowerCase() === header.toLowerCase()
        ? []
        : [
            {
              cause: `The hook carries its secret in ${hook.secretHeader ?? 'no header'}, and the deployment looks for it in ${header}.`,
              fixedBy,
            },
          ]
    }
    if (issuer === undefined || hook.way !== 'OAUTH private_key_jwt') {
      const takes = [
        ...(issuer === undefined ? [] : ['an access token by private_key_jwt']),
        ...(header === undefined ? [] : [`a secret in ${header}`]),
      ].join(' or ')
      return [
        {
          cause: `The hook authenticates by ${hook.way || 'nothing'}, and the deployment takes ${takes}.`,
          fixedBy,
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
        fixedBy,
      }))
    return org.hookKeys.some(({ id }) => id === hook.hookKeyId)
      ? wrong
      : [
          ...wrong,
          { cause: `The hook key of the hook (${hook.hookKeyId ?? 'none'}) is not in the org.`, fixedBy },
        ]
  },
})

const fixedBy = ['change hook'] as const
