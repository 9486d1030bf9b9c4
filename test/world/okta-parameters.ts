import { wholePattern } from '../../simulators/aws/template/parameters.ts'
import type { Template } from '../../simulators/aws/template/template.ts'
import type { Okta } from '../../simulators/okta/okta.ts'

/** The parameters about Okta, and how the functions' environment must change for the stand-in to be found. */
export type OktaParameters = {
  readonly given: Readonly<Record<string, string>>
  readonly translate: (value: string) => string
}

/**
 * The stand-in speaks plain http on loopback. A template that takes only https gets an address that it takes, and
 * the functions' environment the stand-in's.
 */
export function oktaParameters(
  template: Template,
  { issuer, audience, clientId, scope }: Okta,
  { SecretHeaderName }: Readonly<Record<string, string>>,
): OktaParameters {
  const code = { CodeBucket: 'hookline-code-of-tests' }
  if (SecretHeaderName) return { given: code, translate: value => value }
  const pattern = template.Parameters?.OktaIssuer?.AllowedPattern ?? '.*'
  const told = wholePattern(pattern).test(issuer) ? issuer : 'https://hookline.okta.com/oauth2/default'
  return {
    given: {
      ...code,
      OktaIssuer: told,
      OktaAudience: audience,
      OktaClientId: clientId,
      OktaScope: scope,
    },
    translate: value => value.replace(told, issuer),
  }
}
