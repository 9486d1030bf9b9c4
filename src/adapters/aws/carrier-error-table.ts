import type { FailureSubject, SendResult } from '../../core/deliver/ports.ts'

type Failure = Extract<SendResult, { kind: 'failure' }>
type Unknown = Extract<SendResult, { kind: 'unknown' }>

/** What one of AWS's errors means for one message. */
export type ErrorMeaning = {
  readonly name: string
  /** Without a reason, the row applies to every reason of this name that has no row. */
  readonly reason: string | undefined
  /**
   * A failure is proof that nothing was sent. `about` says whether the next candidate is tried, and whose health it
   * affects.
   */
  readonly result: Omit<Failure, 'detail'> | Omit<Unknown, 'detail'>
  /** Refused before any work was done. Proxies and firewalls answer the same, so it is proof only if AWS answered. */
  readonly isAtDoor: boolean
  readonly why: string
}

export const VALIDATION = 'ValidationException'
/** Reasons that may be about any field: the fields decide. */
export const GENERIC_VALIDATIONS: readonly string[] = [
  ...[
    'INVALID_PARAMETER',
    'MISSING_PARAMETER',
    'PARAMETERS_CANNOT_BE_USED_TOGETHER',
    'MAXIMUM_SIZE_EXCEEDED',
  ],
  ...['UNSPECIFIED_PARAMETER_NOT_SUPPORTED', 'CANNOT_PARSE', 'INVALID_REQUEST', 'OTHER'],
]
const DENIED = 'AccessDeniedException'

export const UNKNOWN: ErrorMeaning['result'] = { kind: 'unknown', code: 'CARRIER_UNKNOWN' }

/**
 * Names and reasons of AWS's service model, 2026, and of its common errors. The pairing with situations is inferred
 * from their names.
 */
