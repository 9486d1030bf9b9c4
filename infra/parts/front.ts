import { Aws } from 'aws-cdk-lib'
import { CfnStage } from 'aws-cdk-lib/aws-apigateway'
import { type CfnAlias, type CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { arn, type Base, either, eitherText } from '../base.ts'
import { defineAccessLog } from './access-log.ts'
import { defineApi } from './api.ts'
import type { OwnKey } from './key.ts'

export type Front = {
  readonly url: string
  /** ARN of the stage, in the firewall's form. */
  readonly stageArn: string
}

/** The API's stage that Okta calls, with its limits and log, and the permissions to run the functions. */
export function defineFront(base: Base, key: OwnKey, authorizer: CfnFunction, live: CfnAlias): Front {
  const { stack, parameters, when } = base
  const stageName = parameters.ApiStage.valueAsString
  const path = parameters.ApiResourcePath.valueAsString
  const api = defineApi(base, authorizer, live)
  const accessLog = defineAccessLog(base, key)
  const stage = new CfnStage(stack, 'ApiStageOfHook', {
    restApiId: api.restApiId,
    stageName,
    // The reference makes CloudFormation create the role before the stage.
    description: eitherText(
      when.makesLogRole,
      `Logs by the role of ${accessLog.account.ref}`,
      "Logs by the account's role",
    ),
    deploymentId: api.deploymentId,
    tracingEnabled: either(when.tracing, true, false),
    accessLogSetting: accessLog.setting,
    methodSettings: [
      {
        httpMethod: '*',
        resourcePath: '/*',
        throttlingRateLimit: parameters.ThrottlingRate.valueAsNumber,
        throttlingBurstLimit: parameters.ThrottlingBurst.valueAsNumber,
        // Execution logs would contain bodies, with codes and numbers.
        loggingLevel: 'OFF',
        dataTraceEnabled: false,
        // The stage has metrics in any case; metrics of each method would cost extra and repeat them.
        metricsEnabled: false,
      },
    ],
  })

  mayCall(base, 'Authorizer', authorizer.ref, `${api.restApiId}/authorizers/${api.authorizerId}`)
  mayCall(base, 'Hook', live.ref, `${api.restApiId}/${stageName}/POST/${path}`)
  const host = `${api.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`
  return {
    url: `https://${host}/${stageName}/${path}`,
    stageArn: `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::/restapis/${api.restApiId}/stages/${stage.ref}`,
  }
}

/** Allows only this part of the API to run the function. */
function mayCall({ stack }: Base, id: string, functionName: string, source: string): void {
  new CfnPermission(stack, `${id}MayBeCalledByApi`, {
    action: 'lambda:InvokeFunction',
    functionName,
    principal: 'apigateway.amazonaws.com',
    sourceArn: arn('execute-api', source),
  })
}
