import type { CountryCode } from '../../core/values/phone-number.ts'
import type { Channel } from '../../core/values/request.ts'

/** What is wrong with an identity for one country and channel. */
export type Flaw = {
  readonly name:
    | 'missing'
    | 'inactive'
    | 'pending registration'
    | 'no capability'
    | 'not transactional'
    | 'wrong country'
    | 'wrong region'
    | 'no fall-back'
    | 'simulator'
    | 'sandbox'
    | 'monthly limit'
  /** `error`: nothing goes out from it now. `warning`: it works, or may, and deserves a look. */
  readonly severity: 'error' | 'warning'
  readonly sentence: string
  readonly remedy: string
}

/** Where an identity is to send to; `*` is every country without a route of its own. */
export type Use = { readonly country: CountryCode | '*'; readonly channel: Channel }

export function inactive(what: string, status: string): Flaw {
  return {
    name: 'inactive',
    severity: 'error',
    sentence: `${what} is ${status}, not ACTIVE: AWS refuses to send from it.`,
    remedy: 'Wait until AWS End User Messaging shows it as ACTIVE, or put another identity before it.',
  }
}

export function pending(what: string, registrationId: string): Flaw {
  return {
    name: 'pending registration',
    severity: 'error',
    sentence: `${what} waits for its registration (${registrationId}): AWS refuses to send from it.`,
    remedy: 'Look at the registration in AWS End User Messaging: it may need an answer of yours.',
  }
}

export function cannot(what: string, channel: Channel, channels: readonly Channel[]): Flaw {
  const can = channels.length === 0 ? 'nothing of that' : channels.map(one => VERBS[one]).join(' and ')
  return {
    name: 'no capability',
    severity: 'error',
    sentence: `${what} cannot ${VERBS[channel]}; it can ${can}.`,
    remedy: `Take it out of the ${channel} route, and put one there that can ${VERBS[channel]}.`,
  }
}

export function promotional(what: string): Flaw {
  return {
    name: 'not transactional',
    severity: 'error',
    sentence: `${what} is not for transactional messages, and codes are: AWS refuses them (MESSAGE_TYPE_MISMATCH).`,
    remedy: 'Request one for transactional messages: the type cannot be changed afterwards.',
  }
}

/** Nothing else takes over where a phone or its carrier has no RCS: AWS accepts the text, and it never arrives. */
export function rcsOnly(what: string, country: Use['country']): Flaw {
  return {
    name: 'no fall-back',
    severity: 'warning',
    sentence: `${what} texts ${named(country)} by RCS only: a phone without RCS gets nothing, and Okta hears that it was sent.`,
    remedy: `Put the agent and a number that can text ${named(country)} into one pool, and route to the pool: AWS then falls back to SMS.`,
  }
}

/** Of an RCS agent's status, or of its launch in one country: with all carriers, or with some. */
export function isLaunchedAtAll(status: string): boolean {
  return status === 'ACTIVE' || status === 'PARTIAL'
}

export function named(country: Use['country']): string {
  return country === '*' ? 'any country' : country
}

/** Where an identity is of no use any more. */
export const REPLACE =
  'Put another identity in its place (hookline routes import), or request one in AWS End User Messaging.'

export const VERBS: Readonly<Record<Channel, string>> = { sms: 'text', voice: 'call' }
