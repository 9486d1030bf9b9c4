import { type FollowedDelivery, statusOf } from '../core/records/delivery.ts'
import { type ReasonCode, type ReasonEntry, reasons } from '../core/values/reasons.ts'

/** What a help desk says to a person who asks for a code, and who can change something. */
export type CallerAdvice = {
  /** To the person: what to do now. Never why somebody is suspected. */
  readonly say: string
  /** Who can act; `nobody` if there is nothing to do. */
  readonly actor: ReasonEntry['actor'] | 'help desk' | 'nobody'
  /** For the one who can act. */
  readonly todo: string | undefined
}

/** The advice about one code, as it is now; milliseconds since 1970. */
export function adviseCaller(delivery: FollowedDelivery, now: number): CallerAdvice {
  const { end, progress, answered, channel } = delivery
  if (answered !== undefined) return { say: SAY.answered, actor: 'nobody', todo: undefined }
  const status = statusOf(delivery)
  switch (status) {
    case 'refused':
    case 'failed':
    case 'unknown': {
      if (!('code' in end)) return UNKNOWN
      const { actor, remedy } = reasons[end.code]
      return { say: sayings[end.code], actor, todo: remedy }
    }
    case 'undeliverable':
      return adviseUndeliverable(progress?.type ?? '', channel)
    case 'delivered':
      return channel === 'voice'
        ? { say: SAY.called, actor: 'user', todo: undefined }
        : { say: isOver(delivery, now) ? SAY.deliveredLate : SAY.delivered, actor: 'user', todo: undefined }
    case 'sending':
    case 'accepted':
      if (!isOver(delivery, now)) return { say: SAY.underWay, actor: 'nobody', todo: undefined }
      return status === 'sending'
        ? { say: SAY.lost, actor: 'platform engineer', todo: TODO.lost }
        : { say: SAY.noReceipt, actor: 'help desk', todo: TODO.noReceipt }
  }
}

/** Nobody can use the code any more. */
function isOver({ expiresAt, openedAt }: FollowedDelivery, now: number): boolean {
  return now > (expiresAt ?? openedAt + CODE_VALID_MS)
}

function adviseUndeliverable(type: string, channel: FollowedDelivery['channel']): CallerAdvice {
  const known = undeliverable[type.replace(/^(?:TEXT|RCS|VOICE)_/, '')]
  return known ?? (channel === 'voice' ? UNDELIVERABLE_CALL : UNDELIVERABLE_TEXT)
}

const SAY = {
  answered:
    'A code was entered, so it arrived. If you did not do that, tell us now: we change your password and look at your account.',
  underWay: 'Your code is on its way. Please wait a minute, and look at the newest message only.',
  delivered:
    'Your code reached your phone. Please look at the newest message, also among blocked and unknown senders.',
  deliveredLate:
    'A code reached your phone, but it is no longer valid. Please ask for a new one and enter it within five minutes.',
  called:
    'We called you and the call was answered, perhaps by your mailbox. Please ask for a new call and pick up.',
  lost: 'We do not know what became of this code. Please ask for a new one.',
  noReceipt:
    'The network took your code but has not said that it reached your phone. Please check that your phone has a signal, then ask for a new code, or for a call.',
} as const

const TODO = {
  lost: 'No result was recorded: the process that sent it ended. If this is frequent, look for restarts in the log.',
  noReceipt:
    'If several people with the same carrier have this, tell the platform engineer: the route of the country may be down.',
  number:
    'Compare the last digits with those that the person reads out. If they differ, change the number in Okta.',
  carrier:
    'The carrier blocks our messages. Compare the deliveries of the country, and ask AWS with the message ID.',
  protect:
    'Our Protect configuration in AWS blocks it. Allow the country or the number there, if it should get codes.',
} as const

const UNKNOWN: CallerAdvice = {
  say: 'We do not know whether your code reached your phone. Please ask for a new one, or for a call.',
  actor: 'user',
  todo: undefined,
}

