import { Aws } from 'aws-cdk-lib'
import { CfnAlias, CfnKey } from 'aws-cdk-lib/aws-kms'
import { arn, type KeyBase } from '../base.ts'

/** `arn` exists only where OwnKey is on: use it inside a condition. */
export type OwnKey = { readonly arn: string }

/**
 * One key for table, secrets, receipts and logs. Its policy lets the services work for whoever may use their
 * resources, as AWS's managed keys do: no role needs a statement about the key.
 */
export function defineKey({ stack, when }: KeyBase): OwnKey {
  const key = new CfnKey(stack, 'Key', {
    description: 'Hookline: table, secrets, receipts and logs',
    enableKeyRotation: true,
    // The shortest that AWS allows. A key that waits for its deletion costs nothing.
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
      // Without it, nobody could ever change or delete the key.
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
      // DynamoDB keeps using the key by a grant, which it gets when the table is made.
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
    // A receipt goes from End User Messaging to the topic; a failed one from SNS or EventBridge to the queue.
    service('ReceiptsToTheTopic', 'sms-voice.amazonaws.com', USE, forThisAccount),
    service('DeadLettersOfTheTopic', 'sns.amazonaws.com', USE, {
      ArnLike: { 'aws:SourceArn': arn('sns', '*') },
    }),
    service('DeadLettersOfEventBridge', 'events.amazonaws.com', USE, forThisAccount),
  ]
}

const USE: readonly string[] = ['kms:Decrypt', 'kms:GenerateDataKey*']
