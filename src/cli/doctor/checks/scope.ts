import { defineCheck } from '../check.ts'

export const scopeCheck = defineCheck({
  name: 'scope',
  sentence: 'The authorization server knows the scope.',
  severity: 'error',
  remedy: 'Run hookline okta setup again, or add it in Okta: Security > API > Scopes.',
  needs: ['tokens'],
  judge: ({ tokens: { org, scope } }) =>
    org.server === undefined || org.scopes.some(({ name }) => name === scope)
      ? []
      : [
          {
            cause: `The authorization server "${org.server.name}" has no scope ${scope}: the hook gets no access token.`,
            fixedBy: ['create scope'],
          },
        ],
})