const UNDELIVERABLE_TEXT: CallerAdvice = {
  say: 'The network could not deliver the text to your phone. Please check that the number is yours and that it can receive texts, or ask for a call.',
  actor: 'help desk',
  todo: TODO.number,
}
const UNDELIVERABLE_CALL: CallerAdvice = {
  say: 'We could not reach your phone by a call. Please check the number, or ask for a text.',
  actor: 'help desk',
  todo: TODO.number,
}
const NO_NUMBER: CallerAdvice = {
  say: 'The network says that this number does not exist or takes no messages. Please read out the last digits of your number, so that we can compare them.',
  actor: 'help desk',
  todo: TODO.number,
}
const UNREACHABLE: CallerAdvice = {
  say: 'Your phone could not be reached. Please switch it on, check that it has a signal, switch off flight mode, and ask for a new code.',
  actor: 'user',
  todo: undefined,
}
const BLOCKED: CallerAdvice = {
  say: 'Your carrier did not let our text through. Please ask for a call instead. We have it checked.',
  actor: 'platform engineer',
  todo: TODO.carrier,
}

/**
 * By the last receipt, without its channel: every one that says that a message failed. A test holds that none is missing.
 * @internal
 */
export const undeliverable: Readonly<Record<string, CallerAdvice | undefined>> = {
  __proto__: null as never, // `constructor` is no type
  INVALID: NO_NUMBER,
  INVALID_MESSAGE: {
    say: 'The carrier did not accept the text. Please ask for a call instead. We have the text checked.',
    actor: 'platform engineer',
    todo: 'The carrier calls the message invalid: check the template, and what the country requires (hookline coverage).',
  },
  UNREACHABLE,
  CARRIER_UNREACHABLE: UNREACHABLE,
  BLOCKED,
  CARRIER_BLOCKED: BLOCKED,
  SPAM: BLOCKED,
  TTL_EXPIRED: UNREACHABLE,
  PROTECT_BLOCKED: {
    say: 'We do not send codes to this number. Please use another way to sign in, or another number.',
    actor: 'security team',
    todo: TODO.protect,
  },
  FAILED: undefined, // by channel
  BUSY: {
    say: 'Your line was busy when we called. Please ask for a new call and keep the line free.',
    actor: 'user',
    todo: undefined,
  },
  NO_ANSWER: {
    say: 'We called, and nobody answered. Please ask for a new call and pick up.',
    actor: 'user',
    todo: undefined,
  },
}

const OUR_FAULT =
  'We could not send your code; the fault is ours, and we have it fixed. Please use another way to sign in, or try again in a while.'
const NEW_NUMBER = 'We cannot send a code to this number. Please give us another one.'
const CHECK_NUMBER =
  'The number that we have for you is not complete or not right. Please read it out, with its country code.'
const WAIT =
  'You asked for several codes in a short time. Please wait half an hour, then ask for one and use that.'
const NOT_NOW =
  'We cannot send a code to this phone at the moment. We look at it now; meanwhile please use another way to sign in.'
const OTHER_CHANNEL_CALL = 'This number cannot get texts. Please ask for a call instead.'

