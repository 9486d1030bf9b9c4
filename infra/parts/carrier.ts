import { Aws } from 'aws-cdk-lib'
import { CfnConfigurationSet, CfnProtectConfiguration } from 'aws-cdk-lib/aws-smsvoice'
import { CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns'
import { type Base, type KeyBase, onlyText } from '../base.ts'
import type { OwnKey } from './key.ts'

export type Carrier = {
  readonly configurationSet: CfnConfigurationSet
  /** Exists only if Protect is on. */
  readonly protectConfiguration: CfnProtectConfiguration
  readonly receiptsTopic: CfnTopic
}

/** AWS End User Messaging: the configuration of every message, and the topic of its receipts. */
export function defineCarrier(base: Base, key: OwnKey): Carrier {
  const { stack, when } = base
  const { topic: receiptsTopic, policy } = defineReceiptsTopic(base, key)

  // Its countries are not in the template: `hookline protect` sets them from the live routes.
  const protect = new CfnProtectConfiguration(stack, 'ProtectConfiguration', {})
  protect.cfnOptions.condition = when.protect

  const configurationSet = new CfnConfigurationSet(stack, 'ConfigurationSet', {
    protectConfigurationId: onlyText(when.protect, protect.ref),
    eventDestinations: [receiptsDestination(receiptsTopic.ref)],
  })
  configurationSet.addResourceDependency(policy)
  return { configurationSet, protectConfiguration: protect, receiptsTopic }
}

/** The topic of a configuration set. Only End User Messaging may publish to it, and only receipts of this account. */
export function defineReceiptsTopic(
  { stack, when }: KeyBase,
  key: OwnKey,
  topicName?: string,
): { readonly topic: CfnTopic; readonly policy: CfnTopicPolicy } {
  const topic = new CfnTopic(stack, 'ReceiptsTopic', {
    displayName: 'Receipts of text and voice messages',
    kmsMasterKeyId: onlyText(when.ownKey, key.arn),
    ...(topicName !== undefined && { topicName }),
  })
  const policy = new CfnTopicPolicy(stack, 'ReceiptsTopicPolicy', {
    topics: [topic.ref],
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ReceiptsOfThisAccount',
          Effect: 'Allow',
          Principal: { Service: 'sms-voice.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: topic.ref,
          Condition: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
        },
        denyWithoutTls('sns:Publish', topic.ref),
      ],
    },
  })
  return { topic, policy }
}

/** The event destination that sends deciding events to the topic. */
export function receiptsDestination(topicArn: string) {
  return {
    eventDestinationName: 'receipts',
    enabled: true,
    matchingEventTypes: [...DECIDING_EVENTS],
    snsDestination: { topicArn },
  }
}

/** Without intermediate events (queued, pending, sent, initiated, ringing), which decide nothing and cost a call each. */
export const DECIDING_EVENTS = [
  'TEXT_SUCCESSFUL',
  'TEXT_DELIVERED',
  'TEXT_INVALID',
  'TEXT_INVALID_MESSAGE',
  'TEXT_UNREACHABLE',
  'TEXT_CARRIER_UNREACHABLE',
  'TEXT_BLOCKED',
  'TEXT_CARRIER_BLOCKED',
  'TEXT_SPAM',
  'TEXT_UNKNOWN',
  'TEXT_TTL_EXPIRED',
  'TEXT_PROTECT_BLOCKED',
  // A pool with an RCS agent sends the same text by RCS.
  'RCS_DELIVERED',
  'RCS_READ',
  'RCS_FAILED',
  'RCS_TTL_EXPIRED',
  'RCS_PROTECT_BLOCKED',
  'RCS_FALLEN_BACK_TO_SMS',
  'VOICE_ANSWERED',
  'VOICE_COMPLETED',
  'VOICE_BUSY',
  'VOICE_NO_ANSWER',
  'VOICE_FAILED',
  'VOICE_TTL_EXPIRED',
] as const

export function denyWithoutTls(Action: string, Resource: string): object {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action,
    Resource,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }
}
