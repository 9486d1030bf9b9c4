import type { SendResult } from '../../core/ports.ts'

type Failure = Extract<SendResult, { kind: 'failure' }>
type Unknown = Extract<SendResult, { kind: 'unknown' }>

/** What one of AWS's errors means for one message. */
export type ErrorMeaning = {
  readonly name: string
  /** Without a reason, the row is for every reason of this name that has no row of its own. */
  readonly reason: string | undefined
  /** A failure is proof that nothing was sent; `next` says that another rung may do better. */
  readonly result: Omit<Failure, 'detail'> | Omit<Unknown, 'detail'>
  readonly why: string
}

/**
 * The meaning of an error that the service answered with. A name that nobody knows yet is unknown. `fields`: the
 * names of the parameters that a validation complains about.
 */
export function meaningOf(
  name: string,
  reason: string | undefined,
  fields: readonly string[] = [],
): ErrorMeaning {
  if (name === VALIDATION && fields.some(field => MESSAGE_FIELDS.includes(field))) return WRONG_MESSAGE
  return (
    carrierErrors.find(row => row.name === name && row.reason !== undefined && row.reason === reason) ??
    carrierErrors.find(row => row.name === name && row.reason === undefined) ??
    UNHEARD_OF
  )
}

const UNHEARD_OF: ErrorMeaning = {
  name: '(any other)',
  reason: undefined,
  result: { kind: 'unknown', code: 'CARRIER_UNKNOWN' },
  why: 'Nobody knows yet whether such an error comes before or after sending.',
}

// Else numbers that AWS dislikes would open the circuit breakers of rungs that are well.
const WRONG_MESSAGE: ErrorMeaning = {
  name: 'ValidationException',
  reason: undefined,
  result: { kind: 'failure', code: 'CARRIER_REFUSED', next: false },
  why: 'About the recipient or the message: the same from every rung.',
}
const MESSAGE_FIELDS = ['DestinationPhoneNumber', 'MessageBody', 'TemplateVariables']

/** Another rung may do better. */
function rung(name: string, reason: string | undefined, why: string): ErrorMeaning {
  return { name, reason, result: { kind: 'failure', code: 'CARRIER_REFUSED', next: true }, why }
}

/** No other rung may try: it is about the recipient, or the message. */
function final(name: string, reason: string | undefined, code: Failure['code'], why: string): ErrorMeaning {
  return { name, reason, result: { kind: 'failure', code, next: false }, why }
}

const CONFLICT = 'ConflictException'
const QUOTA = 'ServiceQuotaExceededException'
const VALIDATION = 'ValidationException'
const DENIED = 'AccessDeniedException'

