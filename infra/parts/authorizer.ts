import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import type { Base } from '../base.ts'
import { eitherText, only, onlyText } from '../intrinsics.ts'
import { allow, defineFunction } from './function.ts'
import type { OwnKey } from './key.ts'
import type { Secrets } from './secrets.ts'

/** The function that knows who is asking. By access token, it calls nothing of AWS. */
export function defineAuthorizer(base: Base, key: OwnKey, secrets: Secrets): CfnFunction {
  const { parameters, when } = base
  return defineFunction(base, key, {
    id: 'Authorizer',
    functionName: parameters.LambdaAuthorizerFunctionName.valueAsString,
    archive: 'authorizer',
    codeVersion: onlyText(when.pinsAuthorizerCode, parameters.AuthorizerCodeVersion.valueAsString),
    description: 'Hookline: checks who calls the hook',
    memoryMB: 512,
    timeoutSeconds: 3,
    environment: {
      HOOKLINE_OKTA_ISSUER: parameters.OktaIssuer.valueAsString,
      HOOKLINE_OKTA_AUDIENCE: parameters.OktaAudience.valueAsString,
      HOOKLINE_OKTA_CLIENT_ID: parameters.OktaClientId.valueAsString,
      HOOKLINE_OKTA_SCOPE: parameters.OktaScope.valueAsString,
      HOOKLINE_ORGS: parameters.OktaOrgs.valueAsString,
      HOOKLINE_SECRET_HEADER: parameters.SecretHeaderName.valueAsString,
      HOOKLINE_SECRET_ID: eitherText(when.byHeader, secrets.hook.ref, ''),
    },
    statements: [only(when.byHeader, allow(['secretsmanager:GetSecretValue'], [secrets.hook.ref]))],
  })
}
