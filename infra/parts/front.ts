import { Aws } from 'aws-cdk-lib'
import { CfnStage } from 'aws-cdk-lib/aws-apigateway'
import { CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { arn, type Base, either, eitherText, only } from '../base.ts'
import { defineAccessLog } from './access-log.ts'
import { type BehindApi, defineApi, EVENT_METHODS, EVENTS_PATH } from './api.ts'
import type { OwnKey } from './key.ts'

export type Front = {
  readonly url: string
  readonly eventsUrl: string
  /** ARN of the stage, in the firewall's form. */
  readonly stageArn: string
}

/** The API's stage that Okta calls, with its limits and log, and the permissions to run the functions. */
export function defineFront(base: Base, key: OwnKey, behind: BehindApi): Front {
  const { stack, parameters, when } = base
  const { authorizer, live, events } = behind
  const stageName = parameters.ApiStage.valueAsString
  const path = parameters.ApiResourcePath.valueAsString
  const api = defineApi(base, behind)
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
      limitsOf('*', '/*', parameters.ThrottlingRate.valueAsNumber, parameters.ThrottlingBurst.valueAsNumber),
      // Okta sends at most 400,000 events a day. In a path, `~1` is a slash.
      ...EVENT_METHODS.map(method =>
        only(
          when.oktaEvents,
          capitalized(limitsOf(method, `/${EVENTS_PATH.replaceAll('/', '~1')}`, 50, 100)),
        ),
      ),
    ],
  })

  const authorizerMayBeCalled = mayCall(
    base,
    'Authorizer',
    authorizer.ref,
    `${api.restApiId}/authorizers/${api.authorizerId}`,
  )
  authorizerMayBeCalled.cfnOptions.condition = when.authorizer
  mayCall(base, 'Hook', live.ref, `${api.restApiId}/${stageName}/POST/${path}`)
  const eventsMayBeCalled = mayCall(
    base,
    'Events',
    events.ref,
    `${api.restApiId}/${stageName}/*${EVENTS_PATH}`,
  )
  eventsMayBeCalled.cfnOptions.condition = when.oktaEvents
  const host = `${api.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`
  return {
    url: `https://${host}/${stageName}/${path}`,
    eventsUrl: `https://${host}/${stageName}${EVENTS_PATH}`,
    stageArn: `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::/restapis/${api.restApiId}/stages/${stage.ref}`,
  }
}

/** The settings of a method, or of all others. */
function limitsOf(httpMethod: string, resourcePath: string, rate: number, burst: number) {
  return {
    httpMethod,
    resourcePath,
    throttlingRateLimit: rate,
    throttlingBurstLimit: burst,
    // Execution logs would contain bodies, with codes and numbers.
    loggingLevel: 'OFF',
    dataTraceEnabled: false,
    // The stage has metrics in any case; metrics of each method would cost extra and repeat them.
    metricsEnabled: false,
  }
}

/** Properties as CloudFormation spells them, for a value that depends on a condition. */
function capitalized(properties: object): object {
  const entries = Object.entries(properties)
  return Object.fromEntries(entries.map(([name, value]) => [name[0]?.toUpperCase() + name.slice(1), value]))
}

/** Allows only this part of the API to run the function. */
function mayCall({ stack }: Base, id: string, functionName: string, source: string): CfnPermission {
  return new CfnPermission(stack, `${id}MayBeCalledByApi`, {
    action: 'lambda:InvokeFunction',
    functionName,
    principal: 'apigateway.amazonaws.com',
    sourceArn: arn('execute-api', source),
  })
}
