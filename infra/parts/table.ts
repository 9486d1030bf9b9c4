import { CfnDeletionPolicy } from 'aws-cdk-lib'
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import { type Base, only } from '../base.ts'
import type { OwnKey } from './key.ts'

/** One table for deliveries, limits and the live policy, billed by use. */
export function defineTable({ stack, when }: Base, key: OwnKey): CfnTable {
  const keysOnly = { projectionType: 'KEYS_ONLY' }
  const table = new CfnTable(stack, 'Table', {
    billingMode: 'PAY_PER_REQUEST',
    attributeDefinitions: ['pk', 'sk', 'day', 'eventId', 'at', 'login'].map(attributeName => ({
      attributeName,
      attributeType: 'S',
    })),
    keySchema: keys('pk', 'sk'),
    globalSecondaryIndexes: [
      { indexName: 'by-day', keySchema: keys('day', 'at'), projection: keysOnly },
      { indexName: 'by-event', keySchema: keys('eventId', 'at'), projection: keysOnly },
      {
        indexName: 'by-login',
        keySchema: [{ attributeName: 'login', keyType: 'HASH' }],
        projection: keysOnly,
      },
    ],
    timeToLiveSpecification: { attributeName: 'expires', enabled: true },
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    // Without OwnKey, AWS encrypts with its own key, which is free and not visible in the account.
    sseSpecification: only(when.ownKey, { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key.arn }),
  })
  // Deleting the stack deletes the table, so that nothing is left that costs (`hookline destroy` warns first, and AWS
  // keeps a last backup for 35 days). An update must never replace the table; if one does, the old table is kept.
  table.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE
  table.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN
  return table
}

/** A condition on the partition keys that a statement is about. A call without any does not fulfil it. */
export function inTable(keys: readonly string[]) {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  }
}

function keys(hash: string, range: string) {
  return [
    { attributeName: hash, keyType: 'HASH' },
    { attributeName: range, keyType: 'RANGE' },
  ]
}