/** Names and reasons of AWS's service model, 2026. The pairing with situations is inferred from their names. */
export const carrierErrors: readonly ErrorMeaning[] = [
  final(
    CONFLICT,
    'DESTINATION_PHONE_NUMBER_OPTED_OUT',
    'RECIPIENT_OPTED_OUT',
    'The user asked for no texts: no number of ours may send one.',
  ),
  final(
    CONFLICT,
    'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
    'RECIPIENT_BLOCKED',
    'Our own Protect configuration blocks the country.',
  ),
  final(
    CONFLICT,
    'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE',
    'RECIPIENT_BLOCKED',
    'Our own Protect configuration blocks the number.',
  ),
  final(
    CONFLICT,
    'DESTINATION_PHONE_NUMBER_NOT_VERIFIED',
    'CARRIER_SANDBOX',
    'The account is in the sandbox: no rung can reach this number.',
  ),
  rung(CONFLICT, 'NO_ORIGINATION_IDENTITIES_FOUND', 'The pool is empty or the identity is gone.'),
  rung(CONFLICT, 'NUMBER_CAPABILITIES_MISMATCH', 'This identity cannot do this channel.'),
  rung(CONFLICT, 'MESSAGE_TYPE_MISMATCH', 'This identity is not for transactional messages.'),
  rung(CONFLICT, 'RESOURCE_NOT_ACTIVE', 'This identity is not active (yet).'),
  rung(
    CONFLICT,
    'NOTIFY_CONFIGURATION_NOT_ACTIVE',
    'AWS Notify is not active (yet); a number of ours may do.',
  ),
  rung(CONFLICT, 'OPT_OUT_LIST_MISMATCH', 'About the identities of this pool.'),
  rung(CONFLICT, 'REGISTRATION_NOT_COMPLETE', 'This identity is not registered (yet).'),
  rung(CONFLICT, 'PHONE_NUMBER_ASSOCIATED_TO_POOL', 'About this identity.'),
  rung(CONFLICT, 'PHONE_NUMBER_NOT_ASSOCIATED_TO_POOL', 'About this identity.'),
  rung(CONFLICT, 'PHONE_NUMBER_NOT_IN_REGISTRATION_REGION', 'About this identity.'),
  final(
    CONFLICT,
    undefined,
    'CARRIER_REFUSED',
    'Refused before sending; a reason that we do not know may be about the recipient.',
  ),

  rung(
    QUOTA,
    'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT',
    'The limit is of this region; another may have some left.',
  ),
  rung(
    QUOTA,
    'MONTHLY_SPEND_LIMIT_REACHED_FOR_VOICE',
    'The limit is of this region; another may have some left.',
  ),
  final(
    QUOTA,
    'DAILY_DESTINATION_CALL_LIMIT',
    'RECIPIENT_CALLED_TOO_OFTEN',
    "AWS's limit is of the recipient.",
  ),
  rung(QUOTA, 'DAILY_NOTIFY_TIER_MESSAGE_LIMIT', "AWS Notify's own limit; a number of ours may do."),
  rung(QUOTA, 'MONTHLY_SPEND_LIMIT_REACHED_FOR_NOTIFY', "AWS Notify's own limit; a number of ours may do."),
  final(
    QUOTA,
    undefined,
    'CARRIER_REFUSED',
    'Refused before sending; a reason that we do not know may be a limit of the recipient.',
  ),

  rung(VALIDATION, 'PRICE_OVER_THRESHOLD', 'This identity is dearer than MaxPrice; another may be cheaper.'),
  final(
    VALIDATION,
    'DESTINATION_COUNTRY_BLOCKED',
    'CARRIER_REFUSED',
    'A block is about the recipient, whoever made it: no rung goes round it.',
  ),
  rung(VALIDATION, 'INVALID_IDENTITY_FOR_DESTINATION_COUNTRY', 'This identity cannot send to this country.'),
  rung(VALIDATION, 'SENDER_ID_NOT_REGISTERED', 'This sender ID is not registered there.'),
  rung(VALIDATION, 'SENDER_ID_REQUIRES_REGISTRATION', 'This sender ID is not registered there.'),
  rung(VALIDATION, 'SENDER_ID_NOT_SUPPORTED', 'No sender IDs there; a number may do.'),
  rung(VALIDATION, 'VOICE_CAPABILITY_NOT_AVAILABLE', 'This identity cannot call.'),
  rung(VALIDATION, 'COUNTRY_CODE_MISMATCH', 'This identity is of another country.'),
  rung(VALIDATION, 'INTERNATIONAL_SENDING_NOT_SUPPORTED', 'This identity sends in its own country only.'),
  rung(VALIDATION, 'CHANNEL_NOT_ENABLED', 'Not enabled for this identity or region.'),
  rung(VALIDATION, 'COUNTRY_NOT_ENABLED', 'Not enabled for this identity or region.'),
  rung(VALIDATION, 'RESOURCE_NOT_ACCESSIBLE', 'This identity is not ours to use here.'),
  rung(VALIDATION, 'INVALID_ARN', 'The identity of this rung has the wrong form.'),
  rung(
    VALIDATION,
    'INVALID_PARAMETER',
    'A parameter of this rung, such as its identity, has the wrong form.',
  ),
  rung(VALIDATION, 'UNKNOWN_OPERATION', 'This region cannot do it; another rung may ask for something else.'),
  final(
    VALIDATION,
    undefined,
    'CARRIER_REFUSED',
    'Refused before sending; a reason that we do not know may be about the message or the recipient.',
  ),

  rung(DENIED, 'ACCOUNT_DISABLED', 'This region or feature; another rung may be allowed.'),
  rung(DENIED, 'INSUFFICIENT_ACCOUNT_REPUTATION', 'This region or feature; another rung may be allowed.'),
  rung(DENIED, undefined, 'Permission is missing for this resource; another rung may have it.'),
  rung(
    'ResourceNotFoundException',
    undefined,
    'This identity, configuration set or Protect configuration does not exist here.',
  ),
  rung('ThrottlingException', undefined, 'Too many at once from here; refused before sending.'),
  rung('UnrecognizedClientException', undefined, 'The credentials are not of this region.'),
  rung('InvalidSignatureException', undefined, "Refused at the door: credentials, or this machine's clock."),
  rung('ExpiredTokenException', undefined, 'Refused at the door: the credentials have expired.'),
  rung('IncompleteSignature', undefined, 'Refused at the door.'),
  rung('MissingAuthenticationTokenException', undefined, 'Refused at the door.'),
  rung('OptInRequired', undefined, 'The region is not enabled for this account.'),
  rung('UnknownOperationException', undefined, 'Refused at the door: this region cannot do it.'),
  final('SerializationException', undefined, 'CARRIER_REFUSED', 'Refused at the door: about the message.'),
  final(
    'RequestEntityTooLargeException',
    undefined,
    'CARRIER_REFUSED',
    'Refused at the door: about the message.',
  ),
  {
    name: 'InternalServerException',
    reason: undefined,
    result: { kind: 'unknown', code: 'CARRIER_UNKNOWN' },
    why: 'A fault of AWS: before or after sending, nobody can tell.',
  },
]
