import { CANARY_EVENT_ID } from '../../core/records/canary.ts'
import { type SimulatorCountry, simulatorNumbers } from '../../core/values/simulator-numbers.ts'

/** A canary: where its text goes, and when it began in milliseconds since 1970. The same two are the same canary. */
export type Canary = { readonly country: SimulatorCountry; readonly at: number }

/**
 * What a canary asks the hook for, in Okta's form: a preview, so that the fraud rule does not judge it, for no user, so that
 * no user's limit counts it. Its code is the time in its last ten digits, which come back after 115 days: two canaries are
 * never the same request, and one that comes twice is sent once.
 */
export function canaryRequest({ country, at }: Canary): object {
  return {
    eventId: CANARY_EVENT_ID,
    requestType: 'com.okta.user.telephony.mfa-verification',
    data: {
      context: { request: { url: { value: 'hookline-canary/generatePreview' } } },
      messageProfile: {
        phoneNumber: simulatorNumbers[country],
        deliveryChannel: 'SMS',
        locale: 'en',
        otpCode: String(at).slice(-10).padStart(10, '0'),
        otpExpires: new Date(at + CANARY_VALID_MS).toISOString(),
      },
    },
  }
}

/** Until when its code is valid, which a delivery records: so each canary is found by its time. */
export const CANARY_VALID_MS = 300_000
