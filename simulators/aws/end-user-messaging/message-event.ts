import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { EventType, Step } from './event-course.ts'
import type { Message } from './message.ts'

/** An event in the format of End User Messaging. */
export type MessageEvent = Readonly<Record<string, unknown>> & { readonly eventType: EventType }

/**
 * Writes the events of a message: AWS's user guide, "Example event data" and "Event types". The fields of a call's
 * events are not published in full, so these only have the fields that are certain.
 */
export function eventWriter(message: Message): (step: Step) => MessageEvent {
  const requestedAt = Date.parse(message.receivedAt)
  const to = message.to.startsWith('+') ? message.to : `+${message.to}`
  const country = countryOf(to)
  const isText = message.channel === 'sms' // by RCS or not
  return ({ eventType, isFinal, happensAfterMs }) => ({
    eventType,
    eventVersion: '1.0',
    eventTimestamp: requestedAt + happensAfterMs,
    isFinal,
    ...(isText && PHONE_NUMBER_OR_SENDER_ID.test(message.from) && { originationPhoneNumber: message.from }),
    ...(isText && { destinationPhoneNumber: to, isInternationalSend: false }),
    ...(country && { isoCountryCode: country }),
    ...(isText && country && NETWORKS[country]),
    ...(eventType.startsWith('RCS_') && { rcsBusinessId: 'rbm-demo', agentIsoCountryCode: country ?? 'US' }),
    messageId: message.messageId,
    messageRequestTimestamp: requestedAt,
    ...(isText && {
      messageEncoding: message.encoding === 'UCS-2' ? 'Unicode' : 'GSM',
      messageType: message.messageType ?? 'TRANSACTIONAL',
    }),
    messageStatus: eventType.slice(eventType.indexOf('_') + 1),
    ...(isText && { messageStatusDescription: DESCRIPTIONS[eventType] }),
    ...(message.context && { context: message.context }),
    ...(isText && { totalMessageParts: message.parts ?? 1, ...price(country, message.parts ?? 1) }),
    ...(message.protectConfigurationId && {
      protectConfiguration: {
        protectConfigurationId: message.protectConfigurationId,
        protectStatus: 'ALLOW',
      },
    }),
  })
}

function countryOf(phoneNumber: string): string | undefined {
  const parsed = parsePhoneNumberFromString(phoneNumber)
  return parsed?.country ?? parsed?.getPossibleCountries()[0]
}

// AWS selects the number of a pool, an ID or an ARN; the stand-in omits the field.
const PHONE_NUMBER_OR_SENDER_ID = /^(\+?[0-9]{3,19}|(?!AWS$)[A-Za-z0-9-]{1,11})$/

// One network for each of a few countries. The fields are optional, and absent for all other countries.
const NETWORKS: Readonly<Record<string, { mcc: string; mnc: string; carrierName: string }>> = {
  DE: { mcc: '262', mnc: '01', carrierName: 'Telekom Deutschland GmbH' },
  ES: { mcc: '214', mnc: '07', carrierName: 'Telefonica Moviles' },
  FR: { mcc: '208', mnc: '01', carrierName: 'Orange' },
  GB: { mcc: '234', mnc: '30', carrierName: 'EE Limited' },
  US: { mcc: '310', mnc: '260', carrierName: 'T-Mobile USA, Inc.' },
}

/** US dollars for all parts. Only the order of magnitude is real. */
function price(country: string | undefined, parts: number) {
  const [message, fee] = country === 'US' ? [0.00581, 0.00302] : [0.05, 0]
  return {
    totalMessagePrice: Number((message * parts).toFixed(5)),
    totalCarrierFee: Number((fee * parts).toFixed(5)),
  }
}

const DESCRIPTIONS: Readonly<Partial<Record<EventType, string>>> = {
  TEXT_PENDING: 'Message is pending',
  TEXT_QUEUED: 'Message is queued',
  TEXT_SENT: 'Message has been sent',
  TEXT_SUCCESSFUL: 'Message has been accepted by phone carrier',
  TEXT_DELIVERED: 'Message has been accepted by phone',
  TEXT_INVALID: 'Invalid phone number',
  TEXT_INVALID_MESSAGE: 'Message body is invalid',
  TEXT_UNREACHABLE: 'Phone is currently unreachable/unavailable',
  TEXT_CARRIER_UNREACHABLE: 'Phone carrier is currently unreachable/unavailable',
  TEXT_BLOCKED: 'Destination is on a blocked list',
  TEXT_CARRIER_BLOCKED: 'Phone carrier has blocked this message',
  TEXT_SPAM: 'Blocked as spam by phone carrier',
  TEXT_UNKNOWN: 'Unknown error attempting to reach phone',
  TEXT_TTL_EXPIRED: 'Message time to live has expired',
  TEXT_PROTECT_BLOCKED: 'Message is blocked by a protect configuration',
  RCS_QUEUED: 'Message is queued',
  RCS_SENT: 'Message has been sent',
  RCS_DELIVERED: 'Message has been delivered',
  RCS_READ: 'Message has been read',
  RCS_FAILED: 'Message could not be delivered by RCS',
  RCS_TTL_EXPIRED: 'Message time to live has expired',
  RCS_PROTECT_BLOCKED: 'Message is blocked by a protect configuration',
  RCS_FALLEN_BACK_TO_SMS: 'Message is sent by SMS instead',
}
