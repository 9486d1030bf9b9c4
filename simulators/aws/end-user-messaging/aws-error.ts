/** An error as AWS sends it. Its body never repeats what the caller sent. */
export type AwsError = {
  readonly kind: 'error'
  /** Usually an `AwsErrorName`; a fault on demand may have another name. */
  readonly name: string
  readonly message: string
  readonly reason?: string
  readonly fields?: readonly FieldProblem[]
  /** The HTTP status, if it is not the default of `name`. */
  readonly status?: number
}

export type FieldProblem = { readonly name: string; readonly message: string }

/** An error with the given name; `more` adds reason, fields or status. */
export function awsError(name: AwsErrorName, message: string, more: Partial<AwsError> = {}): AwsError {
  return { ...more, kind: 'error', name, message }
}

/** The HTTP status AWS answers with: 400 for every client fault of the service, throttling and quota included. */
export function statusOf(error: AwsError): number {
  return error.status ?? defaultStatus(error.name)
}

/** The default status of an error; 400 for an unknown one. */
export function defaultStatus(name: string): number {
  return Object.hasOwn(ERROR_STATUS, name) ? ERROR_STATUS[name as AwsErrorName] : 400
}

/** The body of an error answer: AWS JSON 1.0, `__type` with its namespace. */
export function errorBody(error: AwsError, requestId: string): string {
  // A denial without a reason is from IAM, which answers before the service.
  const isDenial = error.name === 'AccessDeniedException' && error.reason === undefined
  const ours = !isDenial && !FRONT_DOOR_ERRORS.has(error.name)
  return JSON.stringify({
    __type: `${ours ? 'com.amazonaws.pinpointsmsvoicev2' : 'com.amazon.coral.service'}#${error.name}`,
    Message: error.message,
    Reason: error.reason,
    Fields: error.fields?.map(field => ({ Name: field.name, Message: field.message })),
    RequestId: error.name === 'InternalServerException' ? requestId : undefined,
  })
}

export type AwsErrorName = keyof typeof ERROR_STATUS

/** Every error this stand-in can answer with, and its status. */
const ERROR_STATUS = {
  AccessDeniedException: 400,
  ConflictException: 400,
  InternalServerException: 500,
  ResourceNotFoundException: 400,
  ServiceQuotaExceededException: 400,
  ThrottlingException: 400,
  ValidationException: 400,
  // Common to all AWS services, and answered before the service itself.
  ExpiredTokenException: 403,
  IncompleteSignature: 400,
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
  RequestEntityTooLargeException: 413,
  SerializationException: 400,
  ServiceUnavailableException: 503,
  UnknownOperationException: 400,
  UnrecognizedClientException: 403,
} as const

export const ERROR_NAMES = Object.keys(ERROR_STATUS) as AwsErrorName[]

const FRONT_DOOR_ERRORS: ReadonlySet<string> = new Set([
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'RequestEntityTooLargeException',
  'SerializationException',
  'ServiceUnavailableException',
  'UnknownOperationException',
  'UnrecognizedClientException',
] satisfies AwsErrorName[])

