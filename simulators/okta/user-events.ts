import { isObject } from './call-order.ts'
import type { CallResult } from './hook-exchange.ts'
import type { LoggedDetails } from './log-event.ts'

type Json = Readonly<Record<string, unknown>>

/** A user types a code that came by phone. */
export type EnteredCode = {
  readonly code: string
  /** The number to which the code went. Default: that of the newest code. */
  readonly to?: string
}

/** What the user sees. */
export type EntryResult = {
  readonly isAccepted: boolean
  readonly sentence: string
}

/**
 * Where Okta names the factor in events about codes by phone. `constant`: `debugData.factor` is SMS_FACTOR or
 * CALL_FACTOR, as an integration of a carrier reads it. `type`: it is sms or call, as Okta's support describes it.
 * `reason`: only the outcome's reason has it, as in older events.
 */
export type FactorNaming = 'constant' | 'type' | 'reason'

export type UserEvents = {
  /** Checks the code as Okta does: the newest of that number, alive, used once. */
  readonly enterCode: (entered: EnteredCode) => EntryResult
  /** A sign-in by another factor, such as OKTA_VERIFY_PUSH, with the same event type as one by phone. */
  readonly signIn: (factor: string) => void
}

export type UserEventsOptions = {
  /** Calls of the hook that were ordered so far, oldest first. */
  readonly calls: () => readonly CallResult[]
  readonly user: { readonly userId: string; readonly login: string }
  readonly log: (eventType: string, details: LoggedDetails) => void
  readonly now: () => Date
  readonly naming: () => FactorNaming
}

/** Users who enter codes, and the events that Okta logs then. */
export function userEvents({ calls, user, log, now, naming }: UserEventsOptions): UserEvents {
  const used = new Set<unknown>()
  return {
    enterCode({ code, to }) {
      const challenge = newestChallenge(calls(), to)
      if (challenge === undefined) return refused('No code was requested for this number.')
      const { actor, factor, purpose } = challenge
      if (used.has(challenge.eventId)) return refused('This code was already used.')
      if (challenge.code !== code) {
        const details = named(naming(), factor)
        const reason = ['INVALID_CREDENTIALS', details.reason].filter(Boolean).join(' ')
        if (purpose === 'mfa-verification') {
          log('user.authentication.auth_via_mfa', { ...details, result: 'FAILURE', reason, actor })
        }
        return refused('The code is wrong, or a newer one was sent.')
      }
      if (Date.parse(challenge.expires) <= now().getTime()) return refused('The code has expired.')
      used.add(challenge.eventId)
      for (const [eventType, details] of answered(challenge, naming())) log(eventType, { ...details, actor })
      return { isAccepted: true, sentence: 'Okta accepts the code.' }
    },
    signIn(factor) {
      const actor = { id: user.userId, type: 'User', alternateId: user.login, displayName: user.login }
      log('user.authentication.auth_via_mfa', { ...named('constant', factor), actor })
    },
  }
}

type Challenge = {
  readonly eventId: unknown
  readonly code: string
  readonly expires: string
  readonly purpose: string
  readonly factor: 'SMS_FACTOR' | 'CALL_FACTOR'
  readonly actor: Json
}

/** The newest code of this number: Okta accepts no other. A preview is no challenge. */
function newestChallenge(calls: readonly CallResult[], to: string | undefined): Challenge | undefined {
  const { sent } =
    calls.findLast(
      one => !isPreview(one.sent) && (to === undefined || messageOf(one.sent).phoneNumber === to),
    ) ?? {}
  if (sent === undefined) return undefined
  const { otpCode, otpExpires, deliveryChannel } = messageOf(sent)
  const { userId, login, firstName, lastName } = dataOf(sent, 'userProfile')
  return {
    eventId: sent.eventId,
    code: String(otpCode),
    expires: String(otpExpires),
    purpose: String(sent.requestType).replace('com.okta.user.telephony.', ''),
    factor: String(deliveryChannel).toLowerCase().includes('sms') ? 'SMS_FACTOR' : 'CALL_FACTOR',
    actor: { id: userId, type: 'User', alternateId: login, displayName: `${firstName} ${lastName}` },
  }
}

function messageOf(sent: Json): Json {
  return dataOf(sent, 'messageProfile')
}

function dataOf({ data }: Json, name: string): Json {
  const inner = isObject(data) ? data[name] : undefined
  return isObject(inner) ? inner : {}
}

function isPreview(sent: Json): boolean {
  return JSON.stringify(dataOf(sent, 'context')).includes('/generatePreview')
}

type Logged = readonly (readonly [eventType: string, details: LoggedDetails])[]

/** The events of a right code. What Okta logs about the code of a recovery is not published: here, nothing. */
function answered({ purpose, factor }: Challenge, naming: FactorNaming): Logged {
  switch (purpose) {
    case 'password-reset':
      return [['user.account.reset_password', {}]]
    case 'account-unlock':
      return [['user.account.unlock', {}]]
    case 'pre-enrollment':
      // One phone is enrolled for both methods, whichever of them got the code: Okta's support calls it expected.
      return (['SMS_FACTOR', 'CALL_FACTOR'] as const).map(one => [
        'user.mfa.factor.activate',
        { ...named(naming, one), reason: `User set up ${one} factor` },
      ])
    default:
      return [['user.authentication.auth_via_mfa', named(naming, factor)]]
  }
}

function named(naming: FactorNaming, factor: string): LoggedDetails {
  switch (naming) {
    case 'constant':
      return { debugData: { factor } }
    case 'type':
      return { debugData: { factor: TYPES[factor] ?? factor } }
    case 'reason':
      return { reason: factor }
  }
}

const TYPES: Readonly<Record<string, string | undefined>> = { SMS_FACTOR: 'sms', CALL_FACTOR: 'call' }

function refused(sentence: string): EntryResult {
  return { isAccepted: false, sentence }
}

/** Reads an entered code from JSON; undefined if it is invalid. */
export function parseEnteredCode({ code, to, ...unknown }: Json): EnteredCode | undefined {
  if (typeof code !== 'string' || (to !== undefined && typeof to !== 'string')) return undefined
  return Object.keys(unknown).length > 0 ? undefined : { code, ...(to !== undefined && { to }) }
}
