import { defineCheck } from '../check.ts'

export const tokenCheck = defineCheck({
  name: 'token',
  sentence: "Okta's access token, as the deployment verified it in the preview, is what the settings say.",
  severity: 'error',
  remedy:
    'The settings here are not those of the deployment that Okta calls. Give doctor its own: --stack, or the environment of `serve`.',
  needs: ['claims', 'tokens'],
  judge: ({ claims, tokens }) => {
    const expected = [
      ['issuer', claims.issuer, tokens.issuer],
      ['audience', claims.audience, tokens.audience],
      ['client ID', claims.clientId, tokens.clientId],
    ] as const
    const others = expected
      .filter(([, is, wanted]) => is !== wanted)
      .map(([what, is, wanted]) => ({
        cause: `The deployment has let Okta in by an access token with the ${what} ${is}, and the settings here say ${wanted}.`,
      }))
    if (claims.scopes.includes(tokens.scope)) return others
    return [
      ...others,
      {
        cause: `The deployment has let Okta in by an access token with the scope ${claims.scopes.join(' ')}, and the settings here say ${tokens.scope}.`,
      },
    ]
  },
  detail: ({ claims }) =>
    `Issuer ${claims.issuer}, audience ${claims.audience}, client ${claims.clientId}, scope ${claims.scopes.join(' ')}.`,
})
