import type { Secret } from './secret.ts'

/** A request from Okta, parsed but not yet checked against the policy. */
export type OtpRequest = {
  /** Okta's `eventId`. Without it, duplicates cannot be recognised. */
  readonly eventId: string | undefined
  /** Okta's `data.context.request.id`: finds the same request in Okta's System Log. */
  readonly oktaRequestId: string | undefined
  /** True when an administrator pressed Preview in Okta's console. */
  readonly preview: boolean
  readonly purpose: Purpose
  readonly channel: Channel
  /** As Okta sent it; `phone-number.ts` reads it. */
  readonly phoneNumber: Secret
  /** The network (/24 or /48) of the person who requests the code: all that is kept of Okta's `ipAddress`. */
  readonly network: string | undefined
  /** 4 to 10 digits. */
  readonly code: Secret
  /** As Okta sent it, in any spelling; `locale.ts` normalises it. */
  readonly locale: string | undefined
  /** Milliseconds since 1970; undefined if Okta sent none. */
  readonly expiresAt: number | undefined
  /** The text in the user's language with the code filled in, as Okta would send it. SMS only. */
  readonly msgTemplate: Secret | undefined
  readonly user: {
    readonly id: string | undefined
    readonly login: string | undefined
    readonly firstName: Secret | undefined
  }
}

export type Channel = 'sms' | 'voice'

export const channels: readonly Channel[] = ['sms', 'voice']

/** Okta's `requestType`; `other` is one that Okta added later or left out. */
export type Purpose = (typeof purposes)[number] | 'other'

export const purposes = ['pre-enrollment', 'mfa-verification', 'account-unlock', 'password-reset'] as const
