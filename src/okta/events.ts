import { networkOf } from '../core/policy/credit/network.ts'
import type { unjoinedReasons } from '../core/records/answer.ts'
import type { Channel } from '../core/values/request.ts'
import { at, cutTextOf, PROVIDER, readTime, shortTextOf, textOf } from './wire-values.ts'

/** What one event of Okta says about codes. `type` is one of `eventTypes`, or `other`. */
export type OktaEvent = { readonly type: string; readonly publishedAt: number | undefined } & (
  | {
      readonly kind: 'answer'
      /** At least one of both. */
      readonly userId: string | undefined
      readonly login: string | undefined
      readonly channel: Channel
      /** The network (/24 or /48) of the person who entered the code: all that is kept of `client.ipAddress`. */
      readonly network: string | undefined
      readonly publishedAt: number
    }
  | {
      /** Okta sent a code with its own provider, because the hook did not. */
      readonly kind: 'sent-by-okta'
      /** At least one of both. */
      readonly userId: string | undefined
      readonly login: string | undefined
      readonly channel: Channel
      readonly publishedAt: number
    }
  | { readonly kind: 'not-joined'; readonly reason: UnjoinedReason }
  | { readonly kind: 'ignored' }
)

export type UnjoinedReason = (typeof unjoinedEvents)[number] | (typeof unjoinedReasons)[number]

/**
 * Why an event is not joined, whatever the store knows. `recovery` and `replaced-enrolment`: Okta does not publish which
 * event a code causes there. `by-another`: an administrator activated the factor, without a code. `unreadable`: no user
 * or no time.
 */
const unjoinedEvents = ['recovery', 'replaced-enrolment', 'by-another', 'unreadable'] as const

/** The event types that say something about a code. All of them may be sent by an event hook. */
export const eventTypes = [
  'user.authentication.auth_via_mfa',
  'user.mfa.factor.activate',
  'user.mfa.factor.update',
  'user.account.reset_password',
  'user.account.unlock',
  'system.sms.send_phone_verification_message',
  'system.voice.send_phone_verification_call',
] as const

/** The events of one post; undefined if the body has no list of events. Reading is tolerant: Okta requires no property. */
export function readEvents(body: unknown): readonly OktaEvent[] | undefined {
  const events = at(body, 'data', 'events')
  return Array.isArray(events) ? events.map(readEvent) : undefined
}

function readEvent(event: unknown): OktaEvent {
  const type = eventTypes.find(known => known === at(event, 'eventType'))
  const publishedAt = readTime(shortTextOf(at(event, 'published')))
  const ignored = { kind: 'ignored', type: type ?? 'other', publishedAt } as const
  if (type === undefined || at(event, 'outcome', 'result') !== 'SUCCESS') return ignored
  const notJoined = (reason: UnjoinedReason): OktaEvent => ({ kind: 'not-joined', type, publishedAt, reason })
  const actor = at(event, 'actor')
  const user = userOf(event)
  const names = { userId: cutTextOf(at(user, 'id')), login: cutTextOf(at(user, 'alternateId')) }
  const isNamed = names.userId !== undefined || names.login !== undefined
  switch (type) {
    case 'system.sms.send_phone_verification_message':
    case 'system.voice.send_phone_verification_call': {
      if (readFailOver(at(event, 'debugContext', 'debugData')) === undefined) return ignored
      if (publishedAt === undefined || !isNamed) return ignored
      const channel = type.startsWith('system.voice') ? 'voice' : 'sms'
      return { kind: 'sent-by-okta', type, publishedAt, ...names, channel }
    }
    case 'user.account.reset_password':
    case 'user.account.unlock':
      return isByAnother(actor, user) ? ignored : notJoined('recovery')
    case 'user.mfa.factor.update':
      return channelOf(event) === undefined ? ignored : notJoined('replaced-enrolment')
    case 'user.mfa.factor.activate':
    case 'user.authentication.auth_via_mfa': {
      const channel = channelOf(event)
      if (channel === undefined) return ignored
      if (isByAnother(actor, user)) return notJoined('by-another')
      if (publishedAt === undefined || !isNamed) return notJoined('unreadable')
      const network = networkOf(shortTextOf(at(event, 'client', 'ipAddress')))
      return { kind: 'answer', type, publishedAt, ...names, channel, network }
    }
  }
}

/** The user whom the event is about: its target, or else who acted. Undefined if neither is a user. */
function userOf(event: unknown): unknown {
  const targets = at(event, 'target')
  const actor = at(event, 'actor')
  return [...(Array.isArray(targets) ? targets : []), actor].find(each => at(each, 'type') === 'User')
}

function isByAnother(actor: unknown, user: unknown): boolean {
  return at(actor, 'type') === 'User' && textOf(at(actor, 'id')) !== textOf(at(user, 'id'))
}

/** `debugContext.debugData.factor` or `factorType`; in older events the factor is a word of `outcome.reason`. */
function channelOf(event: unknown): Channel | undefined {
  const debugData = at(event, 'debugContext', 'debugData')
  const factor = textOf(at(debugData, 'factor')) ?? textOf(at(debugData, 'factorType'))
  if (factor !== undefined) return FACTORS[factor] ?? FACTOR_TYPES[factor]
  const words =
    textOf(at(event, 'outcome', 'reason'))
      ?.slice(0, REASON_MAX)
      .split(/\W+/) ?? []
  return words.map(word => FACTORS[word]).find(channel => channel !== undefined)
}

const FACTORS: Readonly<Record<string, Channel | undefined>> = {
  __proto__: null as never,
  SMS_FACTOR: 'sms',
  CALL_FACTOR: 'voice',
}
/** The words that Okta's support lists for the same field (support.okta.com, "Factor Information in the System Log"). */
const FACTOR_TYPES: typeof FACTORS = { __proto__: null as never, sms: 'sms', call: 'voice' }

const REASON_MAX = 1_000

/**
 * Whether Okta sent a code with its own provider, by `debugData` of the event of the code; undefined if it did not. `provider`:
 * only in events without Okta's flag, where another provider than the hook's is named.
 */
export function readFailOver(debugData: unknown): { readonly provider?: string } | undefined {
  const flags = FLAGS.map(name => at(debugData, name)).filter(flag => flag !== undefined && flag !== null)
  if (flags.length > 0) return flags.map(String).includes('true') ? {} : undefined
  const names = PROVIDER_FIELDS.map(name => at(debugData, name)).filter(name => typeof name === 'string')
  const provider = names.find(name => name !== '')
  return provider === undefined || names.includes(PROVIDER) ? undefined : { provider }
}

const FLAGS = ['is_sms_hook_failover', 'is_call_hook_failover']
/** The last two are in Okta's example events, the first in the hook's response. */
const PROVIDER_FIELDS = ['provider', 'smsProvider', 'callProvider']
