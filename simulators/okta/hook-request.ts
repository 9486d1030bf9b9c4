import type { CallOrder, UserProfile } from './call-order.ts'
import { eventId, oktaId, sixDigits } from './okta-ids.ts'
import { deepMerge, without } from './overrides.ts'

/** The fields that are the same in all requests of an org. */
export type Org = { readonly url: string; readonly inlineHookId: string; readonly user: UserProfile }

const CODE_LIFETIME_MS = 5 * 60 * 1000

/** What Okta's console sends when an administrator presses Preview. */
const PREVIEW = { phoneNumber: '9876543210', code: '11111' }

const SPELLINGS: Readonly<Record<string, string>> = { sms: 'SMS', voice: 'voice call' }

/** An org with a hook and a user, under new IDs. */
export function newOrg(url: string): Org {
  const user = {
    firstName: 'Ada',
    lastName: 'Lovelace',
    login: 'ada.lovelace@example.com',
    userId: oktaId('00u'),
  }
  return { url, inlineHookId: oktaId('cal'), user }
}

/** The body that Okta posts to a telephony hook for this order. */
export function hookRequest(order: CallOrder, org: Org, now: Date): Record<string, unknown> {
  const body = {
    eventId: order.eventId ?? eventId(),
    eventTime: now.toISOString(),
    eventType: 'com.okta.telephony.provider',
    eventTypeVersion: '1.0',
    contentType: 'application/json',
    cloudEventVersion: '0.1',
    source: `${org.url}/api/v1/inlineHooks/${org.inlineHookId}`,
    requestType: `com.okta.user.telephony.${order.purpose ?? 'mfa-verification'}`,
    data: {
      context: { request: requestContext(order) },
      userProfile: { ...org.user, ...order.user },
      messageProfile: messageProfile(order, now),
    },
  }
  return without(deepMerge(body, order.overrides ?? {}), order.omit ?? [])
}

/** The request that caused the call: the user's, or in a preview the administrator's. */
function requestContext({ preview }: CallOrder) {
  return {
    id: oktaId('req'),
    method: 'POST',
    url: {
      value: preview
        ? '/api/internal/v1/inlineHooks/com.okta.telephony.provider/generatePreview'
        : '/idp/idx/challenge',
    },
    ipAddress: '127.0.0.1',
  }
}

function messageProfile(order: CallOrder, now: Date) {
  const channel = order.channel ?? 'sms'
  const deliveryChannel = SPELLINGS[channel] ?? channel
  const code = order.code ?? (order.preview ? PREVIEW.code : sixDigits())
  const locale = order.locale === undefined ? 'en' : order.locale
  return {
    // Okta writes the text of a message, but leaves the text of a call to the provider.
    ...(deliveryChannel.toLowerCase() === 'sms' && { msgTemplate: textWithCode(code, locale) }),
    phoneNumber: order.to ?? PREVIEW.phoneNumber,
    otpExpires: order.otpExpires ?? new Date(now.getTime() + CODE_LIFETIME_MS).toISOString(),
    deliveryChannel,
    otpCode: code,
    locale,
  }
}

/** The whole text message with the code, as in Okta's own templates: Spanish for `es`, English otherwise. */
function textWithCode(code: string, locale: string | null): string {
  const isSpanish = /^es\b|^es_/i.test(locale ?? '')
  return isSpanish ? `Tu código de verificación es ${code}.` : `Your verification code is ${code}.`
}
