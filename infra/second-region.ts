import { CfnCondition, CfnOutput, CfnParameter, Fn, type Stack, Validations } from 'aws-cdk-lib'
import { CfnConfigurationSet } from 'aws-cdk-lib/aws-smsvoice'
import { CfnSubscription } from 'aws-cdk-lib/aws-sns'
import { CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs'
import { defineReceiptsTopic, denyWithoutTls, receiptsDestination } from './parts/carrier.ts'
import { defineKey } from './parts/key.ts'
import { defineQueue, mayQueue } from './parts/receipts.ts'

/**
 * The stack of the second region: the configuration set of its messages, and the way of their receipts to the function
 * in the first region. It is deployed after the stack of the first region, whose outputs are its parameters.
 */
export function defineSecondRegion(stack: Stack): void {
  const parameter = (name: string, description: string, allowedPattern: string, fallback?: string) =>
    new CfnParameter(stack, name, { type: 'String', description, allowedPattern, default: fallback })
      .valueAsString
  const configurationSetName = parameter(
    'ConfigurationSetName',
    'Output ConfigurationSetName of the first region. Messages name the same one in both regions.',
    '^[A-Za-z0-9_-]{1,64}$',
  )
  const functionArn = parameter(
    'ReceiptsFunctionArn',
    'Output ReceiptsFunctionArn of the first region.',
    '^arn:[a-z-]+:.+$',
  )
  const topicName = parameter(
    'TopicName',
    'Name of the stack in the first region, followed by -receipts. Only this topic may call the function.',
    '^[A-Za-z0-9_-]{1,256}$',
  )
  const ownKey = new CfnCondition(stack, 'HasOwnKey', {
    expression: Fn.conditionEquals(
      parameter(
        'OwnKey',
        'Same as in the first region. A key in this region costs about $1 a month.',
        '^(true|false)$',
        'true',
      ),
      'true',
    ),
  })
  const base = { stack, when: { ownKey } }

  const key = defineKey(base)
  const { topic, policy } = defineReceiptsTopic(base, key, topicName)
  const configurationSet = new CfnConfigurationSet(stack, 'ConfigurationSet', {
    configurationSetName,
    eventDestinations: [receiptsDestination(topic.ref)],
  })
  configurationSet.addResourceDependency(policy)
  // The queue of a topic must be in the same region.
  const queue = defineQueue(base, key)
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'It is the dead-letter queue of the subscription, which the rule does not check.',
  })
  new CfnQueuePolicy(stack, 'DeadLettersPolicy', {
    queues: [queue.ref],
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        mayQueue('OfTheTopic', 'sns.amazonaws.com', queue, topic.ref),
        denyWithoutTls('sqs:*', queue.attrArn),
      ],
    },
  })
  new CfnSubscription(stack, 'ReceiptsSubscription', {
    topicArn: topic.ref,
    protocol: 'lambda',
    endpoint: functionArn,
    redrivePolicy: { deadLetterTargetArn: queue.attrArn },
  })
  new CfnOutput(stack, 'ReceiptsTopicArn', {
    value: topic.ref,
    description: 'The topic of receipts in this region.',
  })
}
