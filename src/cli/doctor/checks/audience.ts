import { defineCheck, type Fault } from '../check.ts'

export const audienceCheck = defineCheck({
  name: 'audience',
  sentence: 'The authorization server is active, and issues for the audience and issuer of the settings.',
  severity: 'error',
  remedy: 'Make them equal: the setting, or the authorization server in Okta (Security > API > Settings).',
  needs: ['tokens'],
  judge: ({ tokens: { org, issuer, audience } }) => {
    const { server } = org
    if (server === undefined) {
      return [
        {
          cause: `The org has no authorization server for the issuer ${issuer}: the hook gets no access token.`,
          remedy: 'Take the issuer of the settings from Okta (Security > API), of this very org.',
        },
      ]
    }
    const faults: (Fault | false)[] = [
      !server.isActive && {
        cause: `The authorization server "${server.name}" is not active: the hook gets no access token.`,
        remedy: 'Turn it on in Okta: Security > API.',
      },
      server.issuer !== issuer && {
        cause: `The authorization server "${server.name}" issues as ${server.issuer}, and the settings say ${issuer}: every access token is refused.`,
      },
      server.audience !== audience && {
        cause: `The authorization server "${server.name}" issues for the audience ${server.audience}, and the settings say ${audience}: every access token is refused.`,
      },
    ]
    return faults.filter(fault => fault !== false)
  },
})
