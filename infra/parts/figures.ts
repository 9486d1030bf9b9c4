import type { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnEventInvokeConfig, type CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { type Base, onlyText } from '../base.ts'
import { settingsOf } from '../parameters/parameters.ts'
import { allow, defineFunction } from './function.ts'
import type { OwnKey } from './key.ts'
import { inTable } from './table.ts'

/**
 * The function that counts what became of the codes, each minute. It reads deliveries and numbers, and writes deliveries
 * that have not ended, the marks of those that changed, and figures. It also moves the shares of routes. A run that fails is not tried again: the next one does
 * its work.
 */
export function defineFigures(base: Base, key: OwnKey, table: CfnTable): CfnFunction {
  const { stack, parameters, when } = base
  const figures = defineFunction(base, key, {
    id: 'Figures',
    condition: when.figures,
    functionName: parameters.FiguresFunctionName.valueAsString,
    archive: 'figures',
    codeVersion: onlyText(when.pinsFiguresCode, parameters.FiguresCodeVersion.valueAsString),
    description: 'Hookline: counts how many codes were sent, delivered and entered',
    memoryMB: 512,
    timeoutSeconds: 60,
    environment: settingsOf('figures', parameters, { table: table.ref }),
    statements: [
      allow(['dynamodb:GetItem'], [table.attrArn], inTable(['number#*', 'delivery#*', 'figures', 'policy'])),
      allow(['dynamodb:BatchGetItem'], [table.attrArn], inTable(['delivery#*', 'message#*'])),
      allow(['dynamodb:Query'], [table.attrArn], inTable(['figures#*', 'samples', 'policy#*'])),
      allow(['dynamodb:Query'], [`${table.attrArn}/index/by-day`]),
      allow(
        ['dynamodb:UpdateItem'],
        [table.attrArn],
        inTable(['delivery#*', 'figures', 'figures#*', 'samples']),
      ),
      // A tenth of a route moves: a new content of the policy, its entry in the log of changes, and the head.
      allow(['dynamodb:UpdateItem'], [table.attrArn], inTable(['policy', 'policy#*', 'changes'])),
    ],
  })
  const rule = new CfnRule(stack, 'FiguresRule', {
    description: 'Counts codes, each minute',
    scheduleExpression: 'rate(1 minute)',
    targets: [{ id: 'figures', arn: figures.attrArn }],
  })
  const permission = new CfnPermission(stack, 'FiguresMayBeCalledByRule', {
    action: 'lambda:InvokeFunction',
    functionName: figures.ref,
    principal: 'events.amazonaws.com',
    sourceArn: rule.attrArn,
  })
  const retries = new CfnEventInvokeConfig(stack, 'FiguresRetries', {
    functionName: figures.ref,
    qualifier: '$LATEST',
    maximumRetryAttempts: 0,
    maximumEventAgeInSeconds: 60,
  })
  for (const part of [rule, permission, retries]) part.cfnOptions.condition = when.figures
  return figures
}
