import { type AwsError, awsError } from './aws-error.ts'
import { encodingOf } from './encoding.ts'
import type { MessageContent } from './message.ts'
import { OPERATIONS, type Operation } from './model.ts'
import { parseSsml } from './ssml.ts'
import { checkFields, type Input, invalidFields } from './validation.ts'
import { DEFAULT_VOICE, languageOfVoice } from './voices.ts'

/** A request that AWS would accept. */
export type SendRequest = {
  readonly kind: 'send'
  readonly operation: Operation
  /** The region that the request is signed for. */
  readonly region: string
  readonly content: MessageContent
  /** Validated and answered, but not sent. */
  readonly isDryRun: boolean
  /** Whether AWS expects feedback about it. */
  readonly hasFeedback: boolean
}

/** Reads the input of an operation as AWS would: the message, or the error that AWS answers with. */
export function readSendRequest(operation: Operation, region: string, input: Input): SendRequest | AwsError {
  const wrong = checkFields(input, OPERATIONS[operation]) ?? checkRegion(input, region)
  if (wrong) return wrong
  const content = CONTENT[operation](input)
  if ('kind' in content) return content
  const isDryRun = input.DryRun === true
  const hasFeedback = input.MessageFeedbackEnabled === true
  return { kind: 'send', operation, region, content, isDryRun, hasFeedback }
}

/** A resource named by its ARN exists in one region only. */
function checkRegion(input: Input, region: string): AwsError | undefined {
  const named = NAMED_BY_ARN.map(name => text(input[name])).find(value => {
    const [arn, , , ofArn] = value?.split(':') ?? []
    return arn === 'arn' && ofArn !== region
  })
  return named === undefined
    ? undefined
    : awsError('ResourceNotFoundException', `Resource not found: ${named}`)
}

const NAMED_BY_ARN = [
  'OriginationIdentity',
  'NotifyConfigurationId',
  'ConfigurationSetName',
  'ProtectConfigurationId',
] as const

const CONTENT: Readonly<Record<Operation, (input: Input) => MessageContent | AwsError>> = {
  SendTextMessage: textMessage,
  SendVoiceMessage: voiceMessage,
  SendNotifyTextMessage: notifyTextMessage,
  SendNotifyVoiceMessage: notifyVoiceMessage,
}

function textMessage(input: Input): MessageContent | AwsError {
  const body = text(input.MessageBody) ?? ''
  const { encoding, parts, units } = encodingOf(body)
  const most = encoding === 'GSM-7' ? 1530 : 630
  if (units > most) {
    const message = `Member must have length less than or equal to ${most} characters in ${encoding}`
    return invalidFields('MAXIMUM_SIZE_EXCEEDED', [{ name: 'MessageBody', message }])
  }
  return {
    channel: 'sms',
    operation: 'SendTextMessage',
    from: text(input.OriginationIdentity) ?? 'AWS',
    ...common(input, body),
    encoding,
    parts,
    ...optional('messageType', text(input.MessageType)),
    ...optional('maxPrice', text(input.MaxPrice)),
    ...optional('protectConfigurationId', text(input.ProtectConfigurationId)),
    ...optional('countryParameters', map(input.DestinationCountryParameters)),
  }
}

function voiceMessage(input: Input): MessageContent | AwsError {
  const body = text(input.MessageBody) ?? ''
  const bodyType = input.MessageBodyTextType === 'SSML' ? 'SSML' : 'TEXT'
  const from = text(input.OriginationIdentity) ?? ''
  if (!CAN_CALL.test(from)) {
    const message = 'Member must be a phone number or a pool: a sender ID cannot call'
    return invalidFields('SENDER_ID_NOT_SUPPORTED', [{ name: 'OriginationIdentity', message }])
  }
  if (bodyType === 'TEXT' && [...body].length > 3000) {
    const message = 'Member must have length less than or equal to 3000 when MessageBodyTextType is TEXT'
    return invalidFields('INVALID_PARAMETER', [{ name: 'MessageBody', message }])
  }
  const ssml = bodyType === 'SSML' ? parseSsml(body) : undefined
  if (ssml?.kind === 'not-ssml') {
    const message = `Member must be well-formed SSML: ${ssml.problem}`
    return invalidFields('INVALID_PARAMETER', [{ name: 'MessageBody', message }])
  }
  return {
    channel: 'voice',
    operation: 'SendVoiceMessage',
    from,
    ...common(input, body),
    bodyType,
    ...voice(input),
    ...optional('maxPricePerMinute', text(input.MaxPricePerMinute)),
    ...optional('protectConfigurationId', text(input.ProtectConfigurationId)),
  }
}

// A phone number, or a phone number or pool by its ID or ARN.
const CAN_CALL =
  /^(\+?[1-9][0-9]{1,18}|(phone|pool)-[A-Za-z0-9]+|arn:[^\s]+:(phone-number|pool)\/[A-Za-z0-9_-]+)$/

