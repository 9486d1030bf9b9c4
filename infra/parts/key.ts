import { Aws } from 'aws-cdk-lib'
import { CfnAlias, CfnKey } from 'aws-cdk-lib/aws-kms'
import { arn, type KeyBase } from '../base.ts'

/** `arn` exists only if OwnKey is on: use it inside a condition. */
export type OwnKey = { readonly arn: string }

/**
 * One key for table, secrets, receipts and logs. Like the policies of AWS's managed keys, its policy lets the services
 * use it for anyone who may use their resources, so no role needs a statement about the key.
 */
export function defineKey({ stack, when }: KeyBase): OwnKey {
  const key = new CfnKey(stack, 'Key', {
    description: 'Hookline: table, secrets, receipts and logs',
    enableKeyRotation: true,
    // The shortest period that AWS allows. A key that is scheduled for deletion costs nothing.
    pendingWindowInDays: 7,
    // In a key policy, the resource `*` is this key.
    keyPolicy: { Version: '2012-10-17', Statement: [...ofTheAccount(), ...ofServices()] },
  })
  key.cfnOptions.condition = when.ownKey
  const alias = new CfnAlias(stack, 'KeyAlias', {
    aliasName: `alias/${Aws.STACK_NAME}`,
    targetKeyId: key.attrArn,
  })
  alias.cfnOptions.condition = when.ownKey
  return { arn: key.attrArn }
}

function ofTheAccount(): readonly object[] {
  const inThisAccountThrough = (services: readonly string[]): object => ({
    'kms:CallerAccount': Aws.ACCOUNT_ID,
    'kms:ViaService': services.map(service => `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}`),
  })
  return [
    {
      // Required: without this statement, the key can never be changed or deleted.
      Sid: 'AdministratorsByIam',
      Effect: 'Allow',
      Principal: { AWS: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'ThroughServices',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: [...USE, 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:DescribeKey'],
      Resource: '*',
      Condition: { StringEquals: inThisAccountThrough(['dynamodb', 'secretsmanager', 'sqs']) },
    },
    {
      // DynamoDB uses the key by a grant that it gets when the table is created.
      Sid: 'GrantsOfDynamoDB',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 'kms:CreateGrant',
      Resource: '*',
      Condition: {
        StringEquals: inThisAccountThrough(['dynamodb']),
        Bool: { 'kms:GrantIsForAWSResource': 'true' },
      },
    },
  ]
}

function ofServices(): readonly object[] {
  const service = (Sid: string, name: string, Action: readonly string[], Condition: object): object => ({
    Sid,
    Effect: 'Allow',
    Principal: { Service: name },
    Action,
    Resource: '*',
    Condition,
  })
  const forThisAccount = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } }
  return [
    service(
      'LogGroupsOfThisAccount',
      `logs.${Aws.REGION}.${Aws.URL_SUFFIX}`,
      [...USE, 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:DescribeKey'],
      { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn('logs', 'log-group:*') } },
    ),
    // Receipts go from End User Messaging to the topic, and failed ones from SNS or EventBridge to the queue.
    service('ReceiptsToTheTopic', 'sms-voice.amazonaws.com', USE, forThisAccount),
    service('DeadLettersOfTheTopic', 'sns.amazonaws.com', USE, {
      ArnLike: { 'aws:SourceArn': arn('sns', '*') },
    }),
    service('DeadLettersOfEventBridge', 'events.amazonaws.com', USE, forThisAccount),
  ]
}

const USE: readonly string[] = ['kms:Decrypt', 'kms:GenerateDataKey*']
