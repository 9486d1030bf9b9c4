import { Aws } from 'aws-cdk-lib'
import type { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnEventInvokeConfig, type CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { CfnSubscription } from 'aws-cdk-lib/aws-sns'
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs'
import { arn, type Base, either, type KeyBase, only, onlyText } from '../base.ts'
import { settingsOf } from '../parameters/parameters.ts'
import { type Carrier, DECIDING_EVENTS, denyWithoutTls } from './carrier.ts'
import { allow, defineFunction } from './function.ts'
import type { OwnKey } from './key.ts'
import { inTable } from './table.ts'

/** The queue for receipts that could not be stored. It keeps them for two weeks, the longest that SQS allows. */
export function defineQueue({ stack, when }: KeyBase, key: OwnKey): CfnQueue {
  return new CfnQueue(stack, 'DeadLetters', {
    messageRetentionPeriod: 14 * 24 * 3_600,
    kmsMasterKeyId: onlyText(when.ownKey, key.arn),
    sqsManagedSseEnabled: either(when.ownKey, false, true),
  })
}

/** The function that stores receipts. They arrive by the topic or EventBridge; failed ones go to the queue. */
export function defineReceipts(
  base: Base,
  key: OwnKey,
  table: CfnTable,
  carrier: Carrier,
  queue: CfnQueue,
): CfnFunction {
  const { stack, parameters } = base
  const receipts = defineFunction(base, key, {
    id: 'Receipts',
    functionName: parameters.ReceiptsFunctionName.valueAsString,
    archive: 'receipts',
    codeVersion: onlyText(base.when.pinsReceiptsCode, parameters.ReceiptsCodeVersion.valueAsString),
    description: 'Hookline: stores the receipts of messages',
    memoryMB: 256,
    timeoutSeconds: 10,
    environment: settingsOf('receipts', parameters, { table: table.ref }),
    statements: [
      // Only receipts, and what they tell the fraud rule: the function cannot change templates or routes.
      allow(['dynamodb:UpdateItem'], [table.attrArn], inTable(['delivery#*', 'message#*', 'credit#*'])),
      allow(['dynamodb:GetItem'], [table.attrArn], inTable(['delivery#*', 'credit#*'])),
      allow(['dynamodb:BatchGetItem'], [table.attrArn], inTable(['credit#*'])),
      // Used by Lambda, with the function's role, to send failed events to the queue.
      allow(['sqs:SendMessage'], [queue.attrArn]),
    ],
    deadLetterQueueArn: queue.attrArn,
  })
  new CfnEventInvokeConfig(stack, 'ReceiptsRetries', {
    functionName: receipts.ref,
    qualifier: '$LATEST',
    maximumRetryAttempts: 2,
    maximumEventAgeInSeconds: RETRY_SECONDS,
  })
  const rule = fromEventBridge(base, receipts, queue)
  fromTopic(base, receipts, carrier, queue)
  new CfnQueuePolicy(stack, 'DeadLettersPolicy', {
    queues: [queue.ref],
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        mayQueue('OfTheTopic', 'sns.amazonaws.com', queue, carrier.receiptsTopic.ref),
        only(base.when.eventBridge, mayQueue('OfTheRule', 'events.amazonaws.com', queue, rule.attrArn)),
        denyWithoutTls('sqs:*', queue.attrArn),
      ],
    },
  })
  return receipts
}

function fromTopic(
  { stack, parameters, when }: Base,
  receipts: CfnFunction,
  { receiptsTopic }: Carrier,
  queue: CfnQueue,
): void {
  const permission = mayInvoke(receipts, 'sns.amazonaws.com', receiptsTopic.ref)
  const subscription = new CfnSubscription(stack, 'ReceiptsSubscription', {
    topicArn: receiptsTopic.ref,
    protocol: 'lambda',
    endpoint: receipts.attrArn,
    redrivePolicy: { deadLetterTargetArn: queue.attrArn },
  })
  subscription.addResourceDependency(new CfnPermission(stack, 'ReceiptsMayBeCalledByTopic', permission))
  // The topic of the second region is in a stack that is deployed later, so its name is fixed.
  const second = new CfnPermission(
    stack,
    'ReceiptsMayBeCalledBySecondRegion',
    mayInvoke(
      receipts,
      'sns.amazonaws.com',
      arn('sns', secondTopicName(Aws.STACK_NAME), parameters.SecondRegion.valueAsString),
    ),
  )
  second.cfnOptions.condition = when.secondRegion
}

/** The name of the topic in the second region, from the name of the stack in the first. */
function secondTopicName(stackName: string): string {
  return `${stackName}-receipts`
}

/** EventBridge also delivers receipts that the configuration set did not. Each receipt is stored once. */
function fromEventBridge({ stack, when }: Base, receipts: CfnFunction, queue: CfnQueue): CfnRule {
  const rule = new CfnRule(stack, 'ReceiptsRule', {
    description: 'Receipts of text and voice messages',
    eventPattern: {
      source: ['aws.sms-voice'],
      'detail-type': ['Text Message Delivery Status Updated', 'Voice Message Delivery Status Updated'],
      detail: { eventType: DECIDING_EVENTS },
    },
    targets: [
      {
        id: 'receipts',
        arn: receipts.attrArn,
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: RETRY_SECONDS },
        deadLetterConfig: { arn: queue.attrArn },
      },
    ],
  })
  const permission = new CfnPermission(
    stack,
    'ReceiptsMayBeCalledByRule',
    mayInvoke(receipts, 'events.amazonaws.com', rule.attrArn),
  )
  rule.cfnOptions.condition = when.eventBridge
  permission.cfnOptions.condition = when.eventBridge
  return rule
}

function mayInvoke({ ref: functionName }: CfnFunction, principal: string, sourceArn: string) {
  return { action: 'lambda:InvokeFunction', functionName, principal, sourceArn }
}

export function mayQueue(Sid: string, Service: string, queue: CfnQueue, sourceArn: string): object {
  return {
    Sid,
    Effect: 'Allow',
    Principal: { Service },
    Action: 'sqs:SendMessage',
    Resource: queue.attrArn,
    Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
  }
}

/** After six hours of retries, a receipt goes to the queue. */
const RETRY_SECONDS = 6 * 3_600
