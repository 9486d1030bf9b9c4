import { Aws, CfnDeletionPolicy } from 'aws-cdk-lib'
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway'
import { CfnRole } from 'aws-cdk-lib/aws-iam'
import { CfnMetricFilter } from 'aws-cdk-lib/aws-logs'
import { arn, type Base } from '../base.ts'
import { defineLogGroup } from './function.ts'
import type { OwnKey } from './key.ts'

export type AccessLog = {
  readonly setting: { readonly destinationArn: string; readonly format: string }
  readonly account: CfnAccount
}

/** Calls that the gateway refused. Counted from its log, because API Gateway has no metric for a single status. */
export type RefusedMetric = 'Throttled' | 'Unauthenticated'
const STATUSES: Readonly<Record<RefusedMetric, string>> = { Throttled: '429', Unauthenticated: '401' }

/** One line for each call: no header, no query, no body. */
export function defineAccessLog(base: Base, key: OwnKey): AccessLog {
  const { stack } = base
  const log = defineLogGroup(base, key, 'AccessLog')
  // API Gateway writes logs with one role for the account and region. A new account has none, and would refuse the
  // stage. Other APIs may come to need this setting of the account, so it is kept when the stack is deleted; it costs
  // nothing. With ApiLogRole=keep, an existing role is not changed. If the first deployment fails, both are removed.
  const role = new CfnRole(stack, 'RoleOfApiLogs', {
    description: "Role with which API Gateway writes the account's logs",
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
    managedPolicyArns: [
      `arn:${Aws.PARTITION}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`,
    ],
  })
  const account = new CfnAccount(stack, 'ApiAccount', { cloudWatchRoleArn: role.attrArn })
  for (const resource of [role, account]) {
    resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
    resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN
    resource.cfnOptions.condition = base.when.makesLogRole
  }
  for (const [metricName, status] of Object.entries(STATUSES)) {
    new CfnMetricFilter(stack, `${metricName}Calls`, {
      logGroupName: log.ref,
      filterPattern: `{ $.status = "${status}" }`,
      // No default value: a metric that is written only when there is something to count costs nothing otherwise.
      metricTransformations: [{ metricNamespace: 'Hookline', metricName, metricValue: '1' }],
    })
  }
  return {
    account,
    setting: { destinationArn: arn('logs', `log-group:${log.ref}`), format: JSON.stringify(LINE) },
  }
}

const LINE = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  durationMs: '$context.responseLatency',
  hookMs: '$context.integration.latency',
  hookStatus: '$context.integration.status',
  authorizerMs: '$context.authorizer.latency',
  authorizerStatus: '$context.authorizer.status',
  waf: '$context.waf.status',
  // The kind of error, such as THROTTLED, never its message, which may quote the request.
  error: '$context.error.responseType',
  tls: '$context.tlsVersion',
}
