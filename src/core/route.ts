import type { CountryCode } from './phone-number.ts'
import type { Channel } from './request.ts'

/** Where messages of one country and channel are sent from: the first rung that can, does. */
export type Route = {
  /** `*` is the default route: every country without one of its own. */
  readonly country: CountryCode | '*'
  readonly channel: Channel
  readonly rungs: readonly Rung[]
}

/** One origination identity of a route, with its parameters. */
export type Rung = {
  /** A phone number, short code, pool, sender ID or notify configuration: its value, ID or ARN, as AWS takes it. */
  readonly identity: string
  /** Most that one message part may cost, in USD. Default: HOOKLINE_MAX_PRICE_PER_PART. SMS only. */
  readonly maxPricePerPart?: number
  /** Most that one minute may cost, in USD. Default: HOOKLINE_MAX_PRICE_PER_MINUTE. Voice only. */
  readonly maxPricePerMinute?: number
  /** Another region than the deployment's: identities live in one. */
  readonly region?: string
  /** Parts a second that AWS grants to this identity. Default: AWS's limit for its kind. SMS only. */
  readonly partsPerSecond?: number
  /** Template of AWS Notify, for a notify configuration. Default: AWS's own choice. */
  readonly notifyTemplateId?: string
  /** India's registration of the sender (DLT principal entity ID), for texts to India. */
  readonly indiaEntityId?: string
}

export type IdentityKind = 'phone number' | 'short code' | 'pool' | 'sender ID' | 'notify configuration'

/** What an origination identity is, by its form; undefined when AWS has no such form. */
export function identityKind(identity: string): IdentityKind | undefined {
  return FORMS.find(([form]) => form.test(identity))?.[1]
}

/** A sender ID is a name that texts come from: nothing can be called from it. A short code neither. */
export function canSend(kind: IdentityKind, channel: Channel): boolean {
  return channel === 'sms' || kind === 'phone number' || kind === 'pool' || kind === 'notify configuration'
}

const FORMS: readonly (readonly [RegExp, IdentityKind])[] = [
  [/^\+[1-9][0-9X]{4,17}$/, 'phone number'], // X: a placeholder in an example file; import points it out
  [/^phone-[0-9a-zA-Z]{1,64}$/, 'phone number'],
  [/^arn:aws[\w-]*:sms-voice:[\w-]+:\w+:phone-number\/\S+$/, 'phone number'],
  [/^pool-[0-9a-zA-Z]{1,64}$/, 'pool'],
  [/^arn:aws[\w-]*:sms-voice:[\w-]+:\w+:pool\/\S+$/, 'pool'],
  [/^notify-[0-9a-zA-Z]{1,64}$/, 'notify configuration'],
  [/^arn:aws[\w-]*:sms-voice:[\w-]+:\w+:notify-configuration\/\S+$/, 'notify configuration'],
  [/^arn:aws[\w-]*:sms-voice:[\w-]+:\w+:sender-id\/\S+$/, 'sender ID'],
  [/^[0-9]{3,8}$/, 'short code'],
  [/^(?=.*[A-Za-z])[A-Za-z0-9_-]{1,11}$/, 'sender ID'],
]
