import type { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { type CfnAlias, CfnEventInvokeConfig, type CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { type Base, onlyText } from '../base.ts'
import { settingsOf } from '../parameters/parameters.ts'
import type { Front } from './front.ts'
import { allow, defineFunction } from './function.ts'
import type { OwnKey } from './key.ts'
import { inTable } from './table.ts'

/**
 * The rule that has the hook send a canary each hour, and the function that follows it: it calls the hook's address as an
 * unauthenticated caller, and reads what became of the canary. It may not run the hook, so it can have nothing sent.
 */
export function defineCanary(
  base: Base,
  key: OwnKey,
  table: CfnTable,
  { live, front }: { readonly live: CfnAlias; readonly front: Front },
): CfnFunction {
  const { stack, parameters, when } = base
  const canary = defineFunction(base, key, {
    id: 'Canary',
    condition: when.canary,
    functionName: parameters.CanaryFunctionName.valueAsString,
    archive: 'canary',
    codeVersion: onlyText(when.pinsCanaryCode, parameters.CanaryCodeVersion.valueAsString),
    description: 'Hookline: follows the code that goes to the simulator each hour',
    memoryMB: 256,
    timeoutSeconds: 300,
    environment: settingsOf('canary', parameters, { table: table.ref, hookUrl: front.url }),
    statements: [
      allow(['dynamodb:BatchGetItem'], [table.attrArn], inTable(['delivery#*', 'message#*'])),
      allow(['dynamodb:Query'], [`${table.attrArn}/index/by-event`]),
    ],
  })
  const rule = new CfnRule(stack, 'CanaryRule', {
    description: 'Sends a canary and follows it, each hour',
    scheduleExpression: 'rate(1 hour)',
    targets: [
      { id: 'hook', arn: live.ref },
      { id: 'canary', arn: canary.attrArn },
    ],
  })
  const mayCall = (id: string, functionName: string): CfnPermission =>
    new CfnPermission(stack, id, {
      action: 'lambda:InvokeFunction',
      functionName,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    })
  const retries = new CfnEventInvokeConfig(stack, 'CanaryRetries', {
    functionName: canary.ref,
    qualifier: '$LATEST',
    maximumRetryAttempts: 0,
    maximumEventAgeInSeconds: 60,
  })
  const parts = [
    rule,
    mayCall('HookMayBeCalledByCanary', live.ref),
    mayCall('CanaryMayBeCalledByRule', canary.ref),
    retries,
  ]
  for (const part of parts) part.cfnOptions.condition = when.canary
  return canary
}
