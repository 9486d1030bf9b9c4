import { issuerProblem } from './caller-problems.ts'
import { explainedText, fromParameter, setting } from './setting.ts'

/** Of `callers`; in a separate file because the events function reads no other of them. */
export const issuer = setting({
  name: 'HOOKLINE_OKTA_ISSUER',
  ...explainedText(issuerProblem),
  allowed:
    'an https address without a query (http on loopback only), such as https://example.okta.com/oauth2/default',
  meaning:
    'Issuer of the access tokens: a custom authorization server in Okta, exactly as in the claim `iss`: without a slash at the end, without `/v1/token`, and on the host without `-admin`. Its keys are read from `<issuer>/v1/keys`.',
  deployed: fromParameter(['authorizer', 'events'], 'OktaIssuer', {
    group: 'tokens',
    label: 'Issuer',
    pattern: '^(https://(?![^/]*-admin\\.okta)[a-z0-9.-]+/oauth2/(?!v1$)[A-Za-z0-9_-]+)?$',
    allowed:
      'a custom authorization server of Okta, such as https://example.okta.com/oauth2/default; not the org server, not the host with -admin, without a slash or /v1/token at the end',
    description:
      'Issuer of the access tokens: a custom authorization server of your org, exactly as Okta shows it in Security > API.',
  }),
})
