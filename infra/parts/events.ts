import type { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { type Base, onlyText } from '../base.ts'
import { settingsOf } from '../parameters/parameters.ts'
import { allow, defineFunction } from './function.ts'
import type { OwnKey } from './key.ts'
import type { Secrets } from './secrets.ts'

/**
 * The function that takes the events of Okta's event hook, with the codes that people entered. It has no authorizer before
 * it, so it may do little: read users and deliveries, and write deliveries that have not ended and what is beside them.
 */
export function defineEvents(base: Base, key: OwnKey, table: CfnTable, secrets: Secrets): CfnFunction {
  const { parameters } = base
  const inTable = (keys: readonly string[]) => ({
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  })
  return defineFunction(base, key, {
    id: 'Events',
    condition: base.when.oktaEvents,
    functionName: parameters.EventsFunctionName.valueAsString,
    archive: 'events',
    codeVersion: onlyText(base.when.pinsEventsCode, parameters.EventsCodeVersion.valueAsString),
    description: "Hookline: takes Okta's events about codes that people entered",
    memoryMB: 256,
    timeoutSeconds: 3,
    environment: settingsOf('events', parameters, {
      table: table.ref,
      hashKeySecret: secrets.hashKey.ref,
      eventSecret: secrets.events.ref,
    }),
    statements: [
      allow(['dynamodb:GetItem'], [table.attrArn], inTable(['user#*', 'number#*', 'delivery#*'])),
      // Which number's item has a delivery that has not ended.
      allow(['dynamodb:Query'], [`${table.attrArn}/index/by-day`]),
      allow(['dynamodb:UpdateItem'], [table.attrArn], inTable(['delivery#*'])),
      allow(['secretsmanager:GetSecretValue'], [secrets.hashKey.ref, secrets.events.ref]),
    ],
  })
}
