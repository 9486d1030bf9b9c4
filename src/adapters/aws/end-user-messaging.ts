import {
  PinpointSMSVoiceV2Client,
  SendTextMessageCommand,
  SendVoiceMessageCommand,
  type VoiceId,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Attempt, Ports, SendResult } from '../../core/ports.ts'

export type CarrierOptions = {
  readonly region: string
  /** Instead of AWS's own address, for a stand-in. */
  readonly endpoint: string | undefined
  readonly configurationSet: string | undefined
  readonly protectConfiguration: string | undefined
}

export type Carrier = { readonly send: Ports['send']; readonly close: () => void }

/**
 * AWS End User Messaging in one region. One call, one request: the SDK's retries are off, because Send* has no
 * idempotency token and a repeat after a lost answer texts twice.
 */
export function createCarrier(options: CarrierOptions): Carrier {
  const client = new PinpointSMSVoiceV2Client({
    region: options.region,
    ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ httpAgent: { maxSockets: 500 }, httpsAgent: { maxSockets: 500 } }),
  })
  return {
    send: async (attempt, signal) => {
      try {
        const { MessageId } = await sendMessage(client, attempt, options, signal)
        return MessageId === undefined
          ? { kind: 'unknown', code: 'CARRIER_UNKNOWN', detail: 'The carrier answered without a message ID.' }
          : { kind: 'accepted', messageId: MessageId }
      } catch (error) {
        return classify(error)
      }
    },
    close: () => client.destroy(),
  }
}

function sendMessage(
  client: PinpointSMSVoiceV2Client,
  { deliveryId, destination, message, rung, timeToLiveSeconds }: Attempt,
  options: CarrierOptions,
  abortSignal: AbortSignal,
): Promise<{ MessageId?: string | undefined }> {
  const common = {
    DestinationPhoneNumber: destination.e164.reveal(),
    OriginationIdentity: rung.identity,
    MessageBody: message.body.reveal(),
    TimeToLive: timeToLiveSeconds,
    Context: { deliveryId },
    ...(options.configurationSet !== undefined && { ConfigurationSetName: options.configurationSet }),
    ...(options.protectConfiguration !== undefined && {
      ProtectConfigurationId: options.protectConfiguration,
    }),
  }
  if (message.channel === 'voice') {
    const voice = new SendVoiceMessageCommand({
      ...common,
      MessageBodyTextType: 'SSML',
      VoiceId: message.voiceId as VoiceId, // checked when the template was saved
      MaxPricePerMinute: price(rung.maxPrice),
    })
    return client.send(voice, { abortSignal })
  }
  const india = {
    ...(rung.indiaEntityId !== undefined && { IN_ENTITY_ID: rung.indiaEntityId }),
    ...(rung.indiaTemplateId !== undefined && { IN_TEMPLATE_ID: rung.indiaTemplateId }),
  }
  const text = new SendTextMessageCommand({
    ...common,
    MessageType: 'TRANSACTIONAL',
    MaxPrice: price(rung.maxPrice),
    ...(Object.keys(india).length > 0 && { DestinationCountryParameters: india }),
  })
  return client.send(text, { abortSignal })
}

/** AWS's form: `[0-9]{0,2}\.[0-9]{1,5}`. */
function price(usd: number): string {
  return Math.min(usd, 99.99999).toFixed(5)
}

type SdkError = Error & {
  readonly code?: string
  readonly Reason?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

function classify(thrown: unknown): SendResult {
  const error = thrown as SdkError
  const detail = [error.name, error.Reason ?? error.code].filter(Boolean).join(' ')
  if (error.code === 'ECONNREFUSED' || error.code === 'ENOTFOUND') {
    return { kind: 'failure', code: 'CARRIER_UNREACHABLE', detail }
  }
  const status = error.$metadata?.httpStatusCode ?? 0
  return status >= 400 && status < 500
    ? { kind: 'failure', code: 'CARRIER_REFUSED', detail }
    : { kind: 'unknown', code: 'CARRIER_UNKNOWN', detail }
}