/** The reasons an error can have, as the service model lists them. Errors that are not listed have no reasons. */
export const REASONS: Readonly<Partial<Record<AwsErrorName, readonly string[]>>> = {
  AccessDeniedException: ['ACCOUNT_DISABLED', 'INSUFFICIENT_ACCOUNT_REPUTATION'],
  ConflictException: [
    'CREATE_REGISTRATION_VERSION_NOT_ALLOWED',
    'DELETION_PROTECTION_ENABLED',
    'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
    'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE',
    'DESTINATION_PHONE_NUMBER_NOT_VERIFIED',
    'DESTINATION_PHONE_NUMBER_OPTED_OUT',
    'DISASSOCIATE_REGISTRATION_NOT_ALLOWED',
    'DISCARD_REGISTRATION_VERSION_NOT_ALLOWED',
    'EDIT_REGISTRATION_FIELD_VALUES_NOT_ALLOWED',
    'EVENT_DESTINATION_MISMATCH',
    'KEYWORD_MISMATCH',
    'LAST_PHONE_NUMBER',
    'MESSAGE_TYPE_MISMATCH',
    'NOTIFY_CONFIGURATION_NOT_ACTIVE',
    'NO_ORIGINATION_IDENTITIES_FOUND',
    'NUMBER_CAPABILITIES_MISMATCH',
    'OPT_OUT_LIST_MISMATCH',
    'PHONE_NUMBER_ASSOCIATED_TO_POOL',
    'PHONE_NUMBER_ASSOCIATED_TO_REGISTRATION',
    'PHONE_NUMBER_NOT_ASSOCIATED_TO_POOL',
    'PHONE_NUMBER_NOT_IN_REGISTRATION_REGION',
    'POOL_ASSOCIATED_TO_NOTIFY_CONFIGURATION',
    'PROTECT_CONFIGURATION_ASSOCIATED_WITH_CONFIGURATION_SET',
    'PROTECT_CONFIGURATION_IS_ACCOUNT_DEFAULT',
    'PROTECT_CONFIGURATION_NOT_ASSOCIATED_WITH_CONFIGURATION_SET',
    'RCS_AGENT_ALREADY_ASSOCIATED_TO_REGISTRATION_TYPE',
    'RCS_AGENT_ASSOCIATED_TO_POOL',
    'REGISTRATION_ALREADY_SUBMITTED',
    'REGISTRATION_NOT_COMPLETE',
    'RESOURCE_ALREADY_ASSOCIATED',
    'RESOURCE_ALREADY_EXISTS',
    'RESOURCE_DELETION_NOT_ALLOWED',
    'RESOURCE_MODIFICATION_NOT_ALLOWED',
    'RESOURCE_NOT_ACTIVE',
    'RESOURCE_NOT_EMPTY',
    'SELF_MANAGED_OPT_OUTS_MISMATCH',
    'SENDER_ID_ASSOCIATED_TO_POOL',
    'SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED',
    'TWO_WAY_CONFIG_MISMATCH',
    'VERIFICATION_ALREADY_COMPLETE',
    'VERIFICATION_CODE_EXPIRED',
  ],
  ServiceQuotaExceededException: [
    'ASSOCIATIONS_PER_REGISTRATION',
    'CONFIGURATION_SETS_PER_ACCOUNT',
    'DAILY_DESTINATION_CALL_LIMIT',
    'DAILY_NOTIFY_TIER_MESSAGE_LIMIT',
    'EVENT_DESTINATIONS_PER_CONFIGURATION_SET',
    'KEYWORDS_PER_PHONE_NUMBER',
    'KEYWORDS_PER_POOL',
    'MONTHLY_SPEND_LIMIT_REACHED_FOR_MEDIA',
    'MONTHLY_SPEND_LIMIT_REACHED_FOR_NOTIFY',
    'MONTHLY_SPEND_LIMIT_REACHED_FOR_RCS',
    'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT',
    'MONTHLY_SPEND_LIMIT_REACHED_FOR_VOICE',
    'NOTIFY_CONFIGURATIONS_PER_ACCOUNT',
    'OPT_OUT_LISTS_PER_ACCOUNT',
    'ORIGINATION_IDENTITIES_PER_POOL',
    'PHONE_NUMBERS_PER_ACCOUNT',
    'PHONE_NUMBERS_PER_REGISTRATION',
    'POOLS_PER_ACCOUNT',
    'PROTECT_CONFIGURATIONS_PER_ACCOUNT',
    'RCS_AGENTS_PER_ACCOUNT',
    'REGISTRATIONS_PER_ACCOUNT',
    'REGISTRATION_ATTACHMENTS_CREATED_PER_DAY',
    'REGISTRATION_ATTACHMENTS_PER_ACCOUNT',
    'REGISTRATION_VERSIONS_CREATED_PER_DAY',
    'SENDER_IDS_PER_ACCOUNT',
    'TAGS_PER_RESOURCE',
    'VERIFICATION_ATTEMPTS_PER_DAY',
    'VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT',
  ],
  ValidationException: [
    'ATTACHMENT_TYPE_NOT_SUPPORTED',
    'CANNOT_ADD_OPTED_OUT_NUMBER',
    'CANNOT_PARSE',
    'CHANNEL_NOT_ENABLED',
    'COUNTRY_CODE_MISMATCH',
    'COUNTRY_NOT_ENABLED',
    'DESTINATION_COUNTRY_BLOCKED',
    'FIELD_VALIDATION_FAILED',
    'INTERNATIONAL_SENDING_NOT_SUPPORTED',
    'INVALID_ARN',
    'INVALID_FILTER_VALUES',
    'INVALID_IDENTITY_FOR_DESTINATION_COUNTRY',
    'INVALID_NEXT_TOKEN',
    'INVALID_PARAMETER',
    'INVALID_REGISTRATION_ASSOCIATION',
    'INVALID_REQUEST',
    'MAXIMUM_SIZE_EXCEEDED',
    'MEDIA_TYPE_NOT_SUPPORTED',
    'MISSING_PARAMETER',
    'OTHER',
    'PARAMETERS_CANNOT_BE_USED_TOGETHER',
    'PHONE_NUMBER_CANNOT_BE_OPTED_IN',
    'PHONE_NUMBER_CANNOT_BE_RELEASED',
    'PRICE_OVER_THRESHOLD',
    'REGISTRATION_FIELD_CANNOT_BE_DELETED',
    'REQUESTED_SPEND_LIMIT_HIGHER_THAN_SERVICE_LIMIT',
    'RESOURCE_NOT_ACCESSIBLE',
    'SENDER_ID_NOT_REGISTERED',
    'SENDER_ID_NOT_SUPPORTED',
    'SENDER_ID_REQUIRES_REGISTRATION',
    'TWO_WAY_CHANNEL_NOT_PRESENT',
    'TWO_WAY_NOT_ENABLED',
    'TWO_WAY_NOT_SUPPORTED_IN_COUNTRY',
    'TWO_WAY_NOT_SUPPORTED_IN_REGION',
    'TWO_WAY_TOPIC_NOT_PRESENT',
    'UNKNOWN_OPERATION',
    'UNKNOWN_REGISTRATION_FIELD',
    'UNKNOWN_REGISTRATION_SECTION',
    'UNKNOWN_REGISTRATION_TYPE',
    'UNKNOWN_REGISTRATION_VERSION',
    'UNSPECIFIED_PARAMETER_NOT_SUPPORTED',
    'VERIFICATION_CODE_MISMATCH',
    'VOICE_CAPABILITY_NOT_AVAILABLE',
  ],
}
