import type { SendTextMessageCommandInput } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import type { Attempt } from '../../core/deliver/ports.ts'
import { identityKind } from '../../core/policy/route.ts'

/** The parameters of every message. */
export type MessageParameters = {
  readonly configurationSet: string | undefined
  readonly protectConfiguration: string | undefined
  /** Whether AWS expects feedback about messages where `Attempt.hasFeedback` allows it. Default: false. */
  readonly messageFeedback?: boolean
}

/** An operation of AWS, and its input. */
type Operation = { readonly operation: string; readonly input: object }

/** One attempt as one operation of AWS, with every parameter that protects the user or the bill. */
export function sendOperation(attempt: Attempt, parameters: MessageParameters): Operation {
  const { message, candidate } = attempt
  if (identityKind(candidate.identity) === 'notify configuration') {
    const operation = message.channel === 'sms' ? 'SendNotifyTextMessage' : 'SendNotifyVoiceMessage'
    return { operation, input: notifyInput(attempt, parameters) }
  }
  if (message.channel === 'sms')
    return { operation: 'SendTextMessage', input: textInput(attempt, parameters) }
  const input = {
    ...commonInput(attempt, parameters),
    MessageBodyTextType: 'SSML',
    VoiceId: message.voiceId,
    MaxPricePerMinute: price(candidate.maxPrice),
  }
  return { operation: 'SendVoiceMessage', input }
}

export function textInput(attempt: Attempt, parameters: MessageParameters): SendTextMessageCommandInput {
  const { candidate } = attempt
  const india = {
    ...(candidate.indiaEntityId !== undefined && { IN_ENTITY_ID: candidate.indiaEntityId }),
    ...(candidate.indiaTemplateId !== undefined && { IN_TEMPLATE_ID: candidate.indiaTemplateId }),
  }
  return {
    ...commonInput(attempt, parameters),
    MessageType: 'TRANSACTIONAL',
    MaxPrice: price(candidate.maxPrice),
    ...(Object.keys(india).length > 0 && { DestinationCountryParameters: india }),
  }
}

/** AWS Notify uses AWS's own numbers and template. We provide only the code. */
export function notifyInput(attempt: Attempt, parameters: MessageParameters) {
  return {
    ...deliveryInput(attempt, parameters),
    NotifyConfigurationId: attempt.candidate.identity,
    TemplateVariables: { code: attempt.code.reveal() },
    ...(attempt.candidate.notifyTemplateId !== undefined && {
      TemplateId: attempt.candidate.notifyTemplateId,
    }),
  }
}

function commonInput(attempt: Attempt, parameters: MessageParameters) {
  const { message, candidate } = attempt
  return {
    ...deliveryInput(attempt, parameters),
    OriginationIdentity: candidate.identity,
    MessageBody: message.body.reveal(),
    // The ID is valid only in the home region. In another region, that region's own configuration applies
    // automatically.
    ...(parameters.protectConfiguration !== undefined &&
      candidate.region === undefined && { ProtectConfigurationId: parameters.protectConfiguration }),
  }
}

function deliveryInput(
  { destination, deliveryId, timeToLiveSeconds, candidate, hasFeedback }: Attempt,
  parameters: MessageParameters,
) {
  return {
    DestinationPhoneNumber: destination.e164.reveal(),
    TimeToLive: timeToLiveSeconds,
    Context: { deliveryId }, // echoed in receipts
    ...(parameters.configurationSet !== undefined && {
      ConfigurationSetName: configurationSetIn(candidate.region, parameters.configurationSet),
    }),
    ...(hasFeedback && parameters.messageFeedback === true && { MessageFeedbackEnabled: true }),
  }
}

/** Another region has a configuration set with the same name, but does not know the ARN of the home region. */
function configurationSetIn(region: string | undefined, nameOrArn: string): string {
  return region === undefined ? nameOrArn : nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1)
}

/** AWS's form: `[0-9]{0,2}\.[0-9]{1,5}`. */
function price(usd: number): string {
  return Math.min(usd, 99.99999).toFixed(5)
}
