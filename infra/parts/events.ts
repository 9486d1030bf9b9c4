import { Aws } from 'aws-cdk-lib'
import type { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { arn, type Base, only, onlyText } from '../base.ts'
import { settingsOf } from '../parameters/parameters.ts'
import { allow, defineFunction } from './function.ts'
import type { OwnKey } from './key.ts'
import type { Secrets } from './secrets.ts'
import { inTable } from './table.ts'

/**
 * The function that takes the events of Okta's event hook, with the codes that people entered. It has no authorizer before
 * it, so it may do little: read users and deliveries, and write deliveries that have not ended, what is beside them, and the
 * records of the fraud rule.
 */
export function defineEvents(base: Base, key: OwnKey, table: CfnTable, secrets: Secrets): CfnFunction {
  const { parameters, when } = base
  return defineFunction(base, key, {
    id: 'Events',
    condition: when.oktaEvents,
    functionName: parameters.EventsFunctionName.valueAsString,
    archive: 'events',
    codeVersion: onlyText(when.pinsEventsCode, parameters.EventsCodeVersion.valueAsString),
    description: "Hookline: takes Okta's events about codes that people entered",
    memoryMB: 256,
    timeoutSeconds: 3,
    environment: settingsOf('events', parameters, {
      table: table.ref,
      hashKeySecret: secrets.hashKey.ref,
      eventSecret: secrets.events.ref,
    }),
    statements: [
      allow(['dynamodb:GetItem'], [table.attrArn], inTable(['user#*', 'number#*', 'delivery#*', 'credit#*'])),
      // What an answer gives back to the fraud rule's records.
      allow(['dynamodb:BatchGetItem'], [table.attrArn], inTable(['credit#*'])),
      // Which number's item has a delivery that has not ended.
      allow(['dynamodb:Query'], [`${table.attrArn}/index/by-day`]),
      allow(['dynamodb:UpdateItem'], [table.attrArn], inTable(['delivery#*', 'credit#*'])),
      ...messageFeedback(base, table),
      allow(['secretsmanager:GetSecretValue'], [secrets.hashKey.ref, secrets.events.ref]),
    ],
  })
}

/** To report codes that were entered, and to record that answers come: of the policy's head, only what says so. */
function messageFeedback({ parameters, when }: Base, table: CfnTable): readonly object[] {
  const reportIn = (region: string) =>
    allow(['sms-voice:PutMessageFeedback'], [arn('sms-voice', 'message/*', region)])
  const head = inTable(['policy'])
  const note = {
    ...head,
    'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'version', 'answerFlows'] },
    Null: { ...head.Null, 'dynamodb:Attributes': 'false' },
  }
  return [
    reportIn(Aws.REGION),
    only(when.secondRegion, reportIn(parameters.SecondRegion.valueAsString)),
    allow(['dynamodb:GetItem'], [table.attrArn], head),
    allow(['dynamodb:UpdateItem'], [table.attrArn], note),
  ].map(statement => only(when.messageFeedback, statement))
}