/** What to say for each reason. */
const sayings: Readonly<Record<ReasonCode, string>> = {
  CREDENTIALS_MISSING: OUR_FAULT,
  CLIENT_NOT_VERIFIED: OUR_FAULT,
  TOKEN_MALFORMED: OUR_FAULT,
  TOKEN_ALGORITHM: OUR_FAULT,
  TOKEN_KEY_UNKNOWN: OUR_FAULT,
  TOKEN_SIGNATURE: OUR_FAULT,
  TOKEN_EXPIRED: OUR_FAULT,
  TOKEN_NOT_YET_VALID: OUR_FAULT,
  TOKEN_LIFETIME: OUR_FAULT,
  TOKEN_TYPE: OUR_FAULT,
  TOKEN_ISSUER: OUR_FAULT,
  TOKEN_AUDIENCE: OUR_FAULT,
  TOKEN_CLIENT: OUR_FAULT,
  TOKEN_SCOPE: OUR_FAULT,
  KEYS_UNAVAILABLE: OUR_FAULT,
  SECRET_WRONG: OUR_FAULT,
  BODY_TOO_LARGE: OUR_FAULT,
  BODY_NOT_JSON: OUR_FAULT,
  BODY_INCOMPLETE: OUR_FAULT,
  EVENT_ID_INVALID: OUR_FAULT,
  CANARY_NOT_SIMULATOR: OUR_FAULT,
  CODE_MISSING: OUR_FAULT,
  CODE_NOT_DIGITS: OUR_FAULT,
  CHANNEL_UNKNOWN: OUR_FAULT,
  NO_ROUTE: OUR_FAULT,
  NO_TEMPLATE: OUR_FAULT,
  MESSAGE_TOO_LONG: OUR_FAULT,
  STORE_UNAVAILABLE: OUR_FAULT,
  CARRIER_REFUSED: OUR_FAULT,
  CARRIER_SANDBOX: OUR_FAULT,
  CARRIER_UNREACHABLE: OUR_FAULT,
  INTERNAL_ERROR: OUR_FAULT,

  PHONE_NUMBER_MISSING: 'There is no phone number in your account. Please give us one.',
  PHONE_NUMBER_TOO_LONG: CHECK_NUMBER,
  PREVIEW_PLACEHOLDER: 'This was a test in Okta, not a code for a person.',
  CODE_EXPIRED: 'This code came too late. Please ask for a new one.',

  NUMBER_AMBIGUOUS: CHECK_NUMBER,
  NUMBER_IMPOSSIBLE: CHECK_NUMBER,
  NUMBER_WRONG_LENGTH: CHECK_NUMBER,
  NUMBER_OLD_FORM: CHECK_NUMBER,
  NUMBER_EXTENSION: 'We cannot dial an extension. Please give us a number that reaches your phone directly.',
  NUMBER_LANDLINE: OTHER_CHANNEL_CALL,
  NUMBER_RANGE_UNKNOWN:
    'We do not know the range of your number yet. We have it checked; meanwhile please use another way to sign in.',
  NUMBER_PREMIUM: NEW_NUMBER,
  NUMBER_SHARED_COST: NEW_NUMBER,
  NUMBER_SATELLITE: NEW_NUMBER,

  LIMIT_NUMBER: WAIT,
  LIMIT_USER: WAIT,
  LIMIT_NUMBER_AND_CHANNEL:
    'You asked for several codes in a short time. Please wait half an hour, or ask for a call instead of a text.',

  FRAUD_BLOCK: NOT_NOW,
  FRAUD_PREFIX: NOT_NOW,
  FRAUD_COUNTRY: NOT_NOW,
  FRAUD_NETWORK: NOT_NOW,
  FRAUD_NEW_COUNTRIES: NOT_NOW,
  FRAUD_SMALL_COUNTRIES: NOT_NOW,
  FRAUD_BUDGET: NOT_NOW,
  FRAUD_RARE_PREFIXES: NOT_NOW,
  FRAUD_SILENT_BLOCKS: NOT_NOW,
  FRAUD_RECOVERIES: NOT_NOW,
  FRAUD_RESERVE: NOT_NOW,
  FRAUD_KNOWN_USERS: NOT_NOW,
  FRAUD_DENIED: NOT_NOW,
  NUMBER_SILENT:
    'Several codes to this phone were not used. Please check with us that the last digits are yours; then we let the next one through.',
  NUMBER_STRANGE_NETWORK:
    'Somebody asked for codes to your phone from a place that we do not know. If it was you, please ask again from your usual network. If not, do not share any code.',
  NUMBER_UNPROVEN:
    'Several codes went to this new number and none was used. Please check with us that the last digits are yours, then wait an hour.',
  USER_MANY_NUMBERS: NOT_NOW,

  RECIPIENT_OPTED_OUT:
    'This number answered STOP to our texts. If you want texts again, say so, and we take it off the list. A call works at once.',
  RECIPIENT_BLOCKED: NOT_NOW,
  RECIPIENT_CALLED_TOO_OFTEN: 'We may call you only five times a day. Please ask for a text instead.',
  CARRIER_UNKNOWN:
    'We do not know whether your code reached your phone. Please wait a minute; if none has come, ask for a new one.',
  DUPLICATE_UNSETTLED: 'We do not know what became of this code. Please ask for a new one.',
}

/** Okta's codes are valid for five minutes, where a request does not say how long. */
const CODE_VALID_MS = 300_000