function notifyTextMessage(input: Input): MessageContent | AwsError {
  const resolved = resolveTemplate('sms', text(input.TemplateId), map(input.TemplateVariables) ?? {})
  if (resolved.kind === 'error') return resolved
  const { encoding, parts } = encodingOf(resolved.body)
  return {
    channel: 'sms',
    operation: 'SendNotifyTextMessage',
    from: text(input.NotifyConfigurationId) ?? '',
    ...common(input, resolved.body),
    templateId: resolved.templateId,
    encoding,
    parts,
  }
}

function notifyVoiceMessage(input: Input): MessageContent | AwsError {
  const resolved = resolveTemplate('voice', text(input.TemplateId), map(input.TemplateVariables) ?? {})
  if (resolved.kind === 'error') return resolved
  return {
    channel: 'voice',
    operation: 'SendNotifyVoiceMessage',
    from: text(input.NotifyConfigurationId) ?? '',
    ...common(input, resolved.body),
    templateId: resolved.templateId,
    bodyType: 'TEXT',
    ...voice(input),
  }
}

function common(input: Input, body: string): Pick<MessageContent, 'to' | 'body'> & Partial<MessageContent> {
  const to = text(input.DestinationPhoneNumber) ?? ''
  return {
    to,
    body,
    ...optional('timeToLive', typeof input.TimeToLive === 'number' ? input.TimeToLive : undefined),
    ...optional('configurationSetName', text(input.ConfigurationSetName)),
    ...optional('context', map(input.Context)),
    ...optional('simulatorOutcome', simulatorOutcome(to)),
  }
}

function voice(input: Input): Pick<MessageContent, 'voiceId' | 'language'> {
  const voiceId = text(input.VoiceId) ?? DEFAULT_VOICE
  return { voiceId, language: languageOfVoice(voiceId) }
}

function optional<Name extends keyof MessageContent>(
  name: Name,
  value: MessageContent[Name] | undefined,
): Partial<Pick<MessageContent, Name>> {
  return value === undefined ? {} : ({ [name]: value } as Pick<MessageContent, Name>)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function map(value: unknown): Readonly<Record<string, string>> | undefined {
  // checkFields has already refused maps with other values than strings.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, string>>) : undefined
}

/** The error for a body that is not JSON, or not an object. */
export function unreadableBody(): AwsError {
  return awsError('SerializationException', 'Start of structure or map found where not expected.')
}

/** The text AWS Notify would send: its template with the caller's values filled in. */
type Resolved = { readonly kind: 'resolved'; readonly templateId: string; readonly body: string }

/**
 * Fills in a template of AWS Notify. AWS does not publish all of its templates, so every template ID gives the same
 * plain template here; all of them require the variable `code`.
 */
function resolveTemplate(
  channel: 'sms' | 'voice',
  templateId: string | undefined,
  variables: Readonly<Record<string, string>>,
): Resolved | AwsError {
  const code = Object.hasOwn(variables, 'code') ? variables.code : undefined
  if (code === undefined) {
    const message = 'Member must have the template variable "code"'
    return invalidFields('MISSING_PARAMETER', [{ name: 'TemplateVariables', message }])
  }
  return {
    kind: 'resolved',
    templateId: templateId || 'notify-code-verification-english-001',
    body:
      channel === 'sms'
        ? `Your verification code is ${code}.`
        : `Your verification code is ${[...code].join(', ')}. Again, your code is ${[...code].join(', ')}.`,
  }
}

/**
 * What AWS's simulator does with a message to this number: deliver it, or accept it and let it fail later. Undefined
 * for every number that is not one of AWS's simulator destinations.
 */
function simulatorOutcome(phoneNumber: string): 'success' | 'failure' | undefined {
  const number = phoneNumber.startsWith('+') ? phoneNumber : `+${phoneNumber}`
  return OUTCOMES.get(number)
}

// Success and failure destinations by country, from AWS's user guide.
const DESTINATIONS = [
  ['AU', '+61455944038', '+61455944039'],
  ['CH', '+41798075872', '+41798075874'],
  ['ES', '+34683783440', '+34683783442'],
  ['FR', '+33755512501', '+33755512502'],
  ['GB', '+447860019066', '+447860019067'],
  ['IT', '+394390009172', '+394390009174'],
  ['NL', '+3197008100148', '+3197008100150'],
  ['PL', '+48732141440', '+48732141442'],
  ['PT', '+351927946948', '+351927946950'],
  ['SE', '+46790645100', '+46790645102'],
  ['US', '+14254147755', '+14254147167'],
] as const

const OUTCOMES: ReadonlyMap<string, 'success' | 'failure'> = new Map(
  DESTINATIONS.flatMap(([, success, failure]) => [
    [success, 'success'] as const,
    [failure, 'failure'] as const,
  ]),
)
