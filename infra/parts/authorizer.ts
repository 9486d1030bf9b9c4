import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { type Base, eitherText, only, onlyText } from '../base.ts'
import { settingsOf } from '../parameters/parameters.ts'
import { allow, defineFunction } from './function.ts'
import type { OwnKey } from './key.ts'
import type { Secrets } from './secrets.ts'

/** The function that authenticates callers, unless the hook does (`OneFunction`). With access tokens, it calls no AWS service. */
export function defineAuthorizer(base: Base, key: OwnKey, secrets: Secrets): CfnFunction {
  const { parameters, when } = base
  return defineFunction(base, key, {
    id: 'Authorizer',
    condition: when.authorizer,
    functionName: parameters.LambdaAuthorizerFunctionName.valueAsString,
    archive: 'authorizer',
    codeVersion: onlyText(when.pinsAuthorizerCode, parameters.AuthorizerCodeVersion.valueAsString),
    description: 'Hookline: checks who calls the hook',
    memoryMB: 512,
    timeoutSeconds: 3,
    environment: settingsOf('authorizer', parameters, {
      hookSecret: eitherText(when.byHeader, secrets.hook.ref, ''),
    }),
    statements: [only(when.byHeader, allow(['secretsmanager:GetSecretValue'], [secrets.hook.ref]))],
  })
}
