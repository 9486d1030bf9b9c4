import { CfnDeletionPolicy } from 'aws-cdk-lib'
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import { type Base, only } from '../base.ts'
import type { OwnKey } from './key.ts'

/** Deliveries, limits and live policy, in one table that is paid by use. */
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
    // Without a key of one's own, AWS's own key encrypts: free, and not visible.
    sseSpecification: only(when.ownKey, { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key.arn }),
  })
  // Who deletes the stack wants nothing left that costs: the table goes with it (`hookline destroy` warns first,
  // and AWS keeps a last backup for 35 days). An update that would replace it is an internal error: it keeps the old one.
  table.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE
  table.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN
  return table
}

function keys(hash: string, range: string) {
  return [
    { attributeName: hash, keyType: 'HASH' },
    { attributeName: range, keyType: 'RANGE' },
  ]
}
