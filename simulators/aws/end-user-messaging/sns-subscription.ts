import { randomBytes, randomUUID } from 'node:crypto'
import type { EventRequest } from './event-post.ts'
import type { EventsSetting } from './events-setting.ts'
import type { MessageEvent } from './message-event.ts'
import type { SnsEnvelope, SnsSigner } from './sns-signer.ts'

/** The subscription of one URL to a topic. */
export type SnsSubscription = {
  readonly arn: string
  /** Notifications are sent only after it is confirmed, and until it ends. */
  state(): 'pending' | 'confirmed' | 'ended'
  /** Confirms it, if the token is valid. A token may be used again. */
  confirm(token: string): boolean
  /** Ends it, if this is its ARN. */
  unsubscribe(arn: string): boolean
  /** The request that asks the subscriber to confirm. */
  confirmation(): Promise<EventRequest>
  /** The request that carries an event. */
  notification(event: MessageEvent): Promise<EventRequest>
}

/** The dependencies of a subscription. */
export type SnsSubscriptionParts = {
  readonly setting: Pick<EventsSetting, 'topicArn' | 'signatureVersion'>
  readonly signer: SnsSigner
  /** The stand-in's address. */
  readonly url: string
  readonly now: () => Date
}

/** A subscription that is not confirmed yet. */
export function createSnsSubscription({ setting, signer, url, now }: SnsSubscriptionParts): SnsSubscription {
  const { topicArn, signatureVersion } = setting
  const arn = `${topicArn}:${randomUUID()}`
  const token = randomBytes(128).toString('hex')
  let state: 'pending' | 'confirmed' | 'ended' = 'pending'

  async function signed(envelope: SnsEnvelope, end: SnsEnvelope): Promise<string> {
    return write({
      ...envelope,
      SignatureVersion: signatureVersion,
      Signature: await signer.sign(envelope, signatureVersion),
      SigningCertURL: `${url}${signer.certificatePath}`,
      ...end,
    })
  }

  return {
    arn,
    state: () => state,
    confirm(input) {
      if (input !== token || state === 'ended') return false
      state = 'confirmed'
      return true
    },
    unsubscribe(input) {
      if (input !== arn) return false
      state = 'ended'
      return true
    },
    async confirmation() {
      const envelope = {
        Type: 'SubscriptionConfirmation',
        MessageId: randomUUID(),
        Token: token,
        TopicArn: topicArn,
        Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
        SubscribeURL: `${url}/sns/confirm?token=${token}`,
        Timestamp: now().toISOString(),
      }
      return { headers: headersOf(envelope), body: await signed(envelope, {}) }
    },
    async notification(event) {
      const envelope = {
        Type: 'Notification',
        MessageId: randomUUID(),
        TopicArn: topicArn,
        Message: JSON.stringify(event),
        Timestamp: now().toISOString(),
      }
      const end = { UnsubscribeURL: `${url}/sns/unsubscribe?subscriptionArn=${encodeURIComponent(arn)}` }
      return {
        headers: { ...headersOf(envelope), 'x-amz-sns-subscription-arn': arn },
        body: await signed(envelope, end),
      }
    },
  }
}

function headersOf(envelope: Readonly<Record<'Type' | 'MessageId' | 'TopicArn', string>>) {
  return {
    'content-type': 'text/plain; charset=UTF-8',
    'user-agent': 'Amazon Simple Notification Service Agent',
    'x-amz-sns-message-type': envelope.Type,
    'x-amz-sns-message-id': envelope.MessageId,
    'x-amz-sns-topic-arn': envelope.TopicArn,
  }
}

/** JSON with SNS's spacing. */
function write(envelope: SnsEnvelope): string {
  const lines = Object.entries(envelope).map(
    ([name, value]) => `  ${JSON.stringify(name)} : ${JSON.stringify(value)}`,
  )
  return `{\n${lines.join(',\n')}\n}`
}
