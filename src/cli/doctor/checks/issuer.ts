import { defineCheck } from '../check.ts'

export const issuerCheck = defineCheck({
  name: 'issuer',
  sentence: 'The issuer answers, says its own name, and has keys.',
  severity: 'error',
  remedy:
    'Take the issuer of the settings from the authorization server in Okta (Security > API), exactly as it is.',
  needs: ['issuer'],
  judge: ({ issuer: { asked, issuer, keys } }) => [
    ...(issuer === asked
      ? []
      : [
          {
            cause: `The issuer's metadata names ${issuer ?? 'no issuer'}, and the settings ${asked}: every access token is refused.`,
          },
        ]),
    ...(keys > 0
      ? []
      : [
          {
            cause: `${asked}/v1/keys has no RSA key for signatures: no access token can be verified.`,
            remedy: 'Look at the signing keys of the authorization server in Okta (Security > API).',
          },
        ]),
  ],
})
