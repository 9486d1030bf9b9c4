import { Aws, type CfnCondition } from 'aws-cdk-lib'
import { CfnRole } from 'aws-cdk-lib/aws-iam'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import { type Base, eitherText, only, onlyText } from '../base.ts'
import type { OwnKey } from './key.ts'

export type FunctionPlan = {
  /** Beginning of the resources' IDs: `Hook` gives HookFunction, HookRole, HookLog. */
  readonly id: string
  readonly functionName: string
  /** Its name, which may depend on a condition. */
  readonly archive: string
  /** The version of the archive in the bucket; nothing if none is set. */
  readonly codeVersion: string
  readonly description: string
  readonly memoryMB: number
  readonly timeoutSeconds: number
  readonly environment: Readonly<Record<string, string>>
  /** Permissions in addition to writing its log and traces. */
  readonly statements: readonly object[]
  readonly deadLetterQueueArn?: string
  /** When it exists. Default: always. */
  readonly condition?: CfnCondition
}

/**
 * A function with its own role and log group. It has no reserved concurrency: a new account may run ten functions at
 * once, and a reservation would take from them.
 */
export function defineFunction(base: Base, key: OwnKey, plan: FunctionPlan): CfnFunction {
  const { stack, parameters, when, release } = base
  const log = defineLogGroup(base, key, `${plan.id}Log`)
  const role = new CfnRole(stack, `${plan.id}Role`, {
    description: `Permissions of Hookline's function ${plan.id.toLowerCase()}`,
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
    policies: [
      {
        policyName: 'own',
        policyDocument: {
          Version: '2012-10-17',
          Statement: [
            ...plan.statements,
            // The streams of this log group; Lambda names them.
            allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [log.attrArn]),
            // X-Ray has no resource-level permissions.
            only(when.tracing, allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], ['*'])),
          ],
        },
      },
    ],
  })
  const lambda = new CfnFunction(stack, `${plan.id}Function`, {
    functionName: plan.functionName,
    description: plan.description,
    code: {
      s3Bucket: parameters.CodeBucket.valueAsString,
      s3Key: `hookline/${release}/${plan.archive}.zip`,
      s3ObjectVersion: plan.codeVersion,
    },
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    architectures: ['arm64'],
    memorySize: plan.memoryMB,
    timeout: plan.timeoutSeconds,
    role: role.attrArn,
    environment: { variables: plan.environment },
    // The functions write JSON lines themselves; Lambda's JSON format would wrap them again.
    loggingConfig: { logFormat: 'Text', logGroup: log.ref },
    tracingConfig: { mode: eitherText(when.tracing, 'Active', 'PassThrough') },
    ...(plan.deadLetterQueueArn !== undefined && {
      deadLetterConfig: { targetArn: plan.deadLetterQueueArn },
    }),
  })
  if (plan.condition !== undefined)
    for (const part of [log, role, lambda]) part.cfnOptions.condition = plan.condition
  return lambda
}

export function allow(Action: readonly string[], Resource: readonly unknown[], Condition?: object): object {
  return { Effect: 'Allow', Action, Resource, ...(Condition !== undefined && { Condition }) }
}

/** Lambda's address for API Gateway: of a function, or of an alias. */
export function invocationUri(functionArn: string): string {
  return `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}:lambda:path/2015-03-31/functions/${functionArn}/invocations`
}

/** A log group with the retention of the deployment. It is deleted with the stack. */
export function defineLogGroup(
  { stack, parameters, when }: Base,
  key: OwnKey,
  id: string,
  logGroupName?: string,
): CfnLogGroup {
  return new CfnLogGroup(stack, id, {
    retentionInDays: parameters.LogRetentionDays.valueAsNumber,
    kmsKeyId: onlyText(when.ownKey, key.arn),
    ...(logGroupName !== undefined && { logGroupName }),
  })
}
