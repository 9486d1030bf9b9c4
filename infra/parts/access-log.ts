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

/** Calls that the gateway refused, counted from their lines in its log: it has no metric of one status. */
export type RefusedMetric = 'Throttled' | 'Unauthenticated'
const STATUSES: Readonly<Record<RefusedMetric, string>> = { Throttled: '429', Unauthenticated: '401' }

/** One line for each call: no header, no query, no body. */
export function defineAccessLog(base: Base, key: OwnKey): AccessLog {
  const { stack } = base
  const log = defineLogGroup(base, key, 'AccessLog')
  // API Gateway writes logs with one role for the account and region. A new account has none, and would refuse the
  // stage. It is a setting of the account, which other APIs may come to need: it stays when the stack goes, and costs
  // nothing. A role that is there already is left alone, where ApiLogRole says so. A first deployment that fails leaves
  // neither behind.
  const role = new CfnRole(stack, 'RoleOfApiLogs', {
    description: 'API Gateway writes its logs; a setting of the account',
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
  for (const kept of [role, account]) {
    kept.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
    kept.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN
    kept.cfnOptions.condition = base.when.makesLogRole
  }
  for (const [metricName, status] of Object.entries(STATUSES)) {
    new CfnMetricFilter(stack, `${metricName}Calls`, {
      logGroupName: log.ref,
      filterPattern: `{ $.status = "${status}" }`,
      // Without a default value: a metric that is only written when there is something to count costs nothing else.
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
  // A kind of error, such as THROTTLED, and never its message: that may quote the request.
  error: '$context.error.responseType',
  tls: '$context.tlsVersion',
}
