import { networkOf } from '../core/policy/credit/network.ts'
import { hiddenCharactersIn } from '../core/values/printable.ts'
import type { Refusal } from '../core/values/reasons.ts'
import { type Channel, type OtpRequest, type Purpose, purposes } from '../core/values/request.ts'
import { Secret } from '../core/values/secret.ts'
import { at, cutTextOf, readTime, shortTextOf, textOf } from './wire-values.ts'

/**
 * Reads the body of Okta's telephony hook. Every property is optional in Okta's schema and spelled in several ways, so
 * reading is tolerant. What is missing or invalid for sending is refused with its name; nothing is guessed.
 */
export function readHookRequest(body: unknown): OtpRequest | Refusal {
  const profile = (name: string): unknown => at(body, 'data', 'messageProfile', name)

  const phoneNumber = textOf(profile('phoneNumber'))
  if (phoneNumber === undefined) return { kind: 'refusal', code: 'PHONE_NUMBER_MISSING' }
  if (phoneNumber.length > NUMBER_MAX) return { kind: 'refusal', code: 'PHONE_NUMBER_TOO_LONG' }
  const code = textOf(profile('otpCode'))
  if (code === undefined) return { kind: 'refusal', code: 'CODE_MISSING' }
  if (!/^[0-9]{4,10}$/.test(code)) return { kind: 'refusal', code: 'CODE_NOT_DIGITS' }
  const channel = readChannel(shortTextOf(profile('deliveryChannel')))
  if (channel === undefined) return { kind: 'refusal', code: 'CHANNEL_UNKNOWN' }
  const eventId = textOf(at(body, 'eventId'))
  if (eventId !== undefined && !isEventId(eventId)) return { kind: 'refusal', code: 'EVENT_ID_INVALID' }

  const secretOf = (text: string | undefined): Secret | undefined =>
    text === undefined ? undefined : new Secret(text)
  return {
    eventId,
    oktaRequestId: cutTextOf(at(body, 'data', 'context', 'request', 'id')),
    preview:
      textOf(at(body, 'data', 'context', 'request', 'url', 'value'))?.endsWith('/generatePreview') ?? false,
    purpose: readPurpose(shortTextOf(at(body, 'requestType')) ?? shortTextOf(profile('eventAction'))),
    channel,
    phoneNumber: new Secret(phoneNumber),
    network: networkOf(shortTextOf(at(body, 'data', 'context', 'request', 'ipAddress'))),
    code: new Secret(code),
    locale: shortTextOf(profile('locale')),
    expiresAt: readTime(shortTextOf(profile('otpExpires'))),
    msgTemplate: secretOf(cutTextOf(profile('msgTemplate'), TEMPLATE_MAX + 1)),
    user: {
      id: cutTextOf(at(body, 'data', 'userProfile', 'userId')),
      login: cutTextOf(at(body, 'data', 'userProfile', 'login')),
      firstName: secretOf(cutTextOf(at(body, 'data', 'userProfile', 'firstName'))),
    },
  }
}

/** `SMS`, `sms`, `voice call`, `VOICE_CALL`, `Call`: only case and separators vary. */
export function readChannel(spelling: string | undefined): Channel | undefined {
  return CHANNEL_WORDS[(spelling ?? '').toLowerCase().replace(/[\s._-]/g, '')]
}

const CHANNEL_WORDS: Readonly<Record<string, Channel | undefined>> = {
  __proto__: null as never,
  sms: 'sms',
  call: 'voice',
  voice: 'voice',
  voicecall: 'voice',
}

/** `com.okta.user.telephony.mfa-verification`; in the 2022 beta `data.messageProfile.eventAction`. */
function readPurpose(requestType: string | undefined): Purpose {
  const word = requestType?.replace(/^com\.okta\.user\.telephony\./, '')
  return purposes.find(purpose => purpose === word) ?? 'other'
}

/** It is a key in the store, and is printed in logs. */
function isEventId(text: string): boolean {
  return text.length <= EVENT_ID_MAX && hiddenCharactersIn(text).length === 0
}

// Okta's values are shorter: E.164 has 15 digits, an event ID 22 characters.
const NUMBER_MAX = 64
const EVENT_ID_MAX = 255
const TEMPLATE_MAX = 2_000 // AWS accepts 1,530; a longer one is not used, and the delivery records why

/** What a person types to try a request. */
export type ExampleRequest = {
  readonly to: string
  /** In any of Okta's spellings. */
  readonly channel: string
  readonly purpose: string
  readonly locale?: string
  /** Default: 123456. */
  readonly code?: string
  readonly oktaText?: string
}

/** A request as Okta would send it now, read as the hook reads it. */
export function readExample(
  { to, channel, purpose, locale, code = '123456', oktaText }: ExampleRequest,
  now: number,
): ReturnType<typeof readHookRequest> {
  return readHookRequest({
    requestType: `com.okta.user.telephony.${purpose}`,
    data: {
      messageProfile: {
        phoneNumber: to,
        deliveryChannel: channel,
        locale,
        otpCode: code,
        msgTemplate: oktaText,
        otpExpires: new Date(now + 300_000).toISOString(),
      },
    },
  })
}