export const carrierErrors: readonly ErrorMeaning[] = [
  ...of('ConflictException', [
    [
      'DESTINATION_PHONE_NUMBER_OPTED_OUT',
      'recipient',
      'The user has opted out: none of our numbers may send a text.',
      'RECIPIENT_OPTED_OUT',
    ],
    [
      'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
      'recipient',
      'Our own Protect configuration blocks the country.',
      'RECIPIENT_BLOCKED',
    ],
    [
      'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE',
      'recipient',
      'Our own Protect configuration blocks the number.',
      'RECIPIENT_BLOCKED',
    ],
    [
      'DESTINATION_PHONE_NUMBER_NOT_VERIFIED',
      'recipient',
      'The account is in the sandbox: no identity can reach this number.',
      'CARRIER_SANDBOX',
    ],
    [
      'NO_ORIGINATION_IDENTITIES_FOUND',
      'identity and country',
      'The pool has no identity for this country, or the identity no longer exists.',
    ],
    ['NUMBER_CAPABILITIES_MISMATCH', 'identity', 'This identity does not support this channel.'],
    ['MESSAGE_TYPE_MISMATCH', 'identity', 'This identity is not for transactional messages.'],
    ['RESOURCE_NOT_ACTIVE', 'identity', 'This identity is not active (yet).'],
    [
      'NOTIFY_CONFIGURATION_NOT_ACTIVE',
      'identity',
      'AWS Notify is not active (yet). One of our own numbers may work.',
    ],
    ['OPT_OUT_LIST_MISMATCH', 'identity', 'The members of this pool have different settings.'],
    ['SELF_MANAGED_OPT_OUTS_MISMATCH', 'identity', 'The members of this pool have different settings.'],
    ['TWO_WAY_CONFIG_MISMATCH', 'identity', 'The members of this pool have different settings.'],
    ['KEYWORD_MISMATCH', 'identity', 'The members of this pool have different settings.'],
    ['REGISTRATION_NOT_COMPLETE', 'identity', 'This identity is not registered (yet).'],
    ['PHONE_NUMBER_ASSOCIATED_TO_POOL', 'identity', 'This number sends only as a member of its pool.'],
    ['SENDER_ID_ASSOCIATED_TO_POOL', 'identity', 'This sender ID sends only as a member of its pool.'],
    ['RCS_AGENT_ASSOCIATED_TO_POOL', 'identity', 'This RCS agent sends only as a member of its pool.'],
    ['PHONE_NUMBER_NOT_ASSOCIATED_TO_POOL', 'identity', 'This number is in no pool.'],
    ['PHONE_NUMBER_ASSOCIATED_TO_REGISTRATION', 'identity', 'The registration of this number is pending.'],
    ['PHONE_NUMBER_NOT_IN_REGISTRATION_REGION', 'identity', 'This number is registered in another region.'],
    [
      'POOL_ASSOCIATED_TO_NOTIFY_CONFIGURATION',
      'identity',
      'This pool sends only for its notify configuration.',
    ],
    [
      'PROTECT_CONFIGURATION_NOT_ASSOCIATED_WITH_CONFIGURATION_SET',
      'account',
      'The configuration set and the Protect configuration of the settings are not associated in this region.',
    ],
    [
      undefined,
      'recipient',
      'Refused before sending. A reason that is not in the table may be about the recipient.',
    ],
  ]),
  ...of('ServiceQuotaExceededException', [
    ...(['TEXT', 'VOICE', 'RCS', 'MEDIA', 'NOTIFY'] as const).map(
      what =>
        [
          `MONTHLY_SPEND_LIMIT_REACHED_FOR_${what}`,
          'account',
          'The limit applies to this region and kind of message. Another one may not be exhausted.',
        ] as const,
    ),
    [
      'DAILY_NOTIFY_TIER_MESSAGE_LIMIT',
      'identity',
      "AWS Notify's own limit. One of our own numbers may work.",
    ],
    [
      'DAILY_DESTINATION_CALL_LIMIT',
      'recipient',
      "AWS's limit applies to the recipient.",
      'RECIPIENT_CALLED_TOO_OFTEN',
    ],
    [
      undefined,
      'recipient',
      'Refused before sending. A reason that is not in the table may be a limit of the recipient.',
    ],
  ]),
  ...of(VALIDATION, [
    [
      'PRICE_OVER_THRESHOLD',
      'identity and country',
      'From this identity it costs more than MaxPrice. Another one may be cheaper.',
    ],
    ['DESTINATION_COUNTRY_BLOCKED', 'recipient', 'A block applies to the recipient, from every identity.'],
    [
      'INVALID_IDENTITY_FOR_DESTINATION_COUNTRY',
      'identity and country',
      'This identity cannot send to this country.',
    ],
    ['SENDER_ID_NOT_REGISTERED', 'identity and country', 'This sender ID is not registered there.'],
    ['SENDER_ID_REQUIRES_REGISTRATION', 'identity and country', 'This sender ID is not registered there.'],
    [
      'SENDER_ID_NOT_SUPPORTED',
      'identity and country',
      'The country does not support sender IDs. A number may work.',
    ],
    ['COUNTRY_CODE_MISMATCH', 'identity and country', 'This identity belongs to another country.'],
    [
      'INTERNATIONAL_SENDING_NOT_SUPPORTED',
      'identity and country',
      'This identity sends only in its own country.',
    ],
    ['COUNTRY_NOT_ENABLED', 'identity and country', 'Not enabled for this identity or region.'],
    ['CHANNEL_NOT_ENABLED', 'identity', 'Not enabled for this identity or region.'],
    ['VOICE_CAPABILITY_NOT_AVAILABLE', 'identity', 'This identity cannot call.'],
    ['RESOURCE_NOT_ACCESSIBLE', 'identity', 'We may not use this identity here.'],
    ['INVALID_ARN', 'identity', 'The ARN of this identity is malformed, or of another region.'],
    ['INVALID_PARAMETER', 'identity', 'A parameter of this identity, such as its name, is malformed.'],
    ['UNKNOWN_OPERATION', 'account', 'This region does not support it. Another one may.'],
    ...GENERIC_VALIDATIONS.filter(reason => reason !== 'INVALID_PARAMETER').map(
      reason => [reason, 'message', 'The request is the same from every identity.'] as const,
    ),
    [
      undefined,
      'message',
      'Refused before sending. A reason that is not in the table may be about the message or the recipient.',
    ],
  ]),
  ...of('ResourceNotFoundException', [
    [undefined, 'identity', 'This identity, configuration set or Protect configuration does not exist here.'],
  ]),
  ...of('SerializationException', [
    [undefined, 'message', 'Refused before it was read, because of the message.'],
  ]),
  ...of('RequestEntityTooLargeException', [
    [undefined, 'message', 'Refused before it was read, because of the message.'],
  ]),
  {
    name: 'InternalServerException',
    reason: undefined,
    result: UNKNOWN,
    isAtDoor: false,
    why: 'An internal error of AWS may occur before or after sending.',
  },

  ...of(DENIED, [
    ['ACCOUNT_DISABLED', 'account', 'This region or feature is not allowed. Another one may be.'],
    [
      'INSUFFICIENT_ACCOUNT_REPUTATION',
      'account',
      'This region or feature is not allowed. Another one may be.',
    ],
    [undefined, 'identity', 'Permission is missing for this resource. Another one may be allowed.'],
  ]).map(row => ({ ...row, isAtDoor: true })),
  ...atDoor(['AccessDenied', 'NotAuthorized', 'UnauthorizedException'], 'Permission is missing.'),
  ...atDoor(
    [
      'ThrottlingException',
      'Throttling',
      'ThrottledException',
      'RequestThrottled',
      'RequestThrottledException',
    ],
    'Too many requests at once from this account and region.',
  ),
  ...atDoor(
    ['TooManyRequestsException', 'RequestLimitExceeded'],
    'Too many requests at once from this account and region.',
  ),
  ...atDoor(
    [
      'UnrecognizedClientException',
      'InvalidClientTokenId',
      'InvalidAccessKeyId',
      'InvalidToken',
      'AuthFailure',
    ],
    'The credentials are not known in this region.',
  ),
  ...atDoor(
    ['ExpiredTokenException', 'ExpiredToken', 'RequestExpired', 'RequestTimeTooSkewed'],
    "The credentials have expired, or this machine's clock is wrong.",
  ),
  ...atDoor(
    [
      'InvalidSignatureException',
      'SignatureDoesNotMatch',
      'IncompleteSignature',
      'IncompleteSignatureException',
    ],
    "The signature is wrong, because of the credentials or this machine's clock.",
  ),
  ...atDoor(
    ['MissingAuthenticationTokenException', 'MissingAuthenticationToken'],
    'The request was not signed.',
  ),
  ...atDoor(
    ['OptInRequired', 'SubscriptionRequiredException'],
    'The region is not enabled for this account.',
  ),
  ...atDoor(['UnknownOperationException'], 'This region does not support it.'),
]

type Row = Pick<ErrorMeaning, 'name' | 'reason' | 'why'> & { readonly about: FailureSubject }

export function refusal({ about, ...row }: Row, code: Failure['code'] = 'CARRIER_REFUSED'): ErrorMeaning {
  return { ...row, result: { kind: 'failure', code, about }, isAtDoor: false }
}

/** Rows of one error name: each reason, what it is about, and why. */
function of(
  name: string,
  rows: readonly (readonly [
    reason: string | undefined,
    about: FailureSubject,
    why: string,
    code?: Failure['code'],
  ])[],
): readonly ErrorMeaning[] {
  return rows.map(([reason, about, why, code]) => refusal({ name, reason, about, why }, code))
}

function atDoor(names: readonly string[], why: string): readonly ErrorMeaning[] {
  return names.map(name => ({
    ...refusal({ name, reason: undefined, about: 'account', why }),
    isAtDoor: true,
  }))
}
